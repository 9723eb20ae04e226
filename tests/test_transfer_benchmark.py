"""The benchmark of transfer: what keeps everything is told to, and what keeps nothing is not."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import transfer as transfer_benchmark
from benchmarks.transfer import envelope_kept, figures, levels, roughest_step
from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, silence, tone


def beats() -> Clip:
    """Four bursts of noise."""
    gate = np.tile(np.exp(-seconds(0.25) / 0.05), 4)
    return clip(noise(1.0, seed=1).mono() * gate)


INPUTS = (beats(), pluck(220.0, 0.8, 0.2), pluck(523.25, 0.6, 0.1))


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tracker that reads the strongest frequency, where one stands out."""

    def strongest(sound: Clip) -> float:
        power = np.square(np.abs(np.fft.rfft(sound.mono())))
        if power.max(initial=0.0) < 0.05 * power.sum() or not power.any():
            return float("nan")
        hz = power.argmax() * sound.sample_rate / sound.length
        return float(69 + 12 * np.log2(max(hz, 1.0) / 440))

    monkeypatch.setattr(transfer_benchmark, "note_of", strongest)


def cells(made: list[Clip]) -> tuple[float, float, str]:
    """The envelope, the share in tune, and of how many, as a line of the table says them."""
    _, envelope, share, _, of, *_ = figures(INPUTS, made, 1.0).split()
    return float(envelope), float(share), of


def test_the_same_again_keeps_everything(notes: None) -> None:
    assert cells(list(INPUTS)) == (1.0, 1.0, "2")
    quieter = [clip(0.1 * each.frames) for each in INPUTS]
    assert cells(quieter) == (1.0, 1.0, "2")


def test_noise_keeps_neither(notes: None) -> None:
    envelope, share, _ = cells([noise(each.duration, seed=5) for each in INPUTS])
    assert envelope < 0.3
    assert share == 0


def test_what_is_the_same_whatever_goes_in_keeps_neither(notes: None) -> None:
    swell = clip(tone(330.0, 1.0).mono() * seconds(1.0))
    made = [Clip(swell.frames[:, : each.length], RATE_HZ) for each in INPUTS]
    envelope, share, _ = cells(made)
    assert envelope < 0.1
    assert share == 0


def test_an_octave_is_not_in_tune_and_a_few_cents_are(notes: None) -> None:
    octaves = [beats(), pluck(440.0, 0.8, 0.2), pluck(1046.5, 0.6, 0.1)]
    assert cells(octaves)[1] == 0
    near = [beats(), pluck(223.0, 0.8, 0.2), pluck(530.0, 0.6, 0.1)]
    assert cells(near)[1] == 1


def test_the_envelope_of_silence_is_not_kept() -> None:
    assert not envelope_kept(beats(), silence(1.0)) > 0.1
    assert envelope_kept(beats(), clip(np.roll(beats().mono(), RATE_HZ // 8))) < 0.5
    assert np.isnan(envelope_kept(tone(duration=0.02), tone(duration=0.02)))


def test_another_sound_with_the_same_envelope_keeps_it() -> None:
    gate = np.tile(np.exp(-seconds(0.25) / 0.05), 4)
    assert envelope_kept(beats(), clip(noise(1.0, seed=9).mono() * gate)) > 0.97


def test_levels_are_of_ten_milliseconds() -> None:
    found = levels(tone(1000.0, 0.105))
    assert len(found) == 10
    assert found == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.1)


def test_a_click_is_a_rougher_step() -> None:
    clicked = tone(100.0).frames.copy()
    clicked[:, 22_050:] *= -1
    clicked[:, 22_050:] += 0.4
    assert roughest_step(clip(clicked)) > 10 * roughest_step(tone(100.0))
    quiet = clip(0.01 * tone(100.0).frames)
    assert roughest_step(quiet) == pytest.approx(roughest_step(tone(100.0)), rel=1e-4)
