"""Onsets: where a sound begins, and the same sound whatever silence it begins with."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import click, noise, pluck, silence
from tests.audio_cases import clip as audio
from vae.onset import attack_start, from_onset, onset, split_at_onset


def late(clip: Clip, frames: int) -> Clip:
    return Clip(np.pad(clip.frames, ((0, 0), (frames, 0))), clip.sample_rate)


def test_an_onset_is_where_the_sound_begins() -> None:
    assert onset(click()) == 1000
    assert onset(silence()) == 0
    assert onset(audio(np.zeros((1, 0)))) == 0
    faint = np.concatenate([np.full(500, 0.001), np.full(500, -0.5)])
    assert onset(audio(np.stack([faint, 0 * faint]))) == 500


@pytest.mark.parametrize("frames", [0, 1, 300, 441, 2_048, 13_230])
def test_silence_before_a_sound_makes_no_difference(frames: int) -> None:
    for clip in (pluck(220, 0.2), noise(0.1, channels=2), click(0.1)):
        wanted, found = from_onset(clip), from_onset(late(clip, frames))
        assert np.array_equal(found.frames, wanted.frames)


def test_a_split_clip_is_the_clip() -> None:
    for clip in (click(), late(pluck(220, 0.2), 5_000), noise(0.1, channels=2), silence()):
        lead, sound = split_at_onset(clip)
        joined = np.concatenate([lead.frames, sound.frames], axis=1)
        assert np.array_equal(joined, clip.frames)
        assert lead.sample_rate == sound.sample_rate == clip.sample_rate
    lead, _ = split_at_onset(click())
    assert 500 < lead.length <= 1000
    assert not lead.frames.any()


def test_odd_clips_have_a_beginning() -> None:
    for odd in (silence(0.1), audio([0.5]), audio(np.zeros((1, 0)))):
        found = from_onset(odd).frames
        assert found.shape[1] >= odd.length
        assert np.abs(found).max(initial=0) == np.abs(odd.frames).max(initial=0)


def test_neither_room_nor_rumble_before_an_attack_begins_it() -> None:
    t = np.arange(22_050) / 44_100
    sound = 0.5 * np.sin(2 * np.pi * 600 * t) * (t > 0.2)
    rumble = 0.1 * np.sin(2 * np.pi * 45 * t)
    room = 0.02 * np.random.default_rng(0).standard_normal(len(t))
    for before in (rumble, room, 0 * t):
        assert attack_start(audio(sound + before)) == pytest.approx(0.2 * 44_100, abs=150)


@pytest.mark.parametrize("sound", [silence(0.1), audio([0.5]), audio(np.full(300, 0.3))])
def test_an_attack_of_odd_sounds_begins_somewhere(sound: Clip) -> None:
    assert 0 <= attack_start(sound) < sound.length
