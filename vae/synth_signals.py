"""The sources of a synthesised sound: a note to play, oscillators, damped modes, noises, envelopes.

Every signal is float64 of shape (t,) and of no particular level: `vae.synth.render` sets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

Signal: TypeAlias = NDArray[np.float64]

_TABLE = 16384  # entries of one cycle: read without interpolation, its noise is below -80 dB
_BLOCK = 256
_CHORDS = ((0,), (0, 12), (0, 7), (0, 3, 7), (0, 4, 7), (0, 3, 7, 10), (0, 4, 7, 11), (0, 5, 7))
_LN_1000 = float(np.log(1000.0))  # a decay time is the time of a fall by 60 dB


@dataclass(frozen=True)
class Note:
    """What a voice is asked to play.

    Attributes:
        parameters: The physical parameters of a patch, by name.
        rng: The only source of chance for the sound.
        length: Frames to make.
        rate: Sample rate in Hz.
    """

    parameters: Mapping[str, float]
    rng: np.random.Generator
    length: int
    rate: int

    def __getitem__(self, name: str) -> float:
        return self.parameters[name]

    @cached_property
    def time(self) -> Signal:
        """Seconds since the start, shape (t,)."""
        return np.arange(self.length) / self.rate

    @property
    def hz(self) -> float:
        """The frequency of the parameter `pitch`, a MIDI note number."""
        return float(440.0 * 2.0 ** ((self["pitch"] - 69.0) / 12.0))

    def white(self) -> Signal:
        """Return white noise of unit variance."""
        return self.rng.standard_normal(self.length)

    def struck(self, decay_s: float, attack_s: float = 0.0) -> Signal:
        """Return an envelope that rises in `attack_s` and falls by 60 dB in `decay_s`."""
        after = np.maximum(self.time - attack_s, 0.0)
        envelope: Signal = np.exp(-_LN_1000 * after / decay_s)
        rising = min(round(attack_s * self.rate), self.length)
        if rising > 1:
            envelope[:rising] *= np.sin(0.5 * np.pi * np.arange(rising) / rising) ** 2
        return envelope

    def held(self, attack_s: float, release_s: float) -> Signal:
        """Return an envelope that rises, stays, and has fallen by 60 dB at the end.

        Both times shrink together where the note is shorter than their sum.
        """
        shrink = min(1.0, 0.98 * self.length / self.rate / (attack_s + release_s))
        attack_s, release_s = attack_s * shrink, release_s * shrink
        envelope = np.minimum(1.0, self.time / max(attack_s, 1e-4))
        envelope = np.sin(0.5 * np.pi * envelope) ** 2
        left = self.length / self.rate - self.time
        envelope *= np.exp(-_LN_1000 * np.maximum(0.0, 1.0 - left / release_s) ** 1.5)
        return envelope

    def cycles(self, hz: ArrayLike) -> Signal:
        """Return the running phase, in cycles from a random start, of a frequency in Hz."""
        start = float(self.rng.random())
        steps = np.broadcast_to(np.asarray(hz, dtype=np.float64), (self.length,)) / self.rate
        return start + np.cumsum(steps)

    def wander(self, seconds: float) -> Signal:
        """Return a smooth random curve of about unit deviation that turns every `seconds`."""
        turns = int(self.length / self.rate / seconds) + 4
        points = self.rng.standard_normal(turns)
        place = self.time / seconds
        index = place.astype(np.intp)
        share = 0.5 - 0.5 * np.cos(np.pi * (place - index))
        return points[index] * (1.0 - share) + points[index + 1] * share


def sine(cycles: Signal) -> Signal:
    """Return the sine of a phase in cycles."""
    return np.asarray(np.sin((2.0 * np.pi) * cycles))


def harmonics(shape: str, hz: float, rate: int, width: float = 0.5) -> Signal:
    """Return the amplitudes of the harmonics of a classic wave that fit below Nyquist.

    Args:
        shape: `saw`, `pulse` or `triangle`.
        hz: The highest fundamental that the wave will be played at.
        rate: Sample rate in Hz.
        width: Of the pulse, 0 to 1.
    """
    count = int(np.clip(0.47 * rate / hz, 1, _TABLE // 8))
    order = np.arange(1, count + 1, dtype=np.float64)
    if shape == "saw":
        return 1.0 / order
    if shape == "triangle":
        return np.where(order % 2 == 1, 1.0 / order**2, 0.0)
    return np.asarray(np.sin(np.pi * order * width) / order)


def wavetable(amplitudes: Signal, phases: Signal | None = None) -> Signal:
    """Return one cycle, float64 (16384,), of harmonics with peak 1."""
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    turned = -1j * np.exp(1j * phases) if phases is not None else -1j
    spectrum[1 : 1 + len(amplitudes)] = amplitudes * turned
    table: Signal = fft.irfft(spectrum, _TABLE)
    return table / (float(np.abs(table).max()) + 1e-12)


def play(table: Signal, cycles: Signal) -> Signal:
    """Return a wavetable read at a phase in cycles."""
    return np.asarray(table[(cycles * _TABLE).astype(np.intp) & (_TABLE - 1)])


def ring(
    note: Note, hz: ArrayLike, amplitudes: ArrayLike, decays_s: ArrayLike, struck: bool = False
) -> Signal:
    """Return a sum of damped sines: the modes of a resonating body.

    A damped sine is a power of one complex number, so a sum of m of them over b blocks is one
    product of (b, 2m) and (2m, 256): hundreds of modes cost little more than one.

    Args:
        note: Gives length, rate and the random phases.
        hz: Frequencies, shape (m,); those near or above Nyquist are left out.
        amplitudes: Shape (m,) or a scalar.
        decays_s: Seconds to fall by 60 dB, shape (m,) or a scalar.
        struck: All modes start at phase 0, as after one hit, rather than at a random phase.
    """
    hz, amplitudes, decays_s = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (hz, amplitudes, decays_s))
    )
    fits = (hz > 0.0) & (hz < 0.48 * note.rate)
    turn = 2.0 * np.pi * note.rng.random(len(hz)) * (not struck)
    pole = (-_LN_1000 / decays_s[fits] + 2j * np.pi * hz[fits]) / note.rate
    blocks = -(-note.length // _BLOCK)
    starts = np.exp(np.outer(np.arange(blocks) * _BLOCK, pole))
    starts *= amplitudes[fits] * np.exp(1j * (turn[fits] - 0.5 * np.pi))
    within = np.exp(np.outer(pole, np.arange(_BLOCK)))
    left = np.concatenate((starts.real, -starts.imag), axis=1).astype(np.float32)
    right = np.concatenate((within.real, within.imag), axis=0).astype(np.float32)
    return (left @ right).ravel()[: note.length].astype(np.float64)


def coloured(note: Note, slope_db: float) -> Signal:
    """Return noise of unit variance whose power changes by `slope_db` an octave above 20 Hz."""
    size = fft.next_fast_len(note.length, real=True)
    count = size // 2 + 1
    spectrum = note.rng.standard_normal(count) + 1j * note.rng.standard_normal(count)
    hz = np.maximum(np.arange(count) * (note.rate / size), 20.0)
    spectrum *= (hz / 1000.0) ** (slope_db / 6.0206)
    spectrum[0] = 0.0
    made: Signal = fft.irfft(spectrum, size)[: note.length]
    return made / (float(made.std()) + 1e-12)


def vibrato(note: Note, late_s: float = 0.15) -> Signal:
    """Return a factor of pitch: `vibrato_cents` at `vibrato_hz`, setting in after the attack."""
    depth = note["vibrato_cents"] * np.clip((note.time - late_s) / 0.25, 0.0, 1.0)
    wave = sine(note.cycles(note["vibrato_hz"] * (1.0 + 0.05 * note.wander(0.3))))
    return np.asarray(2.0 ** ((depth * wave + 2.0 * note.wander(0.1)) / 1200.0))


def chord(note: Note) -> Signal:
    """Return the frequencies in Hz of the chord on the pitch."""
    return note.hz * 2.0 ** (np.array(_CHORDS[round(note["chord"])]) / 12.0)
