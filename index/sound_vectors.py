"""From a sound to its vector: of a sample, of a file from anywhere, of a region of either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from index.analyse import ANALYSED_SECONDS
from index.measured import Measured
from index.open_spaces import OpenSpace
from index.sound_query import Region
from index.sounds import locate
from library.catalog import SampleRow, chunks
from library.clip import Clip
from library.database import reading
from library.decode import decode, read
from library.descriptors import describe
from library.errors import DecodeError, LibraryError, UserError
from library.names import displayable
from library.tables import ANALYSED, Vector
from vae.onset import from_onset
from vae.vector import vector_and_hearing

# People round what they read off a display.
_TOLERANCE_S = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class HeardSound:
    """A sound that is asked for.

    Attributes:
        sample_id: None for a file that is not in the library.
        vector: float32, shape (d,).
        measured: Its descriptors.
        windows: Its half seconds as the ear keeps them, float32, shape (n, w); None for a sample as
            a whole.
        clip: Its audio from its onset on; None where the windows are.
    """

    sample_id: int | None
    vector: NDArray[np.float32]
    measured: Measured
    windows: NDArray[np.float32] | None = None
    clip: Clip | None = None


def stored_vectors(
    engine: Engine, space_id: int, sample_ids: Sequence[int] | NDArray[np.int64]
) -> dict[int, NDArray[np.float32]]:
    """Return the vectors that samples have in a space, by id; those without are left out."""
    found: dict[int, NDArray[np.float32]] = {}
    with reading(engine) as session:
        for chunk in chunks(sample_ids):
            statement = select(Vector.sample_id, Vector.data).where(
                Vector.space_id == space_id, Vector.sample_id.in_(chunk)
            )
            for sample_id, data in session.execute(statement):
                found[sample_id] = np.frombuffer(data, "<f4").astype(np.float32)
    return found


def indexed_ids(engine: Engine, space_id: int) -> NDArray[np.int64]:
    """Return the ids that have a vector in a space, rising."""
    statement = (
        select(Vector.sample_id).where(Vector.space_id == space_id).order_by(Vector.sample_id)
    )
    with reading(engine) as session:
        return np.fromiter(session.scalars(statement), np.int64)


def hear(engine: Engine, sound: str, opened: OpenSpace, region: Region | None = None) -> HeardSound:
    """Return a sample, or a file from anywhere, as search compares it.

    Args:
        engine: The library.
        sound: A sample's id or path, or any audio file's path.
        opened: In which space.
        region: The piece that is meant; None for the first two minutes.

    Raises:
        LibraryError: There is neither such a sample nor such a file.
        UserError: It cannot be read, the codec fails on it, or it has no such region.
    """
    found = locate(engine, sound)
    if region is not None:
        # A piece is another sound than its sample, which is one of the answers.
        return _measured(
            None, _cut(found if isinstance(found, Path) else found.path, region), opened
        )
    if isinstance(found, Path):
        return _measured(None, read(found, ANALYSED_SECONDS), opened)
    return _sample(engine, found, opened)


def _sample(engine: Engine, row: SampleRow, opened: OpenSpace) -> HeardSound:
    stored = stored_vectors(engine, opened.row.id, [row.id])
    if row.id in stored:
        return HeardSound(row.id, stored[row.id], row.attributes)
    if row.state != ANALYSED:
        why = f"it failed: {row.reason}" if row.reason else "run crate scan"
        raise LibraryError(f"{row.name} is not analysed", why)
    return _measured(row.id, read(row.path, ANALYSED_SECONDS), opened)


def _measured(sample_id: int | None, clip: Clip, opened: OpenSpace) -> HeardSound:
    described = describe(clip)
    vector, heard = vector_and_hearing(clip, described.pitch, opened.space, opened.codec)
    return HeardSound(sample_id, vector, asdict(described), heard.windows, from_onset(clip))


def _cut(path: Path, region: Region) -> Clip:
    """Return a region of a file, at most two minutes of it."""
    name = displayable(path.name)
    from_end = min(region.start or 0.0, region.end or 0.0) < 0
    needed = region.end if region.end is not None else (region.start or 0.0) + ANALYSED_SECONDS
    try:
        decoded = decode(path, None if from_end else needed + 1.0)
    except DecodeError as error:
        raise DecodeError(f"{name} {error.message}", error.hint) from error
    clip = decoded.clip
    if from_end and decoded.truncated:
        raise UserError(
            f"{name} is too long to count from its end", "give the region from its beginning"
        )
    start = _from_beginning(region.start, 0.0, clip.duration)
    end = _from_beginning(region.end, clip.duration, clip.duration)
    if not -_TOLERANCE_S <= start < clip.duration or end > clip.duration + _TOLERANCE_S:
        held = "of which that much can be read" if decoded.truncated else "long"
        raise UserError(
            f"the region is outside {name}, {clip.duration:.2f} s {held}",
            "give one that is inside it",
        )
    first, last = (round(max(at, 0.0) * clip.sample_rate) for at in (start, end))
    frames = clip.frames[:, first : min(last, first + round(ANALYSED_SECONDS * clip.sample_rate))]
    if not frames.any():
        what = "nothing but silence" if frames.size else "nothing"
        raise UserError(f"there is {what} in that region of {name}", "give another region")
    return Clip(np.ascontiguousarray(frames), clip.sample_rate)


def _from_beginning(at: float | None, default: float, duration: float) -> float:
    """Return a time from the beginning of a clip."""
    if at is None:
        return default
    return duration + at if at < 0 else at
