"""The prior of a space: the one that is kept, or one that is learned now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.latents import read_latents
from index.open_spaces import OpenSpace
from index.prior_files import keep_prior, prior_file, read_prior, sweep_priors
from library.progress import Job, Progress
from vae.dream_prior import DreamPrior
from vae.dream_training import PriorRecipe, train_prior

# More would learn little more in the time that it takes.
MOST_SOUNDS = 4000
_OUTGROWN = 0.2


def prior_of(
    engine: Engine,
    opened: OpenSpace,
    ids: NDArray[np.int64],
    where: str,
    folder: Path,
    recipe: PriorRecipe | None = None,
) -> Job[DreamPrior]:
    """Return the prior of some samples, learned first where there is none; a job.

    One that was stopped goes on from the best that it had found. One is learned again when a fifth
    of its samples are gone, or as many are new.

    Args:
        engine: The library.
        opened: The space.
        ids: The samples.
        where: The query that found them.
        folder: Where the files of priors lie.
        recipe: How to train; the default one where None.

    Raises:
        ModelError: They are too few, or no prior can be learned on the codec.
        LibraryError: The disk refuses.
    """
    file = prior_file(opened.space.digest, where)
    kept = read_prior(folder, file)
    if kept is not None and _outgrown(kept, ids, opened):
        kept = None
    if kept is not None and kept.finished:
        return kept
    yield Progress("read", 0)
    chosen = np.sort(np.random.default_rng(0).permutation(ids)[:MOST_SOUNDS])
    sounds = dict(read_latents(engine, opened.codec.digest, chosen.tolist()))
    prior = yield from train_prior(
        list(sounds.values()),
        opened.codec,
        opened.space,
        recipe,
        begun=kept,
        keep=lambda best: keep_prior(folder, file, best),
        numbers=list(sounds),
        among=len(ids),
    )
    keep_prior(folder, file, prior)
    sweep_priors(engine, folder)
    return prior


def _outgrown(prior: DreamPrior, ids: NDArray[np.int64], opened: OpenSpace) -> bool:
    """Return whether the samples are others by now than those that a prior learned from."""
    learned = prior.sounds.numpy()
    gone = 1.0 - np.isin(learned, ids).mean()
    grown = abs(len(ids) / max(prior.among, 1) - 1.0)
    other = (prior.space_digest, prior.codec_digest) != (
        opened.space.digest,
        opened.codec.digest,
    )
    return other or bool(max(gone, grown) > _OUTGROWN)
