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
import torch
from numpy.typing import NDArray

from benchmarks.space_sounds import Sound
from benchmarks.space_vaes import Change, malt, midime
from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.personal_model import PersonalNet
from vae.personal_skeleton import skeleton
from vae.personal_training import PersonalRecipe
from vae.resynthesis import resynthesise
from vae.space import Space
from vae.vary import vary
from vae.windows import WINDOW_STEPS, first_windows

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
        "ridge": lambda: differential(codec, ridge(latents, scores, codec)),
        "MidiMe": lambda: differential(codec, midime(latents, scores, codec, seed)),
        "MALT": lambda: differential(codec, malt(latents, scores, seed, malt_epochs)),
        "random": lambda: differential(codec, anywhere(latents, scores, codec, seed)),
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


def ridge(sounds: Sequence[Latents], scores: NDArray[np.float32], codec: BaseCodec) -> Change:
    """Return a regression's directions, as long as those of a space that stands on nothing."""
    return _along(_regression(sounds, scores, codec))


def anywhere(
    sounds: Sequence[Latents], scores: NDArray[np.float32], codec: BaseCodec, seed: int
) -> Change:
    """Return directions within the principal components as long as ridge's, at random.

    They are other ones for each sound and attribute, and the same for all amounts.
    """
    net = _regression(sounds, scores, codec)
    straight, basis = _along(net), net.basis.numpy()

    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        # The latents themselves are what tells sounds apart.
        told = int(np.abs(latents.values[:, 1:]).sum() * 1e4)
        direction = np.random.default_rng([seed, attribute, told]).normal(size=len(basis)) @ basis
        whole = np.zeros((WINDOW_STEPS, latents.dims), np.float32)
        length = np.linalg.norm(straight(Latents(whole), attribute, 1.0))
        window = direction * (amount * length / np.linalg.norm(direction))
        return _in_each_window(window, latents)

    return change


def _regression(
    sounds: Sequence[Latents], scores: NDArray[np.float32], codec: BaseCodec
) -> PersonalNet:
    cut = first_windows(sounds, codec).reshape(len(sounds), -1)
    sizes = PersonalRecipe()
    return skeleton(
        torch.from_numpy(cut),
        torch.from_numpy(scores),
        sizes.components,
        sizes.free,
        sizes.ridge,
    )


def _along(net: PersonalNet) -> Change:
    def change(latents: Latents, attribute: int, amount: float) -> NDArray[np.float32]:
        shift = torch.zeros(net.config.dims)
        shift[attribute] = amount
        with torch.no_grad():
            window = net.change(torch.zeros(1, net.config.dims), shift)[0].numpy()
        return _in_each_window(window, latents)

    return change


def _in_each_window(window: NDArray[np.float32], latents: Latents) -> NDArray[np.float32]:
    steps = window.reshape(WINDOW_STEPS, -1)
    times = -(-latents.steps // WINDOW_STEPS)
    return np.tile(steps, (times, 1))[: latents.steps].astype(np.float32)
