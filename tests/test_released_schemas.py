"""Libraries of every released schema, with rows, brought up to what this version reads."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from library.backups import copies, damage
from library.database import SCHEMA_HEAD, open_database
from library.errors import LibraryError
from migrations.configuration import configuration
from tests.released_schemas import FOLDER, make, restored, tables

FIXTURES = sorted(path.stem for path in FOLDER.glob("*.sql"))


def revisions() -> list[str]:
    """Every revision there is, the oldest first."""
    scripts = ScriptDirectory.from_config(configuration())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def rows_of(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by the names of its columns."""
    with closing(sqlite3.connect(path)) as library:
        library.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in library.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            for table in tables(library)
        }


def schema_of(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as library:
        yield from sorted(
            (str(name), " ".join(str(sql).split()))
            for name, sql in library.execute("SELECT name, sql FROM sqlite_master")
        )


def test_every_release_has_its_fixture() -> None:
    """One that is about to be released may lack its own: python -m tests.released_schemas."""
    former = revisions()[:-1]
    assert set(former) <= set(FIXTURES), "write it from before the new migration"
    assert set(FIXTURES) <= {*former, SCHEMA_HEAD}


@pytest.mark.parametrize("revision", FIXTURES)
def test_a_released_migration_makes_what_it_made_when_it_was_released(
    revision: str, tmp_path: Path
) -> None:
    make(tmp_path / "made.sqlite", revision)
    old = restored(tmp_path / "old.sqlite", revision)
    assert list(schema_of(tmp_path / "made.sqlite")) == list(schema_of(old))


@pytest.mark.parametrize("revision", FIXTURES)
def test_a_library_of_each_release_keeps_its_rows(revision: str, tmp_path: Path) -> None:
    path = restored(tmp_path / "library.sqlite", revision)
    before = rows_of(path)
    assert all(before.values()), "every table has a row"
    open_database(path).dispose()
    after = rows_of(path)
    # What version 5 makes of sounds is another vector, and the map is of vectors.
    gone = {"vector", "map_point"} if revision < "0005" else set()
    for table, rows in before.items():
        if table in gone:
            assert after[table] == []
            continue
        # A space is of another revision once its vectors have gone; see VectorChange.
        drawn = {"revision"} if table == "space" else set()
        kept = [{k: row.get(k) for k in was if k not in drawn} for row, was in zip(
            after[table], rows, strict=True)]  # fmt: skip
        assert kept == [{k: v for k, v in was.items() if k not in drawn} for was in rows], table
    make(tmp_path / "new.sqlite", SCHEMA_HEAD)
    assert {name for name, _ in schema_of(path)} == {
        n for n, _ in schema_of(tmp_path / "new.sqlite")
    }
    with closing(sqlite3.connect(path)) as library:
        assert library.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert library.execute("PRAGMA foreign_key_check").fetchall() == []
    if revision == SCHEMA_HEAD:
        assert copies(path) == []
    else:
        (copy,) = copies(path)
        assert rows_of(copy) == before
        assert damage(copy) == ""
        assert list(copy.parent.iterdir()) == [copy], "it needs no files beside it"


@pytest.mark.parametrize("at", revisions()[1:])
@pytest.mark.parametrize("how", ["an error", "a kill"])
def test_an_upgrade_that_is_cut_short_leaves_the_old_library_whole(
    at: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of each migration: all of them are one transaction."""
    path = restored(tmp_path / "library.sqlite", "0001")
    before, schema = rows_of(path), list(schema_of(path))
    copied = tmp_path / "copy" / "library.sqlite"
    copied.parent.mkdir()

    def cut_short(upgrade: Callable[[], None]) -> None:
        upgrade()
        if how == "an error":
            raise RuntimeError("cut short")
        # What a killed process leaves is what lies on the disk at this moment.
        for each in tmp_path.glob("library.sqlite*"):
            shutil.copy(each, copied.parent / each.name)
        raise RuntimeError("cut short")

    from alembic.script.base import Script

    original = Script.__init__

    def patched(self: Script, module: object, rev_id: str, path: str) -> None:
        if rev_id == at:
            module.upgrade = partial(cut_short, module.upgrade)  # type: ignore[attr-defined]
        original(self, module, rev_id, path)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Script, "__init__", patched)
        with pytest.raises(RuntimeError, match="cut short"):
            open_database(path)
    left = copied if how == "a kill" else path
    assert rows_of(left) == before
    assert list(schema_of(left)) == schema
    open_database(left).dispose()
    assert rows_of(left)["tag"] == before["tag"]


def test_an_upgrade_without_room_for_a_copy_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = restored(tmp_path / "library.sqlite", "0001")
    before = rows_of(path)
    (tmp_path / "library.crate").mkdir()
    (tmp_path / "library.crate" / "backups").write_text("in the way")
    with pytest.raises(LibraryError, match="copy of the library") as failure:
        open_database(path)
    assert "\n" not in str(failure.value)
    assert rows_of(path) == before


def test_a_copy_that_was_cut_short_has_no_name_of_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = restored(tmp_path / "library.sqlite", "0001")
    seen: list[list[str]] = []
    fsync = os.fsync

    def looked(descriptor: int) -> None:
        seen.append([p.suffix for p in (tmp_path / "library.crate" / "backups").iterdir()])
        fsync(descriptor)

    monkeypatch.setattr("library.kept_files.os.fsync", looked)
    open_database(path).dispose()
    assert seen[0] == [".part"]
    assert [copy.suffix for copy in copies(path)] == [".sqlite"]
