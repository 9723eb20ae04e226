"""Invented phase: audio whose spectrum is what was asked for."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from library.clip import Clip
from tests.audio_cases import RATE_HZ, click, noise, pluck, tone
from vae import phase
from vae.grain import BANDS, band_of_bins, grain
from vae.house_model import HOP
from vae.mel_error import mel_error_db
from vae.phase import invent_phase
from vae.spectrum import BINS, istft, mel_filters, stft


def spectrum(audio: np.ndarray, hop: int = HOP) -> torch.Tensor:
    return stft(torch.from_numpy(np.ascontiguousarray(audio, np.float32))[None], hop).abs()[0]


def grain_of(audio: np.ndarray) -> float:
    magnitude = spectrum(audio)
    level = 20 * torch.log10(magnitude / magnitude.max() + 1e-4)
    level = level[:, : level.shape[1] // 8 * 8]
    return grain(level[None], band_of_bins(RATE_HZ))[0, 4:, 1:-1].mean().item()


def all_noise(columns: int) -> np.ndarray:
    return np.ones((BANDS, -(-columns // 8)), np.float32)


@pytest.fixture(scope="module")
def target() -> torch.Tensor:
    return spectrum(pluck(330.0, 0.5).mono())


def test_the_spectrum_is_the_one_asked_for(target: torch.Tensor) -> None:
    length = RATE_HZ // 2
    audio = invent_phase(target.numpy(), HOP, length)
    assert audio.shape == (length,)
    assert audio.dtype == np.float32
    chance = torch.polar(target, torch.rand(target.shape, generator=torch.manual_seed(0)) * 6.28)
    chance_audio = istft(chance[None], HOP, length)[0].numpy()

    def lost(found: np.ndarray) -> float:
        return float((spectrum(found) - target).norm() / target.norm())

    assert lost(audio) < 0.05
    assert lost(chance_audio) > 0.5
    assert mel_error_db(target, spectrum(audio), mel_filters(64, RATE_HZ)).item() < 1.5


def test_chance_is_seeded(target: torch.Tensor) -> None:
    hiss = all_noise(target.shape[1])
    for bands in (None, hiss):
        first, again, other = (
            invent_phase(target.numpy(), HOP, 5_000, bands, seed) for seed in (1, 1, 2)
        )
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


def test_louder_is_the_same_sound_louder(target: torch.Tensor) -> None:
    quiet = target.numpy() * 2.0**-16
    found = invent_phase(quiet, HOP, 5_000, all_noise(target.shape[1])) * 2.0**16
    assert np.array_equal(found, invent_phase(target.numpy(), HOP, 5_000, all_noise(87)))


def test_no_grain_is_all_tone(target: torch.Tensor) -> None:
    bands = all_noise(target.shape[1])
    tonal = invent_phase(target.numpy(), HOP, 10_000, 0 * bands)
    alone = invent_phase(target.numpy(), HOP, 10_000)
    assert np.abs(tonal - alone).max() < 1e-3
    assert np.abs(invent_phase(target.numpy(), HOP, 10_000, bands) - alone).max() > 0.03


def test_smooth_magnitudes_become_noise_where_grain_says_so() -> None:
    sound = noise(1.0).mono()
    power = spectrum(sound).square().mean()
    smooth = power.sqrt().expand(BINS, 1 + len(sound) // HOP).contiguous().numpy()
    hiss = invent_phase(smooth, HOP, len(sound), all_noise(smooth.shape[1]))
    assert grain_of(hiss) > 0.9
    assert grain_of(invent_phase(smooth, HOP, len(sound))) < 0.7
    assert abs(20 * np.log10(hiss.std() / sound.std())) < 0.5
    # As even as noise is: no gaps, no bursts.
    blocks = [
        part[1_000:43_000].reshape(-1, 525).std(axis=1) / part.std() for part in (hiss, sound)
    ]
    assert abs(blocks[0].std() - blocks[1].std()) < 0.02


def test_a_click_stays_where_it_is() -> None:
    sound = click(0.2).mono()
    energy = np.square(invent_phase(spectrum(sound).numpy(), HOP, len(sound)))
    near = energy[1000 - 441 : 1000 + 441].sum()
    assert near > 0.95 * energy.sum()


@pytest.mark.parametrize("bands", [None, 1.0])
def test_nothing_is_heard_before_an_attack(bands: float | None) -> None:
    burst = noise(0.3).mono() * (np.arange(13_230) >= 5_000)
    magnitude = spectrum(burst)
    hiss = None if bands is None else all_noise(magnitude.shape[1])
    found = np.square(invent_phase(magnitude.numpy(), HOP, len(burst), hiss))
    before, after = found[4_000:4_900].mean(), found[5_000:7_000].mean()
    assert before < 0.01 * after


def test_long_sounds_have_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    partials = tone(220.0, 1.5).frames + tone(1503.0, 1.5).frames
    hiss = noise(1.5).frames * 0.05
    sound = Clip((partials + hiss).astype(np.float32), RATE_HZ).mono()
    magnitude = spectrum(sound)
    bands = all_noise(magnitude.shape[1])
    bands[:18] = 0
    whole = invent_phase(magnitude.numpy(), HOP, len(sound), bands)
    monkeypatch.setattr(phase, "PART_COLUMNS", 160)
    joined = invent_phase(magnitude.numpy(), HOP, len(sound), bands)
    assert joined.shape == whole.shape

    def worst(audio: np.ndarray) -> float:
        found = spectrum(audio, 128)[:, 8:-8]
        wanted = spectrum(sound, 128)[:, 8:-8]
        return float(((found - wanted).norm(dim=0) / wanted.norm(dim=0)).max())

    assert not np.array_equal(joined, whole)
    assert worst(whole) < worst(joined) < 0.03
    # The noise above the partials is the same noise.
    high = slice(300, 500)
    a, b = spectrum(whole)[high], spectrum(joined)[high]
    assert float((a - b).norm() / a.norm()) < 0.3


@pytest.mark.parametrize("length", [0, 1, 20, 127, 128, 1_025])
def test_any_length(length: int) -> None:
    sound = noise(0.05).mono()[: max(length, 1)]
    magnitude = spectrum(sound).numpy()
    for bands in (None, all_noise(magnitude.shape[1])):
        audio = invent_phase(magnitude, HOP, length, bands)
        assert audio.shape == (length,)
        assert np.isfinite(audio).all()
        assert np.abs(audio).max(initial=0.0) < 10 * np.abs(sound).max()


def test_more_frames_than_columns_hold_the_last() -> None:
    magnitude = np.full((BINS, 4), 0.01, np.float32)
    audio = invent_phase(magnitude, 512, 20_000, all_noise(4), sample_rate=11_025)
    assert audio[-5_000:].std() > 0.5 * audio.std()


def test_silence_stays_silent() -> None:
    empty = np.zeros((BINS, 10), np.float32)
    assert not invent_phase(empty, HOP, 2_000).any()
    assert not invent_phase(empty, HOP, 2_000, all_noise(10)).any()
    half = np.zeros((BINS, 80), np.float32)
    half[:, :20] = 0.01
    audio = invent_phase(half, HOP, 80 * HOP, all_noise(80))
    assert np.abs(audio[30 * HOP :]).max() < 1e-4 * np.abs(audio).max()
