"""Ways from one sound to another through a codec: the straight line, rivals and controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.codec_measures import as_mono, clip_of
from benchmarks.manifest import Labelled
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.onset import from_onset
from vae.power_mean import POWER

POINTS = 9
SECONDS = 2.0
FLOOR_DB = -80.0

Array = NDArray[np.float32]
Path = Callable[[Latents, Latents], list[Array]]
"""From two sounds to the magnitudes of POINTS points, the ends included, each (BINS, n)."""

LINE, JUMP = "line in latents", "a jump in the middle"
SHUFFLED, NOISY = "line, steps shuffled", "line, unit noise added"
DRAWN = "latents from N(0, I)"


def prepared(codec: BaseCodec, sounds: Sequence[Labelled]) -> list[Latents]:
    """Return sounds from their onset on, cut or followed by silence to one number of steps."""
    steps = int(SECONDS * codec.sample_rate) // codec.hop
    latents = codec.encode_batch([from_onset(as_mono(clip_of(sound))) for sound in sounds])
    return [padded(each, codec, steps) for each in latents]


def padded(latents: Latents, codec: BaseCodec, steps: int) -> Latents:
    """Return latents followed by the codec's silence, or cut, to a number of steps."""
    silence = np.repeat(codec.silence_after(latents)[None], max(0, steps - latents.steps), axis=0)
    return Latents(np.concatenate([latents.values[:steps], silence]))


def straight(a: Latents, b: Latents, t: float) -> Latents:
    """Return the latents at a share of the straight line between two sounds of as many steps."""
    return Latents(((1 - t) * a.values + t * b.values).astype(np.float32))


def in_latents(codec: BaseCodec, change: Callable[[Array], Array] | None = None) -> Path:
    """Return the straight line in latents, its inner points changed on the way if asked."""

    def path(a: Latents, b: Latents) -> list[Array]:
        points = []
        for t in np.linspace(0, 1, POINTS):
            latents = straight(a, b, float(t))
            if change is not None and 0 < t < 1:
                latents = Latents(change(latents.values))
            points.append(codec.decode_magnitudes(latents))
        return points

    return path


def in_magnitudes(codec: BaseCodec, mix: Callable[[Array, Array, float], Array]) -> Path:
    """Return the path of mixed magnitudes: peaks alike, and the level on its own line in dB."""

    def path(a: Latents, b: Latents) -> list[Array]:
        ends = [codec.decode_magnitudes(each) for each in (a, b)]
        peaks = [max(float(end.max()), 1e-6) for end in ends]
        first, last = (end / peak for end, peak in zip(ends, peaks, strict=True))
        points = []
        for t in np.linspace(0, 1, POINTS):
            mixture = mix(first, last, float(t))
            level = peaks[0] ** (1 - t) * peaks[1] ** t / max(float(mixture.max()), 1e-6)
            points.append((mixture * level).astype(np.float32))
        return points

    return path


def log_mean(a: Array, b: Array, t: float) -> Array:
    """Return the mean of two spectra's logarithms, with a floor under both."""
    floor = 10 ** (FLOOR_DB / 20)
    logs = (1 - t) * np.log(a + floor) + t * np.log(b + floor)
    return np.asarray((np.exp(logs) - floor).clip(0), np.float32)


def power_mean(a: Array, b: Array, t: float) -> Array:
    """Return the power mean of two spectra, as `vae.morph` mixes them."""
    return np.asarray(((1 - t) * a**POWER + t * b**POWER) ** (1 / POWER), np.float32)


def paths(codec: BaseCodec, rng: np.random.Generator) -> dict[str, Path]:
    """Return the line, two ways of mixing magnitudes, and what must be told apart from it."""

    def shape_of(values: Array, others: Array) -> Array:
        out = others.copy()
        out[:, : codec.level_dims] = values[:, : codec.level_dims]
        return out

    def drawn(values: Array) -> Array:
        return rng.normal(size=values.shape).astype(np.float32)

    def jump(a: Latents, b: Latents) -> list[Array]:
        ends = [codec.decode_magnitudes(each) for each in (a, b)]
        return [ends[2 * i >= POINTS] for i in range(POINTS)]

    return {
        LINE: in_latents(codec),
        "mean of log magnitudes": in_magnitudes(codec, log_mean),
        f"power mean, p = {POWER}": in_magnitudes(codec, power_mean),
        SHUFFLED: in_latents(codec, rng.permutation),
        NOISY: in_latents(codec, lambda values: shape_of(values, values + drawn(values))),
        DRAWN: in_latents(codec, lambda values: shape_of(values, drawn(values))),
        JUMP: jump,
    }
