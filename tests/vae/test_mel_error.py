"""The smoothed log-mel error: what it counts, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vae.mel_error import mel_error_db, smoothed_mel_db
from vae.spectrum import mel_filters, stft

FILTERS = mel_filters(64, 44_100)


def noise(seed: int, length: int = 44_100) -> torch.Tensor:
    rng = np.random.default_rng(seed)
    return stft(torch.from_numpy(rng.normal(0, 0.1, (1, length)).astype(np.float32)), 256).abs()[0]


def test_nothing_is_no_error() -> None:
    assert mel_error_db(noise(0), noise(0), FILTERS).item() == 0


@pytest.mark.parametrize("gain_db", [-6.0, 3.0, 12.0])
def test_a_gain_is_an_error_of_its_decibels(gain_db: float) -> None:
    other = noise(0) * 10 ** (gain_db / 20)
    assert mel_error_db(noise(0), other, FILTERS).item() == pytest.approx(abs(gain_db), abs=0.01)


def test_the_level_of_both_does_not_matter() -> None:
    plain = mel_error_db(noise(0), noise(1), FILTERS).item()
    quiet = mel_error_db(noise(0) * 0.01, noise(1) * 0.01, FILTERS).item()
    assert quiet == pytest.approx(plain, rel=1e-2)


def test_two_noises_alike_are_nearly_alike() -> None:
    errors = [mel_error_db(noise(i), noise(i + 50), FILTERS).item() for i in range(5)]
    assert np.mean(errors) == pytest.approx(1.9, abs=0.3)


def test_what_is_too_faint_to_hear_does_not_count() -> None:
    loud = torch.zeros(FILTERS.shape[1], 40)
    loud[100] = 1.0
    faint = loud.clone()
    faint[300:] = 1e-5
    assert mel_error_db(loud, faint, FILTERS).item() == 0
    heard = loud.clone()
    heard[300:] = 1e-2
    assert mel_error_db(loud, heard, FILTERS).item() > 5


def test_four_columns_are_one_and_every_sound_has_its_own_error() -> None:
    both = torch.stack([noise(0, 256 * 8), noise(1, 256 * 8)])
    assert smoothed_mel_db(both, FILTERS).shape == (2, 64, 3)
    errors = mel_error_db(both, torch.stack([both[0], 2 * both[1]]), FILTERS)
    assert errors[0] == 0
    assert errors[1].item() == pytest.approx(6.02, abs=0.05)
