"""Files of a library: only in its folder, whatever its rows say."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from library.errors import LibraryError
from library.kept_files import LEFT_BEHIND_S, delete, file_name, keeping, path_of, sweep

ODD = ["", ".", "..", "../x", "a/b", "/etc/passwd", "a\\b", "C:x", "C:\\x", "x\0", "a\nb", "x/"]


@pytest.mark.parametrize(
    "name", ["rave-0123456789ab.ts", "My_Drums.safetensors", "トラック", "..."]
)
def test_a_plain_name_lies_in_the_folder(tmp_path: Path, name: str) -> None:
    assert path_of(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LibraryError, match="names a file outside its folder") as failure:
        path_of(tmp_path, name)
    assert str(failure.value).isprintable()


def test_only_files_of_the_folder_are_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "codecs"
    folder.mkdir()
    for path in (folder / "ours.ts", tmp_path / "mine.wav"):
        path.touch()
    for name in ("ours.ts", "lost.ts", "../mine.wav", str(tmp_path / "mine.wav"), ".", ""):
        delete(folder, name)
    assert list(folder.iterdir()) == []
    assert (tmp_path / "mine.wav").exists()


def test_what_is_not_renamed_goes(tmp_path: Path) -> None:
    with keeping(tmp_path / "new", "the codec") as part:
        part.write_text("x")
    assert list((tmp_path / "new").iterdir()) == []


def made(path: Path, seconds_ago: float = 2 * LEFT_BEHIND_S) -> Path:
    """A file that was written some time ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def test_what_a_killed_process_has_left_behind_goes(tmp_path: Path) -> None:
    folder = tmp_path / "library.crate" / "codecs"
    stale = ["12-34567.part", "rave-0123456789ab.ts", "Mine-abcdef012345.safetensors"]
    stale += ["vectors-0123456789abcdef.faiss", "vectors-0123456789abcdef.json"]
    named = ["a-0123456789ab.ts", "trommel\u00e4-0123456789ab.ts", "B-0123456789ab.safetensors"]
    on_disk = [named[0], "trommela\u0308-0123456789ab.ts", "b-0123456789ab.safetensors"]
    others = ["notes.txt", "rave.ts", "my own.part", "x-0123456789ab.ts.bak", ".hidden"]
    for name in (*stale, *on_disk, *others):
        made(folder / name)
    made(folder / "1-2.part", LEFT_BEHIND_S / 2)
    made(folder / "new-0123456789ab.ts", LEFT_BEHIND_S / 2)
    made(folder / "below" / "1-2.part")
    made(folder.parent / "1-2.part")
    before = sorted(folder.rglob("*"))
    sweep(folder, named)
    assert sorted(folder.rglob("*")) == [path for path in before if path.name not in stale]
    assert (folder.parent / "1-2.part").exists()
    sweep(tmp_path / "nowhere", named)


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder, users = tmp_path / "codecs", tmp_path / "users"
    file = made(users / "1-2.part")
    folder.mkdir()
    (folder / "3-4.part").symlink_to(file)
    (folder / "5-6.part").symlink_to(users)
    sweep(folder, ())
    assert len(list(folder.iterdir())) == 2
    (tmp_path / "linked").symlink_to(users)
    sweep(tmp_path / "linked", ())
    made(users / "codecs" / "1-2.part")
    sweep(tmp_path / "linked" / "codecs", ())
    assert file.exists()
    assert (users / "codecs" / "1-2.part").exists()


def test_what_was_just_forgotten_goes_at_once_unless_another_row_names_it(tmp_path: Path) -> None:
    for name in ("a-0123456789ab.ts", "b-0123456789ab.ts", "mine-0123456789ab.safetensors"):
        made(tmp_path / name, 1)
    sweep(tmp_path, ["b-0123456789ab.ts"], gone="a-0123456789ab.ts")
    sweep(tmp_path, ["B-0123456789ab.ts"], gone="b-0123456789ab.ts")
    sweep(tmp_path, [], gone="../mine-0123456789ab.safetensors")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "b-0123456789ab.ts",
        "mine-0123456789ab.safetensors",
    ]


@pytest.mark.parametrize("letter", ["x", "ト", "\U0001d538"])
def test_a_name_of_any_letters_is_short_enough_for_a_disk(tmp_path: Path, letter: str) -> None:
    name = file_name(letter * 60, "0123456789abcdef", ".safetensors")
    made(tmp_path / name, 1)
    sweep(tmp_path, [], gone=name)
    assert list(tmp_path.iterdir()) == []
