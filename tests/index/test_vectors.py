"""Vectors as rows: made once from what is cached, told by the revision, read as one matrix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, delete

from index.analyse import analyse
from index.hearings import wholes_of
from index.latents import read_latents
from index.space_rows import find_space
from index.vectors import embed, lacking, read_vectors
from library import catalog
from library.database import reading, writing
from library.progress import drive
from library.register import register
from library.tables import Sample, Vector
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, keep_space
from vae.ear_file import house_ear
from vae.space import Space
from vae.vector import vectors


@pytest.fixture
def space_id(engine: Engine, tmp_path: Path, codec: FakeCodec, space_bytes: bytes) -> int:
    """A space in a library of ten analysed sounds, without vectors."""
    folder_of(tmp_path / "s", 10)
    drive(register(engine, [tmp_path / "s"]))
    drive(analyse(engine, codec))
    keep_space(engine, "s", space_bytes, {}, tmp_path / "spaces")
    return find_space(engine, "s").id


def test_vectors_are_made_of_what_is_cached(
    engine: Engine, codec: FakeCodec, space: Space, space_id: int
) -> None:
    assert read_vectors(engine, space_id)[1].shape == (0, 0)
    assert drive(embed(engine, space_id, space, codec)) == 10
    ids, matrix = read_vectors(engine, space_id)
    assert ids.tolist() == sorted(int(i) for i in catalog.ids(engine))
    assert (ids.dtype, matrix.dtype) == (np.int64, np.float32)
    cached = dict(read_latents(engine, codec.digest, ids.tolist()))
    with reading(engine) as session:
        heard = wholes_of(session, house_ear().digest, ids.tolist())
    wholes = np.stack([heard[i] for i in ids])
    assert np.allclose(matrix, vectors(space, [cached[i] for i in ids], wholes, codec), atol=1e-5)
    assert len(np.unique(matrix, axis=0)) == 10


def test_only_what_is_lacking_is_made(
    engine: Engine, codec: FakeCodec, space: Space, space_id: int
) -> None:
    assert len(lacking(engine, space_id, codec)) == 10
    drive(embed(engine, space_id, space, codec))
    assert lacking(engine, space_id, codec) == []
    assert drive(embed(engine, space_id, space, codec)) == 0
    gone = int(catalog.ids(engine)[4])
    with writing(engine) as session:
        session.execute(delete(Vector).where(Vector.sample_id == gone))
    assert lacking(engine, space_id, codec) == [gone]
    assert drive(embed(engine, space_id, space, codec)) == 1


def test_every_change_of_a_vector_is_a_new_revision(
    engine: Engine, codec: FakeCodec, space: Space, space_id: int
) -> None:
    revisions = [find_space(engine, "s").revision]
    drive(embed(engine, space_id, space, codec))
    revisions.append(find_space(engine, "s").revision)
    drive(embed(engine, space_id, space, codec))
    assert find_space(engine, "s").revision == revisions[-1]
    with writing(engine) as session:
        session.execute(delete(Sample).where(Sample.id == int(catalog.ids(engine)[0])))
    revisions.append(find_space(engine, "s").revision)
    assert len(set(revisions)) == 3


def test_a_job_closed_halfway_keeps_what_it_did(
    engine: Engine,
    codec: FakeCodec,
    space: Space,
    space_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.vectors._BATCH", 4)
    job = embed(engine, space_id, space, codec)
    assert [next(job).done for _ in range(2)] == [4, 8]
    job.close()
    assert len(read_vectors(engine, space_id)[0]) == 8
    assert drive(embed(engine, space_id, space, codec)) == 2
