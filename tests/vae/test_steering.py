"""Steering: the asked attribute moves on the sound itself, and the others stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from tests.fake_codec import FakeCodec
from tests.vae.conftest import QUICK
from vae.attributes import ATTRIBUTES
from vae.codec import BaseCodec
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.resynthesis import changed, decoded_change
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.spectrum import stft
from vae.steering import Steering
from vae.synth import demo_sounds, random_patch, render

CODEC = house_codec()
HELD = (*STEERED, "attack", "decay", "loudness")
STEPS = (-2.0, -1.0, 1.0, 2.0)


def coloured(low_hz: float, high_hz: float) -> Clip:
    """Noise of a band, with slopes, fading."""
    hz = np.fft.rfftfreq(22_050, 1 / 44_100)
    shape = (hz / (hz + low_hz)) ** 2 / (1 + (hz / high_hz) ** 2)
    spectrum = np.fft.rfft(noise(0.5, seed=4).mono()) * shape
    return audio(np.fft.irfft(spectrum, 22_050) * np.exp(-6 * seconds(0.5)))


def of_kinds(*kinds: str) -> dict[str, Clip]:
    rng = np.random.default_rng(3)
    return {kind: from_onset(render(random_patch(rng, kind))) for kind in kinds}


SOUNDS = {
    "dull noise": coloured(20, 2_000),
    "bright noise": coloured(100, 5_000),
    **of_kinds("kick", "snare", "bass"),
}


def measured(clip: Clip) -> NDArray[np.float64]:
    """What is to be held, in standard deviations of the house space."""
    space = house_space()
    described = asdict(describe(clip))
    return np.array([
        np.nan if described[name] is None
        else ATTRIBUTES[name].to_scale(described[name]) / space.deviation[space.position(name)]
        for name in HELD
    ])  # fmt: skip


def steered(
    clip: Clip,
    wanted: Mapping[str, float],
    space: Space | None = None,
    codec: BaseCodec = CODEC,
) -> Clip:
    change = Steering(clip, codec.encode(clip), space or house_space(), codec).change(wanted)
    return changed(clip, codec, change)


@cache
def move_of(sound: str, name: str, step: float) -> NDArray[np.float64]:
    """By how much a step along one attribute moves all that is measured."""
    clip = SOUNDS[sound]
    return measured(steered(clip, {name: step})) - measured(clip)


def by_decoder(clip: Clip, name: str, step: float) -> Clip:
    """The same step along the decoder's own direction."""
    space, latents = house_space(), CODEC.encode(clip)
    shift = np.zeros(space.dims, np.float32)
    shift[space.position(name)] = step
    return changed(clip, CODEC, decoded_change(CODEC, latents, space.move(latents, CODEC, shift)))


@pytest.fixture(scope="module")
def small_sounds() -> list[Clip]:
    return [render(patch) for _, patch in demo_sounds(40, seed=5)]


def learned_by(codec: BaseCodec, sounds: list[Clip], *names: str) -> Space:
    described = [asdict(describe(clip)) for clip in sounds]
    job = train_space([codec.encode(clip) for clip in sounds], described, codec, names, QUICK)
    return from_bytes(drive(job)[0])


@pytest.mark.parametrize("name", STEERED)
def test_the_asked_attribute_goes_where_it_is_asked(name: str) -> None:
    at = HELD.index(name)
    moves = np.array([[move_of(sound, name, step)[at] for step in STEPS] for sound in SOUNDS])
    assert np.diff(moves, axis=1).min() > -0.15
    assert moves[:, 0].max() < -0.3
    assert moves[:, 1].max() < -0.2
    assert np.median(moves[:, 3] - moves[:, 0]) > 2.0
    # White is as noisy as noise can be; down there is always a way.
    assert np.median(np.abs(moves[:, 1] + 1)) < 0.25
    assert np.median(np.abs(moves[:, 2] - 1)) < (0.7 if name == "noisiness" else 0.25)


@pytest.mark.parametrize("name", STEERED)
def test_the_others_stay_much_more_than_by_the_decoder_alone(name: str) -> None:
    others = [i for i, each in enumerate(HELD) if each != name]
    ours, decoders = [], []
    for sound, clip in SOUNDS.items():
        for step in (-1.0, 1.0):
            ours.append(move_of(sound, name, step))
            decoders.append(measured(by_decoder(clip, name, step)) - measured(clip))
    leak = np.nanmean(np.abs(ours)[:, others])
    assert leak < 0.6 * np.nanmean(np.abs(decoders)[:, others])
    assert leak < 0.15
    assert np.abs(ours)[:, HELD.index(name)].mean() > 4 * leak


def test_every_column_keeps_its_energy() -> None:
    for clip in SOUNDS.values():
        wanted = {"brightness": 1.5, "low_end": -1.0}
        change = Steering(clip, CODEC.encode(clip), house_space(), CODEC).change(wanted)
        assert change.abs().max() > 3
        mono = torch.from_numpy(clip.at_rate(CODEC.sample_rate).mono().copy())[None]
        before = stft(mono, CODEC.spectrum_hop).abs()[0, :, : change.shape[1]]
        after = before * 10 ** (change / 20)
        energy, found = before.square().sum(dim=0), after.square().sum(dim=0)
        assert torch.allclose(found, energy, rtol=1e-3, atol=1e-9 * float(energy.max()))
        assert describe(changed(clip, CODEC, change)).loudness == pytest.approx(
            describe(clip).loudness, abs=1.0
        )


@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_wanted_is_no_change(name: str) -> None:
    clip = SOUNDS[name]
    for wanted in ({}, {"brightness": 0.0}):
        same = steered(clip, wanted)
        assert np.abs(same.frames - clip.frames).max() < 1e-5


def test_the_same_twice_is_the_same() -> None:
    clip = SOUNDS["kick"]
    first, again = (steered(clip, {"brightness": 1.0}) for _ in range(2))
    assert np.array_equal(first.frames, again.frames)


def test_threads_do_not_matter() -> None:
    clip = SOUNDS["snare"]
    one = steered(clip, {"brightness": 1.0})
    torch.set_num_threads(2)
    try:
        two = steered(clip, {"brightness": 1.0})
    finally:
        torch.set_num_threads(1)
    assert np.abs(one.frames - two.frames).max() < 1e-3


def test_steps_are_counted_from_another_sound_where_one_is_given() -> None:
    clip, like = SOUNDS["dull noise"], SOUNDS["bright noise"]
    change = Steering(clip, CODEC.encode(clip), house_space(), CODEC, like).change({})
    found = measured(changed(clip, CODEC, change))[0]
    assert abs(found - measured(like)[0]) < 0.3 * abs(measured(clip)[0] - measured(like)[0])


def test_a_long_sound_is_steered_as_a_short_one() -> None:
    clip = audio(np.tile(noise(0.5, seed=2).mono(), 8))
    plain = measured(clip)[0]
    assert measured(steered(clip, {"brightness": -1.0}))[0] == pytest.approx(plain - 1, abs=0.15)


def test_a_space_without_the_attribute_can_hold_and_move_it(
    fake_codec: FakeCodec, small_sounds: list[Clip]
) -> None:
    space = learned_by(fake_codec, small_sounds, "decay", "loudness")
    clip = SOUNDS["dull noise"]
    plain = measured(clip)
    found = measured(steered(clip, {"brightness": -1.0}, space, fake_codec)) - plain
    assert -1.4 < found[0] < -0.3
    assert np.abs(found[1:3]).max() < 0.6


def test_a_foreign_codec_without_gradients(fake_codec: FakeCodec, small_sounds: list[Clip]) -> None:
    space = learned_by(fake_codec, small_sounds, *STEERED)
    clip = SOUNDS["dull noise"]
    up, plain, down = (
        measured(steered(clip, {"brightness": step}, space, fake_codec)) for step in (1, 0, -1)
    )
    assert down[0] + 0.2 < plain[0] < up[0] - 0.2
    assert np.abs((up - plain)[1:3]).max() < 0.6
    assert np.abs((down - plain)[1:3]).max() < 0.6


ODD = {
    "stereo": audio(np.stack([noise(0.3).mono(), 0.1 * noise(0.3, seed=1).mono()])),
    "low rate": Clip(noise(0.1).frames, 8_000),
    "very low rate": Clip(noise(0.02).frames, 900),
    "high rate": noise(0.3).at_rate(96_000),
    "silence": silence(0.1),
    "one frame": audio([0.5]),
    "click": from_onset(click(0.1)),
    "tone": tone(440, 0.3),
    "pluck": pluck(220, 0.3),
    "faint": audio(noise(0.2).frames * 1e-9),
    "loud": audio(noise(0.2).frames * 1e9),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("wanted", [{"brightness": 2.0}, {"noisiness": -2.0, "low_end": 2.0}])
def test_any_sound_can_be_steered(name: str, wanted: Mapping[str, float]) -> None:
    clip = ODD[name]
    made = steered(clip, wanted)
    assert made.frames.shape == clip.frames.shape
    assert made.sample_rate == clip.sample_rate
    assert np.isfinite(made.frames).all()
    assert np.abs(made.frames).max() <= 4 * np.abs(clip.frames).max()


@pytest.mark.parametrize("name", ["stereo", "low rate", "high rate"])
def test_any_rate_and_channels_move_as_asked(name: str) -> None:
    clip = ODD[name]
    plain = measured(clip)[0]
    found = measured(steered(clip, {"brightness": -1.0}))[0]
    assert found == pytest.approx(plain - 1.0, abs=0.35)


def test_channels_change_alike() -> None:
    wave = noise(0.3).mono()
    clip = audio(np.stack([wave, -0.3 * wave]))
    made = steered(clip, {"brightness": -1.0})
    assert not np.allclose(made.frames, clip.frames, atol=1e-2)
    assert np.allclose(made.frames[1], -0.3 * made.frames[0], atol=1e-5)
