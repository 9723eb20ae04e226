"""Files of a library, cut, garbled, emptied: what opens it again, and what the doctor does."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.answers import SpaceRow
from index.prior_files import prior_file
from library.backups import back_up, copies, damage, restore
from library.database import SCHEMA_HEAD, open_database
from library.errors import LibraryError
from library.locations import library_folder, trusted_codecs
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line
from tui.doctor_index import look_at_spaces

Damage = Callable[[bytes, random.Random], bytes]

WAYS: dict[str, Damage] = {
    "empty": lambda data, rng: b"",
    "cut": lambda data, rng: data[: rng.randrange(1, len(data))],
    "garbled": lambda data, rng: _garbled(data, rng),
    "zeroed": lambda data, rng: bytes(len(data)),
    "longer": lambda data, rng: data + rng.randbytes(99),
}


def _garbled(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(max(1, len(data) - 512))
    return data[:at] + rng.randbytes(512) + data[at + 512 :]


def states(crate: Crate, *options: str) -> dict[str, tuple[str, str]]:
    found = crate("doctor", "--json", *options).json["checks"]
    return {each["check"]: (each["state"], each["about"]) for each in found}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", WAYS)
def test_a_search_index_that_is_damaged_is_made_again(
    crate: Crate, library_copy: MadeLibrary, way: str, seed: int
) -> None:
    well = crate("similar", 5, "-k", 8, "--json")
    assert well.err == ""
    (path,) = sorted((library_folder(library_copy.path) / "cache").glob("vectors-*"))[:1]
    for path in (library_folder(library_copy.path) / "cache").glob("vectors-*"):
        path.write_bytes(WAYS[way](path.read_bytes(), random.Random(seed)))
    state, about = states(crate)["cache"]
    assert state == "note"
    assert "damaged" in about
    again = crate("similar", 5, "-k", 8, "--json")
    assert again.json == well.json
    assert again.err.count("\n") == 1
    assert "was made again from the library" in again.err
    assert crate("similar", 5, "--json").err == "", "it is told once"


def test_the_doctor_mends_a_search_index(crate: Crate, library_copy: MadeLibrary) -> None:
    well = crate("similar", 5, "--json").json
    for path in (library_folder(library_copy.path) / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert states(crate, "--mend")["cache"][0] == "mended"
    assert "cache" not in states(crate)
    again = crate("similar", 5, "--json")
    assert (again.json, again.err) == (well, "")


@pytest.mark.parametrize("way", WAYS)
def test_a_prior_that_is_damaged_is_named_and_goes(
    crate: Crate, library_copy: MadeLibrary, way: str
) -> None:
    folder = library_folder(library_copy.path) / "priors"
    with closing(sqlite3.connect(library_copy.path)) as library:
        (digest,) = library.execute("SELECT digest FROM space WHERE name = 'mine'").fetchone()
    folder.mkdir(exist_ok=True)
    path = folder / prior_file(digest, "")
    path.write_bytes(WAYS[way](b"\x10\0\0\0\0\0\0\0{}" + bytes(999), random.Random(1)))
    assert path.name in states(crate)["cache"][1]
    assert states(crate, "--mend")["cache"][0] == "mended"
    assert not path.exists()
    assert "cache" not in states(crate)


@pytest.mark.parametrize("way", WAYS)
def test_a_garbled_list_of_trust_lets_nothing_run(crate: Crate, way: str) -> None:
    path = trusted_codecs()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(WAYS[way](b"0123456789abcdef0123456789abcdef\n" * 20, random.Random(2)))
    assert crate("codec", "list").code == 0
    assert "codecs" not in states(crate)
    path.unlink()
    path.mkdir()
    assert states(crate)["codecs"][0] == "broken"
    assert "what you trust cannot be read" in one_line(crate("codec", "list"))


def open_in_pieces(tmp_path: Path, commits: int) -> tuple[Path, bytes]:
    """A library whose last commits are in its log alone, as a power cut finds it, and its log."""
    path = tmp_path / "library.sqlite"
    open_database(path).dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as library:
        library.execute("PRAGMA wal_autocheckpoint = 0")
        for number in range(commits):
            library.execute("BEGIN")
            for each in range(3):
                library.execute("INSERT INTO tag (word) VALUES (?)", (f"{number} {each}" * 99,))
            library.execute("COMMIT")
        (tmp_path / "cut").mkdir()
        shutil.copy(path, tmp_path / "cut" / path.name)
        log = path.with_name(f"{path.name}-wal").read_bytes()
    return tmp_path / "cut" / path.name, log


@pytest.mark.parametrize("way", ["cut", "garbled", "empty", "longer"])
def test_a_log_that_a_power_cut_has_left_gives_a_beginning_of_what_was_written(
    tmp_path: Path, way: str
) -> None:
    """All of a commit or nothing of it, and none without those before it."""
    path, log = open_in_pieces(tmp_path, commits=20)
    original = path.read_bytes()
    rng = random.Random(4)
    counts = set()
    for _ in range(40):
        for beside in path.parent.iterdir():
            beside.unlink()
        path.write_bytes(original)
        path.with_name(f"{path.name}-wal").write_bytes(WAYS[way](log, rng))
        open_database(path).dispose()
        assert damage(path) == ""
        with closing(sqlite3.connect(path)) as library:
            words = [word for (word,) in library.execute("SELECT word FROM tag ORDER BY id")]
        assert len(words) % 3 == 0
        assert words == [f"{n} {each}" * 99 for n in range(len(words) // 3) for each in range(3)]
        counts.add(len(words))
    expected = {"empty": 1, "longer": 1}.get(way, 8)
    assert len(counts) >= expected, "cut at different places"


def garble_pages(path: Path, seed: int) -> None:
    """Write noise over a third of the pages of a database, but for the first."""
    rng = random.Random(seed)
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        if rng.random() < 1 / 3:
            data[page * 4096 : (page + 1) * 4096] = rng.randbytes(4096)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("seed", range(3))
def test_the_doctor_puts_the_newest_good_copy_in_the_place_of_a_damaged_library(
    crate: Crate, library_copy: MadeLibrary, seed: int
) -> None:
    path = library_copy.path
    crate("tag", "mine", 1, 2, 3)
    good = back_up(path, SCHEMA_HEAD)
    crate("tag", "later", 4)
    bad = back_up(path, SCHEMA_HEAD)
    assert copies(path) == [bad, good]
    garble_pages(bad, seed)
    for each in path.parent.glob("library.sqlite-*"):
        each.unlink()
    garble_pages(path, seed)
    damaged = path.read_bytes()
    told = states(crate)["library"]
    assert told[0] == "broken"
    assert "crate doctor --mend moves it aside" in told[1]
    assert good.name in told[1]
    assert path.read_bytes() == damaged, "only looked at"
    state, about = states(crate, "--mend")["library"]
    assert (state, about.startswith(str(path))) == ("well", True)
    (aside,) = path.parent.glob("library.sqlite.damaged-*")
    assert aside.read_bytes() == damaged
    assert good.exists()
    assert crate("ls", "tag:mine").out.count("\n") == 3
    assert crate("ls", "tag:later").code == 1, "newer than the copy"
    assert crate("scan").code == 0
    assert crate("doctor").code == 0


def test_what_was_said_is_read_out_of_a_damaged_library(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    """The damage meets latents, as most of it does; there is a copy, which is older."""
    path = library_copy.path
    back_up(path, SCHEMA_HEAD)
    crate("tag", "mine", 5, 6, 7)
    crate("rate", 4, 5)
    crate("alike", 5, 9)
    well = crate("similar", 5, "--space", "house", "--json").json
    assert not path.with_name(f"{path.name}-wal").exists()
    with closing(sqlite3.connect(path)) as library:
        blobs = [data for (data,) in library.execute("SELECT data FROM latents LIMIT 3")]
    data = bytearray(path.read_bytes())
    for page in {data.index(blob[:64]) // 4096 for blob in blobs}:
        data[page * 4096 : (page + 1) * 4096] = random.Random(page).randbytes(4096)
    path.write_bytes(bytes(data))
    assert states(crate)["library"][0] == "broken"
    found = crate("doctor", "--mend", "--json").json["checks"]
    (about,) = [each["about"] for each in found if each["state"] == "mended"][:1]
    assert "41 samples with all that you said of them are in its place" in about
    assert damage(path) == ""
    assert crate("ls", "tag:mine").out.count("\n") == 3
    assert crate("ls", "rating>3").out.count("\n") == 1
    assert crate("alike").out.count("\n") == 1
    assert crate("scan").code == 0
    assert crate("status", "--json").json["analysed"] == 40
    again = crate("similar", 5, "--space", "house", "--json").json
    for one, other in zip(well["results"], again["results"], strict=True):
        assert (one["id"], one["distance"]) == (other["id"], pytest.approx(other["distance"]))


def test_a_library_that_cannot_be_replaced_stays_where_it_is(
    library_copy: MadeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library_copy.path
    copy = back_up(path, SCHEMA_HEAD)
    garble_pages(path, 1)
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(b"log")
    before = path.read_bytes()

    def refuse(part: Path, to: Path) -> None:
        assert to.read_bytes() == before, "there is always one"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("library.backups.into_place", refuse)
    with pytest.raises(LibraryError, match="No space left"):
        restore(path, copy)
    assert (path.read_bytes(), log.read_bytes()) == (before, b"log")
    assert list(path.parent.glob("*damaged*")) == []
    monkeypatch.undo()
    aside = restore(path, copy)
    assert (aside.read_bytes(), log.exists(), damage(path)) == (before, False, "")
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"log"


def test_a_library_of_which_nothing_can_be_read_is_left_alone(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    path = library_copy.path
    noise = path.read_bytes()[:100] + random.Random(1).randbytes(path.stat().st_size - 100)
    path.write_bytes(noise)
    for options in ((), ("--mend",)):
        state, about = states(crate, *options)["library"]
        assert state == "broken"
        assert "there is no good copy" in about
        assert path.read_bytes() == noise
    assert "crate doctor --mend" in one_line(crate("ls"))


def test_a_library_that_is_empty_though_it_was_in_use_is_not_begun_anew(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    crate("tag", "mine", 5)
    back_up(library_copy.path, SCHEMA_HEAD)
    library_copy.path.write_bytes(b"")
    assert "is empty, though it was in use" in one_line(crate("ls"))
    assert library_copy.path.read_bytes() == b""
    assert crate("doctor", "--mend").code == 0
    assert crate("ls", "tag:mine").out.count("\n") == 1


def test_the_doctor_deletes_rows_that_belong_to_nothing(
    crate: Crate, library_copy: MadeLibrary
) -> None:
    with closing(sqlite3.connect(library_copy.path)) as library:
        library.execute("INSERT INTO sample_tag VALUES (99999, 99998)")
        library.execute("INSERT INTO take VALUES (1, x'2f', 'c', 'a', '{}', '2024-01-01')")
        library.execute("INSERT INTO take_parent VALUES (1, 0, x'2f61', 'd', 99999)")
        library.commit()
    assert states(crate)["library"][0] == "broken"
    found = crate("doctor", "--mend", "--json").json["checks"]
    assert ("library", "mended") in [(each["check"], each["state"]) for each in found]
    assert states(crate)["library"][0] == "well"
    with closing(sqlite3.connect(library_copy.path)) as library:
        assert library.execute("SELECT count(*) FROM sample_tag").fetchone() == (0,)
        assert library.execute("SELECT sample_id FROM take_parent").fetchall() == [(None,)]
    (copy,) = copies(library_copy.path)
    with closing(sqlite3.connect(copy)) as library:
        assert library.execute("SELECT count(*) FROM sample_tag").fetchone() == (1,)


@pytest.mark.parametrize("by", ["doctor", "scan"])
def test_what_a_killed_process_has_left_is_swept(
    crate: Crate, library_copy: MadeLibrary, by: str
) -> None:
    folder = library_folder(library_copy.path)
    hours_ago = time.time() - 7_200
    left, young = [], []
    for name in ("spaces", "codecs", "cache", "priors", "backups"):
        (folder / name).mkdir(exist_ok=True)
        for number, kept in ((1, left), (2, young)):
            kept.append(folder / name / f"{number}-2.part")
            kept[-1].write_bytes(b"half")
        os.utime(left[-1], (hours_ago, hours_ago))
    before = {path for path in folder.rglob("*") if path not in left}
    if by == "doctor":
        assert states(crate)["files"] == (
            "note", "5 files, 0.0 MB, were left by a process that was killed",
        )  # fmt: skip
        assert states(crate, "--mend")["files"][0] == "mended"
    else:
        assert crate("scan").code == 0
    assert set(folder.rglob("*")) == before, "what is being written stays"
    assert "files" not in states(crate)


@pytest.mark.parametrize(
    ("codec", "says"),
    [("house", "crate scan tries"), (None, "crate scan tries"), ("rave", "crate codec use 'rave'")],
)
def test_what_is_encoded_again_is_told_by_its_codec(codec: str | None, says: str) -> None:
    """A scan encodes with the house codec, and asks no other one twice."""
    lacking = SimpleNamespace(
        damaged_caches=list, left_over=list, lacking_vectors=lambda name: 3,
        embed=lambda name: None, spaces=lambda: [SpaceRow("mine", 9, (), True, "", {}, codec)],
    )  # fmt: skip
    (finding,) = look_at_spaces(lacking, True, lambda job: 0)  # type: ignore[arg-type]
    assert finding.state == "note"
    assert says in finding.about
    (unmended,) = look_at_spaces(lacking, False, lambda job: 0)  # type: ignore[arg-type]
    assert "crate doctor --mend" in unmended.about
