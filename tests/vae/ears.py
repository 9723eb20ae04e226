"""A small ear for the tests, learned in seconds on a few synthesised sounds."""

from __future__ import annotations

from dataclasses import replace

from vae.ear_data import HeardViews, synthesised_views
from vae.ear_training import EarRecipe

QUICK = EarRecipe(nets=1, steps=60, pairs=24, synthesised=120)


def two_makers(count: int, seed: int) -> list[HeardViews]:
    """Synthesised sounds of every kind, as if of two makers."""
    return [
        replace(sound, source=("left", "right")[(i // 30) % 2])
        for i, sound in enumerate(synthesised_views(count, seed))
    ]
