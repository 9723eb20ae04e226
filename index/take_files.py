"""Takes as files: each a new WAV file in a folder of the user's choice, and measured."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from index.answers import Take
from library.clip import Clip
from library.descriptors import SILENCE_DB, describe
from library.errors import UserError
from library.wav import write_wav


def prepare_folder(out: Path) -> None:
    """Make a folder for takes where it is not there.

    Raises:
        UserError: The disk refuses.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {out}", f"{error.strerror}") from error


def free_name(out: Path, stem: str) -> Path:
    """Return a name that no file has: a take never replaces a sound."""
    path = out / f"{stem}.wav"
    number = 2
    while path.exists():
        path = out / f"{stem}_{number}.wav"
        number += 1
    return path


def write_take(
    clip: Clip,
    path: Path,
    exact: bool = False,
    weights: tuple[float, ...] | None = None,
    z: tuple[float, ...] | None = None,
) -> Take:
    """Write a sound, and return it with what is measured of it as it was written.

    Args:
        clip: The sound.
        path: A file that is not there.
        exact: As `write_wav` has it.
        weights: Of the take.
        z: Of the take.
    """
    gain_db = write_wav(clip, path, exact=exact)
    found = asdict(describe(clip))
    found["loudness"] = max(found["loudness"] + gain_db, SILENCE_DB)
    return Take(path=path, attributes=found, weights=weights, z=z)
