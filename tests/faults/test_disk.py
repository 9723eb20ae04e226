"""A disk that is full, a file without rights, a library that is deleted while it is open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.killed_runs import make_sounds
from index.workspace import Workspace
from library.database import open_database
from library.errors import LibraryError
from tests.conftest import MadeLibrary
from tui.cli import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and rights of POSIX")

# What SQLite shares between processes is 32 KiB large: another connection has made it before.
LIMITED = """
import contextlib, os, resource, signal, sqlite3, sys
if os.path.exists(sys.argv[3]):
    other = sqlite3.connect(sys.argv[3])
    with contextlib.suppress(sqlite3.Error):
        other.execute("SELECT count(*) FROM sqlite_master").fetchone()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from tui.cli import main
sys.exit(main(sys.argv[2:]))
"""


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip


def one_clear_line(done: subprocess.CompletedProcess[str]) -> str:
    """The line that a refused command ends with; what comes before it is progress."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    *progress, last = done.stderr.splitlines()
    assert last.startswith("crate: ")
    assert not [line for line in progress if "crate:" in line or "rror" in line], done.stderr
    return last


def whole(path: Path) -> None:
    """Look at a copy: on a disk without 32 KiB of room SQLite reads no database."""
    with tempfile.TemporaryDirectory() as folder:
        for each in path.parent.glob(f"{path.name}*"):
            if not each.name.endswith("-shm"):
                shutil.copy(each, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as library:
            assert library.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert library.execute("PRAGMA foreign_key_check").fetchall() == []


def no_parts(folder: Path) -> None:
    assert [path for path in folder.rglob("*") if path.name.endswith((".part", ".partial"))] == []


COMMANDS = {
    # Each with a size in bytes that none of the files it must write may exceed.
    "train": (60_000, ["train", "again"]),
    "morph": (5_000, ["morph", "5", "9", "--steps", "3", "--out", "{out}"]),
    "vary": (5_000, ["vary", "5", "-n", "2", "--out", "{out}"]),
    "splice": (5_000, ["splice", "5", "9", "--out", "{out}/s.wav"]),
    "resynth": (5_000, ["resynth", "5", "--out", "{out}/r.wav"]),
    "codec add": (9_000, ["codec", "add", "{codec}"]),
    "space export": (9_000, ["space", "export", "mine", "--out", "{out}/mine.space"]),
    "map html": (9_000, ["map", "--out", "{out}/map.html"]),
    "map png": (9_000, ["map", "--out", "{out}/map.png"]),
    "map json": (2_000, ["map", "--out", "{out}/map.json"]),
    "vectors": (5_000, ["vectors", "--out", "{out}/v.npz"]),
    "tag": (4_096, ["tag", "dark", "5"]),
    "alike": (4_096, ["alike", "5", "9"]),
}


@pytest.fixture
def mapped(library_copy: MadeLibrary) -> MadeLibrary:
    """The library with a map, so that to write one as a file is all there is to do."""
    import numpy as np

    from index.map_rows import write_map
    from index.space_rows import find_space
    from library import catalog

    engine = open_database(library_copy.path)
    ids = catalog.ids(engine, "is:analysed")
    x = np.linspace(0, 1, len(ids), dtype=np.float32)
    row = find_space(engine, "mine")
    write_map(engine, row.id, row.digest, ids, np.stack([x, 1 - x], axis=1), 10.0)
    engine.dispose()
    return library_copy


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_finds_no_room_says_so_and_leaves_nothing_half(
    name: str, mapped: MadeLibrary, tmp_path: Path
) -> None:
    """By a limit on the size of a file, which every system has; then there is room."""
    from tests.vae.rave_standins import standin, written

    most, words = COMMANDS[name]
    out = tmp_path / "out"
    (tmp_path / "codec").mkdir()
    codec = written(standin(), tmp_path / "codec") if name == "codec add" else ""
    arguments = [word.format(out=out, codec=codec) for word in words]
    home = mapped.path.parent
    kept = {p: p.read_bytes() for p in home.rglob("*") if p.is_file() and "sqlite" not in p.name}
    line = one_clear_line(run(LIMITED, most, "--library", mapped.path, *arguments))
    assert "File too large" in line or "disk I/O error" in line or "full" in line
    assert not out.exists() or list(out.iterdir()) == []
    no_parts(home)
    whole(mapped.path)
    now = {p: p.read_bytes() for p in home.rglob("*") if p.is_file() and "sqlite" not in p.name}
    assert {p: data for p, data in now.items() if "cache" not in p.parts} == {
        p: data for p, data in kept.items() if "cache" not in p.parts
    }
    assert main(["--library", str(mapped.path), *arguments]) == 0


@pytest.mark.parametrize("most", [5_000, 300_000, 600_000])
def test_a_folder_that_is_added_to_a_full_disk_is_added_as_far_as_there_was_room(
    tmp_path: Path, most: int
) -> None:
    folder = make_sounds(tmp_path / "sounds", 150)
    path = tmp_path / "full" / "library.sqlite"
    path.parent.mkdir()
    done = run(LIMITED, most, "--library", path, "add", folder)
    assert "make room" in one_clear_line(done)
    whole(path)
    if most > 400_000:
        with closing(sqlite3.connect(path)) as library:
            (listed,) = library.execute("SELECT count(*) FROM sample").fetchone()
        assert listed == 152, "what was written before is kept"
    no_parts(path.parent)
    done = run(LIMITED, 2**40, "--library", path, "add", folder, "--json")
    assert done.returncode == 0, done.stderr
    with Workspace.open(path) as crate:
        status = crate.status()
    assert (status.samples, status.analysed, len(status.failed)) == (152, 151, 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB in memory, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and os.name == "posix" and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        check=False, capture_output=True,
    ).returncode == 0  # fmt: skip
    if not made:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path, small_disk: Path) -> None:
    folder = make_sounds(tmp_path / "sounds", 100)
    path = small_disk / "library.sqlite"
    filler = small_disk / "other files"
    filler.write_bytes(bytes(600_000))
    line = one_clear_line(run(LIMITED, 2**40, "--library", path, "add", folder))
    assert "make room" in line
    whole(path)
    filler.unlink()
    with Workspace.open(path) as crate:
        listed = crate.status().samples
        tagged = crate.ids()[:1].tolist()
        crate.tag(tagged, ["kept"])
    left = shutil.disk_usage(small_disk).free
    filler.write_bytes(bytes(max(0, left - 30_000)))
    one_clear_line(run(LIMITED, 2**40, "--library", path, "train", "mine"))
    whole(path)
    no_parts(small_disk)
    filler.unlink()
    with Workspace.open(path) as crate:
        assert crate.status().samples == listed > 0
        assert crate.ids("tag:kept").tolist() == tagged


def test_a_library_that_was_deleted_while_it_was_open_is_not_written_to(
    tmp_path: Path, library_copy: MadeLibrary
) -> None:
    with Workspace.open(library_copy.path) as crate:
        crate.tag([1], ["before"])
        away = tmp_path / "away.sqlite"
        library_copy.path.rename(away)
        for _ in range(2):
            with pytest.raises(LibraryError, match="moved or deleted while it was open"):
                crate.tag([1], ["lost"])
            # Another one that has got its name is not written to, either.
            shutil.copy(away, library_copy.path)
        library_copy.path.unlink()
        away.rename(library_copy.path)
        crate.tag([1], ["after"])
        assert set(crate.rows([1])[0].tags) == {"before", "after"}


AS_NOBODY = """
import os, pkgutil, sys
import tui
from index import workspace
from library import labels
from tui.cli import main
for each in pkgutil.iter_modules(tui.__path__):
    if each.name.startswith("cli_"):
        __import__(f"tui.{each.name}")
os.setgid(65534)
os.setuid(65534)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
@pytest.mark.parametrize("what", ["library", "folder", "log", "no rights at all"])
def test_a_library_that_may_not_be_written_to_is_one_line(
    what: str, library_copy: MadeLibrary
) -> None:
    """By another user, as the superuser may do everything."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copy(library_copy.path, name))
        path.parent.chmod(0o777)
        path.chmod(0o666)
        assert run(AS_NOBODY, "--library", path, "tag", "dark", "1").returncode == 0
        if what == "library":
            path.chmod(0o444)
        elif what == "folder":
            path.parent.chmod(0o555)
        elif what == "log":
            log = path.with_name(f"{path.name}-wal")
            log.touch()
            log.chmod(0)
        else:
            path.chmod(0)
        line = one_clear_line(run(AS_NOBODY, "--library", path, "tag", "light", "1"))
        assert "you may not write to it" in line or "Permission denied" in line
        for beside in path.parent.iterdir():
            beside.chmod(0o666)
        path.parent.chmod(0o777)
        whole(path)
        assert run(AS_NOBODY, "--library", path, "tag", "light", "1").returncode == 0
