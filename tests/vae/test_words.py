"""Words: learned from few carriers, near for sounds like them that do not carry them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vae.words import FEWEST, MOST_WORDS, NO_WORDS, learn_words


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
