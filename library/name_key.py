"""The key that a name tells: ``Bass_128_Am``, ``Pad C minor``. Rather none than a wrong one.

A letter alone is none: ``Kick_A`` and ``Beat_120_B`` are the first and the second of some. Nor is
a note with its octave, ``C3``: as many of these are places in a rack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from library.musical_key import number_of

_START, _END = r"(?<![^\s_\-.,()\[\]~+])", r"(?![^\s_\-.,()\[\]~+])"
_BETWEEN = r"[\s_-]"
_SHARP_OR_FLAT = r"#|♯|b|♭|[Ss]harp|[Ff]lat"
_MODE = r"major|maj|minor|min"

# With its mode in letters: Cmin, f#minor, B flat major, and "a minor" only with a capital, as it
# is also two words of English.
_WRITTEN_OUT = re.compile(
    rf"{_START}(?:([A-G]){_BETWEEN}?({_SHARP_OR_FLAT})?{_BETWEEN}?"
    rf"|([a-g])({_SHARP_OR_FLAT})?)((?i:{_MODE})){_END}"
)
_OF = re.compile(rf"{_START}(?i:key)(?:{_BETWEEN}?of)?{_BETWEEN}([A-G])(#|♯|b|♭)?(m)?{_END}")
# Am, F#m, Bbm, F#, Bb, f#m; not am, ebm or Ab1.
_SHORT = re.compile(rf"{_START}(?:([A-G])(#|♯|b|♭)?(m)|([A-G])(#|♯|b|♭)|([a-g])(#|♯)(m)?){_END}")
_I_AM = re.compile(r"\bI[\s_-]Am\b", re.IGNORECASE)


def key_in_name(stem: str, folders: Sequence[str]) -> int | None:
    """Return the key that the name of a sample tells, else that of its nearest folder.

    Args:
        stem: The file's name without its ending.
        folders: Those it lies in, the nearest last.

    Returns:
        A number of `library.musical_key.KEYS`; None where a name tells none, or several.
    """
    for text in (stem, *reversed(folders)):
        found = _keys(text)
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _keys(text: str) -> set[int]:
    found: set[int] = set()

    def note(match: re.Match[str]) -> str:
        letter, *rest = (part for part in match.groups() if part)
        mode = rest.pop() if rest and rest[-1].lower() in _MODES else None
        found.add(number_of(letter, rest[0] if rest else None, mode))
        return " "

    left = _I_AM.sub(" ", text)
    for pattern in (_WRITTEN_OUT, _OF, _SHORT):
        left = pattern.sub(note, left)
    return found


_MODES = frozenset((*_MODE.split("|"), "m"))
