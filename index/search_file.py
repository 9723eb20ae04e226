"""The file of a search index: FAISS's own bytes, the ids, and a trailer that vouches for both.

One file, so that it is replaced whole; FAISS's bytes first, so that it can map them. The trailer
has a checksum for every block. All that a search steers by is checked whenever the file is opened:
FAISS's own numbers, the centroids, the ids. Of the vectors, which are nearly all of a large file,
only some blocks are: a wrong one gives a wrong distance, and to read them all would take away what
mapping gives.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import faiss
import numpy as np

from index.built_index import BuiltIndex
from library.kept_files import keeping

BLOCK_BYTES = 2**20
"""What one checksum is of."""

CHECKED_BLOCKS = 64
"""How many blocks of vectors are checked; a file that has no more is checked completely."""

MAPPED_ABOVE = 2**26
"""Larger files are mapped: searched from the disk's cache, and read where a search looks.

Smaller ones are read, so that a disk that is unplugged takes no program down with it.
"""

_MAGIC = b"crateidx"
_FORMAT = 1
_TRIES = 10


def save(path: Path, built: BuiltIndex, digest: str, revision: int) -> None:
    """Write an index, replacing the file whole.

    Args:
        path: The file.
        built: What to write.
        digest: Of the space's weights.
        revision: Of the vectors.

    Raises:
        LibraryError: The disk refuses.
        RuntimeError: The disk refuses FAISS.
    """
    with keeping(path.parent, "the search index") as part:
        faiss.write_index(built.index, str(part))
        with part.open("r+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.write(built.ids.astype("<i8").tobytes())
            stop = file.tell()
            file.seek(0)
            trailer = {
                "format": _FORMAT,
                "faiss": faiss.__version__,
                "space": digest,
                "revision": revision,
                "trained_on": built.trained_on,
                "n": len(built),
                "vectors": [end - len(built) * _bytes_of_one(built), end],
                "bytes": stop,
                "blocks": [zlib.crc32(file.read(size)) for _, size in _blocks(stop)],
            }
            data = json.dumps(trailer).encode()
            file.seek(stop)
            file.write(data + zlib.crc32(data).to_bytes(8, "little"))
            file.write(len(data).to_bytes(8, "little") + _MAGIC)
            file.flush()
            os.fsync(file.fileno())  # or the name could reach the disk before the bytes
        part.replace(path)


def load(path: Path, digest: str) -> tuple[BuiltIndex, int] | None:
    """Read an index back, and the revision of the vectors that it holds.

    None where there is none, or that of another space, or one that is damaged or of another FAISS.
    """
    # A cache that cannot be read is made again.
    with suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):
        for _ in range(_TRIES):
            with path.open("rb") as file:
                trailer = _trailer(file)
                if trailer["space"] != digest or not _is_whole(file, trailer):
                    return None
                n, end = trailer["n"], trailer["vectors"][1]
                file.seek(end)
                ids = np.frombuffer(file.read(8 * n), "<i8").astype(np.int64)
                mapped = faiss.IO_FLAG_MMAP_IFC if trailer["bytes"] > MAPPED_ABOVE else 0
                index = faiss.read_index(str(path), mapped)
                # FAISS opened the name once more, which may have been another file by then.
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return BuiltIndex(ids, index, trailer["trained_on"]), trailer["revision"]
    return None


def _bytes_of_one(built: BuiltIndex) -> int:
    """Return how many bytes of the file a vector takes; in a list it has its row beside it."""
    return 4 * built.d + (8 if built.trained_on else 0)


def _blocks(stop: int) -> Iterator[tuple[int, int]]:
    """Yield where each block begins, and how long it is."""
    for start in range(0, stop, BLOCK_BYTES):
        yield start, min(BLOCK_BYTES, stop - start)


def _trailer(file: BinaryIO) -> dict[str, Any]:
    """Read the trailer.

    Raises:
        ValueError: There is none, or it is damaged, or of another format or FAISS.
    """
    file.seek(-24, os.SEEK_END)
    foot = file.read(24)
    size = int.from_bytes(foot[8:16], "little")
    start = file.seek(-24 - size, os.SEEK_END)
    data = file.read(size)
    if foot[16:] != _MAGIC or zlib.crc32(data) != int.from_bytes(foot[:8], "little"):
        raise ValueError("no trailer")
    trailer: dict[str, Any] = json.loads(data)
    known = (trailer["format"], trailer["faiss"], trailer["bytes"])
    if known != (_FORMAT, faiss.__version__, start):
        raise ValueError("another format")
    return trailer


def _is_whole(file: BinaryIO, trailer: dict[str, Any]) -> bool:
    """Return whether the blocks are what was written, as far as they are looked at."""
    first, last = trailer["vectors"]
    blocks = list(_blocks(trailer["bytes"]))
    within = [i for i, (at, size) in enumerate(blocks) if first <= at and at + size <= last]
    step = -(-len(within) // CHECKED_BLOCKS) or 1
    passed_over = set(within) - set(within[::step])
    for i, (at, size) in enumerate(blocks):
        if i in passed_over:
            continue
        file.seek(at)
        if zlib.crc32(file.read(size)) != trailer["blocks"][i]:
            return False
    return True
