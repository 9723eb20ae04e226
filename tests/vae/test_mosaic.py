"""A mosaic's pieces: found where they lie, and as loud over time as what they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, silence
from vae.auditory_image import auditory_image
from vae.loudness_course import LOWERED_DB, RAISED_DB, course_of, following_gain, shaping_needed
from vae.mosaic import best_fit, played, wanted_of


def faded(sound: Clip, db_a_second: float) -> Clip:
    """A sound that falls, or rises, evenly."""
    slope = 10 ** (db_a_second * seconds(sound.duration) / 20)
    return clip(sound.frames * slope)


def level_db(sound: Clip) -> np.ndarray:  # type: ignore[type-arg]
    power = np.square(sound.mono()).reshape(-1, RATE_HZ // 50).mean(axis=1)
    return 10 * np.log10(power + 1e-12)


def test_a_piece_is_found_where_it_lies() -> None:
    source = clip(np.concatenate([noise(0.3).frames, pluck(440, 0.5).frames], axis=1))
    piece = Clip(source.frames[:, round(0.3 * RATE_HZ) :][:, : RATE_HZ // 5], RATE_HZ)
    fit = best_fit(source, 0.0, wanted_of(piece))
    assert fit is not None
    assert fit.frame / RATE_HZ == pytest.approx(0.3, abs=0.02)
    assert fit.lasts == pytest.approx(0.2, abs=0.001)
    assert best_fit(source, 5.0, wanted_of(piece)) is None
    assert best_fit(silence(), 0.0, wanted_of(piece)) is None


def test_what_is_over_before_the_piece_lasts_no_longer() -> None:
    piece = noise(0.4, seed=1)
    source = clip(np.concatenate([noise(0.2, seed=2).frames, silence(0.3).frames], axis=1))
    fit = best_fit(source, 0.0, wanted_of(piece))
    assert fit is not None
    assert fit.lasts < 0.25


def test_of_two_of_a_spectrum_the_one_that_goes_the_same_way_fits_better() -> None:
    wanted = wanted_of(faded(noise(0.3, seed=1), -60))
    falling, rising = (best_fit(faded(noise(0.3, seed=2), way), 0.0, wanted) for way in (-60, 60))
    assert falling is not None
    assert rising is not None
    assert falling.cost < rising.cost


def test_a_piece_is_as_loud_over_time_as_what_it_stands_for() -> None:
    piece = faded(noise(0.4, seed=1), -40)
    made = played(piece, 0, True, noise(0.5, seed=2), 0)
    assert made.frames.shape == piece.frames.shape
    assert np.abs(level_db(made) - level_db(piece))[1:-1].max() < 2.5
    # Without a course to follow it stays as it is.
    steady = noise(0.4, seed=3)
    same = played(steady, 0, True, steady, 0)
    assert np.abs(same.frames - steady.frames).max() < 1e-6


def test_the_gain_stays_within_bounds() -> None:
    has, wanted = faded(noise(0.5, seed=1), -100), faded(noise(0.5, seed=2), 100)
    gain_db = 20 * np.log10(following_gain(has, wanted))
    assert gain_db.max() - gain_db.min() <= LOWERED_DB + RAISED_DB + 1e-3
    assert 20 * np.log10(following_gain(clip(1e-4 * wanted.frames), wanted)).max() <= 18 + 12 + 1e-3
    assert not following_gain(silence(), noise(0.5)).any()


def test_nothing_before_an_onset_is_louder_for_what_comes_after() -> None:
    quiet, loud = 1e-3 * noise(0.02, seed=1).frames, noise(0.3, seed=2).frames
    wanted = clip(np.concatenate([quiet, loud], axis=1))
    lead = quiet.shape[1]
    made = played(wanted, lead, True, noise(0.5, seed=3), lead)
    before = np.square(made.frames[:, :lead]).mean()
    assert 10 * np.log10(before / np.square(made.frames[:, lead:]).mean()) < -30


def test_a_gain_steps_nowhere() -> None:
    """A tone that stands for one that is suddenly quieter has no click in it."""
    steady = clip(0.5 * np.sin(2 * np.pi * 100 * seconds(0.4)))
    half = steady.length // 2
    wanted = clip(np.where(np.arange(steady.length) < half, 1.0, 0.25) * noise(0.4).mono())
    gain = following_gain(steady, wanted, (0, half))
    assert np.abs(np.diff(gain)).max() < 0.05 * gain.max()
    assert gain[half + 200] < 0.5 * gain[half - 200]


def test_a_course_needs_no_bending_to_follow_itself_however_loud() -> None:
    sound = faded(noise(0.4), -50)
    quiet = clip(0.3 * sound.frames)
    courses = [course_of(auditory_image(each), each) for each in (sound, quiet)]
    assert (courses[0] - courses[1]).mean() == pytest.approx(-20 * np.log10(0.3), abs=0.01)
    bent, lacking = shaping_needed(*courses)
    assert bent.max() < 0.01
    assert lacking.max() < 0.01
    bent, lacking = shaping_needed(courses[0], courses[0][:10])
    assert lacking[10:].min() > lacking[:10].max()
