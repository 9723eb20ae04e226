"""How a path from one sound to another goes: evenly, straight, without smeared attacks, in tune.

Nothing here is of the space or the codec: log-mel images and MFCC statistics, the descriptors, and
the pitch tracker of librosa.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.retrieval_rivals import mfcc_statistics
from library.clip import Clip
from library.descriptors import describe
from vae.attributes import ATTRIBUTES
from vae.onset import from_onset
from vae.space_file import house_space
from vae.spectrum import mel_filters, stft

RATE = 44_100
RANGE_DB = 70.0
FOLLOWED = ("brightness", "noisiness", "attack", "decay", "low_end")
IN_TUNE = 0.5
"""Semitones by which a note may lie beyond the ends of the path, or off the straight line."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Path:
    """One path of seven steps or so, its ends included.

    Attributes:
        unevenness: Standard deviation of the steps over their mean, in log-mel images.
        unevenness_mfcc: The same in MFCC statistics.
        detour: Length of the path over the distance of its ends, in log-mel images.
        smear_ms: By how much the attack of a step is longer than that of both ends, at most.
        astray: How far attributes are from the straight line between the ends, in standard
            deviations of the house space, mean over steps and attributes.
        in_tune: Share of the inner steps that have one pitch, between those of the ends; NaN where
            an end has none.
        off_line: By how many semitones the steps that have a pitch are off the straight line.
    """

    unevenness: float
    unevenness_mfcc: float
    detour: float
    smear_ms: float
    astray: float
    in_tune: float
    off_line: float


def snr_db(original: Clip, other: Clip) -> float:
    """Return the signal-to-noise ratio; -inf where lengths, rates or channels differ."""
    if original.frames.shape != other.frames.shape or original.sample_rate != other.sample_rate:
        return -np.inf
    signal = np.square(original.frames.astype(np.float64)).sum()
    noise = np.square((original.frames - other.frames).astype(np.float64)).sum()
    return float(10 * np.log10(signal / max(noise, 1e-20)))


def path_of(clips: Sequence[Clip]) -> Path:
    """Measure a path.

    Args:
        clips: The steps in order, the ends included, evenly spaced as they are meant.
    """
    images = _log_mel([from_onset(clip) for clip in clips])
    steps = np.abs(np.diff(images, axis=0)).mean(axis=(1, 2))
    straight = float(np.abs(images[-1] - images[0]).mean())
    mfcc = np.stack([mfcc_statistics(clip) for clip in clips]).reshape(len(clips), -1)
    mfcc_steps = np.linalg.norm(np.diff(mfcc, axis=0), axis=1)
    described = [describe(clip) for clip in clips]
    attacks = [each.attack or 0.0 for each in described]
    in_tune, off_line = _tuning(_notes(clips))
    return Path(
        unevenness=float(steps.std() / max(float(steps.mean()), 1e-9)),
        unevenness_mfcc=float(mfcc_steps.std() / max(float(mfcc_steps.mean()), 1e-9)),
        detour=float(steps.sum() / max(straight, 1e-9)),
        smear_ms=max(0.0, max(attacks[1:-1]) - max(attacks[0], attacks[-1])),
        astray=_astray([{n: getattr(each, n) for n in FOLLOWED} for each in described]),
        in_tune=in_tune,
        off_line=off_line,
    )


def note_of(clip: Clip) -> float:
    """Return the MIDI note of a sound that has one clear pitch, NaN of another.

    Source:
        Mauch and Dixon, pYIN (2014), as librosa has it; the median over the frames that it is sure
        of, within 30 dB of the loudest, where three quarters of them agree within a semitone.
    """
    import librosa

    mono = clip.at_rate(22_050).mono()[: 22_050 * 2]
    if len(mono) < 2_048 or not mono.any():
        return float("nan")
    hz, voiced, _ = librosa.pyin(mono / np.abs(mono).max(), fmin=32.7, fmax=2093.0, sr=22_050)
    level = librosa.feature.rms(y=mono)[0][: len(hz)]
    sure = voiced & (level >= level.max() * 10 ** (-30 / 20)) & ~np.isnan(hz)
    if sure.sum() < 3 or sure.sum() < 0.3 * (level >= level.max() * 10 ** (-30 / 20)).sum():
        return float("nan")
    notes = 69 + 12 * np.log2(hz[sure] / 440)
    median = float(np.median(notes))
    return median if (np.abs(notes - median) < 1).mean() >= 0.75 else float("nan")


def _notes(clips: Sequence[Clip]) -> Array:
    """Return the note of each clip; NaN throughout where an end has none, as nothing is asked."""
    ends = [note_of(clips[0])]
    ends += [note_of(clips[-1])] if not np.isnan(ends[0]) else ends
    if np.isnan(ends).any():
        return np.full(len(clips), np.nan)
    return np.array([ends[0], *(note_of(clip) for clip in clips[1:-1]), ends[1]])


def _tuning(notes: Array) -> tuple[float, float]:
    """Return the share of inner steps with a note between the ends', and how far off the line."""
    first, last = notes[0], notes[-1]
    if np.isnan(first) or np.isnan(last):
        return float("nan"), float("nan")
    inner = notes[1:-1]
    low, high = min(first, last) - IN_TUNE, max(first, last) + IN_TUNE
    line = np.linspace(first, last, len(notes))[1:-1]
    known = ~np.isnan(inner)
    off = float(np.abs(inner - line)[known].mean()) if known.any() else float("nan")
    return float((known & (inner >= low) & (inner <= high)).mean()), off


def _astray(described: Sequence[dict[str, float | None]]) -> float:
    house = house_space()
    found = []
    for name in FOLLOWED:
        values = [each[name] for each in described]
        if any(value is None for value in values):
            continue
        deviation = float(house.deviation[house.position(name)])
        scaled = np.array([ATTRIBUTES[name].to_scale(value) for value in values]) / deviation
        line = np.linspace(scaled[0], scaled[-1], len(scaled))
        found.append(np.abs(scaled - line)[1:-1].mean())
    return float(np.mean(found)) if found else float("nan")


def _log_mel(clips: Sequence[Clip]) -> Array:
    """Return images of 64 bands by 6 ms, dB over 70 dB under the peak of all, (n, 64, t)."""
    length = max(round(clip.length * RATE / clip.sample_rate) for clip in clips)
    images = []
    for clip in clips:
        mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(RATE).mono()))
        mono = torch.nn.functional.pad(mono, (0, max(0, length - len(mono))))[:length]
        power = mel_filters(64, RATE) @ stft(mono[None], 256)[0].abs().square()
        images.append((10 * torch.log10(power + 1e-12)).numpy())
    stacked = np.stack(images).astype(np.float64)
    floor = stacked.max() - RANGE_DB
    image: Array = np.maximum(stacked, floor) - floor
    return image
