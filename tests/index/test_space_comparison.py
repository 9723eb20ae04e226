"""What differs between two spaces, on vectors whose neighbours are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from index import space_comparison
from index.answers import SpaceComparison
from index.search import SearchIndex
from index.space_comparison import compare_spaces
from library.database import reading, writing
from library.errors import UserError
from library.progress import drive
from library.tables import Root, Sample


@pytest.fixture
def ids(engine: Engine) -> NDArray[np.int64]:
    """Forty samples, as rows alone."""
    with writing(engine) as session:
        root = Root(path="/s")
        session.add(root)
        session.flush()
        for n in range(40):
            path = f"/s/{n:02d}.wav"
            named = {"name": path[3:], "folder": "s", "search_text": path[3:]}
            session.add(Sample(root_id=root.id, path=path, size=1, mtime_ns=0, **named))
    with reading(engine) as session:
        return np.array(session.scalars(select(Sample.id).order_by(Sample.id)).all(), np.int64)


def line(ids: NDArray[np.int64], places: NDArray[np.floating]) -> SearchIndex:
    """Samples on a line."""
    return SearchIndex.build(ids, np.asarray(places, np.float32)[:, None])


def compared(
    engine: Engine,
    one: SearchIndex,
    other: SearchIndex,
    k: int = 2,
    scope: NDArray[np.int64] | None = None,
    most: int = 5,
) -> SpaceComparison:
    return drive(compare_spaces(engine, ("one", "other"), (one, other), k, scope, most))


def test_a_space_is_like_itself(engine: Engine, ids: NDArray[np.int64]) -> None:
    space = line(ids, np.arange(40) ** 1.1)
    found = compared(engine, space, space)
    assert (found.spaces, found.k, found.samples, found.compared) == (("one", "other"), 2, 40, 40)
    assert found.kept == 1
    assert found.chance == pytest.approx(2 / 39)
    assert found.moved == ()


def test_what_was_moved_is_told_first(engine: Engine, ids: NDArray[np.int64]) -> None:
    places = np.arange(40) + 0.01 * np.arange(40) ** 2 / 40
    elsewhere = places.copy()
    elsewhere[7] = 30.4  # from among its like to where others are
    found = compared(engine, line(ids, places), line(ids, elsewhere))
    first = found.moved[0]
    assert first.row.id == ids[7]
    assert first.kept == 0
    assert [row.id for row in first.nearest] == [ids[6], ids[30]]
    assert first.nearest[0].name == "06.wav"
    assert [each.kept for each in found.moved] == sorted(each.kept for each in found.moved)
    assert all(each.kept < 1 for each in found.moved)
    # By hand: its own two, and one or two of each that was or is beside it.
    near = {i: set(np.argsort(abs(places - places[i]), kind="stable")[1:3]) for i in range(40)}
    then = {
        i: set(np.argsort(abs(elsewhere - elsewhere[i]), kind="stable")[1:3]) for i in range(40)
    }
    assert found.kept == pytest.approx(np.mean([len(near[i] & then[i]) / 2 for i in range(40)]))


def test_spaces_that_have_nothing_to_do_with_each_other_share_what_chance_gives(
    engine: Engine, ids: NDArray[np.int64]
) -> None:
    rng = np.random.default_rng(0)
    one, other = (
        SearchIndex.build(ids, rng.normal(size=(40, 8)).astype(np.float32)) for _ in range(2)
    )
    found = compared(engine, one, other, k=10)
    assert found.kept == pytest.approx(found.chance, abs=0.06)


def test_only_what_is_asked_for_and_is_in_both_is_looked_at(
    engine: Engine, ids: NDArray[np.int64]
) -> None:
    places = np.arange(40) + 0.001 * np.arange(40) ** 2
    one, other = line(ids[:30], places[:30]), line(ids[10:], places[10:])
    found = compared(engine, one, other, k=3)
    assert (found.samples, found.kept) == (20, 1.0)
    swapped = places.copy()
    swapped[::2] += 1000
    found = compared(engine, line(ids, places), line(ids, swapped), scope=ids[::2])
    assert (found.samples, found.kept) == (20, 1.0)


def test_of_many_samples_a_choice_speaks(
    engine: Engine, ids: NDArray[np.int64], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space_comparison, "MOST_COMPARED", 10)
    rng = np.random.default_rng(1)
    one, other = line(ids, rng.normal(size=40)), line(ids, rng.normal(size=40))
    found = compared(engine, one, other)
    assert (found.samples, found.compared) == (40, 10)
    assert found == compared(engine, one, other)


def test_copies_do_not_crowd_a_sample_out(engine: Engine, ids: NDArray[np.int64]) -> None:
    same = line(ids, np.zeros(40))
    found = compared(engine, same, same, k=3)
    assert found.kept == 1


def test_of_samples_that_kept_as_few_one_with_another_nearest_comes_first(
    engine: Engine, ids: NDArray[np.int64]
) -> None:
    # Pairs that are far apart; the last two pairs have come between each other's.
    places = np.repeat(100.0 * np.arange(20), 2) + np.tile([0, 1], 20)
    elsewhere = places.copy()
    elsewhere[36:] = [3800.0, 3810.0, 3801.0, 3811.0]
    found = compared(engine, line(ids, places), line(ids, elsewhere), most=40)
    nearest = [one.id == other.id for one, other in (each.nearest for each in found.moved)]
    kept = [each.kept for each in found.moved]
    assert len(set(zip(kept, nearest, strict=True))) > 1
    assert list(zip(kept, nearest, strict=True)) == sorted(zip(kept, nearest, strict=True))


def test_few_samples_have_fewer_neighbours(engine: Engine, ids: NDArray[np.int64]) -> None:
    one = line(ids[:5], np.arange(5))
    assert compared(engine, one, one, k=10).k == 4
    with pytest.raises(UserError, match="needs 3 samples that are in both spaces, and there are 2"):
        compared(engine, one, one, scope=ids[:2])
    with pytest.raises(UserError, match="-k 0 asks for nothing"):
        compared(engine, one, one, k=0)
    with pytest.raises(UserError, match="-n 0 asks for nothing"):
        compared(engine, one, one, most=0)
