"""Words: learned from few carriers, near for sounds like them that do not carry them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vae.words import FEWEST, MOST_WORDS, NO_WORDS, Taught, how_sure, learn_words


@pytest.fixture(scope="module")
def rows() -> NDArray[np.float32]:
    """120 points, every third moved along a direction of its own that is weaker than the noise."""
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((120, 20)).astype(np.float32)
    rows[:, :4] *= 5.0
    rows[::3, 10] += 2.5
    rows[::3, 11] -= 2.5
    return rows


def test_a_word_tells_sounds_like_its_carriers_from_others(rows: NDArray[np.float32]) -> None:
    taught = list(range(0, 60, 3))
    words = learn_words(rows[:60], {"crunchy": taught})
    scores = words.scores(rows[60:])[:, 0]
    like = np.arange(60, 120) % 3 == 0
    right = (scores[like][:, None] > scores[~like]).mean()
    assert right > 0.9
    assert np.abs(scores).max() <= 1.0


def test_carriers_without_anything_in_common_teach_nothing(rows: NDArray[np.float32]) -> None:
    anything = np.random.default_rng(0).permutation(60)[:20].tolist()
    scores = learn_words(rows[:60], {"any": anything}).scores(rows[60:])[:, 0]
    like = np.arange(60, 120) % 3 == 0
    assert 0.3 < (scores[like][:, None] > scores[~like]).mean() < 0.7


def test_the_means_of_carriers_and_others_are_told_apart(rows: NDArray[np.float32]) -> None:
    words = learn_words(rows, {"a": list(range(0, 120, 3))})
    plain = rows @ words.axes[:-1] + words.axes[-1]
    assert plain[::3].mean() == pytest.approx(1.0, abs=1e-3)
    assert np.delete(plain, np.s_[::3]).mean() == pytest.approx(-1.0, abs=1e-3)


def test_what_counts_little_decides_little(rows: NDArray[np.float32]) -> None:
    """A word is learned among points as they are searched; its axes take them as they are heard."""
    carriers = {"a": list(range(0, 120, 3))}
    scales = np.full(20, 1.0)
    scales[10] = 1e-3
    even, uneven = learn_words(rows, carriers), learn_words(rows, carriers, scales)
    share = [abs(w.axes[10, 0] / w.axes[11, 0]) for w in (even, uneven)]
    assert share[0] > 0.5
    assert share[1] < 0.1
    plain = rows @ uneven.axes[:-1] + uneven.axes[-1]
    assert plain[::3].mean() == pytest.approx(1.0, abs=1e-3)
    half = learn_words(rows * 0.5, carriers)
    assert learn_words(rows, carriers, np.full(20, 0.5)).scores(rows) == pytest.approx(
        half.scores((rows * 0.5).astype(np.float32)), abs=1e-4
    )


def test_words_of_too_few_or_of_nearly_all_are_left_out(rows: NDArray[np.float32]) -> None:
    carriers = {
        "few": range(FEWEST - 1),
        "all": range(120),
        "nearly all": range(120 - FEWEST + 1),
        "twice the same": [5] * 40,
        "enough": range(FEWEST),
    }
    assert learn_words(rows, carriers).names == ("enough",)
    assert learn_words(rows, {}) is NO_WORDS
    assert NO_WORDS.scores(rows).shape == (120, 0)


def test_the_most_common_words_are_kept(rows: NDArray[np.float32]) -> None:
    carriers = {f"w{i:02d}": range(FEWEST + i) for i in range(MOST_WORDS + 8)}
    names = learn_words(rows, carriers).names
    assert len(names) == MOST_WORDS
    assert names[0] == "w08"


def examples_of(rows: NDArray[np.float32], count: int, seed: int) -> Taught:
    rng = np.random.default_rng(seed)
    fits = np.arange(len(rows)) % 3 == 0
    yes, no = (rng.permutation(np.flatnonzero(side))[:count] for side in (fits, ~fits))
    return Taught(tuple(yes.tolist()), tuple(no.tolist()))


def area(scores: NDArray[np.float32], fits: NDArray[np.bool_]) -> float:
    return float((scores[fits][:, None] > scores[~fits]).mean())


@pytest.fixture(scope="module")
def plainer(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same, with more of what the word means."""
    plainer = rows.copy()
    plainer[:, :4] /= 5.0
    plainer[::3, 12:16] += 1.0
    return plainer


def test_a_word_is_taught_by_few_examples(plainer: NDArray[np.float32]) -> None:
    fits = np.arange(120) % 3 == 0
    found = []
    for count in (4, 8, 20):
        areas = []
        for seed in range(5):
            taught = examples_of(plainer, count, seed)
            unseen = np.ones(120, bool)
            unseen[[*taught.fitting, *taught.unfitting]] = False
            words = learn_words(plainer, {}, taught={"crunchy": taught})
            assert words.names == ("crunchy",)
            areas.append(area(words.amounts(plainer)[unseen, 0], fits[unseen]))
        found.append(np.mean(areas))
    assert found[0] > 0.75
    assert found == sorted(found)
    assert found[-1] > 0.9


def test_examples_lie_at_one_and_minus_one(plainer: NDArray[np.float32]) -> None:
    taught = examples_of(plainer, 8, 0)
    amounts = learn_words(plainer, {}, taught={"a": taught}).amounts(plainer)[:, 0]
    assert amounts[list(taught.fitting)].mean() == pytest.approx(1.0, abs=1e-3)
    assert amounts[list(taught.unfitting)].mean() == pytest.approx(-1.0, abs=1e-3)


def test_how_sure_a_word_is_agrees_with_unseen_sounds(plainer: NDArray[np.float32]) -> None:
    fits = np.arange(120) % 3 == 0
    taught = examples_of(plainer, 20, 1)
    told, error = how_sure(plainer, taught, np.ones(20))
    unseen = np.ones(120, bool)
    unseen[[*taught.fitting, *taught.unfitting]] = False
    amounts = learn_words(plainer, {}, taught={"a": taught}).amounts(plainer)[:, 0]
    assert told == pytest.approx(area(amounts[unseen], fits[unseen]), abs=3 * error)
    assert 0 < error < 0.1


def test_examples_of_nothing_are_told_by_chance(plainer: NDArray[np.float32]) -> None:
    any_ = np.random.default_rng(5).permutation(120)[:40].tolist()
    told, error = how_sure(plainer, Taught(tuple(any_[:20]), tuple(any_[20:])), np.ones(20))
    assert abs(told - 0.5) < 3 * error + 0.05
    assert error > 0.05


def test_too_few_examples_teach_nothing_and_carriers_are_examples(
    plainer: NDArray[np.float32],
) -> None:
    few = examples_of(plainer, FEWEST - 1, 0)
    assert learn_words(plainer, {}, taught={"a": few}) is NO_WORDS
    taught = examples_of(plainer, 8, 0)
    alone = learn_words(plainer, {}, taught={"a": taught})
    carried = {"a": list(range(60, 120, 3))}
    both = learn_words(plainer, carried, taught={"a": taught})
    assert both.names == ("a",)
    assert not np.allclose(both.axes, alone.axes)
    assert (
        both.amounts(plainer)[carried["a"], 0].mean()
        > alone.amounts(plainer)[carried["a"], 0].mean()
    )
