"""Dreams as audio: ends that do not click, a level to work with, and what is broken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from library.clip import Clip
from library.descriptors import loudness_db

SHORTEST_S = 0.03
_QUIET_DB = -55.0
_END_DB = -60.0
_FADE_IN_S, _FADE_OUT_S = 0.001, 0.01
_CONSTANT = 0.02
# A low tone stays within a thousandth of its peak for long; what is cut off is level.
_CLIPPED, _CLIPPED_RUN = 1 - 1e-5, 4
_PEAK = 10 ** (-1 / 20)
_MAINS_HZ, _HUM_SHARE, _HUM_UP_TO_HZ = (50.0, 60.0), 0.9, 500.0
_STEADY_DB, _STEADY_S = 1.5, 0.4
_FLAT = 0.3


def trimmed(clip: Clip) -> Clip:
    """Return a sound without the silence around it, faded in and out too fast to be heard.

    What is 60 dB under the peak is silence. Silence alone becomes no frame at all.
    """
    loud = np.abs(clip.frames).max(axis=0, initial=0.0)
    peak = float(loud.max(initial=0.0))
    heard = np.flatnonzero(loud > peak * 10 ** (_END_DB / 20)) if peak > 0 else np.zeros(0, int)
    if not len(heard):
        return Clip(clip.frames[:, :0], clip.sample_rate)
    fade_in, fade_out = (round(s * clip.sample_rate) for s in (_FADE_IN_S, _FADE_OUT_S))
    first = max(0, int(heard[0]) - fade_in)
    last = min(clip.length, int(heard[-1]) + 1 + fade_out)
    frames = clip.frames[:, first:last].copy()
    for count, part in ((fade_in, frames), (fade_out, frames[:, ::-1])):
        count = min(count, part.shape[1])
        part[:, :count] *= np.square(np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32)))
    return Clip(frames, clip.sample_rate)


def levelled(clip: Clip) -> Clip:
    """Return a sound at the level at which samples are sold: its peak 1 dB under full scale."""
    peak = float(np.abs(clip.frames).max(initial=0.0))
    return clip if peak == 0.0 else Clip(clip.frames * np.float32(_PEAK / peak), clip.sample_rate)


def fault_in(clip: Clip) -> str | None:
    """Return what is broken in a sound, in one word; None where nothing is."""
    if not np.isfinite(clip.frames).all():
        return "broken"
    mono = clip.mono()
    peak = float(np.abs(mono).max(initial=0.0))
    if peak == 0.0 or loudness_db(clip.frames, clip.sample_rate) < _QUIET_DB:
        return "silent"
    if clip.duration < SHORTEST_S:
        return "short"
    signal = mono / np.float32(peak)
    if abs(float(signal.mean())) > _CONSTANT:
        return "constant"
    if _longest_run(np.abs(signal) >= _CLIPPED) >= _CLIPPED_RUN:
        return "clipped"
    if clip.duration >= _STEADY_S and _is_steady(signal, clip.sample_rate):
        power = np.square(np.abs(np.fft.rfft(signal * np.hanning(len(signal)))))
        hz = np.fft.rfftfreq(len(signal), 1 / clip.sample_rate)
        if any(_hum_share(power, hz, mains) > _HUM_SHARE for mains in _MAINS_HZ):
            return "hum"
        if _flatness(power) > _FLAT:
            return "noise"
    return None


def _longest_run(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _is_steady(signal: NDArray[np.float32], sample_rate: int) -> bool:
    """Return whether a sound neither rises nor falls: what noise floors and hums do."""
    window = sample_rate // 20  # 50 ms; the first and the last fade
    frames = signal[: len(signal) // window * window].reshape(-1, window)[1:-1]
    power = np.square(frames).mean(axis=1)
    levels = 10 * np.log10(power + 1e-12)
    return bool(np.ptp(np.percentile(levels, [5, 95])) < _STEADY_DB)


def _hum_share(power: NDArray[np.floating], hz: NDArray[np.floating], mains: float) -> float:
    """Return how much of the energy lies at the mains' frequency and its multiples."""
    off = np.abs(hz - mains * np.round(hz / mains))
    inside = (off < 3.0) & (hz > mains / 2) & (hz < _HUM_UP_TO_HZ)
    return float(power[inside].sum() / max(power.sum(), 1e-20))


def _flatness(power: NDArray[np.floating]) -> float:
    """Return how flat a spectrum is: 0 for a tone, .56 for white noise (Gray and Markel 1974)."""
    inside = power[1:] + 1e-12 * power.mean()
    return float(np.exp(np.log(inside).mean()) / inside.mean())
