"""Decays: shorter and longer, as asked."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from vae.decay import with_decay
from vae.envelope_shaping import attack_and_decay_of, peak_of
from vae.onset import from_onset
from vae.synth import random_patch, render

FACTORS = (0.25, 0.5, 0.8, 1.0, 1.4, 2.0, 4.0)


def of_kinds(*kinds: str) -> dict[str, Clip]:
    rng = np.random.default_rng(3)
    return {kind: from_onset(render(random_patch(rng, kind))) for kind in kinds}


SOUNDS = {
    "pluck": pluck(220, 0.5),
    "short pluck": pluck(330, 0.4, 0.05),
    "tone": tone(440, 0.4),
    "noise": audio(noise(0.4).frames * np.exp(-12 * seconds(0.4))),
    **of_kinds("kick", "snare", "pad", "bell"),
}


def decay(clip: Clip) -> float:
    found = describe(clip).decay
    assert found is not None
    return found


@pytest.mark.parametrize("name", SOUNDS)
def test_decay_comes_as_asked(name: str) -> None:
    clip = SOUNDS[name]
    now = decay(clip)
    made = {factor: with_decay(clip, factor * now) for factor in FACTORS}
    for factor, other in made.items():
        assert decay(other) == pytest.approx(factor * now, rel=0.1), factor
        assert np.isfinite(other.frames).all()
    lengths = [other.length for other in made.values()]
    assert lengths == sorted(lengths)
    assert lengths[0] < 0.75 * clip.length
    assert lengths[-1] > 2.5 * clip.length


@pytest.mark.parametrize("name", SOUNDS)
def test_what_comes_before_the_peak_and_the_pitch_stay(name: str) -> None:
    clip = SOUNDS[name]
    longer = with_decay(clip, 2.0 * decay(clip))
    start = peak_of(clip)
    # Where the end is faded as well, what that adds is set right along the whole sound.
    assert np.allclose(longer.frames[:, :start], clip.frames[:, :start], atol=5e-3)
    plain, found = describe(clip).pitch, describe(longer).pitch
    if plain is not None and name != "kick":  # a kick falls while it is heard
        assert found == pytest.approx(plain, abs=0.2)


def test_a_factor_of_one_is_the_sound() -> None:
    for clip in SOUNDS.values():
        assert with_decay(clip, decay(clip)).frames.shape == clip.frames.shape


def test_a_decay_longer_than_is_described_is_measured_whole() -> None:
    t = np.arange(40 * 1_000) / 1_000
    clip = audio(np.sin(2 * np.pi * 100 * t) * np.exp(-t / 60), 1_000)
    longer = with_decay(clip, 60.0)
    assert longer.duration == pytest.approx(60, rel=0.05)
    measures = attack_and_decay_of(longer)
    assert measures is not None
    assert measures[1] == pytest.approx(60, rel=0.05)


@pytest.mark.parametrize(
    "clip",
    [silence(0.1), click(0.1), audio([0.5]), audio(np.linspace(1, -1, 20)),
     Clip(noise(0.01).frames, 50), noise(0.1, channels=6)],
    ids=["silence", "click", "one frame", "20 frames", "50 Hz", "six channels"],
)  # fmt: skip
def test_odd_sounds_stay_sounds(clip: Clip) -> None:
    for wanted in (0.0, 0.001, 0.05, 3.0):
        other = with_decay(clip, wanted)
        assert other.length > 0
        assert other.channels == clip.channels
        assert np.isfinite(other.frames).all()
        assert bool(other.frames.any()) == bool(clip.frames.any())
