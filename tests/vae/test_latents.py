"""Latents: their form, and the cached one."""

from __future__ import annotations

import numpy as np
import pytest

from vae.latents import Latents


def test_the_cached_form_is_half_precision_and_little_endian() -> None:
    values = np.array([[1.0, -2.5, 0.1], [6.0, 1e-3, 3.3]], np.float32)
    data = Latents(values).to_bytes()
    assert data[:4] == b"\x00\x3c\x00\xc1"
    again = Latents.from_bytes(data, 3)
    assert (again.steps, again.dims) == (2, 3)
    assert again.values.dtype == np.float32
    assert np.array_equal(again.values, values.astype(np.float16).astype(np.float32))


@pytest.mark.parametrize(
    "values", [np.zeros((0, 3), np.float32), np.zeros(3, np.float32), np.zeros((2, 3))]
)
def test_latents_of_another_form_are_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="latents need float32"):
        Latents(values)
