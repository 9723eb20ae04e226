from __future__ import annotations

import os
from pathlib import Path

import pytest

from library.walk import Walk


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"1234")


def found(root: Path, *excludes: str) -> list[str]:
    return [Path(f.path).relative_to(root).as_posix() for f in Walk(str(root), excludes).whole()]


def test_audio_files_are_found_in_order_and_nothing_else(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.WAV", "b/1.wav", "a.flac", "c.m4a", "notes.txt", "b/3", "kick.wav.asd")
    assert found(tmp_path) == ["a.flac", "c.m4a", "b/1.wav", "b/2.WAV"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "._a.wav", ".hidden/a.wav", "a.wav")
    assert found(tmp_path) == ["a.wav"]


def test_size_and_time_are_told(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav")
    os.utime(tmp_path / "a.wav", ns=(5, 7_000))
    (file,) = Walk(str(tmp_path)).whole()
    assert (file.size, file.mtime_ns) == (4, 7_000)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("loops", ["a.wav", "kits/loops.wav"]),
        ("*LOOP*", ["a.wav"]),
        ("kits/*.wav", ["a.wav", "loops/b.wav"]),
        ("*.wav", []),
    ],
)
def test_patterns_match_names_and_paths(tmp_path: Path, pattern: str, left: list[str]) -> None:
    touch(tmp_path, "a.wav", "loops/b.wav", "kits/loops.wav")
    assert sorted(found(tmp_path, pattern)) == left


def test_links_are_followed_once_and_circles_end(tmp_path: Path) -> None:
    touch(tmp_path / "root", "b/1.wav")
    touch(tmp_path, "away/2.wav")
    (tmp_path / "root" / "a").symlink_to(tmp_path / "root" / "b", target_is_directory=True)
    (tmp_path / "root" / "b" / "up").symlink_to(tmp_path / "root", target_is_directory=True)
    (tmp_path / "root" / "c").symlink_to(tmp_path / "away", target_is_directory=True)
    (tmp_path / "root" / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    assert found(tmp_path / "root") == ["b/1.wav", "c/2.wav"]


def test_a_link_to_what_is_passed_over_is_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    touch(root, ".store/a.wav", "loops/b.wav", "kits/c.wav")
    for link, target in (("pack", ".store"), ("cycles", "loops"), ("drums", "kits")):
        (root / link).symlink_to(target, target_is_directory=True)
    (root / ".store" / "up").symlink_to(root, target_is_directory=True)
    (root / ".store" / "again").symlink_to(root / "loops", target_is_directory=True)
    assert found(root, "loops") == ["kits/c.wav", "cycles/b.wav", "pack/a.wav"]
    (tmp_path / "alias").symlink_to(root, target_is_directory=True)
    assert found(tmp_path / "alias", "loops") == ["kits/c.wav", "cycles/b.wav", "pack/a.wav"]


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert found(tmp_path / "gone") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_sample(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    assert found(tmp_path) == []
