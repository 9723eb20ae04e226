"""The shape of a sound in numbers: each tells what it is called."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, tone
from vae.auditory_image import BANDS, auditory_image, band_centres, beginning
from vae.sound_shape import (
    MFCC,
    MFCC_STATISTICS,
    SPECTRAL,
    TEMPORAL,
    mfcc_statistics,
    spectral_shape,
    temporal_shape,
)

CENTROID, SPREAD, MOVING, FLATNESS, EARLY, LATE = range(6)


def image_of(sound: Clip) -> NDArray[np.float32]:
    return beginning(auditory_image(sound))


def hiss(envelope: NDArray[np.float64]) -> Clip:
    """Noise with an envelope."""
    rng = np.random.default_rng(1)
    return clip(0.2 * envelope * rng.normal(size=len(envelope)))


def sweep(first: float, last: float, duration: float = 0.6) -> Clip:
    t = seconds(duration)
    return clip(0.5 * np.sin(2 * np.pi * (first * t + (last - first) * t**2 / (2 * duration))))


@pytest.mark.parametrize(
    ("numbers", "count"),
    [
        (spectral_shape, SPECTRAL),
        (mfcc_statistics, MFCC_STATISTICS),
        (temporal_shape, TEMPORAL),
    ],
)
def test_there_are_as_many_as_said_and_a_gain_changes_none(numbers, count: int) -> None:  # type: ignore[no-untyped-def]
    sounds = [pluck(), noise(0.4), tone(100, 0.2), clip([0.5]), noise(3.0)]
    found = np.stack([numbers(image_of(sound)) for sound in sounds])
    assert found.shape == (5, count)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert len(np.unique(found, axis=0)) == 5
    quieter = [Clip((0.125 * s.frames).astype("f4"), RATE_HZ) for s in sounds]
    assert np.array_equal(np.stack([numbers(image_of(s)) for s in quieter]), found)


def test_the_centroid_is_where_the_energy_is() -> None:
    for hz in (200.0, 1500.0, 6000.0):
        shape = spectral_shape(image_of(tone(hz, 0.5)))
        band = np.abs(band_centres() - hz).argmin()
        assert shape[CENTROID] == pytest.approx(band, abs=1.5)


def test_noise_is_flat_and_wide() -> None:
    hum, white = (spectral_shape(image_of(sound)) for sound in (tone(440, 1.0), noise(1.0)))
    assert white[FLATNESS] - hum[FLATNESS] > 2
    assert white[SPREAD] > 3 * hum[SPREAD]
    shares = 10 ** white[6:]
    assert shares.sum() == pytest.approx(1.0, abs=0.01)
    assert (np.diff(shares) > 0).all(), "mel bands widen, and hold more of white noise"


def test_what_moves_is_told_and_where_to() -> None:
    up, down, still = (
        spectral_shape(image_of(s)) for s in (sweep(200, 5000), sweep(5000, 200), tone(2000, 0.6))
    )
    assert min(up[MOVING], down[MOVING]) > 5 * still[MOVING]
    assert up[LATE] - up[EARLY] > 8
    assert down[LATE] - down[EARLY] < -8
    assert still[LATE] == pytest.approx(still[EARLY], abs=0.5)


def test_cepstra_are_of_the_spectrum_and_of_how_it_moves() -> None:
    flat = np.zeros((384, BANDS), np.float32)
    assert mfcc_statistics(flat) == pytest.approx(np.zeros(MFCC_STATISTICS), abs=1e-4)
    ripple = (10 * np.cos(np.pi * 5 * (np.arange(BANDS) + 0.5) / BANDS)).astype("f4")
    steady = mfcc_statistics(np.tile(ripple - 10, (384, 1)))
    assert np.abs(steady[:MFCC]).argmax() == 4, "the fifth, the zeroth being left out"
    assert steady[MFCC:] == pytest.approx(np.zeros(2 * MFCC), abs=1e-3)
    moving = mfcc_statistics(image_of(sweep(200, 5000)))
    still = mfcc_statistics(image_of(tone(2000, 0.6)))
    assert moving[MFCC:].mean() > 2 * still[MFCC:].mean()


def test_loud_instants_count_more() -> None:
    """A hiss far under a hum changes the hum's cepstra less than one as loud."""
    hum = tone(300, 1.0).frames[0]
    fading = np.where(np.arange(len(hum)) < len(hum) // 2, 1.0, 0.0)
    hiss = noise(1.0).frames[0] * (1 - fading)
    alone = mfcc_statistics(image_of(clip(hum * fading)))
    quiet, loud = (
        np.abs(mfcc_statistics(image_of(clip(hum * fading + gain * hiss)))[:MFCC] - alone[:MFCC])
        for gain in (0.003, 1.0)
    )
    assert quiet.mean() < 0.5 * loud.mean()


def test_a_click_comes_before_a_swell() -> None:
    t = seconds(1.0)
    click, swell = (temporal_shape(image_of(hiss(e))) for e in (np.exp(-t / 0.01), t**2))
    assert (click[:4] < swell[:4] - 1).all()
    short, long = (temporal_shape(image_of(hiss(np.exp(-t / tau)))) for tau in (0.02, 0.2))
    assert (short[1:3] < long[1:3]).all(), "half, and 90 %, of the energy"
    assert short[4] < long[4], "above -40 dB"
    assert long[0] <= long[1] <= long[2] <= long[4]


def test_times_are_in_columns() -> None:
    image = np.full((384, BANDS), -80, np.float32)
    image[100:120] = 0.0
    quantiles = np.exp(temporal_shape(image))
    assert quantiles == pytest.approx([102, 110, 118, 101, 120], abs=1.1)
