"""What a WAV file says beside its audio: a LIST chunk of type INFO, written after the audio.

Other readers pass over what they do not know in it (Microsoft, Multimedia Programming Interface and
Data Specifications 1.0, 1991). Reading believes no length: it is bounded in bytes and in chunks.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

_HEAD = struct.Struct("<4sI")
BIG_ENDIAN = struct.Struct(">4sI")
"""The head of a chunk in an AIFF file."""

_CHUNKS_AT_MOST = 1000


def append_info(path: Path, entries: Mapping[bytes, bytes]) -> None:
    """Append what a WAV file is to say of itself.

    Args:
        path: A whole WAV file that is our own and nobody reads yet.
        entries: Text for each name of four letters, without zero bytes.

    Raises:
        OSError: The disk refuses.
    """
    body = b"INFO" + b"".join(_chunk(name, text + b"\0") for name, text in entries.items())
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.write(bytes(end % 2) + _chunk(b"LIST", body))
        size = file.tell() - _HEAD.size
        file.seek(4)
        file.write(struct.pack("<I", size))


def _chunk(name: bytes, body: bytes) -> bytes:
    return _HEAD.pack(name, len(body)) + body + bytes(len(body) % 2)


def read_info(path: Path, name: bytes, most: int) -> bytes | None:
    """Return what a WAV file says of itself under a name.

    Args:
        path: Any file.
        name: Four letters.
        most: Bytes; what is longer is cut to one more than that.

    Returns:
        The text; None where it says nothing of the kind, or is no WAV file.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        for kind, start, stop in chunks(file, 12, size):
            if kind != b"LIST" or file.read(4) != b"INFO":
                continue
            for inner, first, last in chunks(file, start + 4, stop):
                if inner == name:
                    return file.read(min(last - first, most + 1)).rstrip(b"\0")
    return None


def chunks(
    file: BinaryIO, at: int, end: int, head: struct.Struct = _HEAD
) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and stop of the chunks between two places, the file at their start.

    Args:
        file: Open for reading.
        at: Where the first begins.
        end: No chunk is believed to reach further.
        head: Of a chunk: its name, and the length of what follows.
    """
    for _ in range(_CHUNKS_AT_MOST):
        file.seek(at)
        read = file.read(head.size)
        if at + head.size > end or len(read) < head.size:
            return
        kind, length = head.unpack(read)
        at += head.size
        yield kind, at, min(at + length, end)
        at += length + length % 2
