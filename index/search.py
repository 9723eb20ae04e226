"""FAISS: the nearest vectors. The index is a cache of the rows and carries their revision.

Search is exact: at 64 dimensions FAISS compares 100,000 vectors in about a millisecond, so that
almost no library is large enough to trade recall for speed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.vectors import read_vectors
from library.content import content_hash
from library.errors import LibraryError
from library.kept_files import keeping


class SearchIndex:
    """The vectors of one space, ready to be searched.

    Args:
        index: A FAISS index with ids.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def build(cls, ids: NDArray[np.int64], matrix: NDArray[np.float32]) -> SearchIndex:
        """Index vectors.

        Args:
            ids: int64, shape (n,).
            matrix: float32, shape (n, d); n may be 0.
        """
        index = faiss.IndexIDMap2(faiss.IndexFlatL2(max(matrix.shape[1], 1)))
        if len(ids):
            index.add_with_ids(np.ascontiguousarray(matrix), ids)
        return cls(index)

    def nearest(
        self,
        vector: NDArray[np.float32],
        k: int,
        scope: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the k nearest, nearest first.

        Args:
            vector: float32, shape (d,).
            k: How many at most.
            scope: Only these ids are looked at; None for all.

        Returns:
            Ids, int64, and L2 distances, float32, both of shape (at most k,).
        """
        k = min(k, len(self))
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters = None
        if scope is not None:
            selector = faiss.IDSelectorBatch(np.asarray(scope, np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # the stub lacks it
        squared, ids = self._index.search(vector[None], k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], np.sqrt(squared[0][found].clip(0)).astype(np.float32)

    def vectors_of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return indexed vectors by id, float32, shape (n, d)."""
        if not len(ids):
            return np.zeros((0, self._index.d), np.float32)
        return np.stack([self._index.reconstruct(int(i)) for i in ids])

    def save(self, path: Path, stamp: dict[str, object]) -> None:
        """Write the index and its stamp, each replaced whole."""
        with keeping(path.parent, "the search index") as part:
            faiss.write_index(self._index, str(part))
            digest = content_hash(part)
            part.replace(path)
            part.write_text(json.dumps({**stamp, "content": digest}))
            part.replace(path.with_suffix(".json"))

    @classmethod
    def load(cls, path: Path, stamp: dict[str, object]) -> SearchIndex | None:
        """Read an index back; None where there is none, or another, or a damaged one."""
        try:
            written = json.loads(path.with_suffix(".json").read_text())
            if written != {**stamp, "content": content_hash(path)}:
                return None
            return cls(faiss.read_index(str(path)))
        except (OSError, ValueError, RuntimeError):  # a cache that cannot be read is made again
            return None


def open_index(
    engine: Engine, space_id: int, digest: str, revision: int, folder: Path
) -> SearchIndex:
    """Return the index of a space, from its file where that agrees with the rows.

    Args:
        engine: The library.
        space_id: The space's row.
        digest: Of its weights.
        revision: Of its vectors.
        folder: Where the file lies.
    """
    path = folder / f"vectors-{digest}.faiss"
    stamp: dict[str, object] = {"space": digest, "revision": revision}
    index = SearchIndex.load(path, stamp)
    if index is None:
        index = SearchIndex.build(*read_vectors(engine, space_id))
        # A disk that takes no cache costs time, not answers.
        with suppress(LibraryError, RuntimeError):
            index.save(path, stamp)
    return index
