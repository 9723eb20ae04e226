"""Pieces begin where something begins, and joined again they are the sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, silence, tone
from vae.pieces import joined, pieces_of

HITS_S = (0.1, 0.55, 0.8, 1.4)


def hits() -> Clip:
    frames = np.zeros(2 * RATE_HZ, np.float32)
    for number, at in enumerate(HITS_S):
        hit = pluck(220 * (number + 1), 0.4, 0.05).mono()
        start = round(at * RATE_HZ)
        frames[start : start + len(hit)] += hit
    return clip(frames)


def test_a_piece_begins_with_each_hit() -> None:
    pieces = pieces_of(hits(), longest_s=3.0)
    assert pieces[0].start == 0
    assert all(piece.begins for piece in pieces)
    found = np.array([piece.start for piece in pieces[1:]]) / RATE_HZ
    assert len(found) == len(HITS_S)
    assert np.abs(found - HITS_S).max() < 0.004


@pytest.mark.parametrize("longest_s", [0.1, 0.25, 0.7])
def test_no_piece_is_longer_than_it_may_be(longest_s: float) -> None:
    for sound in (hits(), tone(duration=2.3), noise(1.7, channels=2), silence()):
        pieces = pieces_of(sound, longest_s)
        assert pieces[0].start == pieces[0].join == 0
        assert pieces[-1].end == sound.length
        assert all(a.end == b.start for a, b in pairwise(pieces))
        lengths = [piece.end - piece.start for piece in pieces]
        assert min(lengths) > 0
        assert max(lengths) <= longest_s * RATE_HZ + 1


@pytest.mark.parametrize("sound", [hits(), noise(1.3, channels=2), tone(duration=0.01)])
def test_pieces_that_stay_as_they_are_join_to_the_sound(sound: Clip) -> None:
    pieces = pieces_of(sound, longest_s=0.2)
    parts = [piece.of(sound).frames for piece in pieces]
    assert np.abs(joined(parts, pieces) - sound.frames).max() < 1e-6


def test_a_long_sound_has_the_onsets_of_all_its_parts() -> None:
    frames = np.zeros(40 * RATE_HZ, np.float32)
    hit = pluck(330, 0.3, 0.05).mono()
    for second in (3, 20, 33, 38):
        frames[second * RATE_HZ :][: len(hit)] = hit
    starts = np.array([each.start for each in pieces_of(clip(frames), 60.0)[1:]]) / RATE_HZ
    assert np.abs(starts - [3, 20, 33, 38]).max() < 0.004
