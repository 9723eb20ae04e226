"""Text from file names, made safe to show."""

from __future__ import annotations

import unicodedata

# Cc and Cs are control characters and undecodable bytes; Cf holds the marks that turn text
# around; Zl and Zp break lines.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # parts of emoji and of several scripts


def displayable(text: str) -> str:
    r"""Return text with all that a terminal must not be sent written out as escapes.

    Args:
        text: A path or a name, as the operating system gave it.

    Returns:
        The text; a control character such as escape becomes ``\x1b``, a byte that no encoding
        explains becomes ``\xff``, a mark that reverses text becomes ``\u202e``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _UNSHOWN or character in _JOINERS:
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries an undecodable byte
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
