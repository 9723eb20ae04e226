"""Listing on disks as they are: odd names, two spellings, unreadable folders, slow disks."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, select, update

from library import catalog, roots, walk
from library import register as register_module
from library.content import content_hash
from library.database import reading, writing
from library.labels import rate, tag
from library.progress import drive
from library.register import Part, RegisterReport, refresh, register
from library.roots import KnownRoot, as_spelled, known_roots
from library.tables import ANALYSED, Root, Sample


def touch(path: Path, content: str = "sound") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, ns=(1_000, 1_000))
    return path


def add(engine: Engine, *folders: Path) -> RegisterReport:
    return drive(register(engine, folders))


def paths(engine: Engine, query: str = "") -> list[Path]:
    return [row.path for row in catalog.rows(engine, catalog.ids(engine, query))]


def as_analysed(engine: Engine) -> None:
    with writing(engine) as session:
        for sample in session.scalars(select(Sample)):
            sample.state = ANALYSED
            sample.content_hash = content_hash(Path(sample.path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kick.wav", "808/kick 1.wav", "808/kick 2.wav", "808/deep/kick 3.wav"):
        touch(tmp_path / "sounds" / name, name)
    return tmp_path / "sounds"


# What cannot be read.


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Folders that fail, with the error; rights would not stop a test that root runs."""
    failing: dict[str, int] = {}
    scandir = os.scandir

    def scan(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path) in failing:
            raise OSError(failing[str(path)], "as the test says", path)
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", scan)
    return failing


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO])
def test_what_lies_in_an_unreadable_folder_is_missing_and_kept_and_told(
    engine: Engine, folder: Path, broken: dict[str, int], error: int
) -> None:
    add(engine, folder)
    tag(engine, catalog.ids(engine), ["dark"])
    broken[str(folder / "808")] = error
    report = drive(refresh(engine))
    assert (report.missing, report.lost, report.unreadable) == (3, 3, (folder / "808",))
    assert drive(refresh(engine)).lost == 0
    broken.clear()
    assert drive(refresh(engine)) == RegisterReport(unchanged=4)
    assert len(paths(engine, "tag:dark")) == 4


def test_a_copy_of_what_cannot_be_read_has_not_moved_there(
    engine: Engine, folder: Path, broken: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows that the file is gone."""
    add(engine, folder)
    as_analysed(engine)
    before = catalog.find(engine, str(folder / "808" / "kick 1.wav")).id
    touch(folder / "copy.wav", "808/kick 1.wav")
    broken[str(folder / "808")] = errno.EACCES
    listdir = os.listdir

    def refused(path: str) -> list[str]:
        if str(path) in broken:
            raise PermissionError(errno.EACCES, "as the test says", path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refused)
    assert drive(refresh(engine)).moved == 0
    assert catalog.find(engine, str(folder / "808" / "kick 1.wav")).id == before


def test_a_folder_that_vanished_is_not_unreadable(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the folder above and the look at it."""
    add(engine, folder)
    scandir = os.scandir

    def scan(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path) == str(folder / "808"):
            (folder / "808").rename(folder.with_name("away"))
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", scan)
    assert drive(refresh(engine)) == RegisterReport(unchanged=1, missing=3, lost=3)


# How much is asked of the disk.


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the disk is asked, by kind; a name that ends in .txt is told apart."""
    counts: Counter[str] = Counter()
    stat, scandir = os.stat, os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self._entry = entry
            self.name, self.path = entry.name, entry.path
            self.is_dir, self.is_symlink = entry.is_dir, entry.is_symlink

        def stat(self) -> os.stat_result:
            counts["stat of " + self.name.rpartition(".")[2]] += 1
            return self._entry.stat()

    class Scan:
        def __init__(self, path: str) -> None:
            counts["scandir"] += 1
            self._scan = scandir(path)

        def __enter__(self) -> Iterator[Entry]:
            return map(Entry, self._scan)

        def __exit__(self, *_: object) -> None:
            self._scan.close()

    def counted(path: str) -> os.stat_result:
        counts["stat of a folder"] += 1
        return stat(path)

    counting = SimpleNamespace(**{name: getattr(os, name) for name in dir(os)})
    counting.stat, counting.scandir = counted, Scan
    monkeypatch.setattr(walk, "os", counting)
    return counts


def test_a_rescan_asks_once_for_each_folder_and_audio_file_and_not_for_others(
    engine: Engine, folder: Path, asked: Counter[str]
) -> None:
    for number in range(9):
        touch(folder / "808" / f"{number}.txt")
    add(engine, folder)
    asked.clear()
    assert drive(refresh(engine)).unchanged == 4
    assert asked == {"stat of wav": 4, "scandir": 3, "stat of a folder": 3}


def test_a_root_that_is_not_there_is_asked_for_once(
    engine: Engine, folder: Path, asked: Counter[str]
) -> None:
    add(engine, folder)
    folder.rename(folder.with_name("unplugged"))
    asked.clear()
    assert drive(refresh(engine)).missing == 4
    assert asked == {"stat of a folder": 1}


def test_only_a_part_is_looked_at(engine: Engine, folder: Path, asked: Counter[str]) -> None:
    add(engine, folder)
    (root,) = known_roots(engine)
    touch(folder / "808" / "new.wav")
    touch(folder / "808" / "deep" / "new.wav")
    (folder / "808" / "kick 2.wav").unlink()
    (folder / "808" / "deep" / "kick 3.wav").unlink()
    asked.clear()
    part = Part(root, str(folder / "808"), deep=False)
    assert drive(refresh(engine, [part])) == RegisterReport(new=1, unchanged=1, missing=1, lost=1)
    assert asked["scandir"] == 1
    deep = Part(root, str(folder / "808"), deep=True)
    assert drive(refresh(engine, [deep])) == RegisterReport(new=1, unchanged=2, missing=2, lost=1)
    assert drive(refresh(engine)) == RegisterReport(unchanged=4, missing=2)


def test_a_part_beside_one_of_a_like_name_is_not_meant(engine: Engine, folder: Path) -> None:
    touch(folder / "808x" / "a.wav")
    touch(folder / "808.wav")
    add(engine, folder)
    (root,) = known_roots(engine)
    (folder / "808").rename(folder.parent / "away")
    part = Part(root, str(folder / "808"), deep=True)
    assert drive(refresh(engine, [part])) == RegisterReport(missing=3, lost=3)


def test_a_folder_that_is_renamed_is_known_again_by_its_two_parts(
    engine: Engine, folder: Path
) -> None:
    add(engine, folder)
    as_analysed(engine)
    tag(engine, catalog.ids(engine), ["dark"])
    (root,) = known_roots(engine)
    (folder / "808").rename(folder / "909")
    parts = [Part(root, str(folder / name), deep=True) for name in ("808", "909")]
    assert drive(refresh(engine, parts)) == RegisterReport(moved=3)
    assert len(paths(engine, "tag:dark folder:909")) == 3


def test_a_part_leaves_what_lies_behind_a_link(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    touch(tmp_path / "away" / "far.wav")
    (folder / "808" / "link").symlink_to(tmp_path / "away", target_is_directory=True)
    assert add(engine, folder).new == 5
    (root,) = known_roots(engine)
    assert drive(refresh(engine, [Part(root, str(folder / "808"), deep=True)])).lost == 0


def test_a_part_leaves_what_is_passed_over_in_its_root(engine: Engine, folder: Path) -> None:
    """Another root lies there."""
    touch(folder / "808" / ".loops" / "loop.wav")
    assert add(engine, folder).new == 4
    assert add(engine, folder / "808" / ".loops").new == 1
    outer, inner = known_roots(engine)
    part = Part(outer, str(folder / "808"), deep=True)
    assert drive(refresh(engine, [part])) == RegisterReport(unchanged=3)
    (folder / "808" / ".loops" / "loop.wav").unlink()
    assert drive(refresh(engine, [part])) == RegisterReport(unchanged=3)
    part = Part(inner, inner.path, deep=True)
    assert drive(refresh(engine, [part])) == RegisterReport(missing=1, lost=1)


@pytest.mark.parametrize("most", [1, 2])
def test_what_came_back_during_the_look_is_not_missing(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Where it is not too much to look at again."""
    monkeypatch.setattr(register_module, "_ASKED_AGAIN", most)
    add(engine, folder)
    (folder / "kick.wav").unlink()
    (folder / "808" / "kick 1.wav").unlink()
    job = refresh(engine)
    while next(job).done < 2:
        pass
    touch(folder / "kick.wav", "kick.wav")
    lost = 1 if most == 2 else 2
    assert drive(job) == RegisterReport(unchanged=2, missing=lost, lost=lost)
    assert len(paths(engine, "is:missing")) == lost


def test_a_sample_that_another_process_moved_during_the_look_is_not_missing(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    add(engine, folder)
    old, new = folder / "kick.wav", touch(tmp_path / "other" / ".root" / "kick.wav")
    old.unlink()
    job = refresh(engine)
    while next(job).done < 3:
        pass
    with writing(engine) as session:
        session.execute(update(Sample).where(Sample.path == str(old)).values(path=str(new)))
    assert drive(job) == RegisterReport(unchanged=3)
    assert paths(engine, "is:missing") == []


def test_a_folder_in_the_place_of_a_file_is_no_sample(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    (folder / "kick.wav").unlink()
    (folder / "kick.wav").mkdir()
    (folder / "808" / "kick 1.wav").unlink()
    (folder / "808" / "kick 1.wav").symlink_to(folder / "nowhere.wav")
    assert drive(refresh(engine)) == RegisterReport(unchanged=2, missing=2, lost=2)


# Moves.


def test_moves_are_known_after_a_listing_that_did_not_end(engine: Engine, folder: Path) -> None:
    """As after a kill: the new files are listed, and nothing was compared yet."""
    add(engine, folder)
    as_analysed(engine)
    tag(engine, catalog.ids(engine), ["dark"])
    (folder / "808").rename(folder / "909")
    job = refresh(engine)
    while next(job).done < 4:
        pass
    job.close()
    assert len(paths(engine, "is:listed")) == 3
    assert drive(refresh(engine)) == RegisterReport(unchanged=1, moved=3)
    assert len(paths(engine, "tag:dark")) == len(paths(engine)) == 4


def test_what_was_said_of_a_new_file_stays_on_it(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    as_analysed(engine)
    (folder / "kick.wav").rename(folder / "boom.wav")
    job = refresh(engine)
    while next(job).done < 4:
        pass
    job.close()
    boom = catalog.find(engine, str(folder / "boom.wav")).id
    rate(engine, [boom], 5)
    report = drive(refresh(engine))
    assert (report.moved, report.missing) == (0, 1)
    assert catalog.find(engine, str(folder / "boom.wav")).rating == 5


def test_a_thousand_files_of_one_size_keep_their_words(engine: Engine, tmp_path: Path) -> None:
    for number in range(1000):
        touch(tmp_path / "s" / "a" / f"{number:04}.wav", f"{number:04}")
    add(engine, tmp_path / "s")
    as_analysed(engine)
    for each in range(10):
        tag(engine, catalog.ids(engine, f'"{each}.wav"'), [f"ends in {each}"])
    (tmp_path / "s" / "b").mkdir()
    for number in range(1000):
        old = tmp_path / "s" / "a" / f"{number:04}.wav"
        old.rename(tmp_path / "s" / "b" / f"{number * 7 % 1000:04} x.wav")
    assert drive(refresh(engine)) == RegisterReport(moved=1000)
    for row in catalog.rows(engine, catalog.ids(engine)):
        assert row.tags == (f"ends in {row.path.read_text()[-1]}",)


# Names and spellings.

NAMES = (
    "a kick.wav",
    "🥁 drum.wav",
    "new\nline.wav",
    "tab\tand \x1b[2J.wav",
    "x" * 251 + ".wav",
    "Ünïcode.wav",
    unicodedata.normalize("NFD", "Ünïcode.wav"),
    "quote\"'.wav",
    "percent%20.WAV",
)


@pytest.mark.skipif(os.name != "posix", reason="other systems forbid some of these names")
def test_any_name_is_listed_found_again_and_moves(engine: Engine, tmp_path: Path) -> None:
    names = {os.fsencode(name) for name in NAMES} | {b"\xff\xfe.wav"}
    for number, name in enumerate(names):
        touch(tmp_path / "s" / os.fsdecode(name), str(number))
    there = {os.fsencode(each.name) for each in (tmp_path / "s").iterdir()}  # some disks compose
    assert add(engine, tmp_path / "s").new == len(there)
    as_analysed(engine)
    assert {os.fsencode(path.name) for path in paths(engine)} == there
    assert drive(refresh(engine)) == RegisterReport(unchanged=len(there))
    (tmp_path / "s").rename(tmp_path / "t")
    assert add(engine, tmp_path / "t") == RegisterReport(moved=len(there))
    assert drive(refresh(engine)) == RegisterReport(unchanged=len(there))
    assert len(paths(engine, "ünïcode")) == len([n for n in there if b"code" in n])


def test_names_of_one_file_are_samples_of_their_own(engine: Engine, folder: Path) -> None:
    """Hard links: which one the user means, nobody knows; crate duplicates shows them."""
    os.link(folder / "kick.wav", folder / "same.wav")
    assert add(engine, folder).new == 5
    assert drive(refresh(engine)) == RegisterReport(unchanged=5)


def test_a_root_reached_by_another_path_is_the_same_root(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As on a disk that is mounted twice."""
    add(engine, folder)
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(os.path, "samefile", lambda one, other: True)
    assert add(engine, tmp_path / "other") == RegisterReport(unchanged=4)
    with reading(engine) as session:
        assert session.scalars(select(Root.path)).all() == [str(folder)]


def test_a_path_is_spelled_as_its_disk_spells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk for which Kits and kits are one, made up out of links that nobody sees."""
    (tmp_path / "Kits" / "Über").mkdir(parents=True)
    (tmp_path / "kits").symlink_to(tmp_path / "Kits")
    (tmp_path / "Kits" / "über").symlink_to(tmp_path / "Kits" / "Über")
    scandir = os.scandir

    class Unlinked:
        def __init__(self, path: str) -> None:
            self._scan = scandir(path)

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            return (entry for entry in self._scan if not entry.is_symlink())

        def __exit__(self, *_: object) -> None:
            self._scan.close()

    hiding = SimpleNamespace(**{name: getattr(os, name) for name in dir(os)})
    hiding.scandir = Unlinked
    monkeypatch.setattr(roots, "os", hiding)
    right = str(tmp_path / "Kits" / "Über")
    assert as_spelled(right) == right
    assert as_spelled(str(tmp_path / "kits" / "über")) == right
    assert as_spelled(str(tmp_path / "kits" / "gone")) == str(tmp_path / "Kits" / "gone")


def test_a_like_number_on_another_disk_is_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that does not list what is mounted in it."""
    for name in ("other", "mounted"):
        (tmp_path / name).mkdir()
    number = (tmp_path / "mounted").stat().st_ino

    class Scan:
        def __init__(self, path: str) -> None:
            self._scan = os.scandir(path)

        def __enter__(self) -> Iterator[SimpleNamespace]:
            names = (entry.name for entry in self._scan if entry.name != "mounted")
            return (SimpleNamespace(name=name, inode=lambda: number) for name in names)

        def __exit__(self, *_: object) -> None:
            self._scan.close()

    listing = SimpleNamespace(**{name: getattr(os, name) for name in dir(os)})
    listing.scandir = Scan
    monkeypatch.setattr(roots, "os", listing)
    assert as_spelled(str(tmp_path / "mounted")) == str(tmp_path / "mounted")


def test_a_name_that_only_changes_its_case_is_a_move(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk where the old path still opens the file."""
    add(engine, folder)
    as_analysed(engine)
    before = catalog.find(engine, str(folder / "kick.wav")).id
    (folder / "kick.wav").rename(folder / "Kick.wav")
    monkeypatch.setattr(os.path, "lexists", lambda path: True)
    assert drive(refresh(engine)) == RegisterReport(unchanged=3, moved=1)
    assert catalog.find(engine, str(folder / "Kick.wav")).id == before


def test_links_within_a_root_and_loops_add_nothing(engine: Engine, folder: Path) -> None:
    (folder / "808" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "808" / "self").symlink_to(folder / "808" / "self")
    (folder / "808" / "self.wav").symlink_to(folder / "808" / "self.wav")
    report = add(engine, folder)
    assert (report.new, report.unreadable) == (4, ())


def test_a_root_known_by_its_row_alone_is_refreshed(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    assert known_roots(engine) == [KnownRoot(1, str(folder), ())]
