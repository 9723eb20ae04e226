"""Where a library and what belongs to it lie on disk."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

LIBRARY_VARIABLE = "LATENTCRATE_LIBRARY"
"""The environment variable that names the library to use."""


def default_library() -> Path:
    """Return the library file to use when none is named.

    Returns:
        The path in the environment variable ``LATENTCRATE_LIBRARY``, else ``library.sqlite`` in
        the platform's folder for application data. It need not exist.
    """
    named = os.environ.get(LIBRARY_VARIABLE)
    if named:
        return Path(named).expanduser()
    return user_data_path("latentcrate", appauthor=False) / "library.sqlite"


def library_folder(path: Path) -> Path:
    """Return the folder for what belongs to a library: caches, spaces, backups.

    Args:
        path: The library file.

    Returns:
        The folder ``<stem>.crate`` beside it. It need not exist.
    """
    name = path.stem if path.suffix == ".sqlite" else path.name
    return path.with_name(f"{name}.crate")


def trusted_codecs() -> Path:
    """Return the file that names the codecs the user trusts, in the folder for application data.

    It lies beside no library: a library that somebody else made cannot bring trust with it.
    """
    return user_data_path("latentcrate", appauthor=False) / "trusted-codecs.txt"
