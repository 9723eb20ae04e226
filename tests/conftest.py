"""Fixtures that more than one folder of tests needs, and an environment that is always the same."""

from __future__ import annotations

import os

os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.pop("LATENTCRATE_LIBRARY", None)

from collections.abc import Iterator
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


@pytest.fixture
def sounds() -> Path:
    """The folder of real sounds that LATENTCRATE_SOUNDS names; the test is skipped without it."""
    folder = os.environ.get("LATENTCRATE_SOUNDS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LATENTCRATE_SOUNDS does not name a folder of sounds")
    return Path(folder)
