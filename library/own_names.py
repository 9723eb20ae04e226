"""Names that the user gives to collections and searches: one line, the same in any case."""

from __future__ import annotations

import unicodedata

from library.errors import LibraryError
from library.names import displayable

LONGEST_NAME = 80


def own_name(text: str, what: str) -> str:
    """Return a name as it is kept: without blanks around it, composed.

    Args:
        text: As it was typed.
        what: What it is to name, such as "collection".

    Raises:
        LibraryError: It is empty, too long, or holds a quotation mark or a control character.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if not name or '"' in name or displayable(name) != name:
        raise LibraryError(
            f"{displayable(text) or 'nothing'} cannot name a {what}",
            "use letters, digits and blanks",
        )
    if len(name) > LONGEST_NAME:
        raise LibraryError(f"that is too long to name a {what}", f"{LONGEST_NAME} letters at most")
    return name
