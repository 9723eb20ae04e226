"""What a file or a clip holds, as a short text that only the same has."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from library.clip import Clip

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


def audio_digest(clip: Clip) -> str:
    """Return the BLAKE2b digest of a clip's values, rate and channels, 32 hexadecimal digits.

    What a file says beside its audio does not count, nor how it is coded, where that loses nothing.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{clip.sample_rate} {clip.channels} {clip.length} ".encode())
    digest.update(np.ascontiguousarray(clip.frames, "<f4").tobytes())
    return digest.hexdigest()
