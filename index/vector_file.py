"""Vectors as a NumPy file that other programs read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.answers import VectorTable
from library.errors import UserError
from library.new_file import new_file


def write_vectors(table: VectorTable, path: Path) -> Path:
    """Write vectors to an .npz file without pickles.

    Args:
        table: The vectors.
        path: A file of that name is replaced; `.npz` is added where it is not the ending.

    Returns:
        The path written: arrays `id` int64 (n,), `path` text (n,), absolute, and `vector`
        float32 (n, d).

    Raises:
        UserError: The file cannot be written.
    """
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    paths = np.array([str(p.absolute()) for p in table.paths], dtype=np.str_)
    try:
        with new_file(path, overwrite=True) as part, part.open("wb") as file:
            np.savez(file, id=table.ids, path=paths, vector=table.matrix)
    except OSError as error:
        raise UserError(f"cannot write {path}", f"{error.strerror}") from error
    return path
