"""Categories by sound: told where nobody else tells any, and taught by the user's own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, select, update

from index import categories
from index.analyse import analyse
from index.categories import SURE, CategoryReport, categorise
from library import catalog
from library.database import writing
from library.labels import set_category
from library.progress import drive
from library.register import refresh, register
from library.tables import ANALYSED, Root, Sample
from tests.audio_cases import write
from tests.category_heads import DIMS, KINDS, NearestKind, sounds_of
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, ping
from vae.category_head import Features

CLAP, TOM = KINDS.index("clap"), KINDS.index("tom")
EACH = 20
TOMS = slice(TOM * EACH, (TOM + 1) * EACH)


class Sounds:
    """A library of twenty sounds of every kind, of which the path tells nothing.

    Args:
        engine: An empty library.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.matrix = np.concatenate([sounds_of(kind, EACH) for kind in range(len(KINDS))])
        self.ids = np.arange(1, len(self.matrix) + 1)
        self.kinds = np.repeat(KINDS, EACH)
        self.unheard: set[int] = set()
        rows = [
            Sample(
                id=i, root_id=1, path=f"/r/{i}.wav", name=f"{i}.wav", folder="r", size=1,
                search_text=f"r\n{i}.wav", mtime_ns=1, state=ANALYSED,
            )
            for i in self.ids.tolist()
        ]  # fmt: skip
        with writing(engine) as session:
            session.add(Root(id=1, path="/r"))
            session.flush()
            session.add_all(rows)

    def features(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], Features]:
        """Return the features of those that were heard."""
        there = np.array([i for i in ids.tolist() if i not in self.unheard], np.int64)
        return there, self.matrix[there - 1]

    def hear(self, head: NearestKind | None = None) -> CategoryReport:
        """Tell categories from the sounds."""
        return drive(categorise(self.engine, head or NearestKind(sharpness=1.0), self.features))

    def rows(self) -> list[catalog.SampleRow]:
        return catalog.rows(self.engine, self.ids)

    def said(self) -> list[tuple[str | None, str | None]]:
        return [(row.category, row.category_source) for row in self.rows()]


@pytest.fixture
def sounds(engine: Engine) -> Sounds:
    return Sounds(engine)


def test_a_sound_of_which_nobody_says_anything_says_it_itself(sounds: Sounds) -> None:
    report = sounds.hear()
    assert (report.heard, report.told, report.taught_by) == (280, report.changed, 0)
    rows = sounds.rows()
    given = NearestKind(sharpness=1.0).probabilities(sounds.matrix)
    for row, probabilities in zip(rows, given, strict=True):
        sure = float(probabilities.max())
        if sure >= SURE + 1e-4:
            assert row.category == KINDS[int(probabilities.argmax())]
            assert row.category_source == "sound"
            assert row.category_probability == pytest.approx(sure, abs=1e-4)
        else:
            assert (row.category, row.category_source, row.category_probability) == (None,) * 3
    assert np.mean([r.category == kind for r, kind in zip(rows, sounds.kinds, strict=True)]) > 0.95


def test_a_head_that_is_not_sure_tells_nothing(sounds: Sounds) -> None:
    assert sounds.hear(NearestKind(sharpness=0.001)).told == 0
    assert set(sounds.said()) == {(None, None)}


def test_what_it_was_sure_of_goes_when_it_is_no_more(sounds: Sounds) -> None:
    told = sounds.hear().told
    assert sounds.hear(NearestKind(sharpness=0.001)) == CategoryReport(280, 0, told, 0)
    assert set(sounds.said()) == {(None, None)}


def test_nobody_who_is_believed_before_the_sound_is_overruled(sounds: Sounds) -> None:
    set_category(sounds.engine, [1], "voice")
    with writing(sounds.engine) as session:
        for number, source in ((2, "name"), (3, "folder")):
            session.execute(
                update(Sample)
                .where(Sample.id == number)
                .values(category="voice", category_source=source)
            )
    report = sounds.hear()
    assert report.heard == 277
    assert sounds.said()[:3] == [("voice", "user"), ("voice", "name"), ("voice", "folder")]
    assert [row.category_probability for row in sounds.rows()[:3]] == [None] * 3


def test_a_sample_without_features_waits(sounds: Sounds) -> None:
    sounds.unheard = set(range(1, 100))
    assert sounds.hear().heard == 181
    assert set(sounds.said()[:99]) == {(None, None)}
    sounds.unheard = set(range(1, 281))
    assert sounds.hear() == CategoryReport(0, 0, 0, 0)


def test_the_users_words_teach(sounds: Sounds) -> None:
    wrong = NearestKind(takes={TOM: CLAP}, sharpness=0.2)
    sounds.hear(wrong)
    before = sounds.said()
    assert before[TOMS].count(("clap", "sound")) == EACH
    set_category(sounds.engine, sounds.ids[TOMS][:6], "tom")
    assert sounds.hear(wrong).taught_by == 6
    after = sounds.said()
    assert after[TOMS][:6] == [("tom", "user")] * 6
    assert after[TOMS][6:].count(("tom", "sound")) > 0.8 * (EACH - 6)
    others = [i for i in range(280) if not TOMS.start <= i < TOMS.stop]
    assert sum(before[i] != after[i] for i in others) <= 0.03 * len(others)


def test_names_and_folders_do_not_teach(sounds: Sounds) -> None:
    wrong = NearestKind(takes={TOM: CLAP}, sharpness=0.2)
    sounds.hear(wrong)
    before = sounds.said()
    with writing(sounds.engine) as session:
        session.execute(
            update(Sample)
            .where(Sample.id.in_(sounds.ids[TOMS][:6].tolist()))
            .values(category="tom", category_source="name", category_probability=None)
        )
    assert sounds.hear(wrong).taught_by == 0
    assert sounds.said()[TOMS][6:] == before[TOMS][6:]


def test_words_that_are_taken_back_teach_no_more(sounds: Sounds) -> None:
    wrong = NearestKind(takes={TOM: CLAP}, sharpness=0.2)
    sounds.hear(wrong)
    before = [(row.category, row.category_probability) for row in sounds.rows()]
    set_category(sounds.engine, sounds.ids[TOMS][:6], "tom")
    sounds.hear(wrong)
    set_category(sounds.engine, sounds.ids, None)
    sounds.hear(wrong)
    assert [(row.category, row.category_probability) for row in sounds.rows()] == before


def test_a_word_on_a_sound_without_features_teaches_nothing(sounds: Sounds) -> None:
    set_category(sounds.engine, [5], "tom")
    sounds.unheard = {5}
    assert sounds.hear().taught_by == 0


def test_the_same_again_changes_nothing(sounds: Sounds) -> None:
    set_category(sounds.engine, [1, 2], "voice")
    sounds.hear()
    before = sounds.rows()
    assert sounds.hear().changed == 0
    assert sounds.rows() == before


def test_a_job_that_is_stopped_keeps_what_it_told(
    sounds: Sounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(categories, "_BATCH", 100)
    job = categorise(sounds.engine, NearestKind(sharpness=1.0), sounds.features)
    steps = [next(job), next(job)]
    job.close()
    assert [(step.done, step.total) for step in steps] == [(0, None), (100, 280)]
    said = sounds.said()
    assert sum(category is not None for category, _ in said[:100]) > 90
    assert set(said[100:]) == {(None, None)}
    assert sounds.hear().heard == 280


def test_what_the_user_says_while_the_head_listens_stays(sounds: Sounds) -> None:
    job = categorise(sounds.engine, NearestKind(sharpness=1.0), sounds.features)
    next(job)
    set_category(sounds.engine, [7], "voice")
    drive(job)
    assert sounds.said()[6] == ("voice", "user")


def test_an_empty_library_has_nothing_to_hear(engine: Engine) -> None:
    def none(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], Features]:
        return ids[:0], np.zeros((0, DIMS), np.float32)

    assert drive(categorise(engine, NearestKind(), none)) == CategoryReport(0, 0, 0, 0)


def test_what_a_sound_told_goes_when_the_file_becomes_another(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    paths = folder_of(tmp_path / "x", 3)
    drive(register(engine, [tmp_path / "x"]))
    drive(analyse(engine, codec))
    ids = catalog.ids(engine)
    with writing(engine) as session:
        for sample in session.scalars(select(Sample)):
            sample.category, sample.category_source = "hat", "sound"
            sample.category_probability = 0.9
    set_category(engine, ids[:1], "perc")
    for path in paths[:2]:
        write(path, ping(99, 0.1))
    drive(refresh(engine))
    drive(analyse(engine, codec))
    said = [
        (r.category, r.category_source, r.category_probability) for r in catalog.rows(engine, ids)
    ]
    assert said == [("perc", "user", None), (None, None, None), ("hat", "sound", 0.9)]
