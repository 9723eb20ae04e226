"""What is saved of a damaged library, page by page, and what is said of it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from library import backups
from library.backups import back_up, copies, damage
from library.database import SCHEMA_HEAD, open_database
from library.errors import LibraryError
from library.orphans import remove_orphans
from library.salvage import said, salvage
from tests.conftest import MadeLibrary
from tests.faults.test_damage import states
from tests.released_schemas import make, restored
from tests.tui.answers import Crate
from tui import doctor_library

PAGE = 4096


def first_page(path: Path, table: str) -> int:
    """The offset of the page at which a table begins."""
    with closing(sqlite3.connect(path)) as library:
        library.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = library.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        ).fetchone()
    return (int(page) - 1) * PAGE


def overwrite(path: Path, at: int) -> None:
    """Write noise over a page."""
    data = path.read_bytes()
    path.write_bytes(data[:at] + random.Random(at).randbytes(PAGE) + data[at + PAGE :])


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as library:
        return library.execute(query).fetchall()


def test_a_root_that_cannot_be_read_is_made_again_of_its_samples(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    path = library_copy.path
    crate("tag", "mine", 5, 6, 7)
    roots = rows(path, "SELECT id, path FROM root")
    overwrite(path, first_page(path, "root"))
    assert states(crate)["library"][0] == "broken"
    found = crate("doctor", "--mend", "--json").json["checks"]
    (about,) = [each["about"] for each in found if each["state"] == "mended"][:1]
    assert "41 samples with what could be read, not all, are in its place" in about
    assert rows(path, "SELECT id, path FROM root") == roots
    assert crate("ls", "tag:mine").out.count("\n") == 3
    assert crate("scan").code == 0
    assert crate("status", "--json").json["missing"] == 0


def test_the_roots_of_samples_are_told_by_their_folders(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    open_database(path).dispose()
    samples = [
        (3, b"/a/Kits/Kits/deep/one.wav", "Kits/Kits/deep"),
        (3, b"/a/Kits/two.wav", "Kits"),
        (3, b"/elsewhere/odd.wav", "Other/x"),
        (4, b"/b/\xff/x/three.wav", "\\xff/x"),
        (5, b"/moved/four.wav", "Other"),
        (6, b"/there/sub/five.wav", "there/sub"),
    ]
    with closing(sqlite3.connect(path)) as library:
        library.execute("INSERT INTO root VALUES (1, x'2f7468657265', '[]', '2024-01-01')")
        for root_id, at, folder in samples:
            library.execute(
                "INSERT INTO sample (root_id, path, name, folder, search_text, size, mtime_ns,"
                " added_at) VALUES (?, ?, 'n', ?, 's', 1, 1, '2024-01-01')",
                (root_id, at, folder),
            )
        library.execute("INSERT INTO word_example VALUES ('crisp', 1, 1, '2024-01-01')")
        library.execute("INSERT INTO collection VALUES (1, 'Kit', 'kit', '2024-01-01')")
        library.execute("INSERT INTO collection_sample VALUES (1, 1, 1), (1, 77, 2), (5, 1, 1)")
        library.execute("INSERT INTO journal_entry VALUES (1, '2024-01-01', 'rated a 4', 2, 0)")
        library.execute(
            "INSERT INTO journal_row VALUES (1, 1, 'rating', 77, NULL, '{}', '{}'), "
            "(2, 1, 'rating', 1, NULL, '{}', '{}')"
        )
        library.commit()
    remove_orphans(path)
    assert rows(path, "SELECT id, path FROM root ORDER BY id") == [
        (1, b"/there"), (3, b"/a/Kits"), (4, b"/b/\xff"), (5, b"/moved"),
    ]  # fmt: skip
    assert rows(path, "SELECT root_id FROM sample ORDER BY id") == [
        (n,) for n in (3, 3, 3, 4, 5, 1)
    ]
    assert rows(path, "SELECT word FROM word_example") == [("crisp",)]
    assert rows(path, "SELECT * FROM collection_sample") == [(1, 1, 1)]
    assert rows(path, "SELECT sample_id FROM journal_row") == [(1,)]
    assert rows(path, "PRAGMA foreign_key_check") == []


def test_all_that_the_user_said_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    make(path, SCHEMA_HEAD)
    own = ("collection", "collection_sample", "saved_search", "sample_tag", "word_example")
    asked = ["SELECT id, used_at FROM sample", *(f"SELECT * FROM {table}" for table in own)]
    before = [rows(path, query) for query in asked]
    told = said(path)
    overwrite(path, first_page(path, "setting"))
    assert salvage(path, tmp_path / "kept") == (2, False)
    assert [rows(tmp_path / "kept", query) for query in asked] == before
    assert said(tmp_path / "kept") == told
    with closing(sqlite3.connect(tmp_path / "kept")) as library:
        library.execute("UPDATE sample SET used_at = NULL")
        library.execute("DELETE FROM collection_sample")
        library.execute("DELETE FROM saved_search")
        library.commit()
    assert said(tmp_path / "kept") == (told[0] - 3, told[1])


@pytest.mark.parametrize("revision", ["0001", "0006", "0010", "0011"])
def test_a_library_of_an_older_schema_is_saved_as_one_of_the_newest(
    tmp_path: Path, revision: str
) -> None:
    path = restored(tmp_path / "library.sqlite", revision)
    before = rows(path, "SELECT id, path, rating, content_hash FROM sample")
    overwrite(path, first_page(path, "setting"))
    assert damage(path)
    assert salvage(path, tmp_path / "kept") == (2, False)
    assert rows(tmp_path / "kept", "SELECT id, path, rating, content_hash FROM sample") == before
    assert rows(tmp_path / "kept", "SELECT * FROM sample_tag") == [(1, 1), (2, 1)]
    assert rows(tmp_path / "kept", "SELECT version_num FROM alembic_version") == [(SCHEMA_HEAD,)]


def test_a_library_is_saved_whose_revision_cannot_be_read(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    crate("tag", "mine", 5)
    overwrite(library_copy.path, first_page(library_copy.path, "alembic_version"))
    found = crate("doctor", "--mend", "--json").json["checks"]
    (about,) = [each["about"] for each in found if each["state"] == "mended"][:1]
    assert "41 samples with all that you said of them are in its place" in about
    assert crate("ls", "tag:mine").out.count("\n") == 1


def test_a_library_of_a_newer_version_is_not_saved_by_halves(tmp_path: Path) -> None:
    path = restored(tmp_path / "library.sqlite", "0010")
    with closing(sqlite3.connect(path)) as library:
        library.execute("UPDATE alembic_version SET version_num = '9999'")
        library.commit()
    with pytest.raises(LibraryError, match="newer version"):
        salvage(path, tmp_path / "kept")


@pytest.mark.parametrize("more", ["salvage", "copy"])
def test_that_takes_the_place_which_has_more_of_what_was_said(
    crate: Crate, library_copy: MadeLibrary, more: str
) -> None:
    """Neither is thrown away: a setting cannot be read, and the copy is older."""
    path = library_copy.path
    crate("tag", "mine", 5)
    copy = back_up(path, SCHEMA_HEAD)
    if more == "salvage":
        crate("rate", 4, 6)
    overwrite(path, first_page(path, "setting"))
    assert crate("doctor", "--mend").code == 0
    salvaged = list(path.parent.glob("library.sqlite.salvaged-*"))
    assert copy.exists()
    assert len(salvaged) == (more == "copy")
    for each in salvaged:
        assert damage(each) == ""
        assert rows(each, "SELECT count(*) FROM sample_tag") == [(1,)]
    assert crate("ls", "rating>3").out.count("\n") == (more == "salvage")
    assert crate("ls", "tag:mine").out.count("\n") == 1


def test_a_page_in_the_place_of_its_neighbour_is_a_loss(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    open_database(path).dispose()
    with closing(sqlite3.connect(path)) as library:
        library.execute("INSERT INTO root VALUES (1, x'2f72', '[]', '2024-01-01')")
        for number in range(1, 601):
            library.execute(
                "INSERT INTO sample (root_id, path, name, folder, search_text, size, mtime_ns,"
                " added_at) VALUES (1, ?, 'n', 'r', 's', 1, 1, '2024-01-01')",
                (b"/r/%d.wav" % number,),
            )
        library.commit()
    first_page(path, "sample")
    assert salvage(path, tmp_path / "well") == (600, True)
    data = bytearray(path.read_bytes())
    one, other = (data.rindex(b"/r/%d.wav" % number) // PAGE * PAGE for number in (300, 400))
    leaves = [at for at in (one, other) if data[at] == 13]
    assert len(leaves) == 2, "leaves of the table, not of an index"
    data[one : one + PAGE] = data[other : other + PAGE]
    path.write_bytes(bytes(data))
    samples, whole = salvage(path, tmp_path / "kept")
    assert 500 < samples < 600
    assert not whole


def test_rows_that_belong_to_nothing_are_a_loss(tmp_path: Path) -> None:
    path = restored(tmp_path / "library.sqlite", "0010")
    assert salvage(path, tmp_path / "well") == (2, True)
    with closing(sqlite3.connect(path)) as library:
        library.execute("DELETE FROM tag")
        library.commit()
    assert salvage(path, tmp_path / "kept") == (2, False)


def test_only_copies_of_ours_are_copies(library_copy: MadeLibrary) -> None:
    copy = back_up(library_copy.path, SCHEMA_HEAD)
    for name in (
        "zzz.sqlite",
        "library-mine.sqlite",
        "other" + copy.name,
        copy.name + "-zz.sqlite",
    ):
        copy.with_name(name).write_bytes(copy.read_bytes())
    assert copies(library_copy.path) == [copy]


def test_a_full_disk_is_not_taken_for_damage(
    library_copy: MadeLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(path: Path, **options: object) -> sqlite3.Connection:
        connection = connect(path, **options)  # type: ignore[call-overload]
        if path == tmp_path / "kept":
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr("library.salvage.sqlite3.connect", small)
    with pytest.raises(LibraryError, match=r"cannot be kept \(database or disk is full\)"):
        salvage(library_copy.path, tmp_path / "kept")


@pytest.mark.parametrize("with_copy", [False, True])
def test_what_another_doctor_has_mended_meanwhile_stays(
    crate: Crate, library_copy: MadeLibrary, monkeypatch: pytest.MonkeyPatch, with_copy: bool
) -> None:
    path = library_copy.path
    if with_copy:
        back_up(path, SCHEMA_HEAD)
    overwrite(path, first_page(path, "setting"))
    newest_good: Callable[[Path], Path | None] = backups.newest_good
    mended = []

    def slow(library: Path) -> Path | None:
        if not mended:
            mended.append(True)
            first = list(doctor_library.look_at_library(path, mend=True))
            assert first[0].state == "mended"
        return newest_good(library)

    monkeypatch.setattr(backups, "newest_good", slow)
    state, about = states(crate, "--mend")["library"]
    assert state == "broken"
    assert "replaced by another program" in about
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    assert len(list(path.parent.glob("*.salvaged-*"))) == with_copy
    assert damage(path) == ""
