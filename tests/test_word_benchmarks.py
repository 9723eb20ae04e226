"""The benchmark of words and pairs: precision is right where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.word_measures import Fold
from benchmarks.word_teaching import TEACHING, paired
from benchmarks.words import measured
from vae.ear import BLOCKS

KINDS = np.array(["kick", "tom", "hat"])[np.arange(90) % 3]


@pytest.fixture(scope="module")
def fold() -> Fold:
    """Thirty sounds of each of three kinds, by two makers; each kind varies in its own way."""
    rng = np.random.default_rng(3)
    wholes = 0.1 * rng.standard_normal((90, sum(BLOCKS.values())))
    kind = np.eye(3)[np.arange(90) % 3]
    wholes[:, :3] += 0.9 * kind
    wholes[:, 10:13] += 2.4 * rng.standard_normal((90, 3)) * kind
    makers = np.array(["one", "other"])[np.arange(90) // 3 % 2]
    return Fold(wholes.astype(np.float32), KINDS, makers, makers)


def test_precision_counts_other_sources_only(fold: Fold) -> None:
    everything = np.ones(90, bool)
    kinds = (KINDS[:, None] == np.unique(KINDS)).astype(float)
    assert fold.precision(kinds, everything, everything) == pytest.approx(np.ones(90))
    own = np.c_[10.0 * kinds, fold.sources == "one"]
    assert fold.precision(own, everything, everything) == pytest.approx(np.ones(90))
    wrong = 0.5 + 0.05 * np.random.default_rng(0).standard_normal((90, 5))
    assert 0.2 < fold.by_kind(fold.precision(wrong, everything, everything)) < 0.5


def test_only_who_is_asked_is_counted_and_only_who_may_answers(fold: Fold) -> None:
    asked, offered = KINDS == "kick", KINDS != "kick"
    found = fold.precision(fold.vectors(), asked, offered | asked)
    assert np.array_equal(~np.isnan(found), asked)
    assert np.isnan(fold.precision(fold.vectors(), asked, offered)).all()


@pytest.mark.parametrize(
    ("name", "size", "least"), [("tagged", 16, 0.03), ("pairs", 8, 0.2)], ids=["tagged", "pairs"]
)
def test_what_is_said_is_learned(fold: Fold, name: str, size: int, least: float) -> None:
    row = measured(fold, TEACHING[name], size)
    control = measured(fold, TEACHING[f"control: any {name}"], size)
    assert row is not None
    assert control is not None
    assert row[1] - row[0] > least
    assert row[3] - row[2] > least, "and not of the sounds alone of which it was said"
    assert control[1] - control[0] < least / 2


def test_too_few_sounds_are_not_asked_for(fold: Fold) -> None:
    assert measured(fold, TEACHING["tagged"], 25) is None


def test_pairs_are_of_the_kind_and_of_the_kind_and_another(fold: Fold) -> None:
    _, _, used = paired(fold, "tom", 4, np.random.default_rng(0), apart=False)
    assert set(KINDS[used]) == {"tom"}
    _, _, used = paired(fold, "tom", 4, np.random.default_rng(0), together=False)
    assert set(KINDS[used]) > {"tom"}
