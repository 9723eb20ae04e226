"""What the journal keeps: which rows and columns hold what the user says, and the SQL for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table

from library.tables import (
    Base,
    Collection,
    CollectionSample,
    Sample,
    SamplePair,
    SampleTag,
    SavedSearch,
    Tag,
    WordExample,
)

CATEGORY = "category"
"""The kind whose rows say of what category samples are."""

_WORDS = {
    "rating": ("rating",),
    CATEGORY: ("category", "category_source", "category_probability"),
    "tempo": ("tempo", "tempo_source"),
    "key": ("key", "key_source"),
    "used": ("used_at",),
}
# Rows that name others stand before those that they name.
_ROWS: tuple[type[Base], ...] = (
    SampleTag, CollectionSample, SamplePair, WordExample, Tag, Collection, SavedSearch,
)  # fmt: skip
_NOW = "journal_now"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what the user says.

    Attributes:
        name: Of the kind.
        table: Where it is kept.
        key: The columns that tell its rows apart.
        columns: The columns that change, and the key where rows come and go.
        samples: Columns with ids of samples, one or two, or none.
        comes_and_goes: Whether saying it makes rows: else they are there, and only columns change.
        named: Tables whose rows these rows name, by the column; samples are not among them.
        namers: Tables with rows that name these, and the column.
    """

    name: str
    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    samples: tuple[str, ...]
    comes_and_goes: bool
    named: tuple[tuple[str, str], ...] = ()
    namers: tuple[tuple[str, str], ...] = ()


def _kinds() -> Iterator[Kind]:
    tables = [cast(Table, each.__table__) for each in _ROWS]
    references = [
        (table.name, key.parent.name, key.column.table.name)
        for table in tables
        for key in table.foreign_keys
    ]
    for table in tables:
        yield Kind(
            table.name,
            table.name,
            tuple(column.name for column in table.primary_key),
            tuple(column.name for column in table.columns),
            tuple(c for t, c, other in references if (t, other) == (table.name, "sample")),
            comes_and_goes=True,
            named=tuple(
                (c, other) for t, c, other in references if t == table.name and other != "sample"
            ),
            namers=tuple((t, c) for t, c, other in references if other == table.name),
        )
    for name, columns in _WORDS.items():
        yield Kind(name, Sample.__tablename__, ("id",), columns, ("id",), comes_and_goes=False)


KINDS = tuple(_kinds())


def _as_json(row: str, names: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', {row}.{name}" for name in names)
    return f"json_object({pairs})"


def _trigger(kind: Kind, event: str) -> str:
    row = "OLD" if event == "DELETE" else "NEW"
    samples = [f"{row}.{name}" for name in kind.samples]
    first, second = (*samples, "NULL", "NULL")[:2]
    key = f"json_array({', '.join(f'{row}.{name}' for name in kind.key)})"
    before = "NULL" if event == "INSERT" else _as_json("OLD", kind.columns)
    after = "NULL" if event == "DELETE" else _as_json("NEW", kind.columns)
    of = f" OF {', '.join(kind.columns)}" if event == "UPDATE" else ""
    return (
        f"CREATE TEMP TRIGGER {_trigger_name(kind, event)} AFTER {event}{of} ON main.{kind.table} "
        f"BEGIN INSERT INTO {_NOW} (kind, key, sample_id, other_id, before, after) VALUES "
        f"('{kind.name}', {key}, {first}, {second}, {before}, {after}); END"
    )


def _events(kind: Kind) -> tuple[str, ...]:
    return ("INSERT", "UPDATE", "DELETE") if kind.comes_and_goes else ("UPDATE",)


def _trigger_name(kind: Kind, event: str) -> str:
    return f"journal_{kind.name}_{event.lower()}"


LISTEN = (
    f"CREATE TEMP TABLE {_NOW} (id INTEGER PRIMARY KEY, kind, key, sample_id, other_id, before, "
    "after)",
    *(_trigger(kind, event) for kind in KINDS for event in _events(kind)),
)
"""From here on, this connection writes down each row that changes, as often as it does."""

STOP_LISTENING = (
    *(f"DROP TRIGGER temp.{_trigger_name(kind, e)}" for kind in KINDS for e in _events(kind)),
    f"DROP TABLE temp.{_NOW}",
)

KEEP = f"""
INSERT INTO journal_row (entry_id, kind, sample_id, other_id, before, after)
SELECT ?, first.kind, first.sample_id, first.other_id, first.before, last.after
FROM (SELECT min(id) AS first, max(id) AS last FROM {_NOW} GROUP BY kind, key) AS ends
JOIN {_NOW} AS first ON first.id = ends.first JOIN {_NOW} AS last ON last.id = ends.last
WHERE first.before IS NOT last.after"""
"""Keeps what came of all that was written down, under an entry: a row that is as it was does not
count."""


def _value(row: str, name: str) -> str:
    return f"json_extract({row}, '$.{name}')"


def restoring(state: str) -> Iterator[tuple[str, str]]:
    """Return statements that make the rows of an entry what they were, or what they became.

    Each comes after the name of its kind, and takes the id of the entry. A row that others have
    come to name stays.

    Args:
        state: "before" or "after".
    """
    for kind in KINDS:
        if kind.comes_and_goes:
            yield kind.name, _taking_out(kind, state)
    for kind in reversed(KINDS):
        yield (
            kind.name,
            _putting_back(kind, state) if kind.comes_and_goes else _setting(kind, state),
        )


def _rows(kind: Kind) -> str:
    return f"FROM journal_row AS row WHERE row.entry_id = ? AND row.kind = '{kind.name}'"


def _taking_out(kind: Kind, state: str) -> str:
    key = ", ".join(_value("coalesce(row.before, row.after)", name) for name in kind.key)
    unnamed = "".join(
        f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = {kind.table}.id)"
        for table, column in kind.namers
    )
    return (
        f"DELETE FROM {kind.table} WHERE ({', '.join(kind.key)}) IN "
        f"(SELECT {key} {_rows(kind)} AND row.{state} IS NULL){unnamed}"
    )


def _putting_back(kind: Kind, state: str) -> str:
    values = ", ".join(_value(f"row.{state}", name) for name in kind.columns)
    named = "".join(
        f" AND EXISTS (SELECT 1 FROM {other} WHERE id = {_value(f'row.{state}', column)})"
        for column, other in kind.named
    )
    changed = ", ".join(f"{n} = excluded.{n}" for n in kind.columns if n not in kind.key)
    return (
        f"INSERT INTO {kind.table} ({', '.join(kind.columns)}) SELECT {values} "
        f"{_rows(kind)} AND row.{state} IS NOT NULL{named} ON CONFLICT ({', '.join(kind.key)}) DO "
        + (f"UPDATE SET {changed}" if changed else "NOTHING")
    )


def _setting(kind: Kind, state: str) -> str:
    changed = ", ".join(f"{name} = {_value(f'row.{state}', name)}" for name in kind.columns)
    return f"UPDATE {kind.table} SET {changed} {_rows(kind)} AND {kind.table}.id = row.sample_id"
