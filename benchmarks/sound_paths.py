"""Ways from one sound to another: ours, and those it is judged beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch

from library.clip import Clip
from library.progress import drive
from vae.codec import BaseCodec
from vae.even_steps import evenly
from vae.latents import Latents
from vae.matching import matched
from vae.morph import Morph, path_weights
from vae.morph_model import Model
from vae.onset import onset
from vae.power_mean import power_mean
from vae.space import Space
from vae.spectrum import istft, stft, window_for

STEPS = 7

Way = Callable[[Clip, Clip], list[Clip]]


def ways(space: Space, codec: BaseCodec) -> Mapping[str, Way]:
    """Return each way to go from a sound to another in seven steps, by name."""
    evenly_spread = np.linspace(0, 1, STEPS)

    def even(model: Model | None) -> Way:
        def way(first: Clip, last: Clip) -> list[Clip]:
            mixer = Morph([first, last], model=model)
            return [mixer.mix(at.weights, at.line) for at in drive(evenly(mixer, STEPS))]

        return way

    def by_number(first: Clip, last: Clip) -> list[Clip]:
        mixer = Morph([first, last])
        return [mixer.mix(path_weights(2, at)) for at in evenly_spread]

    def power_mean(first: Clip, last: Clip) -> list[Clip]:
        return [_power_mean(first, last, float(at)) for at in evenly_spread]

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
        "ours": even(None),
        "not even": by_number,
        "through codec": even(Model(codec)),
        "through space": even(Model(codec, space)),
        "power mean": power_mean,
        "cross-fade": cross_fade,
        "decoder only": decoder,
    }


def _power_mean(first: Clip, last: Clip, at: float) -> Clip:
    """Return the power mean of aligned spectra, with the cross-fade's phase, and nothing more."""
    if at in (0.0, 1.0):
        return matched([first, last])[round(at)]
    clips = matched([first, last])
    rate = clips[0].sample_rate
    start = max(onset(clip) for clip in clips)
    length = max(start - onset(clip) + clip.length for clip in clips)
    window = window_for(rate)
    spectra = []
    for clip in clips:
        before = start - onset(clip)
        placed = np.pad(clip.frames, ((0, 0), (before, length - before - clip.length)))
        spectra.append(stft(torch.from_numpy(placed), window // 8, window))
    faded = (1 - at) * spectra[0] + at * spectra[1]
    mixed = torch.polar(power_mean([x.abs() for x in spectra], (1 - at, at)), faded.angle())
    return Clip(istft(mixed, window // 8, length).numpy(), rate)


def _lengthened(latents: Latents, steps: int, codec: BaseCodec) -> np.ndarray:
    silence = np.repeat(codec.silence_after(latents)[None], steps - latents.steps, axis=0)
    return np.concatenate([latents.values, silence])
