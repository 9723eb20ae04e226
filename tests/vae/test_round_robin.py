"""Round robins: near the hit, never twins, as loud on the whole, and the same for the same seed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.descriptors import describe, loudness_db
from tests.audio_cases import click, constant, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from vae.mel_error import mel_error_db
from vae.noise_again import with_other_noise
from vae.round_robin import HOP, LEVEL_DB, RATE, RoundRobin
from vae.spectrum import BINS, mel_filters, stft


def snare(seed: int = 0, channels: int = 1, rate: int = RATE) -> Clip:
    """A burst of noise over a low note."""
    t = seconds(0.4, rate)
    bursts = np.random.default_rng(seed).normal(0, 0.2, (channels, len(t))) * np.exp(-t / 0.06)
    return audio(bursts + 0.3 * np.sin(2 * np.pi * 190 * t) * np.exp(-t / 0.1), rate)


def spectrum(clip: Clip) -> torch.Tensor:
    mono = np.ascontiguousarray(clip.at_rate(RATE).mono()[: RATE // 4])
    return stft(torch.from_numpy(mono)[None], 256)[0].abs()


def apart(one: Clip, other: Clip) -> float:
    """Return the log-mel distance of two clips over their first quarter second, dB."""
    return float(mel_error_db(spectrum(one), spectrum(other), mel_filters(64, RATE)))


@pytest.mark.parametrize("hit", [snare(), pluck(220), pluck(880, tau=0.05)])
def test_takes_are_near_the_hit_and_no_twins(hit: Clip) -> None:
    robin = RoundRobin(hit, 0)
    takes = [robin.take(number) for number in range(1, 7)]
    from_hit = [apart(hit, take) for take in takes]
    between = [apart(*pair) for pair in combinations(takes, 2)]
    assert max(from_hit) < 0.6 * apart(hit, noise(0.5))
    assert min(between) > 0.3 * np.median(between)
    assert min(from_hit) > 0.3 * np.median(between)
    assert 0.5 < np.median(between) / np.median(from_hit) < 2


@pytest.mark.parametrize("hit", [snare(), pluck(220)])
def test_more_amount_goes_further(hit: Clip) -> None:
    robin = RoundRobin(hit, 1)
    reach = [np.mean([apart(hit, robin.take(n, amount)) for n in (1, 2, 3)]) for amount in
             (0.25, 0.5, 1.0, 2.0)]  # fmt: skip
    assert reach == sorted(reach)
    assert reach[0] < 0.5 * reach[-1]
    assert robin.take(1, 0.0) is hit


def test_levels_differ_as_they_say() -> None:
    hit = snare()
    own = loudness_db(hit.frames, hit.sample_rate)
    robin = RoundRobin(hit, 3)
    steps = [loudness_db(robin.take(n).frames, RATE) - own for n in range(1, 25)]
    assert 0.4 * LEVEL_DB < np.std(steps) < 1.6 * LEVEL_DB
    assert np.abs(steps).max() < 5 * LEVEL_DB


def test_a_note_stays_the_note() -> None:
    hit = pluck(220)
    for number in range(1, 5):
        pitch = describe(RoundRobin(hit, 0).take(number)).pitch
        assert pitch is not None
        assert abs(pitch - describe(hit).pitch) < 0.2  # type: ignore[operator]


def test_chance_is_seeded() -> None:
    hit = snare()
    one, same = RoundRobin(hit, 5).take(2), RoundRobin(hit, 5).take(2)
    assert np.array_equal(one.frames, same.frames)
    assert not np.array_equal(one.frames, RoundRobin(hit, 6).take(2).frames)


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("rate", [22_050, 48_000, 96_000])
def test_rate_and_channels_are_kept(rate: int, channels: int) -> None:
    hit = snare(channels=channels, rate=rate)
    take = RoundRobin(hit, 0).take(1)
    assert (take.sample_rate, take.channels) == (rate, channels)
    assert abs(take.length - hit.length) < 0.005 * hit.length
    assert np.isfinite(take.frames).all()


@pytest.mark.parametrize(
    "odd", [silence(), constant(), click(), audio([0.5]), Clip(np.zeros((1, 0), np.float32), RATE)]
)
def test_odd_sounds_are_taken(odd: Clip) -> None:
    take = RoundRobin(odd, 0).take(1)
    assert take.channels == odd.channels
    assert np.isfinite(take.frames).all()


def shares(clip: Clip, value: float) -> torch.Tensor:
    return torch.full((BINS, 1 + clip.length // HOP), value)


@pytest.mark.parametrize("channels", [1, 2])
def test_other_noise_is_as_loud_and_another(channels: int) -> None:
    given = noise(1.0, channels=channels)
    made = with_other_noise(given, shares(given, 1.0), RATE, HOP, [1])
    inner = slice(2000, -2000)
    assert np.std(made.frames[:, inner]) == pytest.approx(0.1, rel=0.06)
    alike = np.corrcoef(given.frames[0, inner], made.frames[0, inner])[0, 1]
    assert abs(alike) < 0.05


def test_other_noise_lies_where_it_lay_between_the_channels() -> None:
    mono = noise(1.0).frames
    given = Clip(np.concatenate([mono, 0.5 * mono]), RATE)
    made = with_other_noise(given, shares(given, 1.0), RATE, HOP, [1]).frames
    assert np.corrcoef(made)[0, 1] > 0.98
    assert np.std(made[1]) / np.std(made[0]) == pytest.approx(0.5, rel=0.05)
    wide = with_other_noise(noise(1.0, channels=2), shares(given, 1.0), RATE, HOP, [1]).frames
    assert abs(np.corrcoef(wide)[0, 1]) < 0.1


def test_without_a_share_nothing_changes() -> None:
    given = tone()
    assert with_other_noise(given, shares(given, 0.0), RATE, HOP, [1]) is given


def test_the_strokes_of_a_clap_stay_apart() -> None:
    t = seconds(0.4)
    strokes = sum(np.where(t >= at, np.exp(-(t - at) / 0.006), 0.0) for at in (0.0, 0.05, 0.1))
    hit = audio(noise(0.4).frames * strokes)
    for number in range(1, 4):
        take = RoundRobin(hit, 0).take(number).mono()
        for at in (0.05, 0.1):
            before, after = (
                np.square(take[round((at + a) * RATE) : round((at + b) * RATE)]).mean()
                for a, b in ((-0.006, -0.001), (0.0, 0.008))
            )
            assert 10 * np.log10(after / before) > 25
