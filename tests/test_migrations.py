from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from library.database import SCHEMA_HEAD, open_database
from library.tables import Base
from migrations.configuration import configuration


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        yield opened


def names(connection: Connection) -> set[str]:
    rows = connection.exec_driver_sql("SELECT type || ' ' || name FROM sqlite_master")
    return {str(name) for name in rows.scalars()}


def test_there_is_one_head_and_opening_goes_to_it() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [SCHEMA_HEAD]


def test_the_migrations_make_what_the_tables_say(connection: Connection) -> None:
    context = MigrationContext.configure(connection)
    assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_has_its_name(connection: Connection) -> None:
    inspector = inspect(connection)
    for table in Base.metadata.sorted_tables:
        found = {c["name"] for c in inspector.get_foreign_keys(table.name)}
        found |= {c["name"] for c in inspector.get_unique_constraints(table.name)}
        found |= {c["name"] for c in inspector.get_check_constraints(table.name)}
        found.add(inspector.get_pk_constraint(table.name)["name"])
        assert found == {constraint.name for constraint in table.constraints}


def test_down_and_up_again_gives_the_same_library(library_path: Path, engine: Engine) -> None:
    config = configuration()
    with engine.connect() as connection:
        before = names(connection)
        connection.rollback()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert names(connection) == {
            "table alembic_version",
            "index sqlite_autoindex_alembic_version_1",
        }
        connection.rollback()
        command.upgrade(config, "head")
        assert names(connection) == before


def test_opening_reads_no_configuration_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = nowhere\n")
    monkeypatch.chdir(tmp_path)
    open_database(tmp_path / "100% mine.sqlite").dispose()
