"""How many samples there are by folder, category and tag; and folders named from their root."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.workspace import Workspace
from library.progress import drive
from library.register import register
from library.wav import write_wav


@pytest.fixture
def workspace(tmp_path: Path):
    from library.clip import Clip

    tone = Clip(np.zeros((1, 800), np.float32), 8_000)
    for place in ("pack/kicks/a.wav", "pack/kicks/deep/b.wav", "pack/kicks2/c.wav", "kicks/d.wav"):
        path = tmp_path / "sounds" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(tone, path)
    with Workspace.open(tmp_path / "library.sqlite") as opened:
        drive(
            register(opened._engine, [tmp_path / "sounds" / "pack", tmp_path / "sounds" / "kicks"])
        )
        yield opened


def test_folders_and_categories_are_counted(workspace: Workspace) -> None:
    found = workspace.counts()
    assert found.folders == {"kicks": 1, "pack/kicks": 1, "pack/kicks/deep": 1, "pack/kicks2": 1}
    assert sum(found.categories.values()) <= 4
    assert found.categories.get("kick", 0) >= 3


def test_tags_are_counted(workspace: Workspace) -> None:
    ids = workspace.ids().tolist()
    workspace.tag(ids[:3], ["dark"])
    workspace.tag(ids[:1], ["b"])
    assert workspace.tag_counts() == {"b": 1, "dark": 3}


def test_what_is_missing_is_not_counted(workspace: Workspace, tmp_path: Path) -> None:
    workspace.tag(workspace.ids("a.wav").tolist(), ["gone"])
    (tmp_path / "sounds/pack/kicks/a.wav").unlink()
    drive(workspace.scan())
    assert "pack/kicks" not in workspace.counts().folders
    assert workspace.tag_counts() == {}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("folder:kicks", ["a.wav", "b.wav", "c.wav", "d.wav"]),
        ("folder:/pack/kicks/", ["a.wav", "b.wav"]),
        ("folder:/kicks/", ["d.wav"]),
        ("folder:/kicks", ["d.wav"]),
        ("folder:kicks/", ["a.wav", "b.wav", "d.wav"]),
        ("-folder:/pack/", ["d.wav"]),
        ('folder:"/Pack/Kicks/"', ["a.wav", "b.wav"]),
    ],
)
def test_a_slash_says_where_a_folder_begins_and_ends(
    workspace: Workspace, query: str, names: list[str]
) -> None:
    assert sorted(row.name for row in workspace.rows(workspace.ids(query))) == names


def test_rows_say_when_they_were_added(workspace: Workspace) -> None:
    (row,) = workspace.rows(workspace.ids("d.wav"))
    assert row.added_at is not None
    assert row.added_at.tzinfo is not None
