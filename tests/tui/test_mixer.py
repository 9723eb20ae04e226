"""The mixer frame by frame: gain, loop, region, seeking, and sounds that are still growing."""

from __future__ import annotations

import numpy as np
import pytest

from tui.growing_sound import Sound
from tui.mixer import FADE_MS, RAMP_MS, Manner, Mixer

RATE = 48_000
FADE = round(FADE_MS * RATE / 1000)
RAMP = round(RAMP_MS * RATE / 1000)


def _noise(frames: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (frames, 2)).astype(np.float32)


def _slope(frames: int) -> np.ndarray:
    """Frame n is n of a millionth: every frame tells its place."""
    return np.repeat(np.arange(frames, dtype=np.float32)[:, None] * 1e-6, 2, axis=1)


def _level(frames: int, level: float = 0.5) -> np.ndarray:
    return np.full((frames, 2), level, dtype=np.float32)


def _render(mixer: Mixer, frames: int, buffer: int = 333) -> np.ndarray:
    sizes = [buffer] * (frames // buffer) + [frames % buffer] * (frames % buffer > 0)
    return np.concatenate([mixer.render(size) for size in sizes])


def _largest_step(out: np.ndarray) -> float:
    return float(np.abs(np.diff(out[:, 0])).max())


def test_a_whole_sound_loops_without_a_frame_missing() -> None:
    sound = _noise(1000)
    mixer = Mixer(RATE)
    mixer.play(sound, Manner(loop=True))
    np.testing.assert_array_equal(_render(mixer, 3500), np.tile(sound, (4, 1))[:3500])
    assert mixer.at == 500


def test_a_loop_that_is_turned_off_ends_with_the_sound() -> None:
    sound = _noise(1000)
    mixer = Mixer(RATE)
    mixer.play(sound, Manner(loop=True))
    _render(mixer, 1500)
    mixer.change(Manner())
    out = _render(mixer, 600)
    np.testing.assert_array_equal(out[:500], sound[500:])
    assert not out[500:].any()
    assert mixer.at is None


def test_a_sound_shorter_than_a_fade_does_not_loop() -> None:
    mixer = Mixer(RATE)
    mixer.play(_noise(FADE - 1), Manner(loop=True))
    _render(mixer, FADE)
    assert mixer.at is None


def test_a_region_is_played_from_its_start_to_its_end() -> None:
    mixer = Mixer(RATE)
    sound = _slope(5000)
    mixer.play(sound, Manner(region=(1000, 3000)))
    assert mixer.at == 1000
    out = _render(mixer, 4000)
    np.testing.assert_array_equal(out[FADE:2000], sound[1000 + FADE : 3000])
    assert out[0, 0] == 0.0
    fading = sound[3000 : 3000 + FADE] * np.linspace(1, 0, FADE, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(out[2000 : 2000 + FADE], fading)
    assert not out[2000 + FADE :].any()
    assert mixer.at is None


def test_a_region_loops_without_a_click() -> None:
    mixer = Mixer(RATE)
    time_s = np.arange(RATE) / RATE
    wave = (0.5 * np.cos(2 * np.pi * 100 * time_s)).astype(np.float32)
    mixer.play(np.stack([wave, wave], axis=1), Manner(loop=True, region=(777, 9999)))
    out = _render(mixer, RATE)
    assert _largest_step(out) < 0.02
    period = 9999 - 777
    np.testing.assert_allclose(out[FADE:period], out[FADE + period : 2 * period], atol=1e-6)
    assert mixer.at == 777 + RATE % period


def test_a_change_to_a_region_goes_there_if_it_is_elsewhere() -> None:
    mixer = Mixer(RATE)
    mixer.play(_level(RATE))
    first = _render(mixer, 1000)
    mixer.change(Manner(loop=True, region=(500, 2000)))
    assert mixer.at == 1000
    mixer.change(Manner(loop=True, region=(5000, 9000)))
    assert mixer.at == 5000
    out = _render(mixer, 1000)
    # The level stays: one fades while the other rises.
    np.testing.assert_allclose(out, 0.5, atol=1e-6)
    assert _largest_step(np.concatenate([first, out])) < 1e-6


def test_seeking_goes_on_elsewhere_without_a_click() -> None:
    mixer = Mixer(RATE)
    sound = _slope(20_000)
    mixer.play(sound)
    _render(mixer, 1000)
    mixer.seek(10_000)
    assert mixer.at == 10_000
    out = _render(mixer, 1000)
    np.testing.assert_array_equal(out[FADE:], sound[10_000 + FADE : 11_000])
    assert _largest_step(out) < 2e-4
    mixer.seek(10**9)
    _render(mixer, 10)
    assert mixer.at is None
    mixer.seek(5)
    assert mixer.at is None


def test_gain_is_kept_and_its_changes_are_ramps() -> None:
    mixer = Mixer(RATE)
    mixer.play(_level(RATE), Manner(gain=0.5))
    np.testing.assert_array_equal(_render(mixer, 500), 0.25)
    mixer.change(Manner(gain=1.5))
    out = _render(mixer, 2 * RAMP, buffer=100)
    assert _largest_step(out) < 0.5 / RAMP * 1.01
    np.testing.assert_array_equal(out[RAMP:], 0.75)
    # Turned back on the way: from where it is.
    mixer.change(Manner(gain=0.5))
    _render(mixer, RAMP // 2)
    mixer.change(Manner(gain=1.5))
    out = _render(mixer, 2 * RAMP)
    assert out[0, 0] == pytest.approx(0.5, abs=2e-3)
    np.testing.assert_array_equal(out[RAMP:], 0.75)


def test_the_old_sound_fades_with_its_own_gain() -> None:
    mixer = Mixer(RATE)
    mixer.play(_level(RATE), Manner(gain=0.5))
    _render(mixer, 100)
    mixer.play(_level(RATE, 0.0), Manner(gain=2.0))
    out = _render(mixer, 2 * FADE)
    assert out[0, 0] == 0.25
    assert not out[FADE:].any()


def test_many_changes_in_one_buffer_stay_without_a_click() -> None:
    mixer = Mixer(RATE)
    mixer.play(_level(RATE))
    before = _render(mixer, 1000)
    mixer.seek(7000)
    mixer.seek(9000)
    mixer.stop()
    out = np.concatenate([before, _render(mixer, 1000)])
    assert _largest_step(out) <= 0.5 / (FADE - 1) * 1.01
    assert out[-1, 0] == 0.0


def test_a_growing_sound_waits_in_silence_and_goes_on() -> None:
    whole = _slope(3000)
    sound = Sound(RATE, 3000)
    sound.append(whole[:1000])
    mixer = Mixer(RATE)
    mixer.play(sound)
    out = _render(mixer, 1500)
    np.testing.assert_array_equal(out[:1000], whole[:1000])
    assert _largest_step(out) < 2e-5
    assert not out[1000 + FADE :].any()
    assert mixer.at == 1000
    sound.append(whole[1000:])
    sound.finish()
    out = _render(mixer, 2500)
    np.testing.assert_array_equal(out[FADE:2000], whole[1000 + FADE :])
    assert not out[2000:].any()
    assert mixer.at is None


def test_a_seek_beyond_what_has_grown_waits_for_it() -> None:
    whole = _slope(3000)
    sound = Sound(RATE, 3000)
    sound.append(whole[:1000])
    mixer = Mixer(RATE)
    mixer.play(sound, at=2000)
    assert not _render(mixer, 500).any()
    assert mixer.at == 2000
    sound.append(whole[1000:])
    out = _render(mixer, 500)
    np.testing.assert_array_equal(out[FADE:], whole[2000 + FADE : 2500])


def test_a_sound_that_ends_before_it_was_thought_to_ends_there() -> None:
    sound = Sound(RATE, 5000)
    sound.append(_level(1000))
    mixer = Mixer(RATE)
    mixer.play(sound, Manner(region=(500, 4000)))
    _render(mixer, 700)
    assert mixer.at == 1000
    sound.finish()
    _render(mixer, 10)
    assert mixer.at is None
