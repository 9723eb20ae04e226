"""The user's files: not a byte, not a time, not a right of theirs changes, whatever is done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.every_command import CASES
from tests.tui.test_cli import commands
from tui.cli import build_parser


def test_every_command_has_its_case() -> None:
    assert {name for name, _ in commands(build_parser())} == set(CASES)


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """Sounds of several kinds, with a copy, a link, odd names, and what is no sound."""
    from library.wav import write_wav
    from vae.synth import demo_sounds, render

    folder = tmp_path / "sounds"
    for relative, patch in demo_sounds(40, seed=11):
        write_wav(render(patch), folder / relative)
    first = sorted(folder.rglob("*.wav"))[0]
    shutil.copy(first, folder / "kick \x1b[2J copy.wav")
    shutil.copy(first, os.fsencode(folder) + b"/kick \xff.wav")
    (folder / "link.wav").symlink_to(first)
    (folder / "broken.wav").write_bytes(b"not audio at all")
    (folder / ".hidden").write_text("hidden")
    (folder / ("." + "0" * 32 + ".partial")).write_text("somebody's")
    for path in folder.rglob("*"):
        os.utime(path, ns=(10**18 + 1, 10**18 + 7), follow_symlinks=False)
    return folder


def facts(folder: Path) -> dict[bytes, tuple[object, ...]]:
    """All that could change of a folder; the time of its last change tells of what was undone."""
    found: dict[bytes, tuple[object, ...]] = {}
    for name, _, files in os.walk(os.fsencode(folder)):
        for path in [name, *(name + b"/" + file for file in files)]:
            info = os.lstat(path)
            digest = ""
            if stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:  # noqa: PTH123 - the path is bytes
                    digest = hashlib.sha256(file.read()).hexdigest()
            times = (info.st_mtime_ns, info.st_ctime_ns)
            found[path] = (digest, info.st_size, info.st_mode, info.st_ino, info.st_nlink, *times)
    return found


def run_all(sounds: Path, home: Path) -> tuple[dict[str, int], list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.every_command", str(sounds), str(home)],
        capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    shown = done.stdout + done.stderr
    bad = [c for c in shown if c < 32 and c not in b"\t\n\r"]
    assert bad == [], "no control character of a name reaches the terminal"
    found = json.loads((home / "found.json").read_text())
    return found["codes"], found["changes"]


def all_did_what_was_asked(codes: dict[str, int]) -> None:
    """Of a codec that was tuned for a second, that it is no better is an answer, too."""
    assert codes.pop("codec tune") in (0, 1)
    assert codes == dict.fromkeys(codes, 0)


def test_no_command_changes_a_sample(sounds: Path, tmp_path: Path) -> None:
    before = facts(sounds)
    codes, changes = run_all(sounds, tmp_path / "home")
    assert changes == []
    assert facts(sounds) == before
    all_did_what_was_asked(codes)


@pytest.fixture
def read_only(sounds: Path) -> Iterator[Path]:
    """The folder without the right to write, and where that can be done, mounted so."""
    for path in [sounds, *sounds.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)
    mount = shutil.which("mount")
    bound = False
    if mount and os.name == "posix":
        calls = [["--bind", str(sounds), str(sounds)], ["-o", "remount,ro,bind", str(sounds)]]
        bound = all(
            subprocess.run([mount, *call], check=False, capture_output=True).returncode == 0
            for call in calls
        )
    try:
        yield sounds
    finally:
        if bound:
            subprocess.run(["umount", "-l", str(sounds)], check=True)
        for path in [sounds, *sounds.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)


def test_every_command_works_on_a_folder_that_is_read_only(read_only: Path, tmp_path: Path) -> None:
    before = facts(read_only)
    codes, changes = run_all(read_only, tmp_path / "home")
    assert changes == []
    assert facts(read_only) == before
    all_did_what_was_asked(codes)


def test_what_watches_sees_every_way_to_change_a_file(tmp_path: Path) -> None:
    """Or the tests above could not fail. In a process of its own: a hook stays."""
    code = f"""
import os, sys
from pathlib import Path
from tests.faults.every_command import Watch
folder = Path({str(tmp_path)!r})
(folder / "a.wav").write_bytes(b"a")
watch = Watch(folder)
(folder / "a.wav").read_bytes()
assert watch.seen == [], watch.seen
for change in (
    lambda: (folder / "a.wav").write_bytes(b"b"),
    lambda: (folder / "a.wav").open("ab").close(),
    lambda: (folder / "a.wav").open("r+b").close(),
    lambda: os.close(os.open(folder / "a.wav", os.O_RDWR)),
    lambda: os.truncate(folder / "a.wav", 0),
    lambda: os.utime(folder / "a.wav"),
    lambda: (folder / "a.wav").chmod(0o600),
    lambda: (folder / "a.wav").rename(folder / "b.wav"),
    lambda: (folder / "c").symlink_to("b.wav"),
    lambda: (folder / "b.wav").unlink(),
    lambda: (folder / "d").mkdir(),
    lambda: (folder / "d").rmdir(),
):
    before = len(watch.seen)
    change()
    assert len(watch.seen) > before, change
"""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
