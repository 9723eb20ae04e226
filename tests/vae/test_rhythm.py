"""Rhythm: the same pattern at another tempo is near, by whatever sounds it is played."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, tone
from vae.auditory_image import auditory_image
from vae.rhythm import LEAST_ONSETS, RHYTHM, onset_strength, onsets, rhythm
from vae.synth import random_patch, render

STEPS = 16
PATTERNS = {
    "four": ("x...x...x...x...", "....x.......x...", "..x...x...x...x."),
    "break": ("x..x......x.....", "....x..x.x..x...", "x.x.x.x.x.x.x.x."),
    "trap": ("x.....x...x.....", "........x.......", "xxx.xxxxx.xxx.xx"),
    "half": ("x.........x.....", "........x.......", "x...x...x...x..."),
    "three": ("x.....x.....x...", "...x.....x.....x", "x..x..x..x..x..x"),
}
"""Kick, snare and hat of one bar."""

TEMPOS = (85, 100, 125, 150)


def kit(seed: int) -> dict[str, NDArray[np.float32]]:
    """Three drums that are nobody else's."""
    rng = np.random.default_rng(seed)
    kinds = ("kick", "snare", "hat")
    return {kind: render(random_patch(rng, kind)).mono()[: RATE_HZ // 2] for kind in kinds}


def loop(pattern: str, tempo: float, seed: int, bars: int = 2) -> Clip:
    """A pattern at a tempo in beats per minute, played by a kit."""
    step = RATE_HZ * 60 / tempo / 4
    frames = np.zeros(int(step * STEPS * bars) + RATE_HZ, np.float32)
    for (kind, drum), row in zip(kit(seed).items(), PATTERNS[pattern], strict=True):
        for i, struck in enumerate(row * bars):
            if struck == "x":
                at = int(step * i)
                frames[at : at + len(drum)] += drum * (0.5 if kind == "hat" else 1.0)
    return clip(frames[: int(step * STEPS * bars)])


@pytest.fixture(scope="module")
def loops() -> list[tuple[str, int, int, NDArray[np.float32]]]:
    """Pattern, tempo, kit and rhythm of forty loops."""
    return [
        (pattern, tempo, seed, rhythm(auditory_image(loop(pattern, tempo, seed))))
        for pattern, tempo, seed in product(PATTERNS, TEMPOS, (1, 2))
    ]


def test_every_loop_has_a_rhythm_of_length_one(
    loops: list[tuple[str, int, int, NDArray[np.float32]]],
) -> None:
    matrix = np.stack([found for *_, found in loops])
    assert matrix.shape == (40, RHYTHM)
    assert matrix.dtype == np.float32
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(np.ones(40), abs=1e-5)


def test_the_same_pattern_is_nearest_at_another_tempo_with_other_drums(
    loops: list[tuple[str, int, int, NDArray[np.float32]]],
) -> None:
    right = 0
    for pattern, tempo, seed, found in loops:
        others = [each for each in loops if each[1] != tempo and each[2] != seed]
        nearest = min(others, key=lambda each: float(np.linalg.norm(each[3] - found)))
        right += nearest[0] == pattern
    chance = len(loops) / len(PATTERNS)
    assert right >= 3.2 * chance


def test_a_gain_changes_nothing() -> None:
    sound = loop("break", 125, 3)
    quieter = Clip((0.25 * sound.frames).astype("f4"), RATE_HZ)
    assert np.array_equal(rhythm(auditory_image(quieter)), rhythm(auditory_image(sound)))


@pytest.mark.parametrize(
    "sound",
    [
        pluck(duration=2.0),
        tone(440, 3.0),
        noise(2.0),
        clip([0.5]),
        clip(np.zeros(2 * RATE_HZ)),
        clip(loop("four", 125, 1).frames[:, : RATE_HZ * 9 // 10]),
    ],
    ids=["a note", "a hum", "a hiss", "a click", "silence", "under a second"],
)
def test_what_has_no_rhythm_is_at_the_origin(sound: Clip) -> None:
    found = rhythm(auditory_image(sound))
    assert found.shape == (RHYTHM,)
    assert not found.any()


def test_onsets_are_where_sounds_begin() -> None:
    hop_s = 256 / RATE_HZ
    times = [0.0, 0.31, 0.74, 1.2, 1.33]
    frames = np.zeros(2 * RATE_HZ, np.float32)
    burst = noise(0.05).frames[0] * np.exp(-np.arange(2205) / 400)
    for at in times:
        frames[int(at * RATE_HZ) :][: len(burst)] += burst
    strengths = onset_strength(auditory_image(clip(frames)))
    assert strengths.shape[1] == 2
    found = onsets(strengths.sum(axis=1)) * hop_s
    assert found == pytest.approx(times, abs=0.02)
    assert len(found) >= LEAST_ONSETS


def test_a_kick_is_low_and_a_hat_is_high() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(8820) / RATE_HZ
    kick = np.sin(2 * np.pi * 60 * t) * np.exp(-t / 0.05)
    hat = np.diff(rng.normal(size=len(t) + 1)) * np.exp(-t / 0.02)
    frames = np.zeros(RATE_HZ)
    frames[RATE_HZ // 4 :][: len(t)] += kick
    frames[RATE_HZ * 3 // 4 :][: len(t)] += 0.3 * hat
    strengths = onset_strength(auditory_image(clip(frames)))
    first, second = strengths[:100], strengths[100:]
    assert first[:, 0].max() > 1.5 * second[:, 0].max()
    assert second[:, 1].max() > 1.5 * first[:, 1].max()
