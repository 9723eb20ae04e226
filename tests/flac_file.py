"""A FLAC file of any depth, written value by value: no encoder here writes all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100


def write(path: Path, values: NDArray[np.int64], bits: int) -> Path:
    """Write mono values as one frame of one verbatim subframe, RFC 9639, sections 8 and 9.

    Args:
        path: Where.
        values: Integers of that many bits, 16 to 65,536 of them.
        bits: 4 to 32.
    """
    size = len(values)
    info = _packed(
        *((size, 16), (size, 16), (0, 24), (0, 24)),  # sizes of blocks, then of frames: not known
        *((RATE_HZ, 20), (0, 3), (bits - 1, 5), (size, 36), (0, 128)),  # no MD5 of the values
    )
    # Sync code, block size of 16 bits at the end, 44.1 kHz, mono, depth as in STREAMINFO, frame 0.
    start = _packed(
        (0b111111111111100, 15),
        (0, 1),
        (7, 4),
        (9, 4),
        (0, 4),
        (0, 3),
        (0, 1),
        (0, 8),
        (size - 1, 16),
    )
    start += bytes([_crc(start, 8, 0x07)])
    coded = ((int(value) & (2**bits - 1), bits) for value in values)
    frame = start + _packed((0b00000010, 8), *coded)
    frame += _crc(frame, 16, 0x8005).to_bytes(2, "big")
    path.write_bytes(b"fLaC" + _packed((1, 1), (0, 7), (len(info), 24)) + info + frame)
    return path


def _packed(*fields: tuple[int, int]) -> bytes:
    """Return numbers of so many bits each, the highest bit first, filled up with zeros."""
    bits = "".join(f"{number:0{count}b}" for number, count in fields)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _crc(data: bytes, bits: int, polynomial: int) -> int:
    """Return a cyclic redundancy check that begins with zero."""
    rest = 0
    for byte in data:
        rest ^= byte << (bits - 8)
        for _ in range(8):
            rest = (rest << 1) ^ (polynomial if rest >> (bits - 1) else 0)
            rest &= 2**bits - 1
    return rest
