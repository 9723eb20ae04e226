"""Temperature scaling: what is too sure becomes as sure as it is right."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vae.calibration import fit_temperature, tempered


@pytest.fixture
def honest() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Probabilities, and truths drawn from them."""
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(6, 0.7), size=8_000).astype(np.float32)
    truth = np.array([rng.choice(6, p=row / row.sum()) for row in probabilities.astype(float)])
    return probabilities, truth


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_what_made_a_head_too_sure_is_found_and_undone(honest, temperature: float) -> None:
    probabilities, truth = honest
    distorted = tempered(probabilities, 1 / temperature)
    found = fit_temperature(distorted, truth)
    assert found == pytest.approx(temperature, rel=0.06)
    assert np.allclose(tempered(distorted, found), probabilities, atol=0.03)


def test_a_temperature_changes_no_order_and_one_changes_nothing(honest) -> None:
    probabilities, _ = honest
    assert (tempered(probabilities, 3.0).argmax(axis=1) == probabilities.argmax(axis=1)).all()
    assert np.allclose(tempered(probabilities, 1.0), probabilities, atol=1e-6)
    assert np.allclose(tempered(probabilities, 3.0).sum(axis=1), 1, atol=1e-5)


def test_sounds_may_count_differently(honest) -> None:
    probabilities, truth = honest
    always_wrong = (probabilities.argmax(axis=1) + 1) % 6
    both = np.concatenate([probabilities, probabilities])
    truths = np.concatenate([truth, always_wrong])
    first = np.repeat([1.0, 0.0], len(truth))
    assert fit_temperature(both, truths, first) == pytest.approx(1, rel=0.06)
    assert fit_temperature(both, truths) > 1.5


def test_a_head_that_gives_the_truth_nothing_has_a_temperature() -> None:
    wrong = np.tile(np.array([[1.0, 0.0]], np.float32), (5, 1))
    assert np.isfinite(fit_temperature(wrong, np.ones(5, np.int64)))
    with pytest.raises(ValueError, match="no sound"):
        fit_temperature(wrong[:0], np.zeros(0, np.int64))
