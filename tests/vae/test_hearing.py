"""Hearing: what the ear keeps, as it is cached."""

from __future__ import annotations

import numpy as np
import pytest

from vae.hearing import Hearing


def test_the_cached_form_is_read_back() -> None:
    rng = np.random.default_rng(0)
    kept = Hearing(rng.normal(size=211).astype("f4"), rng.normal(0, 3, (5, 24)).astype("f4"))
    whole, windows = kept.to_bytes()
    assert (len(whole), len(windows)) == (2 * 211, 2 * 5 * 24)
    again = Hearing.from_bytes(whole, windows, 24)
    assert again.windows.shape == (5, 24)
    assert again.whole.dtype == again.windows.dtype == np.float32
    # Half precision: eleven bits.
    assert np.allclose(again.whole, kept.whole, rtol=2**-11, atol=1e-7)
    assert np.allclose(again.windows, kept.windows, rtol=2**-11, atol=1e-7)
    assert again.to_bytes() == (whole, windows)


def test_bytes_are_little_endian() -> None:
    one = np.ones(1, np.float32)
    assert Hearing(one, one[None]).to_bytes() == (b"\x00\x3c", b"\x00\x3c")


def test_windows_of_another_width_are_told() -> None:
    with pytest.raises(ValueError, match="reshape"):
        Hearing.from_bytes(b"", bytes(2 * 25), 24)
