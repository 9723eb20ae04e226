"""Dreams as takes: those that were chosen are written, each with what speaks for it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.answers import Take, TakeMade, WhyKept
from index.categories import SURE
from index.dream_drawing import Dreamer
from index.dream_judging import Good, sound_of
from index.take_files import Made, Making, free_name, write_take
from library import catalog
from library.category import CATEGORY_NAMES
from library.clip import Clip
from library.descriptors import describe
from library.progress import Job
from library.recipe import Recipe, RecipeError
from vae.auditory_image import auditory_image
from vae.codec import BaseCodec
from vae.dream_prior import MOST_STEPS
from vae.ear_file import house_ear
from vae.latents import Latents
from vae.onset import from_onset
from vae.space import Space
from vae.temperature import Temperature

VERB = "dream"


def write_dreams(
    dreamer: Dreamer,
    chosen: Sequence[tuple[Good, float | None]],
    temperature: Temperature,
    making: Making,
    out: Path,
    first: int = 1,
) -> Job[list[Take]]:
    """Write dreams; a job.

    Args:
        dreamer: That drew them.
        chosen: Each, and how far it is from those chosen before it.
        temperature: At which they were drawn.
        making: What they have in common.
        out: Folder for the WAV files, which is there.
        first: Number of the first of them.
    """
    ids = [good.standing.nearest for good, _ in chosen]
    nearest = {row.id: row for row in catalog.rows(dreamer.engine, ids)}
    takes = []
    for done, (good, apart) in enumerate(chosen, start=1):
        standing, clip = good.standing, good.heard.clip
        path = free_name(out, f"dream_{first + done - 1:02d}")
        opened = dreamer.opened
        made = _made(good.heard.latents, clip, opened.space, opened.codec)
        why = WhyKept(
            nearest[standing.nearest], standing.distance, standing.novelty, standing.density, apart
        )
        take = replace(
            write_take(making, made, path),
            temperature=(temperature.first, temperature.last),
            why=why,
            category=_category_of(clip),
        )
        takes.append(take)
        yield TakeMade("write", done, len(chosen), path.name, take=take)
    return takes


def _category_of(clip: Clip) -> str | None:
    """Return what the house ear takes a sound for; None where it is not sure."""
    ear = house_ear()
    whole = ear.whole(auditory_image(from_onset(clip)), describe(clip).pitch)
    likely = ear.probabilities(whole[None])[0]
    best = int(likely.argmax())
    return CATEGORY_NAMES[best] if likely[best] >= SURE else None


def _made(latents: Latents, clip: Clip, space: Space, codec: BaseCodec) -> Made:
    facts = {"latents": b64encode(latents.to_bytes()).decode("ascii")}
    z = space.encode([latents], codec)[0]
    return Made(clip, facts, z=tuple(float(v) for v in z))


def dreamt_again(recipe: Recipe, space: Space, codec: BaseCodec) -> Made:
    """Return a dream once more: its recipe holds what was drawn, and no prior is needed.

    Raises:
        RecipeError: The recipe is of no dream that there can be.
    """
    damaged = RecipeError("the recipe is damaged (no latents)", "take another copy of the file")
    try:
        data = b64decode(str(recipe.made.get("latents")), validate=True)
        latents = Latents.from_bytes(data, codec.dims)
    except ValueError as error:
        raise damaged from error
    if not 1 <= latents.steps <= MOST_STEPS or not np.isfinite(latents.values).all():
        raise damaged
    clip = sound_of(codec, latents)
    if not np.isfinite(clip.frames).all():
        raise damaged
    return _made(latents, clip, space, codec)
