"""The tables of a library file, typed. The migrations make them; this module only names them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from library.descriptors import DESCRIPTORS_VERSION

LISTED, ANALYSED, FAILED = "listed", "analysed", "failed"
"""The states of a sample: seen on disk; described and encoded; not to be decoded."""

TORCHSCRIPT, TUNED = "torchscript", "tuned"
"""The kinds of codec that a library can hold: a program; a house codec with other weights."""


class NativePath(TypeDecorator[str]):
    """A path as the operating system's own bytes, so that any file name survives."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Return the bytes of a path."""
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Return the path of bytes."""
        return None if value is None else os.fsdecode(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment, stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, as SQLite's text has no zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The metadata of all tables; every constraint has a name, which SQLite migrations need."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime}  # noqa: RUF012 - SQLAlchemy's own declaration


class Root(Base):
    """A folder that the user added."""

    __tablename__ = "root"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(NativePath, unique=True)
    excludes: Mapped[list[str]] = mapped_column(JSON, default=list)
    added_at: Mapped[datetime] = mapped_column(default=now)


class Sample(Base):
    """An audio file.

    ``name`` and ``folder`` are text that is safe to show; ``path`` is the truth. ``folder``
    begins with the name of the root. ``search_text`` is folder, line break and name, case-folded:
    what text is looked for in, and the order of a list.

    ``audio_hash`` is that of the audio alone, `library.content.audio_digest`; NULL where the sound
    is too long to be read to its end.

    ``category_source`` is who said of what category it is, and ``category_probability`` how sure
    the sound is of it, in [0, 1], NULL where another said it; see :mod:`library.category_rows`.

    ``used_at`` is when the user said that it is used in a piece; NULL where it is not.
    ``tempo`` is in beats a minute, and ``key`` a number of `library.musical_key.KEYS`; who may say
    them is in :mod:`library.musical_rows`.
    """

    __tablename__ = "sample"
    __table_args__ = (
        CheckConstraint("state IN ('listed', 'analysed', 'failed')", name="state"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(
            "category_source IN ('user', 'name', 'folder', 'sound')", name="category_source"
        ),
        CheckConstraint("tempo BETWEEN 20 AND 999", name="tempo"),
        CheckConstraint("tempo_source IN ('user', 'name', 'chunk', 'sound')", name="tempo_source"),
        CheckConstraint("key BETWEEN 0 AND 23", name="key"),
        CheckConstraint("key_source IN ('user', 'name', 'chunk', 'sound')", name="key_source"),
        # Counts and lengths of all samples come from these alone, at half a million too.
        Index(None, "state", "duration"),
        Index(None, "missing", sqlite_where=text("missing IS 1")),
        Index(None, "used_at", sqlite_where=text("used_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(NativePath, unique=True)
    name: Mapped[str]
    folder: Mapped[str]
    search_text: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger, index=True)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default=LISTED, server_default=LISTED)
    reason: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    missing: Mapped[bool] = mapped_column(default=False, server_default=false())
    duration: Mapped[float | None]
    sample_rate: Mapped[int | None]
    channels: Mapped[int | None]
    format: Mapped[str | None]
    category: Mapped[str | None]
    rating: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(default=now)
    category_source: Mapped[str | None]
    category_probability: Mapped[float | None]
    audio_hash: Mapped[str | None] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    tempo: Mapped[float | None]
    tempo_source: Mapped[str | None]
    key: Mapped[int | None]
    key_source: Mapped[str | None]


class Descriptor(Base):
    """The descriptors of a sample; :data:`library.descriptors.DESCRIPTORS` tells their units.

    ``version`` is that of :data:`library.descriptors.DESCRIPTORS_VERSION` which made them; what
    another one made is made again by the next scan. The last five are what
    :class:`library.musical_facts.MusicalFacts` says.
    """

    __tablename__ = "descriptor"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    brightness: Mapped[float | None]
    loudness: Mapped[float | None]
    noisiness: Mapped[float | None]
    attack: Mapped[float | None]
    decay: Mapped[float | None]
    pitch: Mapped[float | None]
    low_end: Mapped[float | None]
    width: Mapped[float | None]
    roughness: Mapped[float | None]
    version: Mapped[int] = mapped_column(default=DESCRIPTORS_VERSION, server_default=text("0"))
    chunk_tempo: Mapped[float | None]
    chunk_key: Mapped[int | None]
    sound_tempo: Mapped[float | None]
    sound_clearness: Mapped[float | None]
    sound_key: Mapped[int | None]


class Tag(Base):
    """A word of the user's own."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(unique=True)


class SampleTag(Base):
    """A word on a sample."""

    __tablename__ = "sample_tag"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SamplePair(Base):
    """What the user says of two samples: that they are ``alike``, or that they are not.

    A pair is there once: ``sample_id`` is the smaller of the two ids.
    """

    __tablename__ = "sample_pair"
    __table_args__ = (CheckConstraint("sample_id < other_id", name="order"),)

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    alike: Mapped[bool]
    said_at: Mapped[datetime] = mapped_column(default=now)


class WordExample(Base):
    """What the user says of a sample: that it is what a word means, or that it is not."""

    __tablename__ = "word_example"

    word: Mapped[str] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    fits: Mapped[bool]
    said_at: Mapped[datetime] = mapped_column(default=now)


class Collection(Base):
    """Samples that the user has put together under a name.

    ``folded`` is the name as names are compared: no two collections differ in case alone.
    """

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class CollectionSample(Base):
    """A sample in a collection; ``place`` is its order there, rising, with gaps."""

    __tablename__ = "collection_sample"

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int]


class SavedSearch(Base):
    """A query line that the user has kept under a name; ``folded`` as a collection has it."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    query: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(default=now)


class JournalEntry(Base):
    """Something that the user said, so that it can be taken back; see :mod:`library.journal`.

    ``about`` tells in a short line what was done, ``size`` how many rows it changed. Entries that
    are ``undone`` are the newest ones, and can be done again.
    """

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    about: Mapped[str]
    size: Mapped[int]
    undone: Mapped[bool] = mapped_column(default=False, server_default=false())


class JournalRow(Base):
    """A row that an entry of the journal changed: what it was and what it became, as JSON.

    ``before`` is NULL where there was no row, ``after`` where there is none any more. ``kind`` is
    one of :data:`library.journal_kinds.KINDS`. With a sample goes what was written down of it.
    """

    __tablename__ = "journal_row"
    __table_args__ = (Index(None, "other_id", sqlite_where=text("other_id IS NOT NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("journal_entry.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    sample_id: Mapped[int | None] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), index=True
    )
    other_id: Mapped[int | None] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"))
    before: Mapped[str | None]
    after: Mapped[str | None]


class Codec(Base):
    """A base codec that the user added or tuned; the house codec ships, and has no row.

    ``digest`` is that of its file, which lies under the name ``file`` in the library's folder of
    codecs. A TorchScript file is a program: it runs only where it is ``trusted`` and the user's own
    list has its digest too. ``facts`` says what it is, ``report`` what came of tuning or trusting
    it.
    """

    __tablename__ = "codec"
    __table_args__ = (CheckConstraint("kind IN ('torchscript', 'tuned')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    file: Mapped[str]
    trusted: Mapped[bool] = mapped_column(default=False, server_default=false())
    facts: Mapped[Any] = mapped_column(JSON, default=dict)
    report: Mapped[Any] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Latents(Base):
    """What a codec makes of a sample: float16, little endian, shape (steps, dims).

    ``codec`` is the digest of the codec.
    """

    __tablename__ = "latents"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    codec: Mapped[str] = mapped_column(primary_key=True)
    steps: Mapped[int]
    dims: Mapped[int]
    data: Mapped[bytes]


class Hearing(Base):
    """What the ear keeps of a sample: float16, little endian; ``windows`` is (n, WINDOW_DIMS).

    ``ear`` is the digest of its weights.
    """

    __tablename__ = "hearing"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    ear: Mapped[str]
    whole: Mapped[bytes]
    windows: Mapped[bytes]


class Space(Base):
    """A trained space; ``file`` is its name in the library's folder, NULL for the house space.

    ``codec`` is the digest of the codec whose latents it was learned on.

    ``revision`` is another number after every change to its vectors: a trigger of the database
    draws it, and a search index that carries another one is out of date. A count would not do: two
    libraries, or a library and its backup, can have counted equally far.
    """

    __tablename__ = "space"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    codec: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    file: Mapped[str | None]
    attributes: Mapped[Any] = mapped_column(JSON, default=list)
    report: Mapped[Any] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))


class Vector(Base):
    """Where a sample lies in a space: float32, little endian, shape (d,)."""

    __tablename__ = "vector"
    # With the sample in it, it alone tells which samples have a vector.
    __table_args__ = (Index(None, "space_id", "sample_id"),)

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    space_id: Mapped[int] = mapped_column(
        ForeignKey("space.id", ondelete="CASCADE"), primary_key=True
    )
    data: Mapped[bytes]


class VectorChange(Base):
    """A vector that came, went or changed; triggers of the database write it, and keep the latest.

    ``revision`` is the one that the space had from this change on, so that whoever has seen a space
    at a revision that is here has only missed what comes after.
    """

    __tablename__ = "vector_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), index=True)
    sample_id: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)


class MapPoint(Base):
    """Where a sample lies on the map of a space."""

    __tablename__ = "map_point"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    space_id: Mapped[int] = mapped_column(
        ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    x: Mapped[float]
    y: Mapped[float]


class Take(Base):
    """A take, as it was written; ``recipe`` is what `library.recipe.as_plain` says of it.

    ``path`` is where it was written, and ``content_hash`` that of its file: a sample that has the
    same one is this take. ``audio`` is the digest of its audio alone.
    """

    __tablename__ = "take"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(NativePath)
    content_hash: Mapped[str] = mapped_column(index=True)
    audio: Mapped[str] = mapped_column(index=True)
    recipe: Mapped[Any] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(default=now)


class TakeParent(Base):
    """A sound that a take was made from: where it lay, and which sample it was, if any."""

    __tablename__ = "take_parent"

    take_id: Mapped[int] = mapped_column(
        ForeignKey("take.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(NativePath)
    content_hash: Mapped[str] = mapped_column(index=True)
    sample_id: Mapped[int | None] = mapped_column(
        ForeignKey("sample.id", ondelete="SET NULL"), index=True
    )


class Setting(Base):
    """A choice of the user that belongs to the library."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
