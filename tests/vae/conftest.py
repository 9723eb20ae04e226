"""Sounds with their latents and descriptors, and a space learned on them; made once."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from tests.fake_codec import FakeCodec
from tests.vae.ears import QUICK as QUICK_EAR
from tests.vae.ears import two_makers
from vae.ear import Ear
from vae.ear_data import HeardViews
from vae.ear_file import house_ear
from vae.ear_training import train_ear
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.onset import from_onset
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.synth import demo_sounds, render

QUICK = PersonalRecipe(steps=200)


@dataclass(frozen=True)
class Sounds:
    """Synthesised sounds of every kind.

    Attributes:
        kinds: What each one is.
        clips: Audio.
        latents: By the house codec.
        described: Descriptors by name.
    """

    kinds: list[str]
    clips: list[Clip]
    latents: list[Latents]
    described: list[dict[str, float | None]]


@pytest.fixture(scope="session")
def synthesised() -> Sounds:
    """Two hundred sounds."""
    patches = [patch for _, patch in demo_sounds(200, seed=5)]
    clips = [render(patch) for patch in patches]
    return Sounds(
        kinds=[patch.kind for patch in patches],
        clips=clips,
        latents=[house_codec().encode(clip) for clip in clips],
        described=[asdict(describe(clip)) for clip in clips],
    )


@pytest.fixture(scope="session")
def learned(synthesised: Sounds) -> tuple[bytes, tuple[int, ...]]:
    """A space as it is kept, and which sounds were held out of its training."""
    sounds = synthesised.latents, synthesised.described, house_codec()
    return drive(train_space(*sounds, base=house_space()))


@pytest.fixture(scope="session")
def small_space(learned: tuple[bytes, tuple[int, ...]]) -> Space:
    """A space learned on the synthesised sounds."""
    return from_bytes(learned[0])


@pytest.fixture(scope="session")
def fake_codec() -> FakeCodec:
    """A codec without a network."""
    return FakeCodec()


@pytest.fixture(scope="session")
def few_views() -> list[HeardViews]:
    """What the small ear learns from."""
    return two_makers(QUICK_EAR.synthesised, seed=0)


@pytest.fixture(scope="session")
def other_views() -> list[HeardViews]:
    """What it does not learn from."""
    return two_makers(90, seed=77)


@pytest.fixture(scope="session")
def small_ear(few_views: list[HeardViews]) -> Ear:
    """An ear learned in seconds."""
    return train_ear(few_views, QUICK_EAR)


@pytest.fixture(scope="session")
def heard(synthesised: Sounds) -> NDArray[np.float32]:
    """What the ear that ships keeps of the synthesised sounds."""
    return np.stack([
        house_ear().hear(from_onset(clip), row["pitch"]).whole
        for clip, row in zip(synthesised.clips, synthesised.described, strict=True)
    ])  # fmt: skip
