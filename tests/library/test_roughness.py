"""Roughness: fluctuations that the ear cannot follow count, attacks and slow ones do not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import describe
from library.envelope import spectrum_of
from library.roughness import BANDS, band_edges, band_envelopes, dips_filled
from tests.audio_cases import click, clip, constant, noise, pluck, seconds, silence, tone


def roughness(sound: Clip) -> float:
    found = describe(sound).roughness
    assert found is not None
    return found


def tones(*hz: float, duration: float = 1.0) -> Clip:
    t = seconds(duration)
    return clip(sum(0.2 * np.sin(2 * np.pi * each * t) for each in hz))


def modulated(hz: float, by_hz: float, depth: float = 1.0, sample_rate: int = 44_100) -> Clip:
    t = seconds(1.0, sample_rate)
    wave = np.sin(2 * np.pi * hz * t) * (1 + depth * np.cos(2 * np.pi * by_hz * t))
    return clip(0.3 * wave, sample_rate)


def decaying(sound: Clip, tau: float) -> Clip:
    return clip(sound.frames * np.exp(-np.arange(sound.length) / sound.sample_rate / tau))


def kick() -> Clip:
    t = seconds(0.5)
    return clip(0.8 * np.sin(2 * np.pi * (50 * t - 3 * np.exp(-t / 0.02))) * np.exp(-t / 0.1))


@pytest.mark.parametrize("hz", [50, 100, 440, 1000, 4000])
def test_a_tone_is_smooth(hz: float) -> None:
    assert roughness(tone(hz)) < 0.01


@pytest.mark.parametrize(
    "sound",
    [kick(), pluck(440), pluck(220, tau=0.05), click(), decaying(tone(1000), 0.02)],
    ids=["kick", "pluck", "short pluck", "click", "tick"],
)
def test_an_attack_alone_is_not_rough(sound: Clip) -> None:
    assert roughness(sound) < 0.03


def test_hits_that_can_be_counted_are_not_rough_and_a_rattle_is() -> None:
    hit = decaying(tone(1000, 0.03), 0.008).frames[0]

    def rattle(a_second: int) -> Clip:
        frames = np.zeros(44_100)
        for start in range(0, 44_100 - len(hit), 44_100 // a_second):
            frames[start : start + len(hit)] += hit
        return clip(frames)

    assert roughness(rattle(8)) < 0.02
    assert roughness(rattle(40)) > 0.4


def test_it_is_most_for_fluctuations_of_some_70_hz() -> None:
    found = [roughness(modulated(1000, hz)) for hz in (4, 10, 70, 200, 300)]
    assert found[2] > 0.4
    assert max(found[0], found[1], found[3], found[4]) < 0.2 * found[2]


def test_it_grows_with_the_depth_of_a_modulation() -> None:
    found = [roughness(modulated(1000, 70, depth)) for depth in (0, 0.1, 0.3, 0.6, 1)]
    assert found == sorted(found)
    assert found[-1] > 3 * found[1] > 0.3


def test_two_tones_beat_where_they_are_near() -> None:
    assert roughness(tones(1000, 1040)) > 0.4
    assert roughness(tones(300, 340)) > 0.4
    assert roughness(tones(1000, 1300)) < 0.01
    assert roughness(tones(1000, 1004)) < 0.05


def test_noise_is_rough_and_a_steadier_one_less() -> None:
    white = noise()
    assert 0.3 < roughness(white) < 0.5
    assert 0.25 < roughness(decaying(white, 0.1)) < 0.5


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 48_000, 96_000, 192_000])
def test_the_sample_rate_changes_next_to_nothing(sample_rate: int) -> None:
    expected = roughness(modulated(1000, 70, 0.5))
    found = roughness(modulated(1000, 70, 0.5, sample_rate))
    assert found == pytest.approx(expected, abs=0.02)


def test_it_is_not_known_of_silence_and_of_what_is_too_short() -> None:
    for sound in (silence(), constant(), tone(1000, 0.05), clip(np.zeros((2, 0)))):
        assert describe(sound).roughness is None
    assert describe(tone(1000, 0.07)).roughness is not None


@pytest.mark.parametrize("sample_rate", [8_000, 44_100, 192_000])
def test_the_bands_share_out_each_bin(sample_rate: int) -> None:
    size = 2 * sample_rate
    edges, rising = band_edges(size, sample_rate)
    assert (np.diff(edges) > 0).all()
    assert len(edges) == BANDS + 2 or edges[-1] == size // 2 + 1
    assert ((rising >= 0) & (rising <= 1)).all()
    for first, centre in itertools.pairwise(edges):
        assert (np.diff(rising[first - 1 : centre - 1]) >= 0).all()


def test_an_envelope_is_that_of_the_sound() -> None:
    sound = modulated(1000, 20, 0.5).frames[0]
    envelopes, rate = band_envelopes(spectrum_of(sound), 44_100)
    loudest = envelopes[np.square(envelopes).sum(axis=1).argmax()]
    at = np.arange(round(0.1 * rate), round(0.9 * rate))
    expected = 1 + 0.5 * np.cos(2 * np.pi * 20 * at / rate)
    assert np.corrcoef(loudest[at], expected)[0, 1] > 0.999


def filled(values: NDArray[np.float64]) -> NDArray[np.float32]:
    return dips_filled(values[None].astype(np.float32), 1000.0)[0]


def test_only_what_lies_between_two_near_peaks_is_filled() -> None:
    t = np.arange(300)
    rise = np.minimum(1, t / 40) * np.exp(-np.maximum(0, t - 40) / 50)
    assert np.allclose(filled(rise), rise)
    dip = np.ones(300)
    dip[100:120] = 0.25
    assert np.allclose(filled(dip), 1)
    gap = np.ones(300)
    gap[100:150] = 0.25
    assert np.allclose(filled(gap), gap)
