"""What a file holds, as a short text that only the same bytes have."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK_BYTES = 2**20


def content_hash(path: Path) -> str:
    """Return the BLAKE2b digest of a file's bytes, 32 hexadecimal digits.

    Raises:
        OSError: The file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
