"""The measures of variations: makers that know nothing do not pass them, and ours do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.hit_takes import hit_pairs
from benchmarks.hit_variations import _at_random, _monotone, apart, robins_of
from benchmarks.manifest import Labelled
from benchmarks.sound_variations import at_random, constant, drift, rises, spread, twins
from library.clip import Clip
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, write
from vae.level import gained
from vae.played_softer import played
from vae.round_robin import RoundRobin


def burst() -> Clip:
    return audio(noise(0.3).frames * np.exp(-seconds(0.3) / 0.06))


def further(clip: Clip, amount: float, count: int, hold: object) -> list[Clip]:
    """Round robins, which do go further with the amount."""
    del hold
    return [RoundRobin(clip, 0).take(number, amount) for number in range(1, count + 1)]


def test_only_what_goes_further_with_the_amount_rises() -> None:
    clips = [burst(), pluck(220, 0.3)]
    assert rises(spread(clips, further)[0]) == 1.0
    for ignorant in (constant, at_random):
        assert [rises(table) for table in spread(clips, ignorant)] == [0.0, 0.0]


def test_twins_are_found() -> None:
    clip = burst()
    assert twins(clip, constant(clip, 1.0, 4, ()))[0] == 0.0
    pair = robins_of(clip, 3)
    assert twins(clip, [*pair, pair[0]])[0] == 0.0
    assert twins(clip, pair)[0] > 0.5


def test_what_a_random_filter_moves_has_drifted() -> None:
    clip = burst()
    assert drift(clip, [clip], "brightness") == 0.0
    assert drift(clip, at_random(clip, 1.0, 3, ()), "brightness") > 0.05


def test_only_layers_are_monotone() -> None:
    clip = burst()
    assert _monotone(clip, played) == (True, True)
    assert _monotone(clip, gained) == (True, False)
    assert not any(_monotone(clip, _at_random))


def test_distances_take_other_lengths() -> None:
    clip = burst()
    assert apart(clip, clip) == 0.0
    assert apart(clip, clip.padded_to(clip.length + 999)) == pytest.approx(0.0, abs=1e-3)
    assert apart(clip, clip.padded_to(clip.length // 4)) > 1.0


def test_takes_and_layers_are_told_by_names_and_levels(tmp_path: Path) -> None:
    def row(name: str, gain: float, seed: int) -> Labelled:
        path = tmp_path / Path(name)
        hit = audio(gain * noise(0.2, seed=seed).frames * np.exp(-seconds(0.2) / 0.05))
        write(path, hit)
        return Labelled(path, "bass", "", "", "")

    rows = [
        row("karoryfer-swagbass/notes__a5_p_rr1.wav", 0.3, 1),
        row("karoryfer-swagbass/notes__a5_p_rr3.wav", 0.3, 2),
        row("karoryfer-swagbass/notes__a5_fff_rr1.wav", 1.0, 3),
        row("hydrogen/GMRockKit__Kick-Soft.wav", 0.3, 4),
        row("hydrogen/GMRockKit__Kick-Hard.wav", 1.0, 5),
        row("sampled/avl-drumkits-1.1__40-Snare-1.wav", 1.0, 6),
        row("sampled/avl-drumkits-1.1__40-Snare-2.wav", 1.0, 6),
        row("x/other.wav", 1.0, 7),
    ]
    takes, layers = hit_pairs(rows)
    assert sorted((pair.kit, pair.learned) for pair in takes) == [
        ("AVL", False),
        ("karoryfer-swagbass", True),
    ]
    assert sorted(pair.kit for pair in layers) == ["GMRockKit", *["karoryfer-swagbass"] * 2]
    assert all(9 < pair.drop_db < 12 for pair in layers)
