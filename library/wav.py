"""Writing a clip as a WAV file: whole or not at all, and never over another file unasked."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from library.names import displayable
from library.new_file import new_file
from library.recipe import MOST_BYTES, Recipe, RecipeError, from_text, to_text
from library.riff import append_info, read_info
from library.version import __version__

_FULL_SCALE = 2**23

QUIETEST_PCM = 1e-3
"""A peak under which 24 bits are too coarse for a copy that must be exact."""

# The name, in a LIST chunk of type INFO, of a recipe. ISFT, the program, is a common one.
_RECIPE = b"ILCR"


def write_wav(
    clip: Clip,
    path: Path,
    *,
    overwrite: bool = False,
    exact: bool = False,
    recipe: Recipe | None = None,
) -> float:
    """Write a clip as 24-bit PCM.

    The file appears under its name only when it is complete. A clip that came from 16- or 24-bit
    audio is written without any loss. Missing folders are made.

    Args:
        clip: Audio, finite. A peak above full scale is scaled down to it, never clipped.
        path: Where to; an existing file is left as it is.
        overwrite: Replace an existing file.
        exact: Write a clip whose peak is above full scale, or very low, as 32-bit float, with
            nothing changed.
        recipe: What made the clip, for the file to say; other programs see which program it was.

    Returns:
        The gain that was applied, in dB; 0.0 unless the peak was above full scale.

    Raises:
        UserError: The file is there already, or the disk refuses.
        ValueError: The clip holds NaN or infinity.
    """
    as_float, gain = _coding(clip, exact)
    values = clip.frames.T if as_float else _pcm_24(clip, gain) << 8
    subtype = "FLOAT" if as_float else "PCM_24"
    try:
        with new_file(path, overwrite=overwrite) as partial:
            # By way of memory: what a full disk says is lost on the way through libsndfile.
            data = io.BytesIO()
            soundfile.write(data, values, clip.sample_rate, subtype, format="WAV")
            partial.write_bytes(data.getbuffer())
            if as_float:
                _forget_time(partial)
            if recipe is not None:
                program = f"latentcrate {__version__}".encode()
                append_info(partial, {b"ISFT": program, _RECIPE: to_text(recipe).encode()})
    except FileExistsError as error:
        raise UserError(
            f"{displayable(str(path))} is there already", "choose another name or folder"
        ) from error
    except (OSError, soundfile.LibsndfileError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"cannot write {displayable(str(path))} ({reason})", "choose another folder"
        ) from error
    return 20.0 * math.log10(gain)


def as_written(clip: Clip, *, exact: bool = False) -> Clip:
    """Return a clip as it will be read from the file that `write_wav` makes of it."""
    as_float, gain = _coding(clip, exact)
    if as_float:
        return clip
    frames = _pcm_24(clip, gain).T.astype(np.float32) / np.float32(_FULL_SCALE)
    return Clip(np.ascontiguousarray(frames), clip.sample_rate)


def read_recipe(path: Path) -> Recipe | None:
    """Return the recipe that a file holds; None where it holds none.

    Raises:
        RecipeError: What it holds cannot be believed, or the file cannot be read.
    """
    try:
        text = read_info(path, _RECIPE, MOST_BYTES)
    except OSError as error:
        raise RecipeError(
            f"cannot read {displayable(path.name)} ({error.strerror})", "try another copy"
        ) from error
    return None if text is None else from_text(text)


def _coding(clip: Clip, exact: bool) -> tuple[bool, float]:
    """Return whether a clip is written as float, and the gain that keeps it from clipping."""
    peak = float(np.abs(clip.frames).max(initial=0.0))
    if not math.isfinite(peak):
        raise ValueError("a clip to be written must be finite")
    as_float = exact and not QUIETEST_PCM < peak <= 1.0
    return as_float, 1.0 / peak if peak > 1.0 and not exact else 1.0


def _forget_time(path: Path) -> None:
    """Clear the time that libsndfile writes into a float file: equal clips make equal files.

    It is in the PEAK chunk, in front of the audio: name, size and version, then seconds since 1970.
    """
    with path.open("r+b") as file:
        at = file.read(128).find(b"PEAK")
        if at >= 0:
            file.seek(at + 12)
            file.write(bytes(4))


def _pcm_24(clip: Clip, gain: float) -> NDArray[np.int32]:
    """Return the clip as 24-bit values, shape (t, c)."""
    # Scaled by 2**23 here, because libsndfile scales floats by 2**23 - 1, which is not the
    # inverse of how it reads them.
    scaled = np.rint(clip.frames.T.astype(np.float64) * (gain * _FULL_SCALE))
    return np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int32)
