"""Two folds of sources, each with an ear that has heard nothing of its sources.

The ears are trained as the one that ships is, by the same recipe, and kept in a folder, if one is
named: training takes some minutes of a processor each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.manifest import Labelled, sounds_folder
from library.clip import Clip
from library.decode import decode
from library.descriptors import describe
from vae.ear import Ear
from vae.ear_data import real_views, synthesised_views
from vae.ear_file import from_bytes, note_of, to_bytes
from vae.ear_training import EarRecipe, train_ear
from vae.hearing import Hearing
from vae.onset import from_onset

FIRST_FOLD = frozenset(
    {
        "oramics/sampled",
        "hydrogen-music/hydrogen",
        "Jakobovski/free-spoken-digit-dataset",
        "sonic-pi-net/sonic-pi",
    }
)
"""Sources that neither codec nor space were trained on; all others are the second fold."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Sounds, and an ear that has heard none of their sources.

    Attributes:
        name: "first" or "second".
        sounds: Those of the fold's sources, in the order of the manifest.
        ear: The ear.
    """

    name: str
    sounds: list[Labelled]
    ear: Ear


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what `folds` needs to a command line."""
    parser.add_argument("--sounds", type=Path, help="the labelled sounds that are judged")
    parser.add_argument("--train", type=Path, action="append", default=[], help="more to learn on")
    parser.add_argument("--ears", type=Path, help="where ears are kept; made anew otherwise")
    parser.add_argument("--nets", type=int, default=EarRecipe().nets)
    parser.add_argument("--steps", type=int, default=EarRecipe().steps)


def folds(options: argparse.Namespace, sounds: Sequence[Labelled]) -> Iterator[Fold]:
    """Yield both folds, their ears trained where they are not kept.

    Args:
        options: As `add_options` reads them.
        sounds: Of any sources.
    """
    folder = sounds_folder(options.sounds).resolve()
    recipe = EarRecipe(nets=options.nets, steps=options.steps)
    second = frozenset(s.source for s in sounds) - FIRST_FOLD
    with tempfile.TemporaryDirectory() as temporary:
        kept = options.ears or Path(temporary)
        for name, sources in (("first", FIRST_FOLD), ("second", second)):
            ear = fold_ear(name, sources, [folder, *options.train], kept, recipe)
            yield Fold(name, [s for s in sounds if s.source in sources], ear)


def fold_ear(
    name: str, without: frozenset[str], folders: Sequence[Path], kept: Path, recipe: EarRecipe
) -> Ear:
    """Return an ear that has heard nothing of some sources, trained where it is not kept.

    Ends the program where the one that is kept has heard any of them.
    """
    path = kept / f"ear-{name}.safetensors"
    if not path.exists():
        sounds = [s for folder in folders for s in real_views(folder, without, recipe.seed)]
        sounds += synthesised_views(recipe.synthesised, recipe.seed)
        heard = sorted({s.source for s in sounds})
        kept.mkdir(parents=True, exist_ok=True)
        note = {"recipe": asdict(recipe), "sounds": heard}
        path.write_bytes(to_bytes(train_ear(sounds, recipe), note))
    data = path.read_bytes()
    if known := without.intersection(note_of(data)["sounds"]):
        sys.exit(f"{path} has heard {', '.join(sorted(known))}: name another folder of ears")
    return from_bytes(data)


def clips_of(sounds: Iterable[Labelled], seconds: float) -> Iterator[Clip]:
    """Yield the beginnings of sounds, at most so long."""
    return (decode(sound.path, seconds).clip for sound in sounds)


def wholes_of(clips: Iterable[Clip], ear: Ear) -> NDArray[np.float32]:
    """Return clips as points, in half precision as they are cached; float32, shape (n, f)."""
    points = []
    for clip in clips:
        heard = ear.hear(from_onset(clip), describe(clip).pitch)
        cached = Hearing.from_bytes(*heard.to_bytes(), heard.windows.shape[1])
        points.append(cached.whole)
    return np.stack(points)
