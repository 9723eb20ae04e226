"""What the ear keeps of samples, as rows: kept once, and gone with the content it is of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, insert, select, update

from index.analyse import analyse
from index.hearings import unheard, wholes_of, write_hearings
from index.vectors import lacking
from index.workspace import Workspace
from library import catalog
from library.database import reading, writing
from library.decode import read
from library.descriptors import describe
from library.errors import LibraryError
from library.progress import drive
from library.register import refresh, register
from library.tables import Hearing as HearingRow
from library.tables import Sample, Vector
from tests.audio_cases import BROKEN, noise, write
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, keep_space
from vae.ear_file import house_ear
from vae.ear_windows import WINDOW_DIMS
from vae.hearing import Hearing
from vae.onset import from_onset


def hearing(number: int) -> Hearing:
    """A hearing of nothing, different for every number; exact in half precision."""
    return Hearing(np.full(3, number, np.float32), np.full((2, WINDOW_DIMS), number, np.float32))


@pytest.fixture
def ids(engine: Engine, tmp_path: Path, codec: FakeCodec, space_bytes: bytes) -> list[int]:
    """The samples of a library of five sounds, analysed, with a vector each."""
    folder_of(tmp_path / "s", 5)
    drive(register(engine, [tmp_path / "s"]))
    drive(analyse(engine, codec))
    found = [int(i) for i in catalog.ids(engine)]
    keep_space(engine, "s", space_bytes, {}, tmp_path / "spaces")
    with writing(engine) as session:
        session.execute(
            insert(Vector), [{"sample_id": i, "space_id": 1, "data": b"1234"} for i in found]
        )
    return found


def with_vectors(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(select(Vector.sample_id).order_by(Vector.sample_id)))


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(HearingRow)) or 0


def test_analysis_keeps_what_the_ear_hears(engine: Engine, ids: list[int]) -> None:
    ear = house_ear()
    with reading(engine) as session:
        found = wholes_of(session, ear.digest, ids)
        windows = dict(session.execute(select(HearingRow.sample_id, HearingRow.windows)).all())
    assert list(found) == ids
    for row in catalog.rows(engine, ids):
        clip = read(row.path)
        heard = ear.hear(from_onset(clip), describe(clip).pitch)
        assert found[row.id] == pytest.approx(heard.whole, abs=2e-3)
        assert windows[row.id] == heard.to_bytes()[1]
    assert len(np.unique(np.stack(list(found.values())), axis=0)) == 5


def test_wholes_are_those_of_the_ear_that_is_asked(engine: Engine, ids: list[int]) -> None:
    with writing(engine) as session:
        write_hearings(session, "other", {ids[1]: hearing(1), ids[3]: hearing(3)})
    with reading(engine) as session:
        other = wholes_of(session, "other", ids)
        assert {i: whole.tolist() for i, whole in other.items()} == {
            ids[1]: [1, 1, 1],
            ids[3]: [3, 3, 3],
        }
        ours = wholes_of(session, house_ear().digest, [*ids, 99])
        assert sorted(ours) == [ids[0], ids[2], ids[4]]
        assert wholes_of(session, "other", []) == {}


def test_vectors_of_what_another_ear_heard_go(engine: Engine, ids: list[int]) -> None:
    with writing(engine) as session:
        write_hearings(session, "other", {ids[1]: hearing(1), ids[3]: hearing(3)})
    assert with_vectors(engine) == [ids[0], ids[2], ids[4]]
    assert count(engine) == 5, "a sample is heard by one ear"


def test_vectors_of_what_the_same_ear_heard_stay(engine: Engine, ids: list[int]) -> None:
    with writing(engine) as session:
        write_hearings(session, house_ear().digest, {ids[1]: hearing(1)})
        write_hearings(session, house_ear().digest, {})
    assert with_vectors(engine) == ids
    with reading(engine) as session:
        assert wholes_of(session, house_ear().digest, ids)[ids[1]].tolist() == [1, 1, 1]


def test_other_content_is_heard_again(
    engine: Engine, ids: list[int], tmp_path: Path, codec: FakeCodec
) -> None:
    changed, broken, deleted = ids[0], ids[2], ids[4]
    digest = house_ear().digest
    with reading(engine) as session:
        before = wholes_of(session, digest, ids)
    write(tmp_path / "s" / "ping_000.wav", noise(0.6))
    BROKEN["text.wav"](tmp_path / "s" / "ping_002.wav")
    drive(refresh(engine))
    drive(analyse(engine, codec))
    with writing(engine) as session:
        session.delete(session.get_one(Sample, deleted))
    with reading(engine) as session:
        after = wholes_of(session, digest, ids)
    assert sorted(after) == [ids[0], ids[1], ids[3]]
    assert broken not in after
    assert not np.allclose(after[changed], before[changed], atol=0.05)
    assert all(np.array_equal(after[i], before[i]) for i in (ids[1], ids[3]))
    assert with_vectors(engine) == [ids[1], ids[3]]


def test_the_unheard_are_counted(engine: Engine, ids: list[int]) -> None:
    digest = house_ear().digest
    with reading(engine) as session:
        assert (unheard(session, digest), unheard(session, "other")) == (0, 5)
    with writing(engine) as session:
        session.execute(update(Sample).where(Sample.id == ids[0]).values(missing=True))
        session.execute(update(Sample).where(Sample.id == ids[1]).values(state="failed"))
    with reading(engine) as session:
        assert unheard(session, "other") == 3, "what cannot be heard does not wait for it"


def test_the_unheard_have_no_vector_to_be_made(
    engine: Engine, ids: list[int], codec: FakeCodec
) -> None:
    with writing(engine) as session:
        write_hearings(session, "other", {ids[1]: hearing(1), ids[3]: hearing(3)})
        session.query(Vector).delete()
    assert lacking(engine, 1, codec) == [ids[0], ids[2], ids[4]]


def deafen(workspace: Workspace) -> None:
    """Make a library as a program with another ear would have left it."""
    with writing(workspace._engine) as session:
        session.execute(update(HearingRow).values(ear="older"))
        session.query(Vector).delete()


def test_a_library_that_waits_to_be_heard_says_so_and_a_scan_mends_it(small: Workspace) -> None:
    from index.sound_query import SoundQuery

    before = small.vectors().matrix
    sound = str(small.ids()[0])
    wanted = [n.row.id for n in small.similar(SoundQuery(sound))]
    deafen(small)
    with Workspace.open(small.path) as workspace:
        assert workspace.lacking_vectors() == 12, "which the doctor tells"
        for ask in (
            lambda: workspace.similar(SoundQuery(sound)),
            workspace.vectors,
            lambda: drive(workspace.project()),
            lambda: drive(workspace.duplicates(near=True)),
        ):
            with pytest.raises(LibraryError) as told:
                ask()
            assert str(told.value) == "12 sounds wait to be heard: crate scan"
        report = drive(workspace.scan())
        assert workspace.lacking_vectors() == 0
        assert (report.found, report.analysed, report.changed) == (12, 12, 0)
        assert [n.row.id for n in workspace.similar(SoundQuery(sound))] == wanted
        assert np.allclose(workspace.vectors().matrix, before, atol=1e-5)
        assert drive(workspace.scan()).analysed == 0
