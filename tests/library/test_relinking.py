"""Relinking: what the user says of where files lie now, with nothing lost on the way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from library import catalog, collecting, labels, moved, pairs, word_examples
from library.content import content_hash
from library.database import reading, writing
from library.errors import LibraryError
from library.progress import drive
from library.register import refresh, register
from library.relinking import doubtful, plan_relinking, relink
from library.tables import Root, Sample
from tests.library.conftest import as_analysed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six files in three folders, two of them the same, never to be decoded here."""
    folder = tmp_path / "old disk" / "sounds"
    for name, content in {
        "kicks/deep.wav": b"deep kick",
        "kicks/short.wav": b"short kick",
        "snares/tight.wav": b"tight snare",
        "snares/copy of deep.wav": b"deep kick",
        "pad.wav": b"pad",
        "odd \udcff\n.wav": b"odd name",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def all_rows(engine: Engine) -> dict[int, catalog.SampleRow]:
    return {row.id: row for row in catalog.rows(engine, catalog.ids(engine))}


def id_of(engine: Engine, path: Path) -> int:
    return catalog.find(engine, str(path)).id


def roots(engine: Engine) -> list[Path]:
    with reading(engine) as session:
        return [Path(path) for path in session.scalars(select(Root.path).order_by(Root.id))]


def moved_tree(folder: Path) -> Path:
    """Move the whole tree to another disk."""
    new = folder.parents[1] / "new disk"
    folder.parent.rename(new)
    return new / "sounds"


def test_a_tree_that_was_moved_keeps_everything(filled: Engine, folder: Path) -> None:
    labels.tag(filled, [id_of(filled, folder / "pad.wav")], ["dark"])
    labels.rate(filled, [id_of(filled, folder / "kicks" / "deep.wav")], 5)
    before = all_rows(filled)
    new = moved_tree(folder)
    plan = drive(plan_relinking(filled, folder, new))
    assert {each.old for each in plan.found} == {row.path for row in before.values()}
    assert (plan.lacking, plan.other, plan.still_there) == ((), (), ())
    assert all_rows(filled) == before  # a preview changes nothing
    assert drive(relink(filled, plan)) == 6
    after = all_rows(filled)
    assert after.keys() == before.keys()
    for sample_id, row in after.items():
        assert row.path == new / before[sample_id].path.relative_to(folder)
        assert (row.tags, row.rating) == (before[sample_id].tags, before[sample_id].rating)
    assert roots(filled) == [new]
    again = drive(refresh(filled))
    assert (again.unchanged, again.new, again.missing) == (6, 0, 0)


def test_what_is_not_there_or_not_the_same_stays_as_it_was(filled: Engine, folder: Path) -> None:
    new = moved_tree(folder)
    (new / "pad.wav").unlink()
    (new / "kicks" / "short.wav").write_bytes(b"other kick")  # as long, another content
    (new / "kicks" / "deep.wav").write_bytes(b"longer than it was")
    plan = drive(plan_relinking(filled, folder, new))
    assert plan.lacking == (folder / "pad.wav",)
    assert sorted(plan.other) == [folder / "kicks" / "deep.wav", folder / "kicks" / "short.wav"]
    assert drive(relink(filled, plan)) == 3
    drive(refresh(filled))
    assert catalog.find(filled, str(folder / "pad.wav")).missing


def test_a_copy_leaves_the_samples_where_they_are(filled: Engine, folder: Path) -> None:
    before = all_rows(filled)
    new = folder.parent / "copy"
    shutil.copytree(folder, new)
    plan = drive(plan_relinking(filled, folder, new))
    assert (len(plan.still_there), plan.found) == (6, ())
    assert drive(relink(filled, plan)) == 0
    assert (all_rows(filled), roots(filled)) == (before, [folder])


def test_a_plain_copy_has_other_times_and_is_read(filled: Engine, folder: Path) -> None:
    new = folder.parent / "copy"
    shutil.copytree(folder, new, copy_function=shutil.copyfile)
    shutil.rmtree(folder)
    plan = drive(plan_relinking(filled, folder, new))
    assert len(plan.found) == 6
    assert drive(relink(filled, plan)) == 6
    assert drive(refresh(filled)).unchanged == 6


def test_a_sample_that_is_at_the_new_place_already_gives_what_was_said_of_it(
    filled: Engine, folder: Path
) -> None:
    tight = id_of(filled, folder / "snares" / "tight.wav")
    pad = id_of(filled, folder / "pad.wav")
    labels.tag(filled, [tight], ["old"])
    new = folder.parent / "copy"
    shutil.copytree(folder, new)
    drive(register(filled, [new]))
    as_analysed(filled)
    copied, other = (id_of(filled, new / name) for name in ("snares/tight.wav", "kicks/deep.wav"))
    labels.tag(filled, [copied], ["old", "new"])
    labels.rate(filled, [copied], 4)
    labels.set_category(filled, [copied], "clap")
    pairs.say(filled, [copied, pad], alike=True)
    pairs.say(filled, [copied, other], alike=False)
    word_examples.teach(filled, "crunchy", [copied], [])
    labels.mark_used(filled, [copied], True)
    collecting.collect(filled, [copied, pad, tight], "Both")
    collecting.collect(filled, [other, copied], "New")
    shutil.rmtree(folder)
    drive(refresh(filled))
    assert drive(relink(filled, drive(plan_relinking(filled, folder, new)))) == 6
    rows = all_rows(filled)
    assert len(rows) == 6
    row = rows[tight]
    assert (row.path, row.missing) == (new / "snares" / "tight.wav", False)
    assert (row.tags, row.rating, row.category) == (("new", "old"), 4, "clap")
    deep = id_of(filled, new / "kicks" / "deep.wav")
    said = {(each.first, each.second): each.alike for each in pairs.pairs(filled)}
    assert said == {tuple(sorted((tight, pad))): True, tuple(sorted((tight, deep))): False}
    (crunchy,) = word_examples.examples(filled)
    assert (crunchy.word, crunchy.fitting) == ("crunchy", (tight,))
    assert row.used
    assert catalog.ids(filled, "in:both").tolist() == [pad, tight]
    assert catalog.ids(filled, "in:new").tolist() == [deep, tight]
    assert roots(filled) == [new]
    assert drive(refresh(filled)).unchanged == 6


def test_one_file_can_be_relinked(filled: Engine, folder: Path) -> None:
    pad = id_of(filled, folder / "pad.wav")
    labels.tag(filled, [pad], ["dark"])
    new = folder / "pads" / "renamed.wav"
    new.parent.mkdir()
    (folder / "pad.wav").rename(new)
    assert drive(relink(filled, drive(plan_relinking(filled, folder / "pad.wav", new)))) == 1
    row = catalog.find(filled, str(new))
    assert (row.id, row.tags, row.name) == (pad, ("dark",), "renamed.wav")
    assert drive(refresh(filled)).unchanged == 6


def test_a_file_outside_all_folders_brings_its_folder(filled: Engine, folder: Path) -> None:
    new = folder.parents[1] / "elsewhere" / "pad.wav"
    new.parent.mkdir()
    (folder / "pad.wav").rename(new)
    assert drive(relink(filled, drive(plan_relinking(filled, folder / "pad.wav", new)))) == 1
    assert roots(filled) == [folder, new.parent]


def test_what_changed_since_the_plan_is_left(filled: Engine, folder: Path) -> None:
    new = moved_tree(folder)
    plan = drive(plan_relinking(filled, folder, new))
    (new / "pad.wav").unlink()
    with writing(filled) as session:
        path = str(folder / "kicks" / "deep.wav")
        session.execute(update(Sample).where(Sample.path == path).values(path=path + ".gone"))
    assert drive(relink(filled, plan)) == 4


def test_wrong_places_are_told(filled: Engine, folder: Path) -> None:
    with pytest.raises(LibraryError, match="not there"):
        drive(plan_relinking(filled, folder, folder / "nowhere"))
    with pytest.raises(LibraryError, match="nothing at"):
        drive(plan_relinking(filled, folder.parent / "sou", folder))


def test_a_scan_does_not_guess_between_samples_of_which_something_was_said(
    filled: Engine, folder: Path
) -> None:
    deep, copy = folder / "kicks" / "deep.wav", folder / "snares" / "copy of deep.wav"
    labels.tag(filled, [id_of(filled, copy)], ["mine"])
    deep.unlink()
    copy.unlink()
    arrived = folder / "found.wav"
    arrived.write_bytes(b"deep kick")
    report = drive(refresh(filled))
    assert (report.moved, report.new, report.missing) == (0, 1, 2)
    as_analysed(filled)
    assert doubtful(filled) == [(deep, arrived), (copy, arrived)]
    assert drive(relink(filled, drive(plan_relinking(filled, copy, arrived)))) == 1
    row = catalog.find(filled, str(arrived))
    assert (row.tags, row.missing) == (("mine",), False)
    assert [old for old, _ in doubtful(filled)] == [deep]


def test_a_scan_takes_any_where_nothing_was_said(filled: Engine, folder: Path) -> None:
    (folder / "kicks" / "deep.wav").unlink()
    (folder / "snares" / "copy of deep.wav").unlink()
    (folder / "found.wav").write_bytes(b"deep kick")
    report = drive(refresh(filled))
    assert (report.moved, report.new, report.missing) == (1, 0, 1)


def test_copies_that_move_together_each_go_to_their_own_folder(
    filled: Engine, folder: Path
) -> None:
    twin = folder / "snares" / "deep.wav"
    (folder / "snares" / "copy of deep.wav").rename(twin)
    drive(refresh(filled))
    as_analysed(filled)
    kick, snare = id_of(filled, folder / "kicks" / "deep.wav"), id_of(filled, twin)
    labels.tag(filled, [kick], ["kick"])
    labels.tag(filled, [snare], ["snare"])
    # In the order of names the one comes first, in that of the new folders the other.
    (folder / "a").mkdir()
    (folder / "snares").rename(folder / "a" / "snares")
    (folder / "b").mkdir()
    (folder / "kicks").rename(folder / "b" / "kicks")
    report = drive(refresh(filled))
    assert (report.moved, report.new, report.missing) == (4, 0, 0)
    assert catalog.find(filled, str(folder / "b" / "kicks" / "deep.wav")).id == kick
    assert catalog.find(filled, str(folder / "a" / "snares" / "deep.wav")).id == snare


def test_a_mistyped_place_moves_nothing(filled: Engine, folder: Path) -> None:
    away, other = folder.with_name("away"), folder.with_name("other")
    folder.rename(away)
    other.mkdir()
    plan = drive(plan_relinking(filled, folder, other))
    assert (plan.found, len(plan.lacking)) == ((), 6)
    assert drive(relink(filled, plan)) == 0
    assert roots(filled) == [folder]
    away.rename(folder)
    assert drive(refresh(filled)).unchanged == 6


def test_a_root_that_leaves_something_behind_stays(filled: Engine, folder: Path) -> None:
    new = moved_tree(folder)
    (new / "pad.wav").unlink()
    assert drive(relink(filled, drive(plan_relinking(filled, folder, new)))) == 5
    assert roots(filled) == [folder, new]
    folder.mkdir(parents=True)
    (folder / "pad.wav").write_bytes(b"pad")
    report = drive(refresh(filled))
    assert (report.found, report.missing) == (6, 0)


def test_a_link_in_a_root_is_spelled_as_the_library_does(
    filled: Engine, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (folder / "kicks").rename(outside)
    (folder / "linked").symlink_to(outside)
    drive(refresh(filled))
    row = catalog.find(filled, str(folder / "linked" / "deep.wav"))
    plan = drive(plan_relinking(filled, folder / "linked", folder / "linked"))
    assert {each.new for each in plan.found} == {
        folder / "linked" / name for name in ("deep.wav", "short.wav")
    }
    drive(relink(filled, plan))
    assert catalog.find(filled, str(folder / "linked" / "deep.wav")).id == row.id
    assert len(all_rows(filled)) == 6


def test_what_is_said_while_a_scan_compares_is_kept(
    filled: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pad = id_of(filled, folder / "pad.wav")
    arrived = folder / "arrived.wav"
    (folder / "pad.wav").rename(arrived)

    def slowly(path: Path) -> str:
        new = catalog.find(filled, str(arrived))
        labels.tag(filled, [new.id], ["just said"])
        labels.rate(filled, [new.id], 5)
        return content_hash(path)

    monkeypatch.setattr(moved, "content_hash", slowly)
    assert drive(refresh(filled)).moved == 1
    row = catalog.find(filled, str(arrived))
    assert (row.id, row.tags, row.rating) == (pad, ("just said",), 5)


def test_a_file_that_changed_and_was_moved_before_it_was_analysed_is_followed(
    filled: Engine, folder: Path
) -> None:
    labels.tag(filled, [id_of(filled, folder / "pad.wav")], ["mine"])
    (folder / "pad.wav").write_bytes(b"dap")  # as long
    os.utime(folder / "pad.wav", ns=(10**18, 10**18))
    drive(refresh(filled))
    (folder / "pad.wav").rename(folder / "kicks" / "pad.wav")
    (folder / "back.wav").write_bytes(b"pad")  # what it was
    drive(refresh(filled))
    assert catalog.find(filled, str(folder / "kicks" / "pad.wav")).tags == ("mine",)
    assert catalog.find(filled, str(folder / "back.wav")).tags == ()
