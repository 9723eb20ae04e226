"""Splices: exact in time to a frame, exact in every sample that nothing touches, and no clicks."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.errors import UserError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, seconds, tone
from vae.splice import MOST_VALUES, Timing, splice


def hit(hz: float, duration: float = 0.2, rate: int = 44_100) -> Clip:
    """A sound that begins and ends at nothing."""
    t = seconds(duration, rate)
    shape = np.sin(np.pi * t / duration) ** 2
    return audio(0.4 * np.sin(2 * np.pi * hz * t) * shape, rate)


def abrupt(duration: float = 0.2, channels: int = 1) -> Clip:
    """A low cosine, cut off at its height at both ends."""
    wave = 0.5 * np.cos(2 * np.pi * 50 * seconds(duration))
    return audio(np.stack([wave] * channels))


def test_one_after_another_loses_nothing() -> None:
    sounds = [hit(200), hit(300, 0.1), hit(500, 0.05)]
    joined, starts = splice(sounds, Timing())
    lengths = [sound.length for sound in sounds]
    assert starts == (0, lengths[0], lengths[0] + lengths[1])
    assert np.array_equal(joined.frames, np.concatenate([s.frames for s in sounds], axis=1))


@pytest.mark.parametrize("gap", [0.1, 0.0333, 1.0])
def test_a_gap_is_silence_of_that_length(gap: float) -> None:
    first, second = hit(200), hit(300)
    joined, starts = splice([first, second], Timing(gap=gap))
    assert starts[1] == first.length + round(gap * 44_100)
    assert not joined.frames[:, first.length : starts[1]].any()
    assert np.array_equal(joined.frames[:, starts[1] :], second.frames)
    assert np.array_equal(joined.frames[:, : first.length], first.frames)


@pytest.mark.parametrize(("bpm", "beats"), [(120, 1), (127.3, 0.25), (93, 1.5), (174, 1 / 3)])
@pytest.mark.parametrize("rate", [44_100, 48_000, 22_050])
def test_at_a_tempo_every_sound_begins_on_its_frame(bpm: float, beats: float, rate: int) -> None:
    click = Clip(np.float32([[0.0, 0.7, 0.0]]), rate)
    joined, starts = splice([click] * 40, Timing(bpm=bpm, beats=beats))
    wanted = [round(n * beats * 60 / bpm * rate) for n in range(40)]
    assert list(starts) == wanted
    # The one loud frame of each is the second one.
    assert np.flatnonzero(joined.frames[0]).tolist() == [at + 1 for at in wanted]


def test_tails_sound_on_under_the_next_and_all_else_is_exact() -> None:
    long, short = hit(200, 0.8), hit(400, 0.1)
    joined, starts = splice([long, short, short], Timing(bpm=120, beats=1))
    assert starts == (0, 22_050, 44_100)
    expected = np.zeros((1, 44_100 + short.length), np.float32)
    expected[:, : long.length] += long.frames
    for start in starts[1:]:
        expected[:, start : start + short.length] += short.frames
    assert np.array_equal(joined.frames, expected)


def test_cut_sounds_end_where_the_next_begins() -> None:
    long, short = hit(200, 0.8), hit(400, 0.1)
    joined, starts = splice([long, short], Timing(bpm=120, beats=1, cut=True))
    fade = round(0.002 * 44_100)
    assert np.array_equal(joined.frames[:, : starts[1]], long.frames[:, : starts[1]])
    after = joined.frames[:, starts[1] + fade :]
    assert np.array_equal(after, short.frames[:, fade:])
    whole, _ = splice([long, short], Timing(bpm=120, beats=1))
    assert joined.length < whole.length


def largest_step(clip: Clip) -> float:
    return float(np.abs(np.diff(clip.frames, axis=1)).max())


@pytest.mark.parametrize(
    "timing",
    [
        Timing(),
        Timing(gap=0.05),
        Timing(bpm=240, beats=1),
        Timing(bpm=600, beats=1, cut=True),
        Timing(bpm=600, beats=1),
        Timing(fade_ms=10),
        Timing(bpm=600, beats=1, cut=True, fade_ms=30),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_no_join_clicks(timing: Timing, channels: int) -> None:
    sound = abrupt(channels=channels)
    joined, starts = splice([sound] * 4, timing)
    # Beginning and end of the whole are those of the sounds, as they are.
    fade = round((timing.fade_ms or 2.0) * 44_100 / 1000)
    own = largest_step(sound)
    # A quarter turn over the fade goes by at most this much from frame to frame, for two sounds
    # or, where a tail sounds on, three at a time.
    steepest = 3 * (own + 0.5 * np.pi / 2 / fade)
    assert largest_step(joined) < steepest < 0.1
    assert len(starts) == 4


def test_without_fades_it_would_click() -> None:
    joined, _ = splice([abrupt()] * 2, Timing(gap=0.05, fade_ms=0))
    assert largest_step(joined) > 0.4


def test_a_fade_over_is_of_equal_power() -> None:
    first, second = noise(0.5, seed=1), noise(0.5, seed=2)
    joined, starts = splice([first, second], Timing(fade_ms=200))
    over = round(0.2 * 44_100)
    assert starts[1] == first.length - over
    assert joined.length == first.length + second.length - over
    power = np.square(joined.frames).mean()
    middle = np.square(joined.frames[:, starts[1] : first.length]).mean()
    assert middle == pytest.approx(power, rel=0.05)
    assert np.array_equal(joined.frames[:, : starts[1]], first.frames[:, :-over])
    assert np.array_equal(joined.frames[:, first.length :], second.frames[:, over:])


def test_an_attack_that_begins_at_nothing_stays() -> None:
    drum = hit(100, 0.01)
    joined, starts = splice([abrupt(), drum], Timing(gap=0.1))
    assert np.array_equal(joined.frames[:, starts[1] :], drum.frames)


def test_rates_and_channels_are_matched_upward() -> None:
    stereo = Clip(np.stack([tone(300, 0.1).frames[0], noise(0.1).frames[0]]), 48_000)
    joined, starts = splice([hit(200, 0.2, 22_050), stereo, hit(400)], Timing())
    assert (joined.sample_rate, joined.channels) == (48_000, 2)
    assert starts[1] == pytest.approx(0.2 * 48_000, abs=2)


def test_the_originals_stay_as_they_are() -> None:
    sounds = [abrupt(), noise(0.2)]
    before = [sound.frames.copy() for sound in sounds]
    splice(sounds, Timing(fade_ms=50))
    assert all(np.array_equal(a, b.frames) for a, b in zip(before, sounds, strict=True))


def test_sounds_of_a_frame_and_silent_ones_are_joined() -> None:
    one = audio([0.5])
    silent = audio(np.zeros(10))
    joined, _ = splice([one, silent, one], Timing(fade_ms=5))
    assert np.array_equal(joined.frames, [[0.5, *[0] * 10, 0.5]])


NAN = float("nan")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"gap": -1}, "a gap of -1 s cannot be"),
        ({"gap": NAN}, "a gap of nan s cannot be"),
        ({"gap": 1e9}, "cannot be: choose 0 to 600"),
        ({"bpm": 120}, "needs --bpm and --beats"),
        ({"beats": 1}, "needs --bpm and --beats"),
        ({"bpm": 120, "beats": 1, "gap": 1}, "exclude each other"),
        ({"bpm": 0, "beats": 1}, "0 beats a minute cannot be"),
        ({"bpm": NAN, "beats": 1}, "nan beats a minute cannot be"),
        ({"bpm": 120, "beats": 0}, "0 beats cannot be"),
        ({"bpm": 120, "beats": NAN}, "nan beats cannot be"),
        ({"cut": True}, "nothing is cut: add --bpm"),
        ({"fade_ms": -1}, "a fade of -1 ms cannot be"),
        ({"fade_ms": NAN}, "a fade of nan ms cannot be"),
    ],
)
def test_a_timing_that_cannot_be_is_told(wrong: dict[str, float], told: str) -> None:
    with pytest.raises(UserError, match=told):
        Timing(**wrong)  # type: ignore[arg-type]


def test_what_would_be_too_long_is_told_before_it_is_made() -> None:
    high = Clip(np.zeros((1, 10), np.float32), 768_000)
    with pytest.raises(UserError, match=f"the {MOST_VALUES / 768_000:.0f} s a file can have"):
        splice([high, hit(100)], Timing(gap=600))
    with pytest.raises(UserError, match="without audio"):
        splice([hit(100), Clip(np.zeros((1, 0), np.float32), 44_100)], Timing())
