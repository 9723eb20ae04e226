"""`crate relink`: a preview that changes nothing, then rows that follow their files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.audio_cases import noise, write
from tests.tui.answers import Crate, one_line


@pytest.fixture
def folder(tmp_path: Path, crate: Crate) -> Path:
    """Three files in the library, one of them with a word."""
    folder = tmp_path / "old"
    folder.mkdir()
    for seed in range(3):
        write(folder / f"noise {seed}.wav", noise(0.1, seed=seed))
    assert crate("add", folder).code == 0
    assert crate("tag", "mine", folder / "noise 1.wav").code == 0
    return folder


def test_a_preview_and_then_the_tree(crate: Crate, folder: Path) -> None:
    new = folder.with_name("new")
    folder.rename(new)
    preview = crate("relink", folder, new, "--preview")
    assert preview.code == 0
    assert ["would relink", str(folder / "noise 1.wav"), str(new / "noise 1.wav")] in preview.table
    assert "3 found, 0 lacking, 0 other, 0 still there" in preview.err
    assert crate("ls", "tag:mine", "--json").json["samples"][0]["path"] == str(
        folder / "noise 1.wav"
    )
    done = crate("relink", folder, new, "--json").json
    assert (len(done["relinked"]), done["lacking"], done["preview"]) == (3, [], False)
    (row,) = crate("ls", "tag:mine", "--json").json["samples"]
    assert (row["path"], row["missing"]) == (str(new / "noise 1.wav"), False)
    report = crate("scan", "--json").json
    assert (report["new"], report["moved"], report["analysed"]) == (0, 0, 0)


def test_what_is_in_doubt_is_shown_and_the_user_says(crate: Crate, folder: Path) -> None:
    nothing = crate("relink", "--json")
    assert (nothing.code, nothing.json) == (1, {"doubtful": []})
    twin = folder / "twin.wav"
    shutil.copyfile(folder / "noise 1.wav", twin)
    crate("scan")
    (folder / "noise 1.wav").unlink()
    found = folder / "found.wav"
    twin.rename(found)
    crate("scan")
    pairs = crate("relink", "--json").json["doubtful"]
    assert pairs == [
        {"missing": str(folder / "noise 1.wav"), "same": str(found)},
        {"missing": str(twin), "same": str(found)},
    ]
    number = crate("ls", "is:missing", "tag:mine", "--json").json["samples"][0]["id"]
    assert crate("relink", number, found).code == 0
    (row,) = crate("ls", "tag:mine", "--json").json["samples"]
    assert (row["id"], row["path"]) == (number, str(found))


def test_nothing_to_relink_is_told(crate: Crate, folder: Path) -> None:
    assert "where do the files lie now" in one_line(crate("relink", folder))
    assert "is not there" in one_line(crate("relink", folder, folder / "nowhere"))
    copy = folder.with_name("again")
    shutil.copytree(folder, copy)
    answer = crate("relink", folder, copy)
    assert answer.code == 1
    assert [line[0] for line in answer.table] == ["still there"] * 3
