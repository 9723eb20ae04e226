"""Sliders of roughness and width, in a space that was trained with them and a base without."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from library.progress import drive
from tests.audio_cases import clip, noise, seconds
from tests.vae.conftest import QUICK, Sounds
from vae.attributes import ATTRIBUTES
from vae.house_codec import house_codec
from vae.onset import split_at_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vary import free_shift, settings_shift, vary

CODEC = house_codec()
NAMES = ("brightness", "roughness", "width")


@pytest.fixture(scope="module")
def space(synthesised: Sounds) -> Space:
    """Learned on the synthesised sounds, which have one channel, on the house space."""
    job = train_space(
        synthesised.latents,
        synthesised.described,
        CODEC,
        NAMES,
        QUICK,
        base=house_space(),
    )
    return from_bytes(drive(job)[0])


def moved(sound: Clip, space: Space, settings: Mapping[str, str]) -> Clip:
    onset = split_at_onset(sound)[1]
    return vary(sound, CODEC.encode(onset), space, CODEC, settings_shift(space, settings))


def gone(name: str, sound: Clip, made: Clip, space: Space) -> float:
    """How many standard deviations an attribute has gone."""
    scale = ATTRIBUTES[name].to_scale
    now, was = (scale(getattr(describe(each), name)) for each in (made, sound))
    return (now - was) / float(space.deviation[space.position(name)])


def snare(channels: int = 1, sample_rate: int = 44_100) -> Clip:
    rng = np.random.default_rng(2)
    t = seconds(0.5, sample_rate)
    body = 0.3 * np.sin(2 * np.pi * 190 * t) * np.exp(-t / 0.06)
    rattle = 0.1 * rng.normal(size=(channels, len(t))) * np.exp(-t / 0.1)
    return clip(body + rattle, sample_rate)


def lead() -> Clip:
    t = seconds(0.6)
    wave = sum(np.sin(2 * np.pi * 330 * n * t) / n for n in range(1, 20))
    return clip(0.2 * wave * np.exp(-2 * t) * np.minimum(1, t / 0.02))


def test_a_space_without_roughness_beside_it_learns_it(space: Space) -> None:
    assert [a.name for a in space.attributes] == list(NAMES)
    assert "roughness" not in [a.name for a in house_space().attributes]
    assert space.learned.tolist() == [True, True, False], "there is no width in one channel"
    assert space.spearman[space.position("roughness")] > 0.2


CASES = {
    "snare": snare(),
    "stereo snare": snare(2),
    "snare at 22 kHz": snare(1, 22_050),
    "noise": noise(0.4),
    "lead": lead(),
}


@pytest.mark.parametrize(
    ("name", "step"),
    [*((name, -0.5) for name in CASES if name != "lead"), *((name, 0.5) for name in CASES)],
)
def test_roughness_moves_as_asked_and_brightness_stays(
    name: str, step: float, space: Space
) -> None:
    sound = CASES[name]
    made = moved(sound, space, {"roughness": f"{step:+}"})
    assert gone("roughness", sound, made, space) == pytest.approx(step, abs=0.15)
    assert abs(gone("brightness", sound, made, space)) < 0.1
    assert describe(made).loudness == pytest.approx(describe(sound).loudness, abs=0.05)
    assert made.frames.shape == sound.frames.shape


def test_an_attack_is_not_smeared(space: Space) -> None:
    sound = clip(np.pad(lead().frames, ((0, 0), (8820, 0))))
    before = describe(sound).attack
    for step in ("-1", "+1"):
        made = moved(sound, space, {"roughness": step})
        assert describe(made).attack == pytest.approx(before, abs=3.0)
        assert np.square(made.frames[:, :8600]).sum() < 1e-4 * np.square(made.frames).sum()


@pytest.mark.parametrize("step", [-1.0, 1.0, 4.0])
def test_width_is_exact_where_the_space_could_not_learn_it(step: float, space: Space) -> None:
    sound = snare(2)
    made = moved(sound, space, {"width": f"{step:+}"})
    assert gone("width", sound, made, space) == pytest.approx(step, abs=1e-3)
    assert describe(made).loudness == pytest.approx(describe(sound).loudness, abs=1e-3)
    middle, was = (each.frames.mean(axis=0) for each in (made, sound))
    gain = float(middle @ was) / float(was @ was)
    assert np.allclose(middle, gain * was, atol=1e-5), "in one channel it is the sound itself"


def test_a_sound_of_one_channel_becomes_two_only_as_it_is_widened(space: Space) -> None:
    sound = lead()
    assert moved(sound, space, {"width": "-2"}).frames.tobytes() == sound.frames.tobytes()
    wide = moved(sound, space, {"width": "+5"})
    assert wide.channels == 2
    assert gone("width", sound, wide, space) == pytest.approx(5.0, abs=1e-3)


def test_both_go_together_and_with_others(space: Space) -> None:
    sound = snare(2)
    settings = {"roughness": "+0.5", "width": "+1", "brightness": "-0.5"}
    made = moved(sound, space, settings)
    for name, step in settings.items():
        assert gone(name, sound, made, space) == pytest.approx(float(step), abs=0.2)


def test_chance_moves_neither(space: Space) -> None:
    shift = free_shift(space, 2.0, np.random.default_rng(3))
    assert not shift[[space.position("roughness"), space.position("width")]].any()
    assert shift[space.position("brightness")]


@pytest.mark.parametrize("name", ["roughness", "width"])
def test_without_them_the_house_space_says_how_to_get_them(name: str) -> None:
    with pytest.raises(UserError, match=f"no attribute '{name}'") as caught:
        settings_shift(house_space(), {name: "+1"})
    assert f"crate train NAME --attributes {name}" in (caught.value.hint or "")


def test_too_far_is_told(space: Space) -> None:
    with pytest.raises(UserError, match="standard deviations away"):
        settings_shift(space, {"width": "+20"})
