"""The finished sound measures what was asked, and is never further from it than it was."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import noise, pluck, tone
from vae.attributes import ATTRIBUTES, scaled
from vae.house_codec import house_codec
from vae.resynthesis import changed
from vae.soft_descriptors import STEERED
from vae.space_file import house_space
from vae.steered_sound import steered
from vae.steering import Steering

CODEC = house_codec()
SPACE = house_space()
DEVIATIONS = np.array([SPACE.deviation[SPACE.position(name)] for name in STEERED])
SOUNDS = {"noise": noise(0.4), "pluck": pluck(220, 0.5), "tone": tone(440, 0.4)}


def measured(clip: Clip) -> np.ndarray:  # type: ignore[type-arg]
    attributes = tuple(ATTRIBUTES[name] for name in STEERED)
    return scaled(attributes, [asdict(describe(clip))])[0] / DEVIATIONS


def far(clip: Clip, goal: np.ndarray, asked: str) -> float:  # type: ignore[type-arg]
    """What is missed; a change that nobody asked for counts a quarter."""
    weights = np.where(np.array(STEERED) == asked, 1.0, 0.25)
    return float(np.sqrt(weights @ np.square(np.nan_to_num(measured(clip) - goal))))


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("attribute", STEERED)
@pytest.mark.parametrize("step", [-1.0, 0.7])
def test_it_is_nearer_to_what_was_asked_than_one_try(
    name: str, attribute: str, step: float
) -> None:
    clip = SOUNDS[name]
    latents = CODEC.encode(clip)
    goal = measured(clip)
    goal[STEERED.index(attribute)] += step
    made = steered(clip, latents, SPACE, CODEC, {attribute: step})
    once = changed(clip, CODEC, Steering(clip, latents, SPACE, CODEC).change({attribute: step}))
    assert far(made, goal, attribute) <= far(once, goal, attribute) + 1e-6
    assert far(made, goal, attribute) <= far(clip, goal, attribute) + 1e-6
    assert made.frames.shape == clip.frames.shape


def test_what_can_be_reached_is_reached() -> None:
    clip = noise(0.5, seed=2)
    latents = CODEC.encode(clip)
    for step in (-0.5, -0.25):
        goal = measured(clip)
        goal[STEERED.index("brightness")] += step
        made = steered(clip, latents, SPACE, CODEC, {"brightness": step})
        assert measured(made)[0] == pytest.approx(goal[0], abs=0.15)
        assert far(made, goal, "brightness") < 0.3


def test_what_cannot_be_reached_leaves_the_sound() -> None:
    """A pure tone has no low end to give, nor any to take."""
    clip = tone(2_000, 0.3)
    goal = measured(clip)
    goal[STEERED.index("low_end")] -= 2
    made = steered(clip, CODEC.encode(clip), SPACE, CODEC, {"low_end": -2.0})
    assert far(made, goal, "low_end") <= far(clip, goal, "low_end") + 1e-6
