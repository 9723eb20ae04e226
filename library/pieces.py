"""A file piece by piece: its beginning can be heard while the rest of it is decoded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from library.clip import Clip
from library.decode import ForwardFile, mend, opening, read
from library.errors import DecodeError
from library.names import displayable
from library.reading import frames_to_read

FIRST_SECONDS = 1.0
"""The length of the first piece: soon decoded, and long enough for the second one to follow."""

NEXT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some audio of a file, right after the piece before.

    Attributes:
        clip: The audio; the last piece may have no frames, unless it is the only one.
        claimed: Frames that the file claims to hold, in all its pieces; 0 where it is unknown.
        last: Whether the file ends with it.
    """

    clip: Clip
    claimed: int
    last: bool


def pieces(
    path: Path,
    max_seconds: float,
    first_seconds: float = FIRST_SECONDS,
    next_seconds: float = NEXT_SECONDS,
) -> Iterator[Piece]:
    """Decode a file piece by piece; together the pieces are what `library.decode.read` returns.

    What libsndfile does not read comes in one piece, and so does what is left of a damaged file
    where the damage begins.

    Args:
        path: An audio file that the user chose.
        max_seconds: Decode no more than this from the start.
        first_seconds: Length of the first piece.
        next_seconds: Length of the others.

    Raises:
        DecodeError: As `library.decode.read`.
    """
    try:
        opening(path)
        file = ForwardFile(os.fspath(path) if sys.platform == "win32" else os.fsencode(path))
    except (soundfile.LibsndfileError, TypeError, ValueError, DecodeError):
        yield _left(path, max_seconds, 0)
        return
    with file:
        try:
            limit = frames_to_read(file.channels, file.samplerate, max_seconds)
        except DecodeError as error:
            raise DecodeError(f"{displayable(path.name)} {error.message}", error.hint) from error
        done = 0
        while done < limit:
            seconds = next_seconds if done else first_seconds
            wanted = min(limit - done, max(1, round(seconds * file.samplerate)))
            try:
                got = file.read(wanted, np.float32, always_2d=True)
            except soundfile.LibsndfileError:
                got = None
            if got is None or not (done or len(got)):
                yield _left(path, max_seconds, done)
                return
            frames = np.ascontiguousarray(got.T, np.float32)
            if len(got):
                mend(frames)
            done += len(got)
            last = len(got) < wanted or done >= limit
            claimed = done if last else min(limit, file.frames)
            yield Piece(Clip(frames, file.samplerate), claimed, last)
            if last:
                return


def _left(path: Path, max_seconds: float, done: int) -> Piece:
    """Return what comes after some frames, as far as the careful way of reading gets."""
    clip = read(path, max_seconds)
    return Piece(Clip(clip.frames[:, done:], clip.sample_rate), clip.length, True)
