"""Which dreams are kept: constructed sounds that are broken, copies or far, and a varied choice."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from tests.audio_cases import clip, noise, pluck, seconds, silence, tone
from vae.dream_ranking import Spread, Standing, fault_of, varied
from vae.dream_sound import fault_in, levelled, trimmed


def hum(hz: float, duration: float = 1.0) -> Clip:
    """Mains: three harmonics that go on for ever."""
    t = seconds(duration)
    return clip(0.2 * sum(np.sin(2 * np.pi * hz * n * t) / n for n in (1, 2, 3)))


def bass(hz: float) -> Clip:
    """A low note that fades."""
    t = seconds(0.8)
    return clip(0.8 * np.sin(2 * np.pi * hz * t) * np.exp(-t / 0.3))


BROKEN = {
    "silent": [silence(0.5), clip(1e-4 * noise(0.5).frames)],
    "short": [clip(pluck(440.0, 0.02).frames)],
    "constant": [clip(0.3 + pluck(200.0, 0.5).frames)],
    "clipped": [clip((4 * bass(80.0).frames).clip(-1, 1)), clip(tone().frames.clip(-0.3, 0.3))],
    "hum": [hum(50.0), hum(60.0), hum(50.0, 0.6)],
    "noise": [noise(1.0), noise(0.5, seed=3)],
    "broken": [clip(np.full(9000, np.nan))],
}
WHOLE = {
    "pluck": pluck(),
    "low": bass(50.0),
    "lowest": bass(25.0),
    "tone": tone(440.0),
    "hat": clip(noise(0.3).frames[0] * np.exp(-seconds(0.3) / 0.03)),
    "swell": clip(noise(1.0).frames[0] * seconds(1.0)),
    "hiss of a moment": noise(0.1),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_broken_is_found(fault: str) -> None:
    assert [fault_in(each) for each in BROKEN[fault]] == [fault] * len(BROKEN[fault])


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_is_kept(name: str) -> None:
    assert fault_in(WHOLE[name]) is None
    assert fault_in(levelled(trimmed(WHOLE[name]))) is None


def test_silence_around_a_sound_goes_and_ends_do_not_click() -> None:
    lead, tail = np.zeros((1, 9000), np.float32), np.zeros((1, 20000), np.float32)
    sound = Clip(np.concatenate([lead, tone(440.0, 0.5).frames, tail], axis=1), 44_100)
    short = trimmed(sound)
    assert short.duration == pytest.approx(0.5, abs=0.02)
    assert short.frames[0, 0] == 0
    assert short.frames[0, -1] == 0
    # A cut in the middle of a tone fades out.
    cut = trimmed(Clip(tone(440.0, 0.5).frames[:, :20_011], 44_100))
    assert np.abs(np.diff(cut.frames[0])[-3:]).max() < 1e-3
    middle = slice(2_000, 15_000)
    assert np.array_equal(cut.frames[:, middle], tone(440.0, 0.5).frames[:, middle])
    assert trimmed(silence(0.2)).length == 0


def test_every_dream_has_the_same_peak() -> None:
    for each in (pluck(), clip(7 * tone().frames)):
        assert np.abs(levelled(each).frames).max() == pytest.approx(10 ** (-1 / 20), rel=1e-5)


SPREAD = Spread(np.linspace(0.5, 1.5, 100), np.linspace(1.0, 2.0, 100))


def standing(distance: float, third: float) -> Standing:
    return Standing(7, distance, SPREAD.novelty(distance), SPREAD.density(third))


@pytest.mark.parametrize(
    ("distance", "third", "fault"),
    [(0.4, 1.0, "copy"), (0.1, 3.0, "copy"), (0.8, 2.5, "far"), (0.8, 1.9, None), (0.8, 0.9, None)],
)
def test_copies_and_what_is_far_fall(distance: float, third: float, fault: str | None) -> None:
    assert fault_of(standing(distance, third), SPREAD) == fault


def test_novelty_and_density_are_shares_of_the_library() -> None:
    assert standing(0.0, 0.0).novelty == 0
    assert standing(9.0, 0.0).novelty == 1
    assert standing(1.0, 0.0).novelty == pytest.approx(0.5, abs=0.02)
    assert [SPREAD.density(each) for each in (0.5, 1.5, 2.5)] == pytest.approx(
        [1, 0.5, 0], abs=0.02
    )


def test_a_library_full_of_copies_has_a_limit_all_the_same() -> None:
    copied = Spread(np.sort([0.0] * 30 + [1.0] * 70), SPREAD.third)
    assert copied.copy_limit == 0.25


def test_the_chosen_are_varied() -> None:
    rng = np.random.default_rng(0)
    centres = 10 * np.eye(5, 8)
    points = (np.repeat(centres, 20, axis=0) + rng.normal(0, 0.1, (100, 8))).astype(np.float32)
    densities = np.full(100, 0.5)
    densities[3] = 0.9
    chosen, apart = varied(points, densities, 5)
    assert chosen[0] == 3
    assert apart[0] is None
    assert all(each is not None and each > 9 for each in apart[1:3])
    everything, _ = varied(points, densities, 500)
    assert sorted(everything) == list(range(100))
    assert {i // 20 for i in everything[:5]} == {0, 1, 2, 3, 4}
    assert varied(points[:1], [0.2], 4) == ([0], [None])


def test_the_chosen_are_unlike_those_of_before() -> None:
    points = np.array([[0.0], [1.0], [5.0], [9.0]], np.float32)
    before = np.array([[0.0], [8.0]], np.float32)
    chosen, apart = varied(points, [0.9, 0.8, 0.7, 0.6], 3, before)
    assert (chosen[0], apart[0]) == (2, 3.0)
    assert (chosen[1], apart[1]) == (1, 1.0)


def test_the_fringe_is_not_chosen_for_being_far() -> None:
    points = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    points[20:] *= 50
    densities = [0.8] * 20 + [0.1] * 20
    chosen, _ = varied(points, densities, 10)
    assert set(chosen) <= set(range(20))
    more, _ = varied(points, densities, 25)
    assert set(range(20)) <= set(more)
    assert len(more) == 25
