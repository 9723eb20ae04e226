"""A sound's envelope given another attack, or a shorter decay: a gain over time, nothing else.

How a gain moves the measured attack depends on the sound, so its one parameter is found by halving
an interval, measuring each time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.envelope import analytic_magnitude, attack_and_decay, smoothed

MOST_GAIN_DB = 40.0

_HALVINGS = 14
_CLOSE = 0.02  # of an octave, on the scales of `vae.attributes`
_ATTACK_FLOOR_MS, _DECAY_FLOOR_S = 1.0, 0.005
_SMOOTH_S = 0.001
_SILENT_DB, _FADE_S = 72.0, 0.005
_BEGUN = 0.05
_RISING, _RISEN = 0.1, 0.9
_FOOT = 0.25
_MISSED = 0.1
_HOLD, _FADED_DB = 0.7, 40.0
_CONSTANT = 1e-4
_LONGEST_RAMP = 6.0
_STEEPEST = 8.0

Gain = NDArray[np.float64]


def attack_and_decay_of(clip: Clip) -> tuple[float, float] | None:
    """Return attack in ms and decay in s of a whole clip, as `library.descriptors` measures them.

    Returns:
        None where there is nothing but a constant.
    """
    signal = _signal(clip)
    heard = float(np.abs(signal).max(initial=0.0))
    if heard < _CONSTANT * float(np.abs(clip.frames).max(initial=0.0)) or heard == 0.0:
        return None
    return attack_and_decay(signal, clip.sample_rate)


def with_attack(clip: Clip, attack_ms: float) -> Clip:
    """Return a clip whose attack is as near to a time as a gain can bring it.

    A slower attack is a ramp from the onset on, straight where that is enough; for a faster one the
    sound's own rise is raised to a straight line. What comes before that rise, such as the room, is
    never raised.

    Args:
        clip: Not empty.
        attack_ms: As `library.descriptors` measures it, at least 0.
    """
    measures = attack_and_decay_of(clip)
    if measures is None or _octaves(measures[0], attack_ms, _ATTACK_FLOOR_MS) < _CLOSE:
        return clip
    now = measures[0]
    frames_per_ms = clip.sample_rate / 1000
    envelope = _smooth_envelope(_signal(clip), clip.sample_rate)
    peak_at = int(envelope.argmax())
    peak = float(envelope[peak_at])
    onset = int(np.argmax(envelope >= _BEGUN * peak))
    since = np.arange(clip.length) - onset
    loud = int(np.argmax(envelope >= _RISEN * peak))
    # What is as loud for longer than a rise would be is the room, and no part of the rise.
    rise_at = _last_under(envelope[:loud], _RISING * peak)
    earliest = rise_at - round(_FOOT * (loud - rise_at))
    rise_at = max(0, earliest, _last_under(envelope[:loud], _BEGUN * peak))
    rising = np.arange(clip.length) - rise_at

    def ramp(milliseconds: float) -> Gain:
        return np.clip((since + 1) / (milliseconds * frames_per_ms), 0.0, 1.0)

    def lift(milliseconds: float) -> Gain:
        line = peak * np.clip(rising / (milliseconds * frames_per_ms), 0.0, 1.0)
        gain = np.maximum(line / np.maximum(envelope, 1e-12), 1.0)
        gain[:rise_at] = gain[loud:] = 1.0
        return _smoothed(gain, clip.sample_rate)

    def measured(gain: Gain) -> float:
        return attack_and_decay(_signal(_gained(clip, gain, envelope)), clip.sample_rate)[0]

    slower = attack_ms > now
    if slower:
        # A ramp longer than the sound is a plain gain more, and must not fade all that there is.
        faint = float((envelope * (since + 1)).max()) / (peak * 10 ** (-MOST_GAIN_DB / 20))
        longest = min(clip.length - onset, faint) / frames_per_ms
        high = min(_LONGEST_RAMP * max(attack_ms, 1.0), longest)
        low = min(0.5 * max(now, 0.2), 0.5 * high)
    else:
        low, high = 0.1, max(2.0 * now, 0.3)
    shape: Callable[[float], Gain] = ramp if slower else lift
    miss, at = _halved(lambda at: measured(shape(at)), attack_ms, low, high, _ATTACK_FLOOR_MS)
    if slower and miss > _CLOSE:
        # What dies away sooner than a ramp rises needs one that gets ever steeper.
        rise = ((since + 1) / min(clip.length - onset, 2 * attack_ms * frames_per_ms)).clip(0, 1)

        def swell(power: float) -> Gain:
            raised: Gain = rise**power
            return raised / max(float((raised * envelope).max()) / peak, 10 ** (-MOST_GAIN_DB / 20))

        found = _halved(lambda at: measured(swell(at)), attack_ms, 1.0, _STEEPEST, _ATTACK_FLOOR_MS)
        if found[0] < miss:
            miss, at, shape = *found, swell
    if miss >= _octaves(now, attack_ms, _ATTACK_FLOOR_MS):
        return clip  # no gain brings it nearer
    return _gained(clip, shape(at), envelope)


def _last_under(envelope: NDArray[np.float64], level: float) -> int:
    """Return the frame after the last that is below a level, 0 where none is."""
    under = np.flatnonzero(envelope < level)
    return int(under[-1]) + 1 if len(under) else 0


def with_shorter_decay(clip: Clip, decay_s: float) -> Clip:
    """Return a clip that falls faster after its peak, evenly in dB, and so ends sooner.

    Args:
        clip: Not empty.
        decay_s: As `library.descriptors` measures it, shorter than it is.
    """
    measures = attack_and_decay_of(clip)
    if measures is None or decay_s >= measures[1]:
        return clip
    if _octaves(measures[1], decay_s, _DECAY_FLOOR_S) < _CLOSE:
        return clip
    since = (np.arange(clip.length) - peak_of(clip)).clip(0) / clip.sample_rate
    envelope = _smooth_envelope(_signal(clip), clip.sample_rate)

    def fall(db_per_second: float) -> Gain:
        return 10 ** (-db_per_second * since / 20)

    def measured(db_per_second: float) -> float:
        shaped = _signal(_gained(clip, fall(db_per_second), envelope))
        return attack_and_decay(shaped, clip.sample_rate)[1]

    steepest = 120.0 / max(decay_s, 0.002)
    miss, found = _halved(measured, decay_s, 0.1, steepest, _DECAY_FLOOR_S)
    gain = fall(found)
    if miss > _MISSED:
        # A late stroke or a floor is above the level until it is at once below: fade it out.
        faded = 10 ** (-_FADED_DB / 20 * ((since / max(decay_s, 0.002) - _HOLD) / (1 - _HOLD)))
        faded = np.minimum(faded, 1.0)
        reached = attack_and_decay(_signal(_gained(clip, faded, envelope)), clip.sample_rate)[1]
        if _octaves(reached, decay_s, _DECAY_FLOOR_S) < miss:
            gain = faded
    return _without_silent_end(_gained(clip, gain, envelope))


def padded_without_constant(clip: Clip, length: int) -> Clip:
    """Return a clip with silence after it, and without a constant part where the sound is.

    Beside silence, what a sound has of one would be measured as a sound that never ends.

    Args:
        clip: Not silent.
        length: Frames; a clip that is as long is returned as it is.
    """
    if clip.length >= length:
        return clip
    padded = clip.padded_to(length)
    weight = np.pad(_smooth_envelope(_signal(clip), clip.sample_rate), (0, length - clip.length))
    if not weight.any():
        return padded
    frames = _with_constant(padded.frames, np.zeros(clip.channels), weight)
    return Clip(frames, clip.sample_rate)


def _without_silent_end(clip: Clip) -> Clip:
    """Return a clip up to where it stays under 72 dB below its peak, with a short fade."""
    loud = np.abs(clip.frames).max(axis=0)
    last = int(np.flatnonzero(loud >= loud.max() * 10 ** (-_SILENT_DB / 20))[-1])
    fade = max(1, round(_FADE_S * clip.sample_rate))
    length = min(clip.length, last + 1 + fade)
    gain = ((length - np.arange(length)) / fade).clip(0.0, 1.0) if length < clip.length else 1.0
    return Clip((clip.frames[:, :length] * gain).astype(np.float32), clip.sample_rate)


def peak_of(clip: Clip) -> int:
    """Return the frame at which the envelope is first within 3 % of its peak."""
    envelope = _smooth_envelope(_signal(clip), clip.sample_rate, 10 * _SMOOTH_S)
    return int(np.argmax(envelope >= 0.97 * envelope.max(initial=0.0)))


def _signal(clip: Clip) -> NDArray[np.float32]:
    """Return what the descriptors are measured on, float32, (t,)."""
    mono = clip.mono()
    return np.asarray(mono - mono.mean(), dtype=np.float32)


def _smooth_envelope(
    signal: NDArray[np.float32], sample_rate: int, width_s: float = _SMOOTH_S
) -> NDArray[np.float64]:
    return smoothed(analytic_magnitude(signal), width_s * sample_rate)


def _smoothed(gain: Gain, sample_rate: int) -> Gain:
    """Return a gain without corners, which would click."""
    half = max(1, round(0.5 * _SMOOTH_S * sample_rate))
    window = np.hanning(2 * half + 3)[1:-1]
    smooth: Gain = np.convolve(np.pad(gain, half, mode="edge"), window / window.sum(), "valid")
    return smooth


def _gained(clip: Clip, gain: Gain, envelope: NDArray[np.float64]) -> Clip:
    """Return a clip with a gain.

    A gain that changes within a period leaves a constant part, which would be measured as a sound
    that never ends; it is taken out again where the sound is.
    """
    constant = clip.frames.mean(axis=1) * gain.mean()
    frames = _with_constant(clip.frames * gain, constant, envelope * gain)
    return Clip(frames, clip.sample_rate)


def _with_constant(
    frames: NDArray[np.floating], constant: NDArray[np.floating], envelope: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return frames whose mean is another; what is added to them is where the sound is.

    Args:
        frames: (c, t), t >= 1.
        constant: Of each channel, (c,).
        envelope: Of the frames, (t,).
    """
    more = constant - frames.mean(axis=1, dtype=np.float64)
    weight = envelope / max(float(envelope.mean()), 1e-30)
    return np.asarray(frames + more[:, None] * weight, dtype=np.float32)


def _octaves(a: float, b: float, floor: float) -> float:
    return abs(float(np.log2((a + floor) / (b + floor))))


def _halved(
    measured: Callable[[float], float], wanted: float, low: float, high: float, floor: float
) -> tuple[float, float]:
    """Return by how many octaves the nearest measure misses what is wanted, and its parameter.

    Intervals are halved on a logarithmic scale; the measure need not be quite monotone.
    """
    ends = [measured(at) for at in (low, high)]
    rising = ends[1] > ends[0]
    best = min((_octaves(ends[0], wanted, floor), low), (_octaves(ends[1], wanted, floor), high))
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        value = measured(middle)
        best = min(best, (_octaves(value, wanted, floor), middle))
        if best[0] < _CLOSE:
            break
        if (value < wanted) == rising:
            low = middle
        else:
            high = middle
    return best
