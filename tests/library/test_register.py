from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from library import catalog
from library.content import content_hash
from library.database import reading, writing
from library.errors import LibraryError
from library.labels import rate, tag
from library.progress import drive
from library.register import RegisterReport, refresh, register
from library.tables import ANALYSED, Root, Sample


def touch(path: Path, content: str = "sound") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, ns=(1_000, 1_000))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kick.wav", "808/snare.wav", "808/hat.wav"):
        touch(tmp_path / "sounds" / name, name)
    return tmp_path / "sounds"


def add(engine: Engine, *folders: Path, excludes: tuple[str, ...] = ()) -> RegisterReport:
    return drive(register(engine, folders, excludes))


def paths(engine: Engine, query: str = "") -> list[Path]:
    return [row.path for row in catalog.rows(engine, catalog.ids(engine, query))]


def as_analysed(engine: Engine) -> None:
    """Do to the rows what the analysis does."""
    with writing(engine) as session:
        for sample in session.scalars(select(Sample)):
            sample.state = ANALYSED
            sample.content_hash = content_hash(Path(sample.path))


def test_every_file_becomes_a_sample(engine: Engine, folder: Path) -> None:
    assert add(engine, folder) == RegisterReport(new=3)
    row = catalog.find(engine, str(folder / "808" / "snare.wav"))
    assert (row.name, row.folder, row.state) == ("snare.wav", "sounds/808", "listed")
    assert row.category == "snare"
    assert row.duration is None


def test_a_second_time_changes_nothing(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    ids = catalog.ids(engine).tolist()
    assert add(engine, folder) == RegisterReport(unchanged=3)
    assert catalog.ids(engine).tolist() == ids


def test_a_changed_file_waits_for_analysis_again(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    as_analysed(engine)
    touch(folder / "kick.wav", "another sound")
    assert drive(refresh(engine)) == RegisterReport(changed=1, unchanged=2)
    assert paths(engine, "is:listed") == [folder / "kick.wav"]


def test_the_same_size_at_another_time_is_a_change(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    os.utime(folder / "kick.wav", ns=(1_000, 2_000))
    assert drive(refresh(engine)).changed == 1


def test_what_vanishes_is_missing_and_what_returns_is_the_same(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    add(engine, folder)
    kick = catalog.find(engine, str(folder / "kick.wav"))
    tag(engine, [kick.id], ["dark"])
    rate(engine, [kick.id], 4)
    (folder / "kick.wav").rename(tmp_path / "away")
    assert drive(refresh(engine)) == RegisterReport(unchanged=2, missing=1, lost=1)
    assert paths(engine, "is:missing tag:dark") == [folder / "kick.wav"]
    (tmp_path / "away").rename(folder / "kick.wav")
    assert drive(refresh(engine)) == RegisterReport(unchanged=3)
    again = catalog.find(engine, str(folder / "kick.wav"))
    assert (again.id, again.tags, again.rating, again.missing) == (kick.id, ("dark",), 4, False)


def test_an_unplugged_disk_loses_nothing(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    tag(engine, catalog.ids(engine), ["dark"])
    folder.rename(folder.with_name("unplugged"))
    assert drive(refresh(engine)) == RegisterReport(missing=3, lost=3)
    assert add(engine, folder) == RegisterReport(missing=3)
    folder.with_name("unplugged").rename(folder)
    assert drive(refresh(engine)) == RegisterReport(unchanged=3)
    assert len(paths(engine, "tag:dark")) == 3


@pytest.mark.parametrize("analysed", [True, False])
def test_a_moved_file_keeps_its_words(engine: Engine, folder: Path, analysed: bool) -> None:
    add(engine, folder)
    if analysed:
        as_analysed(engine)
    tag(engine, catalog.ids(engine), ["dark"])
    before = catalog.find(engine, str(folder / "808" / "hat.wav")).id
    (folder / "808").rename(folder / "909")
    assert drive(refresh(engine)) == RegisterReport(moved=2, unchanged=1)
    row = catalog.find(engine, str(folder / "909" / "hat.wav"))
    assert (row.id, row.tags, row.folder) == (before, ("dark",), "sounds/909")
    assert row.state == ("analysed" if analysed else "listed")
    assert paths(engine, "folder:808") == []


def test_a_moved_file_may_have_another_name_and_root(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    add(engine, folder)
    as_analysed(engine)
    before = catalog.find(engine, str(folder / "kick.wav")).id
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "kick.wav", tmp_path / "other" / "boom.wav")
    (folder / "kick.wav").unlink()
    assert add(engine, tmp_path / "other") == RegisterReport(moved=1)
    assert drive(refresh(engine)) == RegisterReport(unchanged=3)
    assert catalog.find(engine, str(tmp_path / "other" / "boom.wav")).id == before


def test_a_copy_is_a_new_sample(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    as_analysed(engine)
    shutil.copy2(folder / "kick.wav", folder / "kick copy.wav")
    assert drive(refresh(engine)) == RegisterReport(new=1, unchanged=3)


def test_another_file_of_the_same_size_is_no_move(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    as_analysed(engine)
    (folder / "kick.wav").unlink()
    touch(folder / "new.wav", "kick.WAV")
    assert drive(refresh(engine)) == RegisterReport(new=1, unchanged=2, missing=1, lost=1)


def test_two_copies_of_one_lost_file_are_one_move_and_one_new(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    as_analysed(engine)
    before = catalog.find(engine, str(folder / "kick.wav")).id
    shutil.copy(folder / "kick.wav", folder / "a.wav")
    (folder / "kick.wav").rename(touch(folder / "b" / "kick.wav"))
    assert drive(refresh(engine)) == RegisterReport(new=1, moved=1, unchanged=2)
    assert catalog.find(engine, str(folder / "b" / "kick.wav")).id == before


@pytest.mark.parametrize("inner_first", [True, False])
def test_a_file_in_two_roots_is_one_sample(engine: Engine, folder: Path, inner_first: bool) -> None:
    inner = folder / "808"
    first, second = (inner, folder) if inner_first else (folder, inner)
    report = add(engine, first, second)
    assert (report.new, report.missing) == (3, 0)
    assert drive(refresh(engine)) == RegisterReport(unchanged=3)
    assert len(paths(engine)) == 3


def test_what_is_excluded_is_not_listed_then_or_later(engine: Engine, folder: Path) -> None:
    assert add(engine, folder, excludes=("808",)).new == 1
    assert drive(refresh(engine)) == RegisterReport(unchanged=1)


def test_a_folder_that_is_not_there_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="not a folder"):
        add(engine, tmp_path / "gone")
    touch(tmp_path / "a.wav")
    with pytest.raises(LibraryError, match="not a folder"):
        add(engine, tmp_path / "a.wav")
    with reading(engine) as session:
        assert session.scalars(select(Root.id)).all() == []


def test_stopping_keeps_what_is_listed_and_marks_nothing_missing(
    engine: Engine, tmp_path: Path
) -> None:
    for number in range(1200):
        touch(tmp_path / "many" / f"{number:04}.wav")
    job = register(engine, [tmp_path / "many"])
    steps = [next(job) for _ in range(2)]
    job.close()
    assert steps[-1].done == 500
    assert len(catalog.ids(engine)) == 500
    assert catalog.status(engine).missing == 0
    assert add(engine, tmp_path / "many") == RegisterReport(new=700, unchanged=500)


@pytest.mark.skipif(os.name != "posix", reason="needs names of bytes")
def test_a_name_of_any_bytes_is_listed_and_shown_safely(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    raw = os.fsencode(tmp_path / "sounds") + b"/kick \xff\x1b[2J\n.wav"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    add(engine, tmp_path / "sounds")
    (row,) = catalog.rows(engine, catalog.ids(engine, "kick"))
    assert row.name == r"kick \xff\x1b[2J\x0a.wav"
    assert os.fsencode(row.path) == raw
    assert row.path.read_bytes() == b"x"


def test_no_file_is_touched(engine: Engine, folder: Path) -> None:
    def facts() -> dict[Path, tuple[bytes, int]]:
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in folder.rglob("*")
            if path.is_file()
        }

    before = facts()
    add(engine, folder)
    drive(refresh(engine))
    assert facts() == before


def test_a_missing_row_of_another_root_comes_back_too(engine: Engine, folder: Path) -> None:
    add(engine, folder / "808")
    with writing(engine) as session:
        session.execute(update(Sample).values(missing=True))
    assert add(engine, folder) == RegisterReport(new=1, unchanged=2)
    assert len(paths(engine)) == 3
