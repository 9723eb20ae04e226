"""A codec without a network, a space learned on it, and small folders of sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, select

from index.spaces import store_space
from index.workspace import Workspace
from library.clip import Clip
from library.database import writing
from library.descriptors import describe
from library.progress import drive
from library.tables import TUNED
from library.tables import Codec as CodecTable
from tests.audio_cases import clip as audio
from tests.audio_cases import write
from tests.conftest import MadeLibrary
from tests.fake_codec import FakeCodec
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes
from vae.space_training import train_space


def ping(number: int, seconds: float = 0.08) -> Clip:
    """A short sound, different for every number: a tone, a hiss, and how fast they fade."""
    rng = np.random.default_rng(number)
    t = np.arange(round(seconds * 44_100)) / 44_100
    wave = np.sin(2 * np.pi * rng.uniform(80, 4_000) * t) + rng.uniform(0, 1) * rng.normal(
        size=len(t)
    )
    return audio(rng.uniform(0.05, 0.4) * wave * np.exp(-t * rng.uniform(5, 60)))


def folder_of(folder: Path, count: int, start: int = 0) -> list[Path]:
    """Write pings, named by their number."""
    return [write(folder / f"ping_{n:03d}.wav", ping(n)) for n in range(start, start + count)]


@pytest.fixture(scope="session")
def codec() -> FakeCodec:
    return FakeCodec()


@pytest.fixture(scope="session")
def space_bytes(codec: FakeCodec) -> bytes:
    """A space of the fake codec."""
    clips = [ping(n) for n in range(40)]
    described = [asdict(describe(clip)) for clip in clips]
    latents = [codec.encode(clip) for clip in clips]
    recipe = PersonalRecipe(steps=20, components=12, free=4)
    return drive(train_space(latents, described, codec, ("brightness", "noisiness"), recipe))[0]


@pytest.fixture(scope="session")
def space(space_bytes: bytes) -> Space:
    return from_bytes(space_bytes)


def keep_space(
    engine: Engine, name: str, data: bytes, report: Mapping[str, object], folder: Path
) -> None:
    """Keep a space of the fake codec, which the library then has, but for its file."""
    with writing(engine) as session:
        if session.scalar(select(CodecTable).where(CodecTable.digest == FakeCodec.digest)) is None:
            session.add(
                CodecTable(
                    name="fake", kind=TUNED, digest=FakeCodec.digest, file="fake.safetensors"
                )
            )
    store_space(engine, name, data, report, folder)


@pytest.fixture
def made(made_library: MadeLibrary):  # type: ignore[no-untyped-def]
    """The shared library, open, to be read."""
    with Workspace.open(made_library.path) as workspace:
        yield workspace


@pytest.fixture
def small(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A library of twelve pings in `tmp_path / "pings"`, open, to be changed."""
    folder_of(tmp_path / "pings", 12)
    with Workspace.open(tmp_path / "small.sqlite") as workspace:
        drive(workspace.add([tmp_path / "pings"]))
        yield workspace
