"""Copies of samples: whole, beside what is there, inside the folder; the samples only read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from library import catalog, exporting
from library.errors import UserError
from library.exporting import ExportReport, export, plan_export
from library.progress import drive
from library.register import register
from tests.library.organised import state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sounds"
    for name in ("a/kick.wav", "b/kick.wav", "b/Kick.WAV", "c/kick_2.wav", "snare.wav"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 1000)
    return folder


@pytest.fixture
def filled(engine: Engine, folder: Path) -> Engine:
    drive(register(engine, [folder]))
    return engine


def exported(engine: Engine, out: Path, pattern: str = "{name}") -> ExportReport:
    return drive(export(plan_export(engine, catalog.ids(engine), out, pattern), out))


def files(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_samples_are_copied_under_names_that_are_free(
    filled: Engine, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out"
    before, samples = state(filled), files(folder)
    plan = plan_export(filled, catalog.ids(filled), out)
    assert not out.exists()
    report = drive(export(plan, out))
    assert [(each.source, each.target) for each in report.copied] == [
        (each.source, each.target) for each in plan
    ]
    assert report.skipped == ()
    assert {p.source.read_bytes() for p in plan} == set(files(out).values())
    names = [each.target.name for each in plan]
    assert len({name.lower() for name in names}) == 5
    assert names[:2] == ["snare.wav", "kick.wav"]
    assert (state(filled), files(folder)) == (before, samples)
    again = exported(filled, out)
    assert len(files(out)) == 10
    assert not {each.target for each in again.copied} & {each.target for each in plan}


def test_a_pattern_with_a_slash_makes_folders(filled: Engine, tmp_path: Path) -> None:
    report = exported(filled, tmp_path / "out", "{folder}/{n:02}")
    names = [each.target.relative_to(tmp_path / "out").as_posix() for each in report.copied]
    assert [name.lower() for name in names] == [
        "sounds/01.wav", "a/02.wav", "b/03.wav", "b/04.wav", "c/05.wav",
    ]  # fmt: skip
    assert set(files(tmp_path / "out")) == set(names)


def test_the_order_asked_for_is_the_number(filled: Engine, tmp_path: Path) -> None:
    ids = catalog.ids(filled)[::-1]
    plan = plan_export(filled, [*ids, ids[0]], tmp_path, "{n}")
    assert [each.sample_id for each in plan] == ids.tolist()
    assert [each.target.stem for each in plan] == ["1", "2", "3", "4", "5"]


def test_what_cannot_be_read_is_skipped_and_told(
    filled: Engine, folder: Path, tmp_path: Path
) -> None:
    (folder / "snare.wav").unlink()
    report = exported(filled, tmp_path / "out")
    assert len(report.copied) == 4
    ((_, path, reason),) = report.skipped
    assert (path, reason) == (folder / "snare.wav", os.strerror(2))
    assert len(list((tmp_path / "out").rglob("*"))) == 4, "and no part of it is left"


def test_a_file_that_comes_meanwhile_is_not_replaced(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan = plan_export(filled, catalog.ids(filled), out)
    out.mkdir()
    plan[0].target.write_text("mine")
    report = drive(export(plan, out))
    assert plan[0].target.read_text() == "mine"
    assert len(report.copied) == 5
    assert len(files(out)) == 6


def test_stopping_keeps_what_is_whole(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out"
    job = export(plan_export(filled, catalog.ids(filled), out), out)
    steps = [next(job) for _ in range(3)]
    job.close()
    assert [(step.done, step.total) for step in steps] == [(0, 5), (1, 5), (2, 5)]
    assert len(files(out)) == 2


def test_a_link_that_leads_out_is_not_followed(filled: Engine, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    for name in ("sounds", "a", "b", "c"):
        (out / name).symlink_to(elsewhere)
    with pytest.raises(UserError, match="leads out of the folder"):
        exported(filled, out, "{folder}/{name}")
    assert list(elsewhere.iterdir()) == []


def test_a_full_disk_is_told(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(exporting, "_copy", full)
    with pytest.raises(UserError, match=r"cannot write .* \(No space left on device\): make room"):
        exported(filled, tmp_path / "out")
    assert files(tmp_path / "out") == {}


def test_a_file_in_the_place_of_the_folder_is_told(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UserError, match="cannot write"):
        exported(filled, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"
