"""Files of the user's: whole or not there, never over another one, and no parts left for ever."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from library.kept_files import LEFT_BEHIND_S, into_place
from library.new_file import new_file


@pytest.fixture(params=["hard links", "no hard links"])
def _disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with hard links, and one without, such as a memory stick."""
    if request.param == "no hard links":

        def link(*_: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)


pytestmark = pytest.mark.usefixtures("_disk")


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "take.wav"
    with new_file(path) as part:
        part.write_bytes(b"half")
        assert not path.exists(), "a kill here leaves no file under its name"
        part.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_one_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(overwrite: bool) -> None:
        with new_file(tmp_path / "a", overwrite=overwrite) as part:
            part.write_bytes(b"half")
            raise RuntimeError

    for overwrite in (False, True):
        with pytest.raises(RuntimeError):
            fail(overwrite)
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_there_stays_also_if_it_came_in_the_meantime(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError), new_file(path) as part:
        pytest.fail(f"{part} is not begun")
    path.unlink()

    def write_beside_another() -> None:
        with new_file(path) as part:
            part.write_bytes(b"other")
            path.write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        write_beside_another()
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]
    with new_file(path, overwrite=True) as part:
        part.write_bytes(b"other")
    assert path.read_bytes() == b"other"


def test_a_link_is_no_free_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError), new_file(tmp_path / "link") as part:
        pytest.fail(f"{part} is not begun")


def test_the_parts_of_a_killed_process_go_after_an_hour(tmp_path: Path) -> None:
    old, young = (tmp_path / f".{letter * 32}.partial" for letter in "ab")
    others = [tmp_path / ".mine.partial", tmp_path / f"{'a' * 32}.partial", tmp_path / "a.wav"]
    for path in (old, young, *others):
        path.write_bytes(b"x")
        os.utime(path, (time.time() - 2 * LEFT_BEHIND_S,) * 2)
    os.utime(young)
    with new_file(tmp_path / "new") as part:
        part.write_bytes(b"y")
    assert sorted(tmp_path.iterdir()) == sorted([young, *others, tmp_path / "new"])


def test_bytes_are_on_the_disk_before_they_have_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    fsync = os.fsync

    def looked(descriptor: int) -> None:
        seen.append((tmp_path / "name").exists())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", looked)
    (tmp_path / "1-2.part").write_bytes(b"x")
    into_place(tmp_path / "1-2.part", tmp_path / "name")
    assert seen[0] is False
    assert (tmp_path / "name").read_bytes() == b"x"
