"""Where the user's sounds lie, and how others are pulled there."""

from __future__ import annotations

import numpy as np
import pytest

from vae.usual import usual_of


def test_sounds_are_pulled_to_where_the_users_lie() -> None:
    rng = np.random.default_rng(0)
    mine = (rng.normal(size=(400, 3)) * [2.0, 0.5, 0.01] + [1.0, -3.0, 5.0]).astype(np.float32)
    usual = usual_of(mine)
    strange = np.array([[5.0, 2.0, -4.0]], np.float32)
    pulled = usual.pulled(strange)[0]
    assert pulled[0] == pytest.approx(4.7, abs=0.15), "they differ in it, so it stays"
    assert -2.0 < pulled[1] < 0.0, "they differ a little"
    assert pulled[2] == pytest.approx(5.0, abs=0.02), "they all have the same"
    assert pulled.dtype == np.float32


def test_the_mean_stays_and_few_sounds_are_enough() -> None:
    usual = usual_of(np.array([[1.0, 2.0], [3.0, 2.0]], np.float32))
    assert usual.pulled(usual.mean[None])[0].tolist() == [2.0, 2.0]
    assert np.isfinite(usual.pulled(np.array([[1e6, -1e6]], np.float32))).all()
