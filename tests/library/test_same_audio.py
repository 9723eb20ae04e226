"""The same audio in another file is told from another take of the same sound."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from library.clip import Clip
from library.decode import read
from library.same_audio import Comparable, Likeness, comparable, is_same, likeness
from tests.audio_cases import click, noise, pluck, silence, tone, write
from tests.audio_cases import clip as audio

RATE = 44_100


def hit(take: int, hz: float = 180.0) -> Clip:
    """A drum: the same skin at every take, struck a little differently, with its own rattle."""
    rng = np.random.default_rng(take)
    t = np.arange(RATE // 2) / RATE
    skin = np.sin(2 * np.pi * hz * t + rng.uniform(0, 0.2)) * np.exp(-t * rng.uniform(14, 15))
    rattle = rng.normal(size=len(t)) * np.exp(-t * 30)
    return audio(0.5 * skin + 0.05 * rattle)


def ready(clip: Clip, *, lossless: bool = True) -> Comparable:
    found = comparable(clip, lossless=lossless)
    assert found is not None
    return found


def quieter(clip: Clip) -> Clip:
    return Clip(clip.frames * np.float32(0.25), clip.sample_rate)


def late(clip: Clip) -> Clip:
    return Clip(np.pad(clip.frames, ((0, 0), (13_007, 4_000))), clip.sample_rate)


def stereo(clip: Clip) -> Clip:
    return Clip(np.repeat(clip.frames, 2, axis=0), clip.sample_rate)


def upside_down(clip: Clip) -> Clip:
    return Clip(-clip.frames, clip.sample_rate)


SOUNDS: dict[str, Clip] = {"hit": hit(0), "pluck": pluck(), "hiss": noise(0.7), "click": click()}
CHANGES: list[Callable[[Clip], Clip]] = [
    quieter,
    late,
    stereo,
    upside_down,
    lambda clip: clip.at_rate(22_050),
    lambda clip: clip.at_rate(48_000),
    lambda clip: late(quieter(clip.at_rate(32_000))),
]


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_the_same_audio(name: str, change: Callable[[Clip], Clip]) -> None:
    sound = SOUNDS[name]
    assert is_same(ready(sound), ready(change(sound)))
    assert is_same(ready(change(sound)), ready(sound))


@pytest.mark.parametrize("name", ["hit", "pluck", "hiss"])
@pytest.mark.parametrize(("ending", "coding"), [("mp3", "MPEG_LAYER_III"), ("ogg", "VORBIS")])
def test_a_coded_copy_is_the_same_audio(
    tmp_path: Path, name: str, ending: str, coding: str
) -> None:
    coded = read(write(tmp_path / f"sound.{ending}", SOUNDS[name], coding))
    original = ready(SOUNDS[name])
    assert is_same(original, ready(coded, lossless=False))
    assert is_same(original, ready(quieter(late(coded)), lossless=False))


def test_takes_of_one_drum_are_not_the_same_audio() -> None:
    for first, second in combinations(range(5), 2):
        for lossless in (True, False):
            a, b = ready(hit(first)), ready(hit(second), lossless=lossless)
            assert likeness(a, b).residual_db < -3, "or they are no takes"
            assert not is_same(a, b)


def test_what_a_codec_may_do_another_file_may_not() -> None:
    """A difference that passes for a codec's is too large between files that keep everything."""
    sound = hit(0)
    rng = np.random.default_rng(9)
    shape = np.abs(sound.frames).max() * np.exp(-np.arange(sound.length) / RATE * 20)
    other = audio(sound.frames + 0.02 * shape * rng.normal(size=sound.length))
    a, b = ready(sound), ready(other)
    assert likeness(a, b).coherence > 0.98
    assert not is_same(a, b)
    assert is_same(a, ready(other, lossless=False))
    assert is_same(ready(sound, lossless=False), b)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (tone(440), tone(445)),
        (tone(440), pluck(440)),
        (noise(0.7, seed=0), noise(0.7, seed=1)),
        (hit(0), hit(0, hz=190)),
        (pluck(220), pluck(440)),
        (tone(440, 1.0), tone(440, 0.3)),
        (click(), tone(3_000)),
    ],
)
def test_other_sounds_are_not_the_same_audio(first: Clip, second: Clip) -> None:
    for lossless in (True, False):
        assert not is_same(ready(first), ready(second, lossless=lossless))


def test_a_part_is_not_the_whole() -> None:
    whole = noise(1.0)
    half = Clip(whole.frames[:, : whole.length // 2], whole.sample_rate)
    assert not is_same(ready(whole), ready(half))


def test_likeness_of_a_sound_with_itself() -> None:
    found = likeness(ready(hit(0)), ready(hit(0)))
    assert found == Likeness(
        pytest.approx(-120, abs=1),
        pytest.approx(1.0),
        pytest.approx(1.0),
        pytest.approx(0.0, abs=1e-5),
    )


def test_the_lag_is_found_to_a_fraction_of_a_frame() -> None:
    """At half a frame of error the highest octave would have nothing in common."""
    sound = noise(0.5)
    spectrum = np.fft.rfft(np.pad(sound.frames[0], (2_000, 2_000)))
    turn = np.exp(-2j * np.pi * np.arange(len(spectrum)) * 0.9 / (sound.length + 4_000))
    moved = np.fft.irfft(spectrum * turn, sound.length + 4_000)
    assert likeness(ready(sound), ready(audio(moved))).residual_db < -30


def test_silence_is_like_nothing() -> None:
    assert comparable(silence(), lossless=True) is None
    assert comparable(audio(np.zeros(0)), lossless=True) is None


def test_one_frame_can_be_compared() -> None:
    one = ready(audio([0.5]))
    assert is_same(one, ready(audio([0.25])))
    assert not is_same(one, ready(tone()))
