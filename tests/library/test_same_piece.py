"""A piece is found where it is in a sound, and in no other sound."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.same_piece import RATE_HZ, SECONDS_AT_MOST, Match, find_piece, prepared
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, tone

RATE = 44_100


def sound(seed: int, seconds: float = 4.0) -> Clip:
    """Noise under a line that wanders."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.uniform(0.05, 0.5, 40), round(seconds * RATE / 40))
    return audio((rng.normal(size=len(level)) * level).astype("f4"))


def cut(clip: Clip, start: float, seconds: float) -> Clip:
    first = round(start * clip.sample_rate)
    frames = clip.frames[:, first : first + round(seconds * clip.sample_rate)]
    return Clip(np.ascontiguousarray(frames), clip.sample_rate)


def fit(piece: Clip, whole: Clip) -> Match:
    return find_piece(prepared(piece), prepared(whole))


CHANGES = {
    "as it is": lambda c: c,
    "20 dB quieter": lambda c: Clip(c.frames * np.float32(0.1), c.sample_rate),
    "upside down": lambda c: Clip(-c.frames, c.sample_rate),
    "22.05 kHz": lambda c: c.at_rate(22_050),
    "48 kHz": lambda c: c.at_rate(48_000),
    "stereo": lambda c: c.with_channels(2),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("start", [0.0, 0.70003, 2.5, 3.5])
def test_a_piece_is_found_at_its_place(name: str, start: float) -> None:
    whole = sound(1)
    match = fit(CHANGES[name](cut(whole, start, 0.5)), whole)
    assert match.correlation > 0.98
    assert match.start == pytest.approx(start, abs=1e-4)


def test_other_audio_of_the_same_spectrum_does_not_fit() -> None:
    piece = cut(sound(1), 1.0, 0.5)
    assert fit(piece, sound(2)).correlation < 0.3
    # The place of a piece, other noise in it.
    assert fit(cut(sound(2), 1.0, 0.5), sound(1)).correlation < 0.3


def test_a_quiet_piece_is_found_beside_loud_sound() -> None:
    frames = sound(1).frames.copy()
    frames[:, : RATE * 2] *= 30
    whole = Clip(frames, RATE)
    match = fit(cut(whole, 3.0, 0.4), whole)
    assert match.correlation > 0.98
    assert match.start == pytest.approx(3.0, abs=1e-4)


def test_a_piece_that_is_not_quite_the_same_fits_less() -> None:
    whole = sound(1)
    piece = cut(whole, 1.0, 0.5)
    found = []
    for share in (0.0, 0.2, 0.5, 1.0):
        other = cut(sound(3), 1.0, 0.5).frames
        scale = share * np.sqrt(np.square(piece.frames).mean() / np.square(other).mean())
        found.append(fit(Clip((piece.frames + scale * other).astype("f4"), RATE), whole))
    correlations = [match.correlation for match in found]
    assert correlations == sorted(correlations, reverse=True)
    assert correlations[2] == pytest.approx(1 / np.sqrt(1 + 0.5**2), abs=0.05)


def test_a_piece_with_a_longer_tail_fits() -> None:
    whole = sound(1)
    piece = cut(whole, 3.6, 0.4).padded_to(round(0.7 * RATE))
    match = fit(piece, whole)
    assert match.correlation > 0.98
    assert match.start == pytest.approx(3.6, abs=1e-4)


def test_a_piece_longer_than_the_sound_fits_where_they_agree() -> None:
    whole = sound(1)
    match = fit(whole, cut(whole, 0.0, 3.0))
    assert match.start == pytest.approx(0.0, abs=1e-4)
    assert 0.7 < match.correlation < 1


def test_only_the_beginning_of_a_long_piece_is_compared() -> None:
    whole = sound(1, SECONDS_AT_MOST + 4)
    changed = whole.frames.copy()
    changed[:, round((SECONDS_AT_MOST + 0.1) * RATE) :] = 0.0
    assert fit(Clip(changed, RATE), whole).correlation > 0.98


def test_silence_and_nothing_fit_nowhere() -> None:
    nothing = np.zeros(0, np.float32)
    silent = np.zeros(RATE_HZ, np.float32)
    heard = prepared(noise(1.0))
    assert find_piece(silent, heard) == Match(0.0, 0.0)
    assert find_piece(nothing, heard) == Match(0.0, 0.0)
    assert find_piece(heard, nothing) == Match(0.0, 0.0)
    assert find_piece(heard, silent).correlation == 0.0


def test_two_low_notes_are_not_the_same() -> None:
    """They follow nearly the same curve for a while; what is on top of them tells."""
    rng = np.random.default_rng(0)
    low = tone(55.0, 1.0).frames
    one, other = (audio(low + 0.02 * rng.normal(size=low.shape).astype("f4")) for _ in range(2))
    assert fit(one, other).correlation < 0.8 < fit(one, one).correlation
