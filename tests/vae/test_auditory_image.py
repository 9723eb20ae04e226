"""The auditory image: the same for the same sound, fair to tones and noises at every pitch."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, silence, tone
from vae import auditory_image as module
from vae.auditory_image import (
    BANDS,
    COLUMNS,
    DEEP_FLOOR_DB,
    FLOOR_DB,
    HOP,
    LOG_COLUMNS,
    auditory_image,
    band_centres,
    beginning,
    log_time,
    log_time_lengths,
)
from vae.onset import from_onset

SPLIT = int(np.searchsorted(band_centres(), 1000.0))


def apart(first: np.ndarray, second: np.ndarray) -> float:
    """Mean difference of two images in dB where either is within 50 dB of the loudest point."""
    n = min(len(first), len(second))
    heard = np.maximum(first[:n], second[:n]) > -50
    return float(np.abs(first[:n] - second[:n])[heard].mean())


def test_a_column_is_each_hop_and_the_loudest_point_is_zero() -> None:
    for sound in (tone(440, 0.3), noise(0.3), pluck(), clip([0.5])):
        image = auditory_image(sound)
        assert image.shape == (1 + sound.length // HOP, BANDS)
        assert image.dtype == np.float32
        assert image.max() == 0.0
        assert image.min() >= DEEP_FLOOR_DB


@pytest.mark.parametrize("nothing", [silence(0.2), clip(np.zeros(0))])
def test_silence_is_the_floor(nothing: Clip) -> None:
    image = auditory_image(nothing)
    assert len(image) >= 1
    assert (image == DEEP_FLOOR_DB).all()


def test_a_tone_is_in_its_band() -> None:
    for hz in (110.0, 440.0, 1760.0, 7040.0):
        loudest = auditory_image(tone(hz, 0.5))[20:40].mean(axis=0).argmax()
        assert abs(loudest - np.abs(band_centres() - hz).argmin()) <= 1


@pytest.mark.parametrize("gain", [2.0**-6, 0.25, 2.0])
def test_a_gain_changes_nothing_at_all(gain: float) -> None:
    sound = pluck()
    louder = Clip((sound.frames * gain).astype("f4"), RATE_HZ)
    assert np.array_equal(auditory_image(louder), auditory_image(sound))


def test_the_same_in_both_channels_is_the_same() -> None:
    sound = pluck()
    both = Clip(np.repeat(sound.frames, 2, axis=0), RATE_HZ)
    assert np.array_equal(auditory_image(both), auditory_image(sound))


def test_silence_before_a_sound_and_half_the_rate_leave_it_nearly_the_same() -> None:
    sound, other = from_onset(pluck()), from_onset(pluck(660.0, tau=0.05))
    image = auditory_image(sound)
    late = Clip(np.pad(pluck().frames, ((0, 0), (12_345, 0))), RATE_HZ)
    assert apart(auditory_image(from_onset(late)), image) < 0.1
    half = from_onset(pluck().at_rate(22_050))
    low = band_centres() < 8000
    assert apart(auditory_image(half)[:, low], image[:, low]) < 1.0
    assert apart(auditory_image(other), image) > 8.0


def test_a_tone_is_as_loud_on_both_sides_of_the_split() -> None:
    """The windows are long below 1 kHz and short above; neither favours its side."""
    t = seconds(1.0)
    found = []
    for hz in np.geomspace(700, 1400, 15):
        power = 10 ** (
            auditory_image(clip(np.sin(2 * np.pi * 200 * t) + np.sin(2 * np.pi * hz * t)))[50:150]
            / 10
        )
        found.append(10 * np.log10(power[:, 10:].sum() / power[:, :10].sum()))
    assert np.ptp(found) < 1.5


def test_white_noise_has_power_in_proportion_to_the_width_of_a_band() -> None:
    power = (10 ** (auditory_image(noise(6.0, seed=3)) / 10)).mean(axis=0)
    level = 10 * np.log10(power / np.gradient(band_centres()))
    assert np.abs(level - level.mean()).max() < 1.0
    assert abs(level[SPLIT - 6 : SPLIT].mean() - level[SPLIT : SPLIT + 6].mean()) < 0.3


def test_low_partials_stay_apart_and_an_attack_stays_sharp() -> None:
    t = seconds(0.5)
    two = auditory_image(clip(sum(np.sin(2 * np.pi * hz * t) for hz in (200, 400))))[20:30]
    at = [int(np.abs(band_centres() - hz).argmin()) for hz in (200, 300, 400)]
    levels = two.mean(axis=0)
    assert min(levels[at[0]], levels[at[2]]) - levels[at[1]] > 20
    frames = np.zeros(RATE_HZ, np.float32)
    frames[RATE_HZ // 2] = 1.0
    high = auditory_image(clip(frames))[:, BANDS - 8 :].max(axis=1)
    # One frame is in the two columns of a short window, not in the eight of a long one.
    assert (high > -60).sum() <= 2


def test_long_files_are_looked_at_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = noise(1.0)
    whole = auditory_image(sound)
    monkeypatch.setattr(module, "_PIECE", 37)
    assert np.allclose(auditory_image(sound), whole, atol=1e-3)


def test_a_beginning_is_always_as_long() -> None:
    for sound in (pluck(duration=0.3), noise(4.0)):
        image = auditory_image(sound)
        start = beginning(image)
        n = min(len(image), COLUMNS)
        assert start.shape == (COLUMNS, BANDS)
        assert (start[n:] == FLOOR_DB).all()
        assert (start.max(), start.min() >= FLOOR_DB) == (0.0, True)
        assert np.allclose(start[:n], np.maximum(image[:n] - image[:n].max(), FLOOR_DB))


def test_a_beginning_is_relative_to_its_own_loudest_point() -> None:
    """What comes after two seconds, however loud, does not make another beginning."""
    quiet = pluck(duration=3.0)
    loud = np.concatenate([quiet.frames, 3 * noise(1.0).frames], axis=1)
    with_end, alone = (beginning(auditory_image(c)) for c in (clip(loud), quiet))
    assert apart(with_end, alone) < 0.1


def test_log_time_columns_are_means() -> None:
    weights = module._log_time_weights()
    assert weights.shape == (LOG_COLUMNS, COLUMNS)
    assert weights.sum(axis=1) == pytest.approx(np.ones(LOG_COLUMNS), abs=1e-5)
    assert (weights >= 0).all()
    centre = weights @ np.arange(COLUMNS)
    assert (np.diff(centre) >= 0).all()
    assert (weights.max(axis=0) > 0).all(), "every column counts somewhere"
    lengths = log_time_lengths()
    assert lengths.sum() == pytest.approx(COLUMNS)
    assert np.diff(np.log(lengths)) == pytest.approx(np.diff(np.log(lengths))[0])
    flat = np.full((2, COLUMNS, BANDS), -20, np.float32)
    assert log_time(flat) == pytest.approx(np.full((2, LOG_COLUMNS, BANDS), -20), abs=1e-3)


def test_a_slower_sound_is_the_same_one_shifted() -> None:
    """Twice as slow is as many columns later wherever it is, once it is past the attack."""
    level = -0.5 * np.arange(COLUMNS, dtype=np.float32)[:, None].repeat(BANDS, axis=1)
    fast = log_time(beginning(level))[:, 0]
    slow = log_time(beginning(level / 2))[:, 0]
    when = np.arange(LOG_COLUMNS)

    def reached(levels: np.ndarray, db: float) -> float:
        return float(np.interp(-db, -levels, when))

    shifts = [reached(slow, db) - reached(fast, db) for db in (-15, -20, -30, -40, -55)]
    assert min(shifts) > 4
    assert np.ptp(shifts) < 1.5
