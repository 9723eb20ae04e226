"""What the codec's benchmarks read, and how they measure how far one sound is from another.

Every measure takes an original and what became of it. Both are heard as mono, the first four
seconds of them; only the width is measured on both channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from auraloss.freq import MultiResolutionSTFTLoss  # type: ignore[import-untyped]
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.manifest import SEEN_SOURCES, Labelled, read_manifest, sounds_folder
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from vae.house_codec import SAMPLE_RATE, HouseCodec, from_bytes, house_codec
from vae.mel_error import mel_error_db
from vae.spectrum import mel_filters, stft

SECONDS = 4.0
HOP = 256
BANDS, HIGHEST_HZ = 64, 16_000.0
PITCHED = frozenset({"bass", "instrument", "synth", "voice"})
CONFIDENT_CENTS, CONFIDENT_SNR_DB = 50.0, 30.0
STEREO_WIDTH = 0.02
# The longest window of the multi-resolution distance reaches half its length over both ends.
LEAST_FRAMES = 2048


def unseen(named: Path | None) -> list[Labelled]:
    """Return the labelled sounds of a folder whose sources no weights were trained on."""
    sounds = read_manifest(sounds_folder(named))
    return [sound for sound in sounds if sound.source not in SEEN_SOURCES]


def a_few_of_each(sounds: Sequence[Labelled], each: int) -> list[Labelled]:
    """Return up to `each` sounds of every label, drawn at random but always the same."""
    rng = np.random.default_rng(0)
    chosen: list[Labelled] = []
    for label in sorted({s.label for s in sounds}):
        own = [s for s in sounds if s.label == label]
        chosen += [own[i] for i in rng.permutation(len(own))[:each]]
    return chosen


def sources_of(sounds: Sequence[Labelled]) -> str:
    """Return the sources of sounds by name, for the head of a table."""
    return ", ".join(sorted({s.source for s in sounds}))


def clip_of(sound: Labelled) -> Clip:
    """Return the beginning of a sound with its channels, at the house codec's rate."""
    return decode(sound.path, SECONDS).clip.at_rate(SAMPLE_RATE)


def as_mono(clip: Clip) -> Clip:
    """Return the mean of a clip's channels as a clip."""
    return Clip(np.ascontiguousarray(clip.mono()[None]), clip.sample_rate)


def named_codec(weights: Path | None) -> HouseCodec:
    """Return the house codec, or one read from a file, such as a tuned one."""
    return house_codec() if weights is None else from_bytes(weights.read_bytes())


def spectrum_of(clip: Clip, hop: int = HOP) -> Tensor:
    """Return the magnitudes of a mono clip, shape (BINS, n)."""
    return stft(torch.from_numpy(clip.frames), hop).abs()[0]


@cache
def filters(bands: int, sample_rate: int) -> Tensor:
    """Return mel filters up to 16 kHz, or to what the sample rate holds; (bands, BINS)."""
    return mel_filters(bands, sample_rate, high_hz=min(HIGHEST_HZ, sample_rate / 2))


def magnitude_error_db(clip: Clip, magnitude: NDArray[np.float32], hop: int = HOP) -> float:
    """Return the smoothed log-mel error of magnitudes, in dB.

    Args:
        clip: The original, mono, at the rate of the codec.
        magnitude: float32, shape (BINS, n); columns after the original's last are not compared.
        hop: Frames between the columns.
    """
    wanted = spectrum_of(clip, hop)
    decoded = torch.from_numpy(magnitude[:, : wanted.shape[1]])
    return float(mel_error_db(wanted, decoded, filters(BANDS, clip.sample_rate)))


def audio_error_db(clip: Clip, heard: Clip) -> float:
    """Return the smoothed log-mel error of audio, in dB."""
    return magnitude_error_db(clip, spectrum_of(heard.padded_to(clip.length)).numpy())


@cache
def _distance() -> MultiResolutionSTFTLoss:
    return MultiResolutionSTFTLoss()


def stft_distance(clip: Clip, heard: Clip) -> float:
    """Return the multi-resolution STFT distance of audio; NaN for a silent original.

    Both are scaled as brings the original's peak to full scale.

    Source:
        Yamamoto, Song and Kim (2020), Parallel WaveGAN, as in auraloss: spectral convergence and
        mean absolute difference of natural logarithms, at windows of 240, 600 and 1,200 frames.
    """
    peak = float(np.abs(clip.frames).max(initial=0.0))
    if peak == 0.0:
        return np.nan
    length = max(clip.length, LEAST_FRAMES)
    both = [torch.from_numpy(c.padded_to(length).frames / peak)[None] for c in (clip, heard)]
    with torch.inference_mode():
        return float(_distance()(both[1], both[0]))


def attack_error_ms(clip: Clip, heard: Clip) -> float:
    """Return by how much the attack is longer, or shorter where below 0, in ms; NaN for none."""
    before, after = describe(clip).attack, describe(heard).attack
    return np.nan if before is None or after is None else after - before


def confident_pitch(clip: Clip) -> float | None:
    """Return the pitch of a sound as a MIDI note, or nothing where there is reason to doubt it.

    A pitch is believed that stays within half a semitone where white noise, 30 dB below the sound,
    is added.
    """
    pitch = describe(clip).pitch
    if pitch is None:
        return None
    level = float(np.sqrt(np.square(clip.frames).mean())) * 10 ** (-CONFIDENT_SNR_DB / 20)
    noise = np.random.default_rng(0).normal(0, level, clip.frames.shape).astype(np.float32)
    again = describe(replace(clip, frames=clip.frames + noise)).pitch
    same = again is not None and abs(again - pitch) * 100 <= CONFIDENT_CENTS
    return pitch if same else None


def pitch_error_cents(clip: Clip, heard: Clip) -> float:
    """Return by how much the pitch is higher, in cents.

    Returns:
        Infinity where the pitch of the original is not found any more; NaN where the original has
        none, or none to be sure of.
    """
    before = confident_pitch(clip)
    if before is None:
        return np.nan
    after = describe(heard).pitch
    return np.inf if after is None else 100 * (after - before)


def width_of(clip: Clip) -> float:
    """Return the share of energy in the difference of the channels; 0 for mono and silence."""
    return describe(clip).width or 0.0


def is_stereo(clip: Clip) -> bool:
    """Return whether two channels differ by more than a trace."""
    return clip.channels == 2 and width_of(clip) > STEREO_WIDTH
