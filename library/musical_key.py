"""Keys: a tonic, minor or not, as one number and as text.

A key that is not minor is major, or only a tonic, where nobody says which: producers write both
as ``F#``.
"""

from __future__ import annotations

import re

from library.errors import LibraryError
from library.names import displayable

_TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

KEYS: tuple[str, ...] = (*_TONICS, *(f"{tonic}m" for tonic in _TONICS))
"""Every key, with sharps; its place is its number: the tonic from C, plus 12 in minor."""

_KEY = re.compile(
    r"([a-g])[\s_-]*(#|♯|b|♭|sharp|flat)?[\s_-]*(major|maj|minor|min|m)?", re.IGNORECASE
)
_STEPS = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}


def key_number(text: str) -> int | None:
    """Return the number of a key, 0 to 23, as people write it; None where that is no key.

    ``Bbm``, ``A#m``, ``a# min`` and ``B flat minor`` are one. Capitals make no difference.
    """
    match = _KEY.fullmatch(text.strip())
    return None if match is None else number_of(*match.groups())


def number_of(letter: str, accidental: str | None, mode: str | None) -> int:
    """Return the number of a key from its parts, as `key_number` finds them in a text."""
    tonic = _TONICS.index(letter.upper()) + _STEPS.get((accidental or "").lower(), 0)
    minor = (mode or "").lower() in ("m", "min", "minor")
    return tonic % 12 + 12 * minor


def known_key(text: str) -> int:
    """Return the number of a key that the user writes.

    Raises:
        LibraryError: It is no key.
    """
    number = key_number(text)
    if number is None:
        raise LibraryError(
            f"{displayable(text) or 'nothing'} is not a key", "write it like Am, F#, Bb or C minor"
        )
    return number
