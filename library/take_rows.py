"""Takes as rows: what made each and from what, and where a file of a known content lies now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from library.content import content_hash
from library.database import reading, writing
from library.recipe import Parent, Recipe, as_plain, from_text
from library.tables import Sample, Take, TakeParent


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the library has a sound that a take was made from.

    Attributes:
        path: The file.
        sample_id: None where it is no sample of the library.
    """

    path: Path
    sample_id: int | None


def keep_take(engine: Engine, recipe: Recipe, path: Path, origins: Sequence[Origin | None]) -> None:
    """Remember a take that was just written.

    Args:
        engine: The library.
        recipe: Of the take.
        path: Its file.
        origins: Of its parents, in order; None for one that lies nowhere now.
    """
    take = Take(
        path=str(path.absolute()),
        content_hash=content_hash(path),
        audio=recipe.audio,
        recipe=as_plain(recipe),
    )
    with writing(engine) as session:
        session.add(take)
        session.flush()
        for place, (parent, origin) in enumerate(zip(recipe.parents, origins, strict=True)):
            if origin is None:
                continue
            session.add(
                TakeParent(
                    take_id=take.id,
                    place=place,
                    path=str(origin.path.absolute()),
                    content_hash=parent.content,
                    sample_id=origin.sample_id,
                )
            )


def recipe_of_content(engine: Engine, content: str) -> Recipe | None:
    """Return the recipe of the take whose file has a content; None where there is none."""
    return _newest(engine, Take.content_hash == content)


def recipe_of_audio(engine: Engine, audio: str) -> Recipe | None:
    """Return the recipe of the newest take that has this audio; None where there is none."""
    return _newest(engine, Take.audio == audio)


def _newest(engine: Engine, condition: ColumnElement[bool]) -> Recipe | None:
    with reading(engine) as session:
        statement = select(Take.recipe).where(condition).order_by(Take.id.desc()).limit(1)
        found = session.scalar(statement)
    # The library may have been made by somebody else, too.
    return None if found is None else from_text(json.dumps(found).encode())


def where_now(engine: Engine, parent: Parent) -> Origin | None:
    """Return where a sound lies now; None where no file that the library knows of is that sound.

    It is looked for among the samples, wherever they were moved, among the takes, and where it lay
    when a take was made from it. Only a file that has this content now counts.
    """
    with reading(engine) as session:
        found = _candidates(session, parent.content)
    for origin in found:
        try:
            if origin.path.is_file() and content_hash(origin.path) == parent.content:
                return origin
        except OSError:
            continue
    return None


def _candidates(session: Session, content: str) -> list[Origin]:
    samples = session.execute(
        select(Sample.path, Sample.id)
        .where(Sample.content_hash == content)
        .order_by(Sample.missing, Sample.id)
    )
    # A sample that is not analysed has no digest yet.
    known = session.execute(
        select(Sample.path, Sample.id)
        .join(TakeParent, TakeParent.sample_id == Sample.id)
        .where(TakeParent.content_hash == content)
        .distinct()
    )
    elsewhere = session.scalars(
        select(TakeParent.path).where(TakeParent.content_hash == content).distinct()
    )
    takes = session.scalars(select(Take.path).where(Take.content_hash == content).distinct())
    found = [Origin(Path(path), sample_id) for path, sample_id in (*samples, *known)]
    found += [Origin(Path(path), None) for path in (*elsewhere, *takes)]
    return found
