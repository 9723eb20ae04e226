"""What a clip sounds like, in numbers that a producer can search by. NumPy only.

Every descriptor but loudness is unchanged by gain. Multichannel clips are described as
:meth:`Clip.mono` makes them one channel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import attack_and_decay_of, spectrum_of
from library.pitch import pitch_of
from library.roughness import roughness_of

SILENCE_DB = -120.0
"""The loudness of silence, and of all that is below it, in dBFS."""

SECONDS_AT_MOST = 30.0
"""How much of a clip is described, from its start."""

DESCRIPTORS_VERSION = 2
"""Of what is measured and how, tempo and key among it.

A scan describes again what was described by another version.
"""

_LOUDNESS_S = 0.05
_WINDOW_S = 0.046  # 2048 frames at 44.1 kHz
_NOISE_BAND_HZ = (500.0, 8000.0)
_LOW_END_HZ = 150.0


@dataclass(frozen=True, slots=True)
class DescriptorFact:
    """What there is to know about one descriptor.

    Attributes:
        name: The field of :class:`Descriptors`, the column, and the word in a query.
        unit: Its unit, or its range where it has none.
        about: What it says of a sound.
        source: Where the formula comes from.
    """

    name: str
    unit: str
    about: str
    source: str


DESCRIPTORS: tuple[DescriptorFact, ...] = (
    DescriptorFact(
        "brightness",
        "Hz",
        "centre of gravity of the power spectrum, over the whole sound",
        "Peeters, A large set of audio features (2004), 6.1.1, with power as weight",
    ),
    DescriptorFact(
        "loudness",
        "dBFS",
        "root mean square of the loudest 50 ms",
        "RMS over channels and time; a full-scale square wave is 0 dBFS",
    ),
    DescriptorFact(
        "noisiness",
        "0..1",
        "spectral flatness from 500 Hz to 8 kHz: 0 for a tone, about 0.56 for white noise",
        "Gray and Markel (1974); frames within 60 dB of the loudest, weighted by energy",
    ),
    DescriptorFact(
        "attack",
        "ms",
        "time the envelope takes from 10 % to 90 % of its peak",
        "Peeters (2004), 4.2, with fixed thresholds",
    ),
    DescriptorFact(
        "decay",
        "s",
        "time from the peak until the envelope stays 40 dB below it",
        "as reverberation time is read off a decay curve, ISO 3382-1",
    ),
    DescriptorFact(
        "pitch",
        "MIDI note",
        "fundamental frequency over the loud part; nothing where there is no clear one",
        "de Cheveigné and Kawahara, YIN (2002)",
    ),
    DescriptorFact(
        "low_end",
        "0..1",
        "share of the energy below 150 Hz",
        "power spectrum summed over the whole sound",
    ),
    DescriptorFact(
        "width",
        "0..1",
        "share of the energy in the difference between the channels: 0 for mono",
        "side over mid plus side",
    ),
    DescriptorFact(
        "roughness",
        "0..1",
        "share of the energy that dips of the envelopes take, 20 to 150 times a second: 0 for a "
        "tone, about 0.4 for white noise, 0.5 for a tone that beats",
        "Zwicker and Fastl (2007), chapter 11; dips of critical bands, Traunmüller (1990)",
    ),
)
"""Every descriptor, in the order of the fields."""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The descriptors of one clip; None where one is not defined.

    Attributes:
        brightness: Hz, above 0.
        loudness: dBFS, at least -120.
        noisiness: 0 to 1.
        attack: Milliseconds, at least 0.
        decay: Seconds, at least 0.
        pitch: MIDI note number, 69 for 440 Hz, from 21 (27 Hz) to 108 (4.2 kHz).
        low_end: 0 to 1.
        width: 0 to 1.
        roughness: 0 to 1; None for what is shorter than 60 ms.
    """

    brightness: float | None
    loudness: float
    noisiness: float | None
    attack: float | None
    decay: float | None
    pitch: float | None
    low_end: float | None
    width: float | None
    roughness: float | None


def describe(clip: Clip) -> Descriptors:
    """Return the descriptors of a clip.

    Args:
        clip: Audio, finite. Silence, one frame, and no frame at all are allowed.

    Returns:
        The descriptors of its first 30 s; of silence only the loudness, -120 dBFS.
    """
    frames = clip.frames[:, : math.ceil(SECONDS_AT_MOST * clip.sample_rate)]
    peak = float(np.abs(frames).max(initial=0.0))
    if peak == 0.0:
        return _nothing(SILENCE_DB)
    frames = frames / np.float32(peak)  # no descriptor then meets a number too small or large
    power = np.einsum("ct,ct->t", frames, frames) / len(frames)
    loudness = _level_of_power_db(power, clip.sample_rate) + 20.0 * math.log10(peak)
    if loudness <= SILENCE_DB:
        return _nothing(SILENCE_DB)
    mono = Clip(frames, clip.sample_rate).mono()
    signal = np.asarray(mono - mono.mean(), dtype=np.float32)  # nobody hears the constant part
    if float(np.abs(signal).max()) < 1e-4:
        return _nothing(loudness)
    hz, spectra = _power_spectra(signal, clip.sample_rate)
    spectrum = spectra.sum(axis=0, dtype=np.float64)
    total = float(spectrum.sum())
    whole = spectrum_of(signal)
    attack, decay = attack_and_decay_of(whole, clip.sample_rate)
    return Descriptors(
        brightness=float(hz @ spectrum) / total,
        loudness=loudness,
        noisiness=_noisiness(hz, spectra),
        attack=attack,
        decay=decay,
        pitch=pitch_of(signal, clip.sample_rate),
        low_end=float(spectrum[hz < _LOW_END_HZ].sum()) / total,
        width=_width(frames, power),
        roughness=roughness_of(whole, clip.sample_rate),
    )


def _nothing(loudness: float) -> Descriptors:
    return Descriptors(None, loudness, None, None, None, None, None, None, None)


def loudness_db(frames: NDArray[np.float32], sample_rate: int) -> float:
    """Return the loudness alone, as :func:`describe` measures it.

    Args:
        frames: float32, shape (c, t), finite.
        sample_rate: Hz.

    Returns:
        dBFS, at least SILENCE_DB.
    """
    peak = float(np.abs(frames).max(initial=0.0))
    if peak == 0.0:
        return SILENCE_DB
    scaled = frames / np.float32(peak)
    power = np.einsum("ct,ct->t", scaled, scaled) / len(frames)
    return max(_level_of_power_db(power, sample_rate) + 20.0 * math.log10(peak), SILENCE_DB)


def _level_of_power_db(power: NDArray[np.float32], sample_rate: int) -> float:
    """Return the level of the loudest 50 ms; silence follows a clip that is shorter."""
    window = max(1, round(_LOUDNESS_S * sample_rate))
    energy = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    loudest = energy[-1] if len(power) <= window else (energy[window:] - energy[:-window]).max()
    return 10.0 * math.log10(max(float(loudest) / window, 1e-30))


def _power_spectra(
    signal: NDArray[np.float32], sample_rate: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return frequencies (f,) in Hz and power spectra (n, f), the constant bin left out."""
    size = 1 << max(5, round(math.log2(_WINDOW_S * sample_rate)))
    hop = size // 4
    # Half a window of silence on both sides lets a sound that starts at once count fully.
    padded = np.pad(signal, (size // 2, size // 2 + hop))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    # NumPy's own transform of many short rows takes five times as long.
    import scipy.fft

    hann = np.hanning(size + 1)[:-1].astype(np.float32)
    spectra = scipy.fft.rfft(windows * hann, axis=1)[:, 1:]
    power: NDArray[np.float32] = np.square(spectra.real) + np.square(spectra.imag)
    hz = np.arange(1, size // 2 + 1, dtype=np.float64) * (sample_rate / size)
    return hz, power


def _noisiness(hz: NDArray[np.float64], spectra: NDArray[np.float32]) -> float | None:
    """Return the flatness in the noise band, weighted by energy over the loud windows."""
    band = (hz >= _NOISE_BAND_HZ[0]) & (hz <= _NOISE_BAND_HZ[1])
    if int(band.sum()) < 8:
        return None
    energy = spectra.sum(axis=1)
    loud = energy > energy.max() * 1e-6
    inside = spectra[loud][:, band]
    mean = inside.mean(axis=1)
    heard = mean > 0.0
    if not heard.any():
        return None
    inside, mean, weight = inside[heard], mean[heard], energy[loud][heard]
    floor = mean[:, None] * np.float32(1e-12)
    flatness = np.exp(np.log(inside + floor).mean(axis=1)) / mean
    return float(min(1.0, np.average(flatness, weights=weight)))


def width_of(frames: NDArray[np.float32]) -> float:
    """Return the width alone, as :func:`describe` measures it; 0 for silence.

    Args:
        frames: float32, shape (c, t), finite.
    """
    if not frames.any():
        return 0.0
    scaled = frames / np.abs(frames).max()
    return _width(scaled, np.einsum("ct,ct->t", scaled, scaled) / len(scaled))


def _width(frames: NDArray[np.float32], power: NDArray[np.float32]) -> float:
    """Return the share of the energy that the mean of the channels lacks."""
    if len(frames) == 1:
        return 0.0
    mid = frames.mean(axis=0)
    return max(0.0, 1.0 - float(mid @ mid) / float(power.sum(dtype=np.float64)))
