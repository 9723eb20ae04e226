"""A library of samples without files, and all that its tables hold of what the user says."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from library.database import reading, writing
from library.tables import Base, Root, Sample

JOURNAL = {"journal_entry", "journal_row"}


def with_samples(engine: Engine, count: int) -> Engine:
    """Put samples 1 to `count` into a library, named 1.wav and so on."""
    with writing(engine) as session:
        session.add(Root(id=1, path="/sounds"))
        session.flush()
        for number in range(1, count + 1):
            name = f"{number}.wav"
            session.add(
                Sample(
                    id=number, root_id=1, path=f"/sounds/{name}", name=name, folder="sounds",
                    search_text=f"sounds\n{name}", size=number, mtime_ns=1,
                )
            )  # fmt: skip
    return engine


def state(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the journal's."""
    with reading(engine) as session:
        run = session.connection().exec_driver_sql
        return {
            table: sorted((tuple(row) for row in run(f'SELECT * FROM "{table}"')), key=repr)
            for table in Base.metadata.tables
            if table not in JOURNAL
        }


def path_of(engine: Engine) -> Path:
    """Where a library lies."""
    return Path(engine.url.database or "")
