"""What a synthesised sound goes through: filters, saturation, a small room, and its last polish."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft
from scipy.signal import sosfilt

from vae.synth_signals import Note, Signal, coloured

_BLOCK = 256


def biquad(shape: str, hz: ArrayLike, rate: int, q: ArrayLike = 0.7071) -> NDArray[np.float64]:
    """Return second-order sections, shape (m, 6), one for each of m cut-off frequencies.

    Args:
        shape: `low`, `high` or `band` (unit gain at the centre).
        hz: Cut-off or centre in Hz; kept within 10 Hz and 0.47 of the sample rate.
        rate: Sample rate in Hz.
        q: Quality; 0.7071 is flat, above it rings.

    Source:
        Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients.
    """
    hz, q = np.broadcast_arrays(np.atleast_1d(np.asarray(hz, dtype=np.float64)), q)
    omega = 2.0 * np.pi * np.clip(hz, 10.0, 0.47 * rate) / rate
    cosine, alpha = np.cos(omega), np.sin(omega) / (2.0 * q)
    sections = np.empty((len(omega), 6))
    if shape == "low":
        sections[:, 1] = 1.0 - cosine
        sections[:, 0] = sections[:, 2] = 0.5 * sections[:, 1]
    elif shape == "high":
        sections[:, 1] = -(1.0 + cosine)
        sections[:, 0] = sections[:, 2] = -0.5 * sections[:, 1]
    else:
        sections[:, 0], sections[:, 1], sections[:, 2] = alpha, 0.0, -alpha
    sections[:, 3], sections[:, 4], sections[:, 5] = 1.0 + alpha, -2.0 * cosine, 1.0 - alpha
    return sections / sections[:, 3:4]


def filtered(
    shape: str, signal: Signal, hz: float, rate: int, q: float = 0.7071, times: int = 1
) -> Signal:
    """Return a signal through a fixed `biquad`, `times` in a row."""
    out: Signal = sosfilt(np.repeat(biquad(shape, hz, rate, q), times, axis=0), signal)
    return out


def swept(signal: Signal, hz: Signal, rate: int, q: float = 0.7071, shape: str = "low") -> Signal:
    """Return a signal through a filter whose cut-off moves.

    Args:
        signal: Shape (t,).
        hz: Cut-off at every frame, shape (t,); read once every 256 frames.
        rate: Sample rate in Hz.
        q: Quality of the filter.
        shape: As in `biquad`.
    """
    sections = biquad(shape, hz[::_BLOCK], rate, q)
    out = np.empty_like(signal)
    state = np.zeros((1, 2))
    for index, start in enumerate(range(0, len(signal), _BLOCK)):
        block = slice(start, start + _BLOCK)
        out[block], state = sosfilt(sections[index : index + 1], signal[block], zi=state)
    return out


def rolled_off(hz: ArrayLike, cutoff_hz: float, order: float = 2.0) -> Signal:
    """Return the gain of a Butterworth low-pass at frequencies, for the amplitudes of partials."""
    ratio = np.asarray(hz, dtype=np.float64) / cutoff_hz
    return np.asarray(1.0 / np.sqrt(1.0 + ratio ** (2.0 * order)))


def saturated(signal: Signal, drive: float) -> Signal:
    """Return a signal bent as by an overdriven stage.

    Args:
        signal: Shape (t,), any level.
        drive: 0 leaves it as it is, 1 squares it off. Some even harmonics come with it.
    """
    peak = float(np.abs(signal).max(initial=0.0))
    if drive <= 0.0 or peak == 0.0:
        return signal
    gain = (1.0 + 24.0 * drive**2) / peak
    bias = 0.15 * drive
    return np.asarray(np.tanh(gain * signal + bias) - np.tanh(bias))


def crushed(signal: Signal, crush: float, rate: int) -> Signal:
    """Return a signal as an early sampler holds it: few bits, few frames a second.

    Args:
        signal: Shape (t,), any level.
        crush: 0 leaves it as it is; 1 is 4 bits at 3 kHz.
        rate: Sample rate in Hz.
    """
    peak = float(np.abs(signal).max(initial=0.0))
    if crush <= 0.0 or peak == 0.0:
        return signal
    levels = 2.0 ** (11.0 - 8.0 * crush) / peak
    hold = max(1.0, rate / (24000.0 * 0.125**crush))
    held = signal[(np.floor(np.arange(len(signal)) / hold) * hold).astype(np.intp)]
    return np.asarray(np.round(held * levels) / levels)


def in_room(signal: Signal, rng: np.random.Generator, rate: int, wet: float) -> Signal:
    """Return a signal in a small room: a few early reflections, then a tail of decaying noise.

    Args:
        signal: Shape (t,); the result has the same length.
        rng: Chooses the room: 0.1 to 0.7 s long, dull or bright.
        rate: Sample rate in Hz.
        wet: Energy of the room relative to the direct sound, 0 to 1.
    """
    if wet <= 0.0:
        return signal
    seconds = float(rng.uniform(0.1, 0.7))
    length = min(len(signal), int(seconds * rate))
    answer = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / (seconds * rate))
    answer = filtered("low", answer, float(rng.uniform(2500.0, 12000.0)), rate)
    answer[: min(length, int(rng.uniform(0.003, 0.015) * rate))] *= 0.1
    places = rng.integers(0, max(1, min(length, int(0.04 * rate))), size=6)
    np.add.at(answer, places, rng.uniform(-3.0, 3.0, size=6))
    answer *= np.sqrt(wet) / (np.sqrt(np.square(answer).sum()) + 1e-12)
    size = fft.next_fast_len(len(signal) + length, real=True)
    reflected: Signal = fft.irfft(fft.rfft(signal, size) * fft.rfft(answer, size), size)
    return signal + reflected[: len(signal)]


def with_breath(note: Note, tone: Signal, envelope: Signal) -> Signal:
    """Mix noise under the envelope into a tone: all tone at `noise` 0, mostly noise at 1."""
    noise = note["noise"]
    tone = tone / (np.sqrt(np.square(tone).mean()) + 1e-9)
    if noise <= 0.0:
        return tone
    cutoff = max(1500.0, 1.5 * note["brightness_hz"])
    breath = filtered("low", coloured(note, -1.5), cutoff, note.rate) * envelope
    breath /= np.sqrt(np.square(breath).mean()) + 1e-9
    return (1.0 - 0.8 * noise) * tone + noise * breath


def finished(signal: Signal, rate: int, level_db: float) -> NDArray[np.float32]:
    """Return a signal without DC, faded to zero at the end, with its peak at a level.

    Args:
        signal: Shape (t,), t >= 1.
        rate: Sample rate in Hz.
        level_db: Peak in dBFS, at most 0.

    Returns:
        float32, shape (t,); the last frame is exactly 0.
    """
    out = filtered("high", signal, 18.0, rate)
    rise = min(len(out), max(2, int(0.0003 * rate)))
    out[:rise] *= np.linspace(0.0, 1.0, rise)
    fall = max(1, min(len(out) // 4, int(0.04 * rate)))
    out[-fall:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(1, fall + 1) / fall)) ** 2
    gain = 10.0 ** (level_db / 20.0) / max(float(np.abs(out).max()), 1e-9)
    return np.asarray(gain * out, dtype=np.float32)
