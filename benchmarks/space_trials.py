"""Spaces trained on a library's sounds, and what each is found to be on sounds held out of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks.manifest import SEEN_SOURCES, Labelled
from benchmarks.space_measures import (
    SHIFTS,
    Encoder,
    encoder_metrics,
)
from benchmarks.space_rivals import Slider
from benchmarks.space_sounds import LIBRARIES, Sound, Sounds, drawn, of_library
from library.descriptors import describe
from library.progress import drive
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space

HELD_OUT = 100
FEWEST_NEW = 10
_STILL = 1e-6
NAMES = tuple(ATTRIBUTES)
CONSTANT = "brightness"
BROKEN = ("true", "shuffled", f"constant {CONSTANT}")
Described = dict[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One space of one library.

    Attributes:
        library: Its name.
        recipe: How it was trained; its seed is also that of the choice.
        train: What it was trained on.
        held: What it is judged on.
        space: The space.
    """

    library: str
    recipe: PersonalRecipe
    train: list[Sound]
    held: list[Sound]
    space: Space


def trial_of(
    rows: Sequence[Labelled], library: str, seed: int, train: int, sounds: Sounds
) -> Trial:
    """Draw sounds and train a space on them."""
    rng = np.random.default_rng([seed, list(LIBRARIES).index(library)])
    mine = of_library(rows, library)
    # A small library keeps most of its takes to train on.
    takes = len({(row.source, row.label, row.family) for row in mine})
    learn, judge = drawn(mine, min(HELD_OUT, takes // 4), rng)
    chosen, held = sounds.usable(learn, train), sounds.usable(judge, HELD_OUT)
    start = time.perf_counter()
    recipe = PersonalRecipe(seed=seed)
    space = trained(chosen, [sound.described for sound in chosen], sounds.codec, recipe)
    say(
        f"{library} {seed}: trained on {len(chosen)} sounds in "
        f"{time.perf_counter() - start:.0f} s, {len(held)} held out"
    )
    return Trial(library, recipe, chosen, held, space)


def trained(
    sounds: Sequence[Sound],
    described: Sequence[Described],
    codec: BaseCodec,
    recipe: PersonalRecipe,
) -> Space:
    """Return a space with every attribute."""
    latents = [sound.latents for sound in sounds]
    job = train_space(latents, described, codec, NAMES, recipe, base=house_space())
    return from_bytes(drive(job)[0])


def scores_of(space: Space, described: Sequence[Described]) -> NDArray[np.float32]:
    """Return attributes in standard deviations of a space, (n, attributes), NaN where unknown."""
    return (scaled(space.attributes, described) - space.centre) / space.deviation


def judged(
    slider: Slider, sounds: Sequence[Sound], space: Space, learned: Sequence[int]
) -> NDArray[np.float32]:
    """Return attributes of what sliders make of sounds.

    Returns:
        Standard deviations, shape (learned, sounds, SHIFTS, attributes).
    """
    rows = [
        asdict(describe(slider(sound, attribute, amount))) if amount else sound.described
        for attribute in learned
        for sound in sounds
        for amount in SHIFTS
    ]
    return scores_of(space, rows).reshape(len(learned), len(sounds), len(SHIFTS), -1)


def metrics_of(trial: Trial, codec: BaseCodec) -> Encoder:
    """Return how the encoder follows the attributes that were learned, on held-out sounds.

    Attributes that fewer than eight of them have, or all of them the same, are left out, and so are
    dimensions of attributes that were not learned, which are the same for all.
    """
    z = trial.space.encode([sound.latents for sound in trial.held], codec)
    scores = scores_of(trial.space, [sound.described for sound in trial.held])
    known = [column[~np.isnan(column)] for column in scores.T]
    told = np.array([len(each) >= 8 and np.ptp(each) > _STILL for each in known])
    z = z[:, np.ptp(z, axis=0) > _STILL]
    return encoder_metrics(z, scores[:, trial.space.learned & told])


def held_out_ranks(space: Space, held: Sequence[Sound], codec: BaseCodec) -> NDArray[np.float64]:
    """Return how each dimension is in order of its true attribute, on sounds never trained on."""
    z = space.encode([sound.latents for sound in held], codec)
    scores = scores_of(space, [sound.described for sound in held])
    ranks = np.full(len(NAMES), np.nan)
    for i, column in enumerate(scores.T):
        known = ~np.isnan(column)
        if known.sum() >= 5 and space.learned[i]:
            ranks[i] = spearmanr(z[known, i], column[known]).statistic
    return ranks


def broken_part(trial: Trial, codec: BaseCodec) -> Iterator[tuple[str, NDArray, NDArray, str]]:
    """Train on what is wrong.

    Yields:
        What was trained, what its report says of each attribute, what is true of it on sounds that
        it was not trained on, and which attributes it offers no slider for.
    """
    told = [sound.described for sound in trial.train]
    rng = np.random.default_rng(trial.recipe.seed)
    shuffled = [told[i] for i in rng.permutation(len(told))]
    constant = [{**each, CONSTANT: 1000.0} for each in told]
    for name, described in zip(BROKEN, (None, shuffled, constant), strict=True):
        space = trial.space
        if described is not None:
            space = trained(trial.train, described, codec, trial.recipe)
        refused = [n for n, known in zip(NAMES, space.learned, strict=True) if not known]
        held = held_out_ranks(space, trial.held, codec)
        yield name, space.spearman, held, " ".join(refused) or "none"


def lost_of(trial: Trial, codec: BaseCodec) -> list[float]:
    """Return what house and personal space lose of held-out sounds.

    Returns:
        Of all, and of those of sources that the house space was not trained on either, NaN where
        they are fewer than ten.
    """
    new = [sound for sound in trial.held if sound.source not in SEEN_SOURCES]
    return [
        space.reconstruction_error([sound.latents for sound in held], codec)
        if len(held) >= FEWEST_NEW or held is trial.held
        else np.nan
        for held in (trial.held, new)
        for space in (house_space(), trial.space)
    ]


def say(text: str) -> None:
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)
