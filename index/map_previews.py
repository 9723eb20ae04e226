"""The beginnings of sounds, small enough to travel inside a page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.clip import Clip
from library.decode import read
from library.errors import DecodeError
from library.progress import Job, Progress
from vae.onset import onset

SECONDS = 0.8
"""Of each sound from its onset on, which is enough to know it by."""

_RATE_HZ = 32_000
_BEFORE_ONSET_S = 0.005
_FADE_S = 0.03
_LEAD_S = 4.0  # of silence before an onset at most
_COMPRESSION = 0.8  # of libsndfile's 0 to 1; variable bit rate, about 60 kbit/s


def preview(clip: Clip) -> bytes:
    """Return the beginning of a clip as a mono MP3 file, which every browser plays."""
    start = max(0, onset(clip) - round(_BEFORE_ONSET_S * clip.sample_rate))
    end = start + round(SECONDS * clip.sample_rate)
    part = Clip(np.ascontiguousarray(clip.frames[:, start:end]), clip.sample_rate)
    audio = part.at_rate(_RATE_HZ).mono().copy()
    if end < clip.length:
        fade = min(len(audio), round(_FADE_S * _RATE_HZ))
        audio[len(audio) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    file = io.BytesIO()
    soundfile.write(
        file,
        audio.clip(-1, 1),
        _RATE_HZ,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=_COMPRESSION,
        bitrate_mode="VARIABLE",
    )
    return file.getvalue()


def previews(
    paths: Sequence[Path], xy: NDArray[np.float32], most_bytes: float
) -> Job[dict[int, bytes]]:
    """Return the beginnings of as many sounds as fit, from all over the map; a job.

    Args:
        paths: Of the files, n of them; one that cannot be read is passed over.
        xy: Where they lie on the map, float32, shape (n, 2).
        most_bytes: How large all together may become.

    Returns:
        MP3 files by the place of the sound among the paths.
    """
    found: dict[int, bytes] = {}
    size = 0
    order = all_over(xy)
    for done, i in enumerate(order, start=1):
        try:
            data = preview(read(paths[i], _LEAD_S + SECONDS))
        except DecodeError:
            continue
        size += len(data)
        if size > most_bytes:
            break
        found[int(i)] = data
        yield Progress("previews", done, len(order), paths[i].name)
    return found


def all_over(xy: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return an order of points in which any beginning of it covers the map evenly.

    First comes one of each cell of a grid, then a second of each that has two, and so on.
    """
    side = max(1, int(len(xy) ** 0.5))
    cells = (xy * side).astype(np.intp).clip(0, side - 1)
    cell = cells[:, 0] * side + cells[:, 1]
    by_cell = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[by_cell], cell[by_cell])
    turn = np.empty(len(xy), np.intp)
    turn[by_cell] = np.arange(len(xy)) - starts
    return np.lexsort((cell, turn))
