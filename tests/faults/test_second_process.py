"""Two processes on one library: two scanners, a reader beside a scanner, a lock that is held."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.killed_runs import contents, differences, make_sounds
from index.workspace import Workspace
from library import database
from library.database import open_database, writing
from library.errors import LibraryError
from library.progress import drive
from library.tables import Tag

SOUNDS = 60

OPENED = """
import sys
from pathlib import Path
from library.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(Path(sys.argv[1])).dispose()
"""

ADDED = """
import sys
from pathlib import Path
from index.workspace import Workspace
from library.progress import drive
import index.scanning
print("ready", flush=True)
sys.stdin.readline()
with Workspace.open(Path(sys.argv[1])) as crate:
    drive(crate.add([Path(sys.argv[2])]))
"""


def started(program: str, *arguments: Path) -> subprocess.Popen[str]:
    """Start a program that waits for a line once it has loaded."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip


def all_at_once(processes: list[subprocess.Popen[str]]) -> None:
    """Let them go on, and wait until all have ended well."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _, told = process.communicate()
        assert process.returncode == 0, told


def test_many_that_make_one_library_make_it_once(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    all_at_once([started(OPENED, path) for _ in range(4)])
    with closing(sqlite3.connect(path)) as library:
        assert library.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert library.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_one_that_is_being_made_by_another_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        # SQLite refuses the write-ahead mode at once, whatever it was told to wait.
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.3, other.execute, ("ROLLBACK",))
        done.start()
        open_database(path).dispose()
        done.join()
    with closing(sqlite3.connect(path)) as library:
        assert library.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_two_scanners_at_once_make_what_one_makes(tmp_path: Path) -> None:
    folder = make_sounds(tmp_path / "sounds", SOUNDS)
    with Workspace.open(tmp_path / "one.sqlite") as crate:
        drive(crate.add([folder]))
    library = tmp_path / "two.sqlite"
    all_at_once([started(ADDED, library, folder) for _ in range(2)])
    assert differences(contents(tmp_path / "one.sqlite"), contents(library)) == []
    with closing(sqlite3.connect(library)) as rows:
        assert rows.execute("SELECT count(*), sum(missing) FROM sample").fetchone() == (
            SOUNDS + 2, 0,
        )  # fmt: skip
        assert rows.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_reader_beside_a_scan_waits_for_nothing_and_sees_whole_batches(tmp_path: Path) -> None:
    folder = make_sounds(tmp_path / "sounds", SOUNDS)
    path = tmp_path / "library.sqlite"
    with Workspace.open(path) as scanner, Workspace.open(path) as reader:
        analysed = [0]
        for _ in scanner.add([folder]):
            found = reader.status()
            assert found.analysed >= analysed[-1]
            analysed.append(found.analysed)
            assert len(reader.rows(reader.ids("is:analysed"))) == found.analysed
        assert {0, SOUNDS + 1} <= set(analysed)
        assert reader.status().samples == SOUNDS + 2


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A library that another connection holds the lock of, which nobody waits long for."""
    monkeypatch.setattr(database, "_BUSY_MS", 20)
    path = tmp_path / "library.sqlite"
    open_database(path).dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield path
        other.execute("ROLLBACK")


def test_a_lock_that_is_held_too_long_is_one_line_and_reading_goes_on(held: Path) -> None:
    engine = open_database(held)

    def write() -> None:
        with writing(engine) as session:
            session.add(Tag(word="dark"))

    with pytest.raises(
        LibraryError, match=r"locked.*wait until it is done, or close it"
    ) as failure:
        write()
    assert "\n" not in str(failure.value)
    engine.dispose()
    with Workspace.open(held) as crate:
        assert crate.status().samples == 0


def test_a_scan_that_meets_a_lock_stops_with_one_line_and_goes_on_later(
    held: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from tui.cli import main

    folder = make_sounds(tmp_path / "sounds", 4)
    assert main(["--library", str(held), "add", str(folder)]) == 2
    told = capfd.readouterr().err
    assert told.startswith("crate: cannot write to the library (database is locked)")
    assert told.count("\n") == 1


def test_an_upgrade_waits_for_no_lock_for_ever(held: Path) -> None:
    with closing(sqlite3.connect(held.with_name("old.sqlite"))) as old:
        from tests.released_schemas import FOLDER

        old.executescript((FOLDER / "0001.sql").read_text("utf-8"))
        old.execute("PRAGMA journal_mode = WAL")
        old.isolation_level = None
        old.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match=r"cannot open .*locked"):
            open_database(held.with_name("old.sqlite"))
        old.execute("ROLLBACK")
    open_database(held.with_name("old.sqlite")).dispose()
