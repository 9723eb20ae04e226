"""The categories of samples: who may say one, and whose word stays.

The user is believed before the file's name, the name before the folder, the folder before the
sound. So a word of the user's stays whatever becomes of the file; what the path tells follows the
path; and what the sound told stays while the sound is the same and the path tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, null, or_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from library.category import SOUND, USER, Told
from library.tables import Sample

BY_SOUND = or_(Sample.category_source.is_(None), Sample.category_source == SOUND)
"""The samples of which neither the user nor the path says a category."""


def where_it_lies(told: Told) -> dict[str, Any]:
    """Return what the columns of a sample become when it lies elsewhere, for SQL to write.

    Args:
        told: What the new path tells.
    """
    stays = Sample.category_source == USER
    if told.category is None:
        stays |= Sample.category_source == SOUND

    def column(name: str, value: object) -> ColumnElement[Any]:
        return case((stays, getattr(Sample, name)), else_=null() if value is None else value)

    return {
        "category": column("category", told.category),
        "category_source": column("category_source", told.source),
        "category_probability": column("category_probability", None),
    }


def forget_sound(session: Session, sample_ids: Sequence[int]) -> None:
    """Take off what the sound told of samples whose sound is another one now."""
    told = Sample.category_source == SOUND
    nothing = dict.fromkeys(("category", "category_source", "category_probability"))
    session.execute(update(Sample).where(Sample.id.in_(sample_ids), told).values(**nothing))
