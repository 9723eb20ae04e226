"""Ways from one sound to another: ours, and those it is judged beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from index.morphing import even_path
from library.clip import Clip
from library.progress import drive
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.morph import Morph, matched, path_weights
from vae.space import Space

STEPS = 7

Way = Callable[[Clip, Clip], list[Clip]]


def ways(space: Space, codec: BaseCodec) -> Mapping[str, Way]:
    """Return each way to go from a sound to another in seven steps, by name."""

    def ours(first: Clip, last: Clip) -> list[Clip]:
        mixer = Morph([first, last])
        positions = drive(even_path(mixer, space, codec, STEPS))
        return [mixer.mix(path_weights(2, position)) for position in positions]

    def power_mean(first: Clip, last: Clip) -> list[Clip]:
        mixer = Morph([first, last], glide=False)
        return [mixer.mix(path_weights(2, at)) for at in np.linspace(0, 1, STEPS)]

    def gliding(first: Clip, last: Clip) -> list[Clip]:
        mixer = Morph([first, last])
        return [mixer.mix(path_weights(2, at)) for at in np.linspace(0, 1, STEPS)]

    def cross_fade(first: Clip, last: Clip) -> list[Clip]:
        a, b = matched([first, last])
        length = max(a.length, b.length)
        a, b = a.padded_to(length), b.padded_to(length)
        return [
            Clip(((1 - t) * a.frames + t * b.frames).astype(np.float32), a.sample_rate)
            for t in np.linspace(0, 1, STEPS)
        ]

    def decoder(first: Clip, last: Clip) -> list[Clip]:
        one, other = codec.encode(first), codec.encode(last)
        steps = max(one.steps, other.steps)
        a, b = (_lengthened(each, steps, codec) for each in (one, other))
        length = steps * codec.hop
        return [
            codec.decode(Latents(((1 - t) * a + t * b).astype(np.float32)), length)
            for t in np.linspace(0, 1, STEPS)
        ]

    return {
        "ours": ours,
        "glide, linear": gliding,
        "power mean": power_mean,
        "cross-fade": cross_fade,
        "decoder only": decoder,
    }


def _lengthened(latents: Latents, steps: int, codec: BaseCodec) -> np.ndarray:
    silence = np.repeat(codec.silence_after(latents)[None], steps - latents.steps, axis=0)
    return np.concatenate([latents.values, silence])
