"""Neighbours: from a sound to the samples most like it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import Neighbour
from index.encode import encode_file
from index.latents import read_latents
from index.search import SearchIndex
from index.sounds import locate
from library import catalog
from library.errors import LibraryError
from library.tables import ANALYSED
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.space import Space
from vae.vector import blocks, score, vectors


def latents_of(engine: Engine, sound: str, codec: BaseCodec) -> tuple[int | None, Latents]:
    """Return the latents of a sample, or of a file from anywhere.

    Args:
        engine: The library.
        sound: A sample's id or path, or any audio file's path.
        codec: Whose latents.

    Returns:
        The sample's id, None for a file that is not in the library; and the latents, as they are
        cached.

    Raises:
        LibraryError: There is neither such a sample nor such a file.
        DecodeError: The file cannot be read.
    """
    row = locate(engine, sound)
    if isinstance(row, Path):
        return None, _as_cached(encode_file(row, codec))
    found = dict(read_latents(engine, codec.digest, [row.id]))
    if row.id in found:
        return row.id, found[row.id]
    if row.state != ANALYSED:
        why = f"it failed: {row.reason}" if row.reason else "run crate scan"
        raise LibraryError(f"{row.name} is not analysed", why)
    return row.id, _as_cached(encode_file(row.path, codec))


def _as_cached(latents: Latents) -> Latents:
    return Latents.from_bytes(latents.to_bytes(), latents.dims)


def neighbours(
    engine: Engine,
    sound: str,
    k: int,
    scope: NDArray[np.int64] | None,
    space: Space,
    codec: BaseCodec,
    index: SearchIndex,
) -> list[Neighbour]:
    """Return the samples nearest to a sound, nearest first.

    Args:
        engine: The library.
        sound: As `latents_of` takes it.
        k: How many at most; the sound itself is not among them.
        scope: Only these ids are looked at; None for all.
        space: Whose vectors.
        codec: Of the space.
        index: Of the space.
    """
    own, latents = latents_of(engine, sound, codec)
    wanted = vectors(space, [latents], codec)[0]
    ids, distances = index.nearest(wanted, k + 1, scope)
    kept = ids != own if own is not None else np.ones(len(ids), bool)
    ids, distances = ids[kept][:k], distances[kept][:k]
    matrix = index.vectors_of(ids)
    parts = blocks(space)
    rows = {row.id: row for row in catalog.rows(engine, ids)}
    return [
        Neighbour(
            row=rows[int(i)],
            distance=float(distance),
            score=score(float(distance)),
            aspects={
                name: score(float(np.linalg.norm(vector[part] - wanted[part])))
                for name, part in parts.items()
            },
        )
        for i, distance, vector in zip(ids, distances, matrix, strict=True)
        if int(i) in rows
    ]
