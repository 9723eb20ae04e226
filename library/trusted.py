"""The programs that the user trusts, by digest, whatever library they lie in.

A library is a file that can come from anybody, and says of its codecs what its maker wants. So what
the user trusts is also kept where only the user writes: a text file, one digest a line.
"""

from __future__ import annotations

from library.errors import LibraryError
from library.kept_files import into_place, keeping
from library.locations import trusted_codecs


def trusted_digests() -> frozenset[str]:
    """Return the digests of the programs that the user trusts.

    Raises:
        LibraryError: The file is there and cannot be read.
    """
    path = trusted_codecs()
    try:
        return frozenset(path.read_text("utf-8", "replace").split())
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise LibraryError(
            f"what you trust cannot be read ({error.strerror})", f"check {path}"
        ) from error


def add_trusted(digest: str) -> None:
    """Trust the program of a digest from now on.

    Raises:
        LibraryError: The file cannot be written.
    """
    path = trusted_codecs()
    known = trusted_digests()
    if digest in known:
        return
    with keeping(path.parent, "what you trust") as part:
        part.write_text("".join(f"{each}\n" for each in sorted({*known, digest})), "utf-8")
        into_place(part, path)
