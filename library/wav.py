"""Writing a clip as a WAV file: whole or not at all, and never over another file unasked."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import UserError
from library.names import displayable
from library.new_file import new_file

_FULL_SCALE = 2**23

QUIETEST_PCM = 1e-3
"""A peak under which 24 bits are too coarse for a copy that must be exact."""


def write_wav(clip: Clip, path: Path, *, overwrite: bool = False, exact: bool = False) -> float:
    """Write a clip as 24-bit PCM.

    The file appears under its name only when it is complete. A clip that came from 16- or 24-bit
    audio is written without any loss. Missing folders are made.

    Args:
        clip: Audio, finite. A peak above full scale is scaled down to it, never clipped.
        path: Where to; an existing file is left as it is.
        overwrite: Replace an existing file.
        exact: Write a clip whose peak is above full scale, or very low, as 32-bit float, with
            nothing changed.

    Returns:
        The gain that was applied, in dB; 0.0 unless the peak was above full scale.

    Raises:
        UserError: The file is there already, or the disk refuses.
        ValueError: The clip holds NaN or infinity.
    """
    peak = float(np.abs(clip.frames).max(initial=0.0))
    if not math.isfinite(peak):
        raise ValueError("a clip to be written must be finite")
    as_float = exact and not QUIETEST_PCM < peak <= 1.0
    gain = 1.0 / peak if peak > 1.0 and not exact else 1.0
    values = clip.frames.T if as_float else _pcm_24(clip, gain)
    subtype = "FLOAT" if as_float else "PCM_24"
    try:
        with new_file(path, overwrite=overwrite) as partial:
            with partial.open("wb") as file:
                soundfile.write(file, values, clip.sample_rate, subtype, format="WAV")
            if as_float:
                _forget_time(partial)
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
    """Return the clip as 24-bit values in the upper bits of 32, shape (t, c)."""
    # Scaled by 2**23 here, because libsndfile scales floats by 2**23 - 1, which is not the
    # inverse of how it reads them.
    scaled = np.rint(clip.frames.T.astype(np.float64) * (gain * _FULL_SCALE))
    return np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int32) << 8
