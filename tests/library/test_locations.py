from __future__ import annotations

from pathlib import Path

import pytest

from library.locations import default_library, library_folder


def test_the_environment_names_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENTCRATE_LIBRARY", str(tmp_path / "mine.sqlite"))
    assert default_library() == tmp_path / "mine.sqlite"


def test_else_it_lies_in_the_folder_for_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENTCRATE_LIBRARY", raising=False)
    path = default_library()
    assert path.name == "library.sqlite"
    assert "latentcrate" in path.parts
    assert not path.parent.exists()


def test_what_belongs_to_a_library_lies_beside_it() -> None:
    assert library_folder(Path("/a/mine.sqlite")) == Path("/a/mine.crate")
