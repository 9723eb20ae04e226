"""Tempo and key of samples: who may say them, and whose word stays.

The user is believed before the name, the name and its folders before what the file says of itself,
and that before the sound. Only loops have a tempo, and only what has a tempo has a key by its
sound: a single hit or note would have one by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, NamedTuple

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from library.catalog import Ids, chunks
from library.category import SOUND
from library.errors import LibraryError
from library.journal import changing
from library.musical_key import KEYS, known_key
from library.name_key import key_in_name
from library.name_tempo import tempo_in_name
from library.pulse import SURE, SURE_OF_A_LOOP
from library.tables import Descriptor, Sample

BY_USER, BY_NAME, BY_CHUNK, BY_SOUND = "user", "name", "chunk", "sound"
"""Who said what tempo or key a sample has; each is believed before those behind it."""

TEMPI = (20.0, 999.0)
"""The tempi that the user may say, in beats a minute."""

_COLUMNS = (
    Sample.id,
    Sample.name,
    Sample.folder,
    Sample.duration,
    Sample.category,
    Sample.category_source,
    Sample.tempo,
    Sample.tempo_source,
    Sample.key,
    Sample.key_source,
    Descriptor.chunk_tempo,
    Descriptor.chunk_key,
    Descriptor.sound_tempo,
    Descriptor.sound_clearness,
    Descriptor.sound_key,
)
_KNOWN = select(*_COLUMNS).outerjoin(Descriptor, Descriptor.sample_id == Sample.id)


class _Said(NamedTuple):
    tempo: float | None
    tempo_source: str | None
    key: int | None
    key_source: str | None


def settle(session: Session, sample_ids: Ids) -> None:
    """Write what tempo and key samples have by all that is known; what the user said stays.

    Args:
        session: Holds the write lock.
        sample_ids: Samples whose place, file, category or sound is another one now.
    """
    changes = []
    for chunk in chunks(sample_ids):
        for row in session.execute(_KNOWN.where(Sample.id.in_(chunk))):
            said = _said_of(row)
            if said != (row.tempo, row.tempo_source, row.key, row.key_source):
                changes.append({"id": row.id, **said._asdict()})
    if changes:
        session.execute(update(Sample), changes)


def _said_of(row: Any) -> _Said:
    """Return tempo and key of a sample that nothing is known of until it is analysed."""
    stem = PurePath(row.name).stem
    folders = row.folder.split("/")
    # What the sound alone tells of its kind is no ground to believe it more.
    category = None if row.category_source == SOUND else row.category
    tempo: tuple[float | None, str | None] = (None, None)
    key: tuple[int | None, str | None] = (None, None)
    if row.tempo_source == BY_USER:
        tempo = row.tempo, BY_USER
    elif row.duration is not None:
        tempo = _first(
            (tempo_in_name(stem, folders, row.duration, category), BY_NAME),
            (row.chunk_tempo, BY_CHUNK),
            (row.sound_tempo if _clear_enough(row, category) else None, BY_SOUND),
        )
    if row.key_source == BY_USER:
        key = row.key, BY_USER
    elif row.duration is not None:
        key = _first(
            (key_in_name(stem, folders), BY_NAME),
            (row.chunk_key, BY_CHUNK),
            (row.sound_key if tempo[0] is not None else None, BY_SOUND),
        )
    return _Said(*tempo, *key)


def _clear_enough(row: Any, category: str | None) -> bool:
    clearness: float | None = row.sound_clearness
    enough = SURE_OF_A_LOOP if category == "loop" else SURE
    return clearness is not None and clearness >= enough


def _first(*said: tuple[Any, str]) -> tuple[Any, str | None]:
    return next((each for each in said if each[0] is not None), (None, None))


def set_tempo(engine: Engine, sample_ids: Ids, tempo: float | None) -> None:
    """Say what tempo samples have, in beats a minute; None takes back what was said.

    Raises:
        LibraryError: It is not from 20 to 999.
    """
    if tempo is not None:
        _check_tempo(tempo)
    shown = None if tempo is None else f"{tempo:g}"
    _say(engine, sample_ids, "tempo", tempo, shown)


def multiply_tempo(engine: Engine, sample_ids: Ids, factor: float) -> None:
    """Say that samples have a multiple of the tempo that they have; those with none keep none.

    Raises:
        LibraryError: One would not be from 20 to 999; then none is changed.
    """

    def multiplied(session: Session, chunk: list[int]) -> list[dict[str, object]]:
        rows = session.execute(select(Sample.id, Sample.tempo).where(Sample.id.in_(chunk)))
        return [
            {"id": i, "tempo": _check_tempo(tempo * factor), "tempo_source": BY_USER}
            for i, tempo in rows
            if tempo is not None
        ]

    _write(engine, sample_ids, multiplied, f"took {factor:g} times the tempo of {{}}")


def set_key(engine: Engine, sample_ids: Ids, key: str | None) -> None:
    """Say what key samples have, such as ``Am``; None takes back what was said.

    Raises:
        LibraryError: It is no key.
    """
    number = None if key is None else known_key(key)
    _say(engine, sample_ids, "key", number, None if number is None else KEYS[number])


def _say(
    engine: Engine, sample_ids: Ids, column: str, value: float | None, shown: str | None
) -> None:
    source = f"{column}_source"

    def said(session: Session, chunk: list[int]) -> list[dict[str, object]]:
        ids = select(Sample.id).where(Sample.id.in_(chunk))
        if value is None:
            ids = ids.where(getattr(Sample, source) == BY_USER)
        by = None if value is None else BY_USER
        return [{"id": i, column: value, source: by} for i in session.scalars(ids)]

    about = (
        f"took back the {column} of {{}}" if shown is None else f"gave {{}} the {column} {shown}"
    )
    _write(engine, sample_ids, said, about)


def _write(
    engine: Engine,
    sample_ids: Ids,
    changes: Callable[[Session, list[int]], list[dict[str, object]]],
    about: str,
) -> None:
    """Write what is to become of samples, and settle what follows from it."""
    with changing(engine, about.format) as session:
        for chunk in chunks(sample_ids):
            if values := changes(session, chunk):
                session.execute(update(Sample), values)
                settle(session, chunk)


def _check_tempo(tempo: float) -> float:
    slowest, fastest = TEMPI
    if not slowest <= tempo <= fastest:
        raise LibraryError(
            f"{tempo:g} is not a tempo", f"give beats a minute, {slowest:g} to {fastest:g}"
        )
    return tempo
