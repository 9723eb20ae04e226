"""Encoding: the latents of any codec for what is analysed, once, and kept when stopped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, delete, func, select, update

from index.analyse import analyse
from index.codec_rows import drop_latents, drop_unknown_latents, house_digest
from index.encode import CHANGED, encode, encode_file, lacking_latents
from index.latents import read_latents
from library import catalog
from library.clip import Clip
from library.database import reading, writing
from library.decode import decode
from library.errors import DecodeError, ModelError
from library.progress import drive
from library.register import refresh, register
from library.tables import Codec, Sample
from library.tables import Latents as LatentsRow
from tests.audio_cases import BROKEN, noise, write
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, ping
from vae.latents import Latents
from vae.onset import from_onset


class OtherCodec(FakeCodec):
    """The same in other numbers."""

    name = "other"
    digest = "fake-1"

    def encode(self, clip: Clip) -> Latents:
        return Latents(super().encode(clip).values + 1)


@pytest.fixture
def other() -> OtherCodec:
    return OtherCodec()


@pytest.fixture
def paths(engine: Engine, tmp_path: Path, codec: FakeCodec) -> list[Path]:
    """Six files of a library, analysed with the first codec."""
    paths = folder_of(tmp_path / "s", 6)
    drive(register(engine, [tmp_path / "s"]))
    drive(analyse(engine, codec))
    return paths


def encoded(engine: Engine, digest: str) -> list[int]:
    with reading(engine) as session:
        found = select(LatentsRow.sample_id).where(LatentsRow.codec == digest)
        return sorted(session.scalars(found))


def test_what_lacks_latents_gets_them_beside_the_others(
    engine: Engine, paths: list[Path], codec: FakeCodec, other: OtherCodec
) -> None:
    ids = [int(i) for i in catalog.ids(engine)]
    before = dict(read_latents(engine, codec.digest, ids))
    steps = list(encode(engine, other))
    assert [(s.stage, s.done, s.total) for s in steps] == [("encode", n, 6) for n in range(7)]
    made, kept = (dict(read_latents(engine, digest, ids)) for digest in ("fake-1", "fake-0"))
    for i in ids:
        assert np.array_equal(kept[i].values, before[i].values)
        assert np.allclose(made[i].values, before[i].values + 1, atol=5e-3)
    by_hand = other.encode(from_onset(decode(paths[2]).clip))
    assert np.allclose(made[ids[2]].values, by_hand.values, atol=5e-3)


def test_nothing_is_done_twice(engine: Engine, paths: list[Path], other: OtherCodec) -> None:
    assert drive(encode(engine, other)).encoded == 6
    assert list(encode(engine, other)) == []
    assert drive(encode(engine, other)).encoded == 0


def test_only_what_is_analysed_and_there_is_encoded(
    engine: Engine, paths: list[Path], other: OtherCodec
) -> None:
    BROKEN["text.wav"](paths[0].parent / "broken.wav")
    folder_of(paths[0].parent / "later", 2, start=40)
    paths[4].unlink()
    drive(refresh(engine))
    wanted = [catalog.find(engine, str(path)).id for path in (*paths[:4], paths[5])]
    assert [sample.sample_id for sample in lacking_latents(engine, other.digest)] == wanted
    report = drive(encode(engine, other))
    assert (report.encoded, report.failed) == (5, ())
    assert encoded(engine, other.digest) == sorted(wanted)


def test_some_samples_may_be_chosen(engine: Engine, paths: list[Path], other: OtherCodec) -> None:
    some = [catalog.find(engine, str(path)).id for path in paths[2:4]]
    assert drive(encode(engine, other, [*some, 999])).encoded == 2
    assert encoded(engine, other.digest) == some
    assert drive(encode(engine, other, [])).encoded == 0


@pytest.mark.parametrize("batch", [2, 64])
def test_a_job_closed_halfway_keeps_what_it_did(
    engine: Engine,
    paths: list[Path],
    other: OtherCodec,
    monkeypatch: pytest.MonkeyPatch,
    batch: int,
) -> None:
    monkeypatch.setattr("index.encode.BATCH", batch)
    job = encode(engine, other)
    while next(job).done < 3:
        pass
    assert len(encoded(engine, other.digest)) == (2 if batch == 2 else 0)
    job.close()
    assert len(encoded(engine, other.digest)) == 3
    assert drive(encode(engine, other)).encoded == 3
    assert len(encoded(engine, other.digest)) == 6


def test_a_codec_that_runs_one_at_a_time_stops_after_the_sound_at_hand(
    engine: Engine, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Clip] = []
    third, told_to_stop = threading.Event(), threading.Event()

    class Slow(OtherCodec):
        one_at_a_time = True

        def encode(self, clip: Clip) -> Latents:
            begun.append(clip)
            if len(begun) == 3:
                third.set()
                assert told_to_stop.wait(60)
            return super().encode(clip)

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            told_to_stop.set()
            super().shutdown(wait, cancel_futures=cancel_futures)

    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("index.analyse.ThreadPoolExecutor", Pool)
    job = encode(engine, Slow())
    while next(job).done < 2:
        pass
    assert third.wait(60)
    job.close()
    assert len(begun) == 3, "nothing was begun after the sound at hand"
    assert len(encoded(engine, "fake-1")) == 2


def test_what_cannot_be_encoded_has_a_reason_and_stops_nothing(
    engine: Engine, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Picky(OtherCodec):
        def encode(self, clip: Clip) -> Latents:
            if np.abs(clip.frames).max() > 0.9:
                raise ModelError("too loud", "be quiet")
            return super().encode(clip)

    write(paths[0], noise(0.2))
    paths[1].unlink()
    loud = catalog.find(engine, str(paths[2]))
    monkeypatch.setattr(
        "index.encode.read",
        lambda path, seconds: ping(9) if path != loud.path else Clip(np.ones((1, 99), "f4"), 44100),
    )
    report = drive(encode(engine, Picky()))
    reasons = {path.name: reason for _, path, reason in report.failed}
    assert reasons == {
        "ping_000.wav": CHANGED,
        "ping_001.wav": "cannot be opened (No such file or directory)",
        "ping_002.wav": "too loud: be quiet",
    }
    assert report.encoded == 3
    assert loud.id in [sample_id for sample_id, _, _ in report.failed]
    assert loud.id not in encoded(engine, "fake-1")


def test_what_a_codec_refuses_is_not_tried_again_until_it_changes(
    engine: Engine, paths: list[Path]
) -> None:
    class Picky(OtherCodec):
        def encode(self, clip: Clip) -> Latents:
            tried.append(clip)
            raise ModelError("too loud", "be quiet")

    tried: list[Clip] = []
    picky = Picky()
    some = [catalog.find(engine, str(path)).id for path in paths[:2]]
    assert len(drive(encode(engine, picky, some)).failed) == 2
    assert len(drive(encode(engine, picky)).failed) == 4
    assert len(tried) == 6
    assert drive(encode(engine, picky)).failed == ()
    assert len(tried) == 6
    assert lacking_latents(engine, "fake-1") == []
    assert len(lacking_latents(engine, "fake-1", again=True)) == 6
    assert len(drive(encode(engine, OtherCodec(), again=True)).failed) == 0
    assert len(encoded(engine, "fake-1")) == 6
    with writing(engine) as session:
        session.execute(delete(LatentsRow).where(LatentsRow.codec == "fake-1"))
    write(paths[3], noise(0.2))
    drive(refresh(engine))
    drive(analyse(engine, FakeCodec()))
    report = drive(encode(engine, picky))
    assert [path for _, path, _ in report.failed] == [paths[3]]


def test_what_a_codec_has_refused_goes_with_its_latents(
    engine: Engine, paths: list[Path], other: OtherCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(clip: Clip) -> Latents:
        raise ModelError("no")

    monkeypatch.setattr(other, "encode", refuse)
    assert len(drive(encode(engine, other)).failed) == 6
    assert lacking_latents(engine, "fake-1") == []
    with writing(engine) as session:
        drop_latents(session, Codec(digest="fake-1"))
    assert len(lacking_latents(engine, "fake-1")) == 6


def test_latents_of_a_content_that_has_changed_meanwhile_are_not_kept(
    engine: Engine, paths: list[Path], other: OtherCodec
) -> None:
    changed = catalog.find(engine, str(paths[1])).id
    job = encode(engine, other)
    while next(job).done < 6:
        pass
    with writing(engine) as session:  # as another process does that analyses it again
        session.execute(update(Sample).where(Sample.id == changed).values(content_hash="new"))
    assert drive(job).encoded == 5
    assert changed not in encoded(engine, other.digest)


def test_a_file_is_encoded_from_its_onset_and_not_beyond_two_minutes(
    tmp_path: Path, codec: FakeCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = np.pad(ping(3).frames, ((0, 0), (20_000, 0)))
    latents = encode_file(write(tmp_path / "late.wav", Clip(late, 44_100), "FLOAT"), codec)
    assert np.allclose(latents.values, codec.encode(from_onset(ping(3))).values, atol=1e-4)
    monkeypatch.setattr("index.encode.ANALYSED_SECONDS", 0.05)
    short = encode_file(write(tmp_path / "long.wav", noise(1.0)), codec)
    assert short.steps <= 3
    with pytest.raises(DecodeError):
        encode_file(BROKEN["text.wav"](tmp_path / "broken.wav"), codec)


def test_latents_of_codecs_that_are_gone_go(
    engine: Engine, paths: list[Path], other: OtherCodec
) -> None:
    drive(encode(engine, other))
    with writing(engine) as session:
        session.execute(
            update(LatentsRow).where(LatentsRow.codec == "fake-0").values(codec=house_digest())
        )
    drop_unknown_latents(engine)
    assert encoded(engine, "fake-1") == []
    assert len(encoded(engine, house_digest())) == 6
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Sample)) == 6
