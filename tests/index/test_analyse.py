"""The pass over files: facts, descriptors and latents into rows, once, and kept when stopped."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, insert, select, update

from index.analyse import AnalysisReport, analyse, analyse_file
from index.attention import Attention
from index.latents import read_latents
from index.space_rows import find_space
from index.vectors import embed
from library import catalog, labels
from library.database import reading, writing
from library.decode import decode
from library.descriptors import describe
from library.errors import DecodeError
from library.foreign_formats import NEEDS_FFMPEG
from library.progress import drive
from library.register import refresh, register
from library.tables import Descriptor, Hearing, Latents, MapPoint, Sample, Vector
from tests.audio_cases import BROKEN, GOOD, noise, write
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, keep_space, ping
from vae.onset import from_onset
from vae.space import Space


def analysed(engine: Engine, folder: Path, codec: FakeCodec) -> AnalysisReport:
    drive(register(engine, [folder]))
    return drive(analyse(engine, codec))


def count(engine: Engine, table: type) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_described_and_encoded(tmp_path: Path, codec: FakeCodec, name: str) -> None:
    path = GOOD[name](tmp_path / name)
    found = analyse_file(7, path, codec)
    decoded = decode(path)
    assert (found.sample_id, found.path) == (7, path)
    assert found.facts["state"] == "analysed"
    assert found.facts["duration"] == decoded.duration
    assert found.facts["sample_rate"] == decoded.clip.sample_rate
    assert found.facts["channels"] == decoded.clip.channels
    assert str(found.facts["format"]).startswith(decoded.format)
    assert found.descriptors == describe(decoded.clip)
    assert found.latents is not None
    assert np.isfinite(found.latents.values).all()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_has_a_reason(tmp_path: Path, codec: FakeCodec, name: str) -> None:
    found = analyse_file(1, BROKEN[name](tmp_path / name), codec)
    assert found.facts["state"] == "failed"
    assert str(found.facts["reason"])
    assert "\n" not in str(found.facts["reason"])
    assert found.descriptors is None
    assert found.latents is None


def test_a_file_that_has_gone_has_a_reason(tmp_path: Path, codec: FakeCodec) -> None:
    found = analyse_file(1, tmp_path / "gone.wav", codec)
    assert found.facts["state"] == "failed"
    assert "No such file" in str(found.facts["reason"])


def test_rows_hold_what_was_found(engine: Engine, tmp_path: Path, codec: FakeCodec) -> None:
    paths = folder_of(tmp_path / "s", 5)
    BROKEN["text.wav"](tmp_path / "s" / "broken.wav")
    report = analysed(engine, tmp_path / "s", codec)
    assert report.analysed == 5
    assert [path.name for path, _ in report.failed] == ["broken.wav"]
    rows = catalog.rows(engine, catalog.ids(engine, "is:analysed"))
    assert [row.path for row in rows] == paths
    clip = decode(paths[2]).clip
    assert rows[2].attributes == pytest.approx(asdict(describe(clip)))
    latents = dict(read_latents(engine, codec.digest, [rows[2].id]))[rows[2].id]
    assert np.allclose(latents.values, codec.encode(from_onset(clip)).values, atol=5e-3)
    status = catalog.status(engine)
    assert (status.analysed, status.listed) == (5, 0)
    assert status.failed == report.failed


def test_a_job_reports_every_file(engine: Engine, tmp_path: Path, codec: FakeCodec) -> None:
    folder_of(tmp_path, 4)
    drive(register(engine, [tmp_path]))
    steps = list(analyse(engine, codec))
    assert [(s.stage, s.done, s.total) for s in steps] == [("analyse", n, 4) for n in range(5)]
    assert [s.note for s in steps[1:]] == [f"ping_{n:03d}.wav" for n in range(4)]


def test_nothing_is_done_twice(engine: Engine, tmp_path: Path, codec: FakeCodec) -> None:
    folder_of(tmp_path / "s", 3)
    BROKEN["text.wav"](tmp_path / "s" / "broken.wav")
    analysed(engine, tmp_path / "s", codec)
    drive(refresh(engine))
    again = drive(analyse(engine, codec))
    assert (again.analysed, again.failed) == (0, ())


def test_what_needed_ffmpeg_is_tried_again_once_it_is_there(
    engine: Engine, tmp_path: Path, codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.wv").write_bytes(b"wvpk" + bytes(100))
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "")
        report = analysed(engine, tmp_path / "s", codec)
        assert [reason[:12] for _, reason in report.failed] == ["needs ffmpeg"]
        assert drive(analyse(engine, codec)) == AnalysisReport(0, ())
    monkeypatch.setattr("index.analyse.installed", lambda: "ffmpeg")
    write(tmp_path / "s" / "a.wv", noise(0.1), kind="WAV")  # as good as an ffmpeg
    assert drive(analyse(engine, codec)) == AnalysisReport(1, ())
    assert drive(analyse(engine, codec)) == AnalysisReport(0, ())


def test_what_another_version_described_is_described_again(
    engine: Engine, tmp_path: Path, codec: FakeCodec, space: Space, space_bytes: bytes
) -> None:
    folder_of(tmp_path / "s", 3)
    analysed(engine, tmp_path / "s", codec)
    derived(engine, space, space_bytes, tmp_path)
    ids = catalog.ids(engine, "is:analysed")
    labels.tag(engine, ids[:1], ["dark"])
    before = catalog.rows(engine, ids)
    tables = (Vector, MapPoint, Latents, Hearing)
    counts = [count(engine, table) for table in tables]
    assert all(counts)
    with writing(engine) as session:
        session.execute(update(Descriptor).values(roughness=None, version=0))
    assert drive(analyse(engine, codec)).analysed == 3
    assert catalog.rows(engine, ids) == before
    assert [count(engine, table) for table in tables] == counts
    assert drive(analyse(engine, codec)).analysed == 0


def test_a_job_closed_halfway_keeps_what_it_did(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder_of(tmp_path, 8)
    drive(register(engine, [tmp_path]))
    job = analyse(engine, codec)
    while next(job).done < 3:
        pass
    job.close()
    status = catalog.status(engine)
    assert (status.analysed, status.listed) == (3, 5)
    assert count(engine, Latents) == count(engine, Descriptor) == 3
    rest = drive(analyse(engine, codec))
    assert rest.analysed == 5
    assert count(engine, Latents) == 8


def test_batches_are_kept_as_they_come(
    engine: Engine, tmp_path: Path, codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.analyse.BATCH", 2)
    folder_of(tmp_path, 5)
    drive(register(engine, [tmp_path]))
    job = analyse(engine, codec)
    while next(job).done < 3:
        pass
    assert catalog.status(engine).analysed == 2
    drive(job)
    assert catalog.status(engine).analysed == 5


def test_another_codec_encodes_again_and_keeps_the_first(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder_of(tmp_path, 3)
    analysed(engine, tmp_path, codec)
    other = FakeCodec()
    other.digest = "fake-1"
    assert drive(analyse(engine, other)).analysed == 3
    ids = [int(i) for i in catalog.ids(engine)]
    for digest in ("fake-0", "fake-1"):
        assert [i for i, _ in read_latents(engine, digest, ids)] == ids
    assert list(read_latents(engine, "fake-2", ids)) == []


def derived(engine: Engine, space: Space, space_bytes: bytes, tmp_path: Path) -> int:
    """Make vectors and a map; return the space's id."""
    keep_space(engine, "s", space_bytes, {}, tmp_path / "spaces")
    space_id = find_space(engine, "s").id
    drive(embed(engine, space_id, space, FakeCodec()))
    with writing(engine) as session:
        points = [
            {"sample_id": int(i), "space_id": space_id, "x": 0.5, "y": 0.5}
            for i in catalog.ids(engine)
        ]
        session.execute(insert(MapPoint), points)
    return space_id


@pytest.mark.parametrize("broken", [False, True])
def test_what_came_from_an_older_content_is_gone(
    engine: Engine, tmp_path: Path, codec: FakeCodec, space: Space, space_bytes: bytes, broken: bool
) -> None:
    paths = folder_of(tmp_path / "s", 3)
    analysed(engine, tmp_path / "s", codec)
    derived(engine, space, space_bytes, tmp_path)
    changed = catalog.find(engine, str(paths[1]))
    if broken:
        paths[1].write_bytes(b"no longer audio")
    else:
        write(paths[1], noise(0.5))
    report = analysed(engine, tmp_path / "s", codec)
    assert (report.analysed, len(report.failed)) == ((0, 1) if broken else (1, 0))
    with reading(engine) as session:
        for table in (Vector, MapPoint):
            assert changed.id not in session.scalars(select(table.sample_id)).all()
    assert count(engine, Vector) == count(engine, MapPoint) == 2
    row = catalog.find(engine, str(paths[1]))
    assert row.id == changed.id
    if broken:
        assert row.state == "failed"
        assert row.reason
        assert set(row.attributes.values()) == {None}
        assert count(engine, Latents) == 2
        assert (row.duration, row.sample_rate, row.channels, row.format) == (None,) * 4
        whole = sum(
            r.duration or 0 for r in catalog.rows(engine, catalog.ids(engine, "is:analysed"))
        )
        assert catalog.status(engine).duration == pytest.approx(whole)
    else:
        assert row.duration == pytest.approx(0.5)
        assert row.attributes != changed.attributes
        latents = dict(read_latents(engine, codec.digest, [row.id]))[row.id]
        assert np.allclose(
            latents.values, codec.encode(from_onset(decode(paths[1]).clip)).values, atol=5e-3
        )


def test_files_are_only_read(engine: Engine, tmp_path: Path, codec: FakeCodec) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    for name, make in {**GOOD, **BROKEN}.items():
        make(folder / name)
    for path in folder.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    analysed(engine, folder, codec)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.stat().st_mtime_ns for path in folder.iterdir()} == {10**18}


def test_latents_are_read_in_the_order_asked_for(
    engine: Engine, tmp_path: Path, codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.catalog._CHUNK", 2)
    folder_of(tmp_path, 5)
    analysed(engine, tmp_path, codec)
    ids = [int(i) for i in catalog.ids(engine)]
    wanted = [ids[3], 999, ids[0], ids[4], ids[1]]
    found = list(read_latents(engine, codec.digest, wanted))
    assert [i for i, _ in found] == [ids[3], ids[0], ids[4], ids[1]]
    assert np.allclose(found[1][1].values, codec.encode(from_onset(ping(0))).values, atol=0.05)


def test_what_is_looked_at_comes_first(engine: Engine, tmp_path: Path, codec: FakeCodec) -> None:
    folder_of(tmp_path, 40)
    drive(register(engine, [tmp_path]))
    ids = catalog.ids(engine).tolist()
    attention = Attention()
    attention.turn_to([ids[35], 9_999, ids[30]])
    notes = [step.note for step in analyse(engine, codec, attention)][1:]
    names = [catalog.rows(engine, [each])[0].name for each in ids]
    assert notes[:4] == [names[35], names[30], names[0], names[1]]
    assert sorted(notes) == sorted(names)


def test_attention_may_turn_while_analysis_runs(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder_of(tmp_path, 60)
    drive(register(engine, [tmp_path]))
    ids = catalog.ids(engine).tolist()
    names = [catalog.rows(engine, [each])[0].name for each in ids]
    attention = Attention()
    job = analyse(engine, codec, attention)
    next(job)
    notes = [next(job).note]
    attention.turn_to([ids[59]])
    notes += [step.note for step in job]
    # A few were under way already.
    assert notes.index(names[59]) < 30
    assert sorted(notes) == sorted(names)


def test_a_sample_whose_file_cannot_be_opened_keeps_what_is_known_of_it(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    first, second = folder_of(tmp_path / "s", 2)
    analysed(engine, tmp_path / "s", codec)
    known = {row.path: row for row in catalog.rows(engine, catalog.ids(engine))}
    with writing(engine) as session:  # another version would describe them again
        session.execute(update(Descriptor).values(version=0))
    held = first.with_suffix(".held")
    first.rename(held)
    report = drive(analyse(engine, codec))
    assert [path for path, _ in report.failed] == [first]
    row = catalog.find(engine, str(first))
    assert (row.state, row.missing) == ("analysed", True)
    assert count(engine, Latents) == 2
    assert catalog.find(engine, str(second)) == known[second]
    held.rename(first)
    drive(refresh(engine))
    assert drive(analyse(engine, codec)).analysed == 1
    assert catalog.find(engine, str(first)) == known[first]


def test_a_number_that_has_gone_to_another_sample_meanwhile_gets_nothing(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    first, second = folder_of(tmp_path / "s", 2)
    drive(register(engine, [tmp_path / "s"]))
    job = analyse(engine, codec)
    while next(job).done < 2:
        pass
    with writing(engine) as session:  # as another process would
        where = update(Sample).where(Sample.path == str(second))
        session.execute(where.values(path=str(tmp_path / "s" / "other.wav"), missing=False))
    drive(job)
    rows = {row.path: row for row in catalog.rows(engine, catalog.ids(engine))}
    assert rows[first].state == "analysed"
    other = rows[tmp_path / "s" / "other.wav"]
    assert (other.state, other.missing) == ("listed", False)


def test_what_is_known_of_a_sample_stays_when_ffmpeg_has_gone(
    engine: Engine, tmp_path: Path, codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = folder_of(tmp_path / "s", 1)
    analysed(engine, tmp_path / "s", codec)
    known = catalog.find(engine, str(path))
    with writing(engine) as session:
        session.execute(update(Descriptor).values(version=0))

    def lacking(*_: object) -> None:
        raise DecodeError(f"{NEEDS_FFMPEG}, which is not on the PATH")

    with monkeypatch.context() as without:
        without.setattr("index.analyse.decode", lacking)
        assert len(drive(analyse(engine, codec)).failed) == 1
    assert catalog.find(engine, str(path)).state == "analysed"
    assert count(engine, Latents) == 1
    assert drive(analyse(engine, codec)).analysed == 1
    assert catalog.find(engine, str(path)) == known
