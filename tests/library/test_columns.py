"""One fact of many samples at once: as rows have it, in any order of ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.workspace import Workspace
from library import columns
from library.errors import LibraryError, QueryError
from tests.conftest import MadeLibrary


@pytest.fixture
def ids(library_copy: MadeLibrary) -> np.ndarray:
    """All ids, none in its place, and one that no sample has."""
    with Workspace.open(library_copy.path) as workspace:
        known = workspace.ids()
        workspace.rate(known[:3].tolist(), 4)
        workspace.tag(known[5:9].tolist(), ["dark wood"])
    return np.append(np.random.default_rng(0).permutation(known), known.max() + 7)


@pytest.mark.parametrize("at_once", [4, 50_000])
@pytest.mark.parametrize("name", ["brightness", "pitch", "duration", "rating"])
def test_numbers_are_those_of_the_rows(
    library_copy: MadeLibrary,
    ids: np.ndarray,
    name: str,
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "_AT_ONCE", at_once)
    with Workspace.open(library_copy.path) as workspace:
        found = workspace.values_of(ids, name)
        rows = workspace.rows(ids)
    own = name in ("duration", "rating")
    wanted = [getattr(row, name) if own else row.attributes[name] for row in rows]
    assert found.dtype == np.float32
    expected = [np.nan if value is None else value for value in (*wanted, None)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert np.isfinite(found).any()
    assert np.isnan(found).any()


@pytest.mark.parametrize("name", ["category", "folder"])
def test_words_are_those_of_the_rows(library_copy: MadeLibrary, ids: np.ndarray, name: str) -> None:
    with Workspace.open(library_copy.path) as workspace:
        found = workspace.kinds_of(ids, name)
        rows = workspace.rows(ids)
    assert list(found.words) == sorted(found.words)
    told = [found.words[number] if number >= 0 else None for number in found.numbers.tolist()]
    assert told == [*(getattr(row, name) for row in rows), None]
    assert len(found.words) > 0


def test_a_query_selects(library_copy: MadeLibrary, ids: np.ndarray) -> None:
    with Workspace.open(library_copy.path) as workspace:
        found = workspace.selected(ids, 'tag:"dark wood"')
        tagged = workspace.ids('tag:"dark wood"')
        assert set(ids[found].tolist()) == set(tagged.tolist())
        assert len(tagged) == 4
        with pytest.raises(QueryError):
            workspace.selected(ids, "nosuch:thing")


def test_what_is_not_measured_is_refused(library_copy: MadeLibrary, ids: np.ndarray) -> None:
    with (
        Workspace.open(library_copy.path) as workspace,
        pytest.raises(LibraryError, match="not measured"),
    ):
        workspace.values_of(ids, "colour")


def test_an_empty_map_has_no_facts(tmp_path: Path) -> None:
    none = np.zeros(0, np.int64)
    with Workspace.open(tmp_path / "empty.sqlite") as workspace:
        assert len(workspace.values_of(none, "brightness")) == 0
        assert workspace.kinds_of(none, "folder").words == ()
        assert len(workspace.selected(none, "kick")) == 0
