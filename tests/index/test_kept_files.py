"""Files of a library: only in its folder, whatever its rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.kept_files import delete, keeping, path_of
from library.errors import LibraryError

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
