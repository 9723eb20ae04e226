"""A sound made rougher or smoother: the dips of its critical bands' envelopes deepened or filled.

Each band gets a gain that depends on how deep it dips at each instant, and on nothing slower. So
an attack, which is no dip, stays sharp, phases stay, and each band keeps its energy. How far that
moves the measured roughness depends on the sound, so it is found by halving an interval. A tone has
no dips to deepen: where they do not suffice the sound is modulated as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import spectrum_of
from library.roughness import band_edges, band_envelopes, dips_filled, roughness_of
from vae.attributes import ATTRIBUTES

_CLOSE = 0.05  # on the scale of `vae.attributes`
_HALVINGS = 7
_PASSES = 6
_DEEPEST, _FULLEST = 2.0, -1.5
_LEAST_DEPTH, _MOST_GAIN = 0.003, 10.0
_HELPS = 0.1
_COME = 0.7
# The roughest is 70 Hz on high tones, and less on low ones; a short sound has no time for less.
_MODULATIONS_HZ = (40.0, 55.0, 70.0)
_SLOW_S = 0.2
_SEARCHED_S = 10.0

Gains = NDArray[np.float32]


def measured_roughness(clip: Clip) -> float | None:
    """Return the roughness of the first 10 s of a clip, as `library.descriptors` measures it."""
    return _measured(_signal(clip, _SEARCHED_S), clip.sample_rate)


def with_roughness(clip: Clip, roughness: float) -> Clip:
    """Return a clip whose roughness is as near to a value as its dips can bring it.

    Each filling leaves shallower dips, as the bands are filtered anew, so there are several.

    Args:
        clip: Not empty.
        roughness: As `library.descriptors` measures it, 0 to 1.

    Source:
        A noise whose dips are filled is the low-noise noise of Pumplin (1985), made as Kohlrausch
        et al. (1997) make it. Modulation that is heard as roughness: Zwicker and Fastl,
        Psychoacoustics (2007), chapter 11.
    """
    now = measured_roughness(clip)
    for _ in range(_PASSES):
        if now is None or abs(_steps(now, roughness)) < _CLOSE:
            break
        shaped = _shaped(clip, now, roughness)
        after = measured_roughness(shaped)
        if after is None or abs(_steps(after, roughness)) > abs(_steps(now, roughness)):
            break
        clip, now = shaped, after
    return clip


def _shaped(clip: Clip, now: float, wanted: float) -> Clip:
    """Return a clip after one pass, from the roughness that it has towards the one wanted."""
    bands = _bands_of(_signal(clip, _SEARCHED_S), clip.sample_rate)

    def reached(gains: Gains) -> float:
        found = _measured(bands.gained(gains), clip.sample_rate)
        return 0.0 if found is None else found

    power, depth, hz = _DEEPEST if wanted > now else _FULLEST, 0.0, 0.0
    most = reached(bands.gains(power))
    if (most > wanted) == (wanted > now):
        power = _halved(lambda at: reached(bands.gains(at)), wanted, power, wanted > now)
    elif wanted > now:
        if _steps(now, most) < _HELPS * _steps(now, wanted):
            power = 0.0
        modulated, hz = max((reached(bands.gains(power, 1.0, hz)), hz) for hz in _MODULATIONS_HZ)
        if modulated > most:
            depth = _halved(lambda at: reached(bands.gains(power, at, hz)), wanted, 1.0, True)
    longer = clip.length > len(bands.signal)
    whole = _bands_of(_signal(clip), clip.sample_rate) if longer else bands
    gains = whole.gains(power, depth, hz)
    frames = [whole.gained_channel(channel, gains) for channel in clip.frames]
    return Clip(np.stack(frames), clip.sample_rate)


@dataclass(frozen=True, slots=True, eq=False)
class _Bands:
    """A signal in critical bands.

    Attributes:
        signal: float32, shape (t,).
        sample_rate: Hz.
        envelopes: float32, shape (bands, n).
        depths: What is left of them in their dips, 1 outside, of the same shape.
        rate: Hz, of the two.
        rows: The bands as signals, float32, shape (bands, t); empty until needed.
    """

    signal: NDArray[np.float32]
    sample_rate: int
    envelopes: NDArray[np.float32]
    depths: NDArray[np.float32]
    rate: float
    rows: list[NDArray[np.float32]]

    def gains(self, power: float, depth: float = 0.0, hz: float = 0.0) -> Gains:
        """Return gains that raise dips to a power, and modulate; each band keeps its energy.

        Args:
            power: Above 0 deepens, below 0 fills.
            depth: Of the modulation, 0 to 1.
            hz: Of the modulation.
        """
        gains = np.minimum(self.depths ** np.float32(power), np.float32(_MOST_GAIN))
        if depth:
            # Its first crest is where the attack comes, which so stays as sharp as it is.
            loudness = self.envelopes.sum(axis=0)
            begun = int(np.argmax(loudness >= _COME * loudness.max()))
            since = (np.arange(gains.shape[1]) - begun) / self.rate
            wave = np.cos(2 * np.pi * hz * since)
            gains = gains * (1 - depth * (0.5 - 0.5 * wave)).astype(np.float32)
        energy = np.square(self.envelopes)
        before, after = (_slow(each, self.rate) for each in (energy, energy * np.square(gains)))
        least = np.float32(1e-12) * max(float(energy.max(initial=0.0)), 1e-20)
        kept: Gains = gains * np.sqrt((before + least) / (after + least))
        return kept

    def gained(self, gains: Gains) -> NDArray[np.float32]:
        """Return the signal with gains, float32, shape (t,)."""
        if not self.rows:
            self.rows.extend(_band_signals(self.signal, self.sample_rate))
        return self._summed(self.signal, self.rows, gains)

    def gained_channel(self, channel: NDArray[np.float32], gains: Gains) -> NDArray[np.float32]:
        """Return a channel of the same sound with gains, float32, shape (t,)."""
        constant = channel.mean()
        signal = channel - constant
        return self._summed(signal, _band_signals(signal, self.sample_rate), gains) + constant

    def _summed(
        self, signal: NDArray[np.float32], rows: Iterable[NDArray[np.float32]], gains: Gains
    ) -> NDArray[np.float32]:
        """Return the sum of bands with gains, each of the energy that it had.

        What is in no band goes with the highest one. A gain that changes within a period leaves a
        constant part, which would be measured as a sound that never ends; it is taken out again
        where the sound is.
        """
        at = np.arange(len(signal)) * (self.rate / self.sample_rate)
        columns = np.arange(gains.shape[1])
        total, rest = np.zeros_like(signal), signal.copy()
        over_time = np.ones_like(signal)
        for row, gain in zip(rows, gains, strict=True):
            over_time = np.interp(at, columns, gain).astype(np.float32)
            louder = over_time * row
            # The envelopes are too smooth to tell the energy of a band of pulses.
            before, after = (float(np.einsum("t,t->", each, each)) for each in (row, louder))
            if after > 0.0:
                over_time *= np.float32((before / after) ** 0.5)
            total += over_time * row
            rest -= row
        total += over_time * rest
        loudness = np.interp(at, columns, self.envelopes.sum(axis=0)).astype(np.float32)
        return total - loudness * (total.mean() / max(float(loudness.mean()), 1e-20))


def _bands_of(signal: NDArray[np.float32], sample_rate: int) -> _Bands:
    envelopes, rate = band_envelopes(spectrum_of(signal), sample_rate)
    filled = dips_filled(envelopes, rate)
    heard = filled > 1e-5 * filled.max(initial=0.0)
    depths = np.divide(envelopes, filled, out=np.ones_like(envelopes), where=heard)
    return _Bands(signal, sample_rate, envelopes, depths.clip(_LEAST_DEPTH, 1.0), rate, [])


def _band_signals(signal: NDArray[np.float32], sample_rate: int) -> Iterator[NDArray[np.float32]]:
    """Yield the critical bands of a signal; what lies above the highest one is in none."""
    spectrum = spectrum_of(signal)
    edges, rising = band_edges(spectrum.size, sample_rate)
    bins = spectrum.bins[1 : edges[-1]]
    upper = bins * rising
    for first, centre, last in zip(edges, edges[1:], edges[2:], strict=False):
        inside = np.zeros_like(spectrum.bins)
        inside[first:centre] = upper[first - 1 : centre - 1]
        inside[centre:last] = bins[centre - 1 : last - 1] - upper[centre - 1 : last - 1]
        yield np.fft.irfft(inside, spectrum.size)[: spectrum.length].astype(np.float32, copy=False)


def _slow(energy: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Return the mean of energies, (bands, n), over a Hann window of a fifth of a second."""
    reach = round(0.5 * _SLOW_S * rate)
    window = np.hanning(2 * reach + 3)[1:-1]
    window /= window.sum()
    means = [np.convolve(row, window)[reach : reach + len(row)] for row in energy]
    return np.stack(means).astype(np.float32)


def _halved(reached: Callable[[float], float], wanted: float, most: float, rougher: bool) -> float:
    """Return how much of a change, from none to most, reaches a roughness."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        found = reached(most * middle)
        if abs(_steps(found, wanted)) < 0.5 * _CLOSE:
            return most * middle
        if (found < wanted) == rougher:
            low = middle
        else:
            high = middle
    return most * 0.5 * (low + high)


def _steps(start: float, end: float) -> float:
    """Return how far it is from one roughness to another, on the scale of `vae.attributes`."""
    to_scale = ATTRIBUTES["roughness"].to_scale
    return to_scale(end) - to_scale(start)


def _signal(clip: Clip, seconds: float | None = None) -> NDArray[np.float32]:
    """Return what the descriptors are measured on, float32, (t,)."""
    mono = clip.mono()
    if seconds is not None:
        mono = mono[: round(seconds * clip.sample_rate)]
    return np.asarray(mono - mono.mean(), dtype=np.float32)


def _measured(signal: NDArray[np.float32], sample_rate: int) -> float | None:
    return roughness_of(spectrum_of(signal), sample_rate)
