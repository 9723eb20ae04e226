"""Sliders: ours, those of published recipes, and one that goes anywhere.

The rivals' decoders say how latents change, and the sound is changed by that difference, as ours
is: what is compared is control, and not how a sound survives a small model. All are trained on the
same sounds and attributes as our space.

- `ridge`: the direction in which windows change with the attribute, by regression, and no more.
- `MidiMe` (Dinculescu, Engel and Roberts 2019): a VAE of windows without attributes. A step is the
  shortest one in z by which a regression reads one standard deviation more, of at most two
  standard deviations of z, since what z does not tell would need endless ones.
- `MALT` (Noel-Hirst 2025): a VAE of single steps whose first dimensions are in the order of the
  attributes. A step is one standard deviation of the dimension. Its attribute term is taken over
  one random pair for each row instead of all pairs of a batch: the same mean in a tenth of the
  time. Its latents are standardised, which the published code leaves out in use.
- `random`: a direction of the same length as ridge's, another one for every sound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.space_sounds import Sound
from benchmarks.space_vaes import Change, malt, midime
from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.resynthesis import resynthesise
from vae.space import Space
from vae.vary import vary
from vae.windows import WINDOW_STEPS

Slider = Callable[[Sound, int, float], Clip]
"""Sound, attribute, amount in standard deviations of the space, to a sound."""

OURS = "ours"
RIVALS = ("ridge", "MidiMe", "MALT", "random")


def sliders(
    space: Space,
    codec: BaseCodec,
    sounds: Sequence[Sound],
    scores: NDArray[np.float32],
    seed: int,
    names: Sequence[str],
    malt_epochs: int,
) -> Mapping[str, Slider]:
    """Return sliders by name; those of rivals are trained first.

    Args:
        space: Ours.
        codec: Of all.
        sounds: That the space was trained on.
        scores: Their attributes in standard deviations, (n, attributes), NaN where not defined.
        seed: Of what is random.
        names: Which ones.
        malt_epochs: For MALT's VAE.
    """
    latents = [sound.latents for sound in sounds]
    made: dict[str, Callable[[], Slider]] = {
        OURS: lambda: ours(space, codec),
        "ridge": lambda: differential(codec, ridge(space, codec)),
        "MidiMe": lambda: differential(codec, midime(latents, scores, codec, seed)),
        "MALT": lambda: differential(codec, malt(latents, scores, seed, malt_epochs)),
        "random": lambda: differential(codec, anywhere(space, codec, seed)),
    }
    return {name: made[name]() for name in names}


def ours(space: Space, codec: BaseCodec) -> Slider:
    """Return the sliders that the application has."""

    def move(sound: Sound, attribute: int, amount: float) -> Clip:
        shift = np.zeros(space.dims, np.float32)
        shift[attribute] = amount
        return vary(sound.clip, sound.latents, space, codec, shift)

    return move


def differential(codec: BaseCodec, change: Change) -> Slider:
    """Return sliders that change the original by the ratio of two decodes."""

    def move(sound: Sound, attribute: int, amount: float) -> Clip:
        moved = Latents(sound.latents.values + change(sound.latents, attribute, amount))
        return resynthesise(sound.clip, codec, sound.latents, moved)

    return move


def ridge(space: Space, codec: BaseCodec) -> Change:
    """Return the regression's directions, as long as the space has them."""

    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        shift = np.zeros(space.dims, np.float32)
        shift[attribute] = amount
        return space.move(latents, codec, shift).values - latents.values

    return change


def anywhere(space: Space, codec: BaseCodec, seed: int) -> Change:
    """Return directions within the principal components as long as ridge's, at random.

    They are other ones for each sound and attribute, and the same for all amounts.
    """
    straight = ridge(space, codec)
    basis = space.net.basis.numpy()

    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        # The latents themselves are what tells sounds apart.
        told = int(np.abs(latents.values[:, 1:]).sum() * 1e4)
        direction = np.random.default_rng([seed, attribute, told]).normal(size=len(basis)) @ basis
        whole = np.zeros((WINDOW_STEPS, latents.dims), np.float32)
        length = np.linalg.norm(straight(Latents(whole), attribute, 1.0))
        window = direction.reshape(WINDOW_STEPS, -1) * (amount * length / np.linalg.norm(direction))
        times = -(-latents.steps // WINDOW_STEPS)
        return np.tile(window, (times, 1))[: latents.steps].astype(np.float32)

    return change
