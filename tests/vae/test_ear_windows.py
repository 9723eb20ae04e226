"""Windows of a sound: a half second of a long file is found among others, and where it is."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck
from vae.auditory_image import BANDS, HOP, auditory_image
from vae.ear_windows import STEP_S, WINDOW_DIMS, WINDOW_S, window_features, window_starts
from vae.synth import demo_sounds, render

COLUMNS = round(WINDOW_S * RATE_HZ / HOP)
STEP = round(STEP_S * RATE_HZ / HOP)
FILES, FILE_S = 8, 4.0


@pytest.mark.parametrize("columns", [1, COLUMNS - 1, COLUMNS, COLUMNS + 1, 200, 1000])
def test_windows_cover_a_sound_to_its_end(columns: int) -> None:
    starts = window_starts(columns)
    assert starts[0] == 0
    assert starts[-1] == max(columns - COLUMNS, 0)
    steps = np.diff(starts)
    assert (steps > 0).all()
    assert (steps <= STEP).all()
    assert (steps[:-1] == STEP).all()


def test_one_window_each_quarter_second() -> None:
    for duration in (0.1, 0.5, 3.0):
        image = auditory_image(noise(duration))
        found = window_features(image)
        assert found.shape == (len(window_starts(len(image))), WINDOW_DIMS)
        assert found.dtype == np.float32
    assert len(found) == pytest.approx((3.0 - WINDOW_S) / STEP_S + 1, abs=1)


def test_the_level_of_a_passage_is_not_in_its_window() -> None:
    frames = np.concatenate([noise(1.0).frames, 0.05 * noise(1.0).frames], axis=1)
    found = window_features(auditory_image(clip(frames)))
    assert np.abs(found[0] - found[-1]).max() < 1.0, "and they are 26 dB apart"


def test_the_first_term_is_the_mean_level() -> None:
    image = np.full((COLUMNS, BANDS), -30, np.float32)
    image[0, 0] = 0.0
    found = window_features(image)[0]
    assert found[0] == pytest.approx(-30, abs=0.1)
    assert np.abs(found[1:]).max() < 0.1


@pytest.fixture(scope="module")
def long_files() -> list[Clip]:
    """Files of seconds of one sound after the other, each other sounds."""
    sounds = [render(patch).mono() for _, patch in demo_sounds(80, seed=21)]
    files = []
    for n in range(FILES):
        frames = np.concatenate([s[: RATE_HZ // 2] for s in sounds[n::FILES]])
        files.append(clip(frames[: int(FILE_S * RATE_HZ)]))
    return files


def test_half_a_second_finds_its_file_and_its_place(long_files: list[Clip]) -> None:
    windows = [window_features(auditory_image(each)) for each in long_files]
    owner = np.concatenate([np.full(len(w), n) for n, w in enumerate(windows)])
    place = np.concatenate([np.arange(len(w)) for w in windows]) * STEP_S
    rows = np.concatenate(windows)
    rng = np.random.default_rng(0)
    found, near = [], []
    for n, file in enumerate(long_files):
        for _ in range(4):
            # From between two windows, at another level.
            at = rng.uniform(0, file.duration - WINDOW_S)
            first = int(at * RATE_HZ)
            piece = Clip(0.3 * file.frames[:, first : first + int(WINDOW_S * RATE_HZ)], RATE_HZ)
            if np.abs(piece.frames).max() < 1e-3:
                continue
            query = window_features(auditory_image(piece))[0]
            best = int(np.linalg.norm(rows - query, axis=1).argmin())
            found.append(owner[best] == n)
            near.append(abs(place[best] - at) <= STEP_S)
    assert len(found) > 20
    assert np.mean(found) > 0.85
    assert np.mean(near) > 0.6


def test_a_pluck_is_not_a_hiss() -> None:
    rows = [window_features(auditory_image(s))[0] for s in (pluck(), pluck(445.0), noise(1.0))]
    same, other = (np.linalg.norm(rows[0] - rows[n]) for n in (1, 2))
    assert other > 3 * same
