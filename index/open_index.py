"""The search index of a space, brought up to date: from its file, by what has changed, or anew."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from index import search_file
from index.built_index import EXACT_UP_TO
from index.search import SearchIndex
from index.space_rows import index_file
from index.vectors import all_vectors, check_digest, vectors_of
from library.database import reading
from library.errors import LibraryError
from library.kept_files import sweep
from library.repairs import say_repaired
from library.tables import Space as SpaceTable
from library.tables import VectorChange


def open_index(
    engine: Engine,
    space_id: int,
    digest: str,
    folder: Path,
    held: SearchIndex | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> SearchIndex:
    """Return the index of a space as its vectors are now.

    The file stays behind the vectors until enough has changed to write it again: what has changed
    since is read from the library every time.

    Args:
        engine: The library.
        space_id: The space's row.
        digest: Of its weights.
        folder: Where the file lies.
        held: An index of this space, which saves reading the file.
        exact_up_to: More vectors than that are searched through inverted lists.

    Raises:
        LibraryError: The space is not what it was.
    """
    path = folder / index_file(digest)
    index = held
    if index is None and (kept := search_file.load(path, digest)) is not None:
        index = SearchIndex(*kept)
    useless = index is None and path.exists()
    with reading(engine) as session:  # one state of the library, whoever writes
        check_digest(session, space_id, digest)
        revision = session.scalar(select(SpaceTable.revision).where(SpaceTable.id == space_id)) or 0
        if index is not None and index.revision == revision:
            return index
        changed = None if index is None else changed_since(session, space_id, index.revision)
        if index is None or changed is None:
            ids, matrix = all_vectors(session, space_id)
        else:
            ids, matrix = vectors_of(session, space_id, changed)
        digests = session.scalars(select(SpaceTable.digest)).all()
    if index is None or changed is None:
        new = SearchIndex.build(ids, matrix, revision, exact_up_to)
    else:
        new = index.updated(changed, ids, matrix, revision, exact_up_to)
        if new.built is index.built:
            return new
    del matrix
    if useless:
        say_repaired(
            f"the search index {path.name} was damaged, or of another version: "
            "it was made again from the library"
        )
    # A disk that takes no cache costs time, not answers.
    with suppress(LibraryError, RuntimeError):
        search_file.save(path, new.built, digest, revision)
        sweep(folder, [index_file(each) for each in digests])
        if (mapped := search_file.load(path, digest)) is not None:
            return SearchIndex(*mapped)
    return new


def changed_since(session: Session, space_id: int, revision: int) -> NDArray[np.int64] | None:
    """Return the samples whose vectors have come, gone or changed since a revision, int64, rising.

    None where the library does not know the revision: it was too long ago, or never this library's.
    """
    changes = VectorChange.space_id == space_id
    seen = session.scalar(
        select(func.max(VectorChange.id)).where(changes, VectorChange.revision == revision)
    )
    if seen is None:
        return None
    since = select(VectorChange.sample_id).where(changes, VectorChange.id > seen).distinct()
    return np.sort(np.fromiter(session.scalars(since), np.int64))
