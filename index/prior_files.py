"""Files of the priors of dreams: they follow from a space and its sounds, and can be made again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, select

from library import kept_files
from library.database import reading
from library.errors import LibraryError, ModelError
from library.tables import Space as SpaceTable
from vae.dream_file import from_bytes, to_bytes
from vae.dream_prior import DreamPrior

_OURS = re.compile(r"prior-([0-9a-f]{12})-[0-9a-f]{12}\.safetensors")


def prior_file(space_digest: str, where: str) -> str:
    """Return under which name a prior is kept.

    Args:
        space_digest: Of the space whose z it can be told.
        where: The query of the sounds that it learned from.
    """
    words = " ".join(where.split())
    scope = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return f"prior-{space_digest[:12]}-{scope}.safetensors"


def read_prior(folder: Path, file: str) -> DreamPrior | None:
    """Return a prior that was kept; None where there is none, or it is damaged."""
    try:
        return from_bytes((folder / file).read_bytes())
    except (OSError, ModelError):
        return None


def keep_prior(folder: Path, file: str, prior: DreamPrior) -> None:
    """Keep a prior; one of the same name is replaced.

    Raises:
        LibraryError: The disk refuses.
    """
    with kept_files.keeping(folder, "the prior") as part:
        part.write_bytes(to_bytes(prior))
        kept_files.into_place(part, folder / file)


def is_prior_of(file: str, digests: Iterable[str]) -> bool:
    """Return whether a file is named as a prior of one of some spaces is."""
    ours = _OURS.fullmatch(file)
    return ours is not None and any(ours[1] == digest[:12] for digest in digests)


def damaged_priors(folder: Path) -> list[Path]:
    """Return the priors that cannot be read any more, and will be learned again."""
    return [
        path
        for path in sorted(folder.glob("prior-*.safetensors"))
        if _OURS.fullmatch(path.name) and read_prior(folder, path.name) is None
    ]


def sweep_priors(engine: Engine, folder: Path) -> None:
    """Delete the priors of spaces that the library has no more."""
    with suppress(LibraryError), reading(engine) as session:
        left = session.scalars(select(SpaceTable.digest)).all()
        for path in sorted(folder.glob("prior-*.safetensors")):
            if _OURS.fullmatch(path.name) and not is_prior_of(path.name, left):
                kept_files.delete(folder, path.name)
