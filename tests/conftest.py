"""Fixtures that more than one folder of tests needs, and an environment that is always the same."""

from __future__ import annotations

import os

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.pop("LATENTCRATE_LIBRARY", None)
os.environ["LATENTCRATE_SETTINGS"] = os.devnull

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from library.database import open_database


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own library and settings out of reach."""
    home = tmp_path_factory.mktemp("home")
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(home))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Keep torch to one thread where it is loaded: tests run side by side, and UMAP sets more."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


@pytest.fixture
def library_path(tmp_path: Path) -> Path:
    """A library file that is not there yet."""
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def engine(library_path: Path) -> Iterator[Engine]:
    """An empty library, open."""
    opened = open_database(library_path)
    yield opened
    opened.dispose()


@dataclass(frozen=True)
class MadeLibrary:
    """A library of synthesised sounds, analysed, with a space of its own in use.

    Attributes:
        path: The library file.
        sounds: The folder of 40 good files and one that is broken.
        broken: The broken one.
    """

    path: Path
    sounds: Path
    broken: Path


@pytest.fixture(scope="session")
def made_library(tmp_path_factory: pytest.TempPathFactory) -> MadeLibrary:
    """A library that tests only read; its space is called mine."""
    from index.workspace import Workspace
    from library.progress import drive
    from library.wav import write_wav
    from vae.synth import demo_sounds, render

    folder = tmp_path_factory.mktemp("made")
    sounds = folder / "sounds"
    for relative, patch in demo_sounds(40, seed=11):
        write_wav(render(patch), sounds / relative)
    broken = sounds / "broken.wav"
    broken.write_bytes(b"not audio at all")
    path = folder / "library.sqlite"
    with Workspace.open(path) as workspace:
        drive(workspace.add([sounds]))
        drive(workspace.train("mine"))
    return MadeLibrary(path, sounds, broken)


@pytest.fixture
def library_copy(made_library: MadeLibrary, tmp_path: Path) -> MadeLibrary:
    """The same library, to be changed; its sounds are still the shared ones."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for each in made_library.path.parent.glob("library.*"):
        if each.is_dir():
            shutil.copytree(each, folder / each.name)
        else:
            shutil.copy2(each, folder / each.name)
    return MadeLibrary(folder / "library.sqlite", made_library.sounds, made_library.broken)


@pytest.fixture
def sounds() -> Path:
    """The folder of real sounds that LATENTCRATE_SOUNDS names; the test is skipped without it."""
    folder = os.environ.get("LATENTCRATE_SOUNDS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LATENTCRATE_SOUNDS does not name a folder of sounds")
    return Path(folder)
