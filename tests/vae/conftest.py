"""Sounds with their latents and descriptors, and a space learned on them; made once."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pytest

from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from tests.fake_codec import FakeCodec
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.personal_training import PersonalRecipe
from vae.space import Space, from_bytes, train_space
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
    job = train_space(synthesised.latents, synthesised.described, house_codec(), recipe=QUICK)
    return drive(job)


@pytest.fixture(scope="session")
def small_space(learned: tuple[bytes, tuple[int, ...]]) -> Space:
    """A space learned on the synthesised sounds."""
    return from_bytes(learned[0])


@pytest.fixture(scope="session")
def fake_codec() -> FakeCodec:
    """A codec without a network."""
    return FakeCodec()
