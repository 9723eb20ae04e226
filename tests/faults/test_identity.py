"""A thousand samples with words on them, moved, renamed, unplugged, relinked: no word is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from benchmarks.library_tree import make_tree
from library import catalog
from library.content import content_hash
from library.database import reading, writing
from library.progress import drive
from library.register import refresh, register
from library.relinking import plan_relinking, relink
from library.tables import Sample, SampleTag, Tag
from tests.library.conftest import as_analysed

COUNT = 1_000


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    make_tree(tmp_path / "disk" / "sounds", COUNT)
    return tmp_path / "disk" / "sounds"


@pytest.fixture
def tagged(engine: Engine, tree: Path) -> Engine:
    """A library of the tree, as if it were analysed, with a word of its own on each sample."""
    drive(register(engine, [tree]))
    as_analysed(engine)
    with writing(engine) as session:
        for sample in session.scalars(select(Sample)):
            sample.rating = 1 + sample.id % 5
        ids = session.scalars(select(Sample.id)).all()
        session.execute(insert(Tag), [{"id": i, "word": f"word {i}"} for i in ids])
        session.execute(insert(SampleTag), [{"sample_id": i, "tag_id": i} for i in ids])
    return engine


def said(engine: Engine) -> dict[str, tuple[int, tuple[str, ...], int | None]]:
    """Return id, words and rating of each file that is there, by what it holds."""
    with reading(engine) as session:
        ids = session.scalars(select(Sample.id).where(Sample.missing.is_(False))).all()
    return {
        content_hash(row.path): (row.id, row.tags, row.rating) for row in catalog.rows(engine, ids)
    }


def test_files_that_are_moved_and_renamed_keep_their_words(tagged: Engine, tree: Path) -> None:
    before = said(tagged)
    assert len(before) == COUNT
    draw = random.Random(4)
    files = sorted(tree.rglob("*.wav"))
    folders = sorted({path.parent for path in files})
    draw.shuffle(files)
    for path in files[:350]:  # into another folder
        path.rename(draw.choice(folders) / path.name)
    for number, path in enumerate(files[350:700]):  # another name
        path.rename(path.with_name(f"renamed {number}.wav"))
    for number, path in enumerate(files[700:800]):  # both
        path.rename(draw.choice(folders) / f"both {number}.wav")
    for number, path in enumerate(draw.sample(folders, 4)):  # whole folders, with what is in them
        path.rename(tree / f"folder {number}")
    report = drive(refresh(tagged))
    assert (report.new, report.missing) == (0, 0)
    assert report.moved > 800
    assert said(tagged) == before


def test_a_disk_that_is_unplugged_and_comes_back_keeps_them(tagged: Engine, tree: Path) -> None:
    before = said(tagged)
    disk, away = tree.parent, tree.parent.with_name("away")
    disk.rename(away)
    report = drive(refresh(tagged))
    assert (report.missing, report.new) == (COUNT, 0)
    assert said(tagged) == {}
    away.rename(disk)
    report = drive(refresh(tagged))
    assert (report.unchanged, report.missing) == (COUNT, 0)
    assert said(tagged) == before


@pytest.mark.parametrize("scanned", [False, True])
def test_a_disk_with_another_name_keeps_them(tagged: Engine, tree: Path, scanned: bool) -> None:
    before = said(tagged)
    new = tree.parent.with_name("other disk")
    tree.parent.rename(new)
    if scanned:
        drive(refresh(tagged))
    plan = drive(plan_relinking(tagged, tree, new / "sounds"))
    assert drive(relink(tagged, plan)) == COUNT
    assert said(tagged) == before
    assert drive(refresh(tagged)).unchanged == COUNT


def test_a_disk_that_is_added_under_another_name_keeps_them(tagged: Engine, tree: Path) -> None:
    before = said(tagged)
    new = tree.parent.with_name("other disk")
    tree.parent.rename(new)
    report = drive(register(tagged, [new / "sounds"]))
    assert (report.moved, report.new) == (COUNT, 0)
    assert said(tagged) == before
