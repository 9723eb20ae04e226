from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import IntegrityError

from library import database
from library.database import SCHEMA_HEAD, open_database
from library.descriptors import DESCRIPTORS_VERSION
from library.locations import library_folder
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


OLD_LIBRARY = """
INSERT INTO root VALUES (1, x'2f72', '["*loop*"]', '2024-01-01 00:00:00');
INSERT INTO sample VALUES (1, 1, x'2f722f61ff', 'a', 'r', 'r a', 9, 7, 'c', 'analysed', '', 'odd',
    0, 1.5, 44100, 2, 'WAV', 'kick', 4, '2024-01-01 00:00:00');
INSERT INTO descriptor VALUES (1, 200.0, -6.0, 0.5, 2.0, 0.1, NULL, 0.5, 0.0);
INSERT INTO tag VALUES (1, 'dark');
INSERT INTO sample_tag VALUES (1, 1);
INSERT INTO latents VALUES (1, 'of the house codec', 2, 1, x'01020304');
INSERT INTO space VALUES (1, 'mine', 'of the house codec', 'd', '2024-01-01 00:00:00', 'f', '[]',
    '{"samples": 1}', 0);
INSERT INTO vector VALUES (1, 1, x'05060708');
INSERT INTO map_point VALUES (1, 1, 0.25, 0.75);
INSERT INTO setting VALUES ('space in use', '"mine"');
"""


ORGANISING = ("collection", "collection_sample", "saved_search", "journal_entry", "journal_row")


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as library:
        tables = library.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(library.execute(f'SELECT * FROM "{name}"').fetchall())
            for (name,) in tables
        }


def test_a_library_from_before_codecs_keeps_all_but_vectors(
    library_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(database, "SCHEMA_HEAD", "0001")
        open_database(library_path).dispose()
    with closing(sqlite3.connect(library_path)) as library:
        library.executescript(OLD_LIBRARY)
        library.commit()
    before = contents(library_path)
    assert before.pop("alembic_version") == [("0001",)]
    assert all(before.values()), "or a table is not looked at"
    open_database(library_path).dispose()
    after = contents(library_path)
    assert after.pop("alembic_version") == [(SCHEMA_HEAD,)]
    # The name and the folder tell no category, but who else could have told it.
    unsaid = (None,) * 5  # used, tempo and key
    samples = [(*row, "folder", None, None, *unsaid) for row in before["sample"]]
    (changed,) = after.pop("vector_change")
    assert changed[1:3] == (1, 1), "an index of the vectors that went is out of date"
    (space,), (was,) = after.pop("space"), before.pop("space")
    assert space[:-1] == was[:-1]
    assert space[-1] != was[-1], "its revision"
    assert after == {
        **before,
        "sample": samples,
        "descriptor": [(*row, None, 0, *(None,) * 5) for row in before["descriptor"]],
        "codec": [],
        "hearing": [],
        "sample_pair": [],
        "word_example": [],
        "take": [],
        "take_parent": [],
        **{table: [] for table in ORGANISING},
        "vector": [],
        "map_point": [],
    }
    (backup,) = (library_folder(library_path) / "backups").iterdir()
    assert contents(backup) == {**before, "space": [was], "alembic_version": [("0001",)]}


def test_a_library_from_before_roughness_keeps_what_was_measured(
    library_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all else; what was not measured is not known, of no version of today."""
    with monkeypatch.context() as older:
        older.setattr(database, "SCHEMA_HEAD", "0007")
        open_database(library_path).dispose()
    with closing(sqlite3.connect(library_path)) as library:
        library.execute("INSERT INTO root VALUES (1, x'2f', '[]', '2024-01-01')")
        library.execute(
            "INSERT INTO sample (id, root_id, path, name, folder, search_text, size, mtime_ns, "
            "state, added_at) VALUES (1, 1, x'61', '', '', '', 1, 1, 'analysed', '2024-01-01')"
        )
        library.execute("INSERT INTO descriptor VALUES (1, 200, -6, 0.5, 2, 0.1, NULL, 0.5, 0)")
        library.execute("INSERT INTO hearing VALUES (1, 'ear', x'01', x'02')")
        library.execute("INSERT INTO word_example VALUES ('crisp', 1, 1, '2024-01-01')")
        library.commit()
    before = contents(library_path)
    engine = open_database(library_path)
    after = contents(library_path)
    (described,) = before["descriptor"]
    assert after == {
        **before,
        "sample": [(*row, *(None,) * 6) for row in before["sample"]],
        "descriptor": [(*described, None, 0, *(None,) * 5)],
        "take": [],
        "take_parent": [],
        **{table: [] for table in ORGANISING},
        "alembic_version": [(SCHEMA_HEAD,)],
    }
    assert DESCRIPTORS_VERSION > 0
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    engine.dispose()
    assert contents(library_path) == before


def test_what_was_heard_comes_and_goes_with_its_vectors(library_path: Path, engine: Engine) -> None:
    """Vectors are of the kind that a version knows, in both directions; all else stays."""
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
        connection.commit()
        connection.connection.driver_connection.executescript(OLD_LIBRARY)  # type: ignore[union-attr]
        connection.commit()
        before = contents(library_path)
        command.upgrade(config, "0005")
        connection.commit()
        heard = contents(library_path)
        assert (heard["vector"], heard["hearing"]) == ([], [])
        connection.exec_driver_sql("INSERT INTO hearing VALUES (1, 'ear', x'00', x'01')")
        connection.exec_driver_sql("INSERT INTO vector VALUES (1, 1, x'09')")
        connection.commit()
        command.downgrade(config, "0003")
        connection.commit()
    after = contents(library_path)
    assert "hearing" not in after
    assert after["vector"] == []
    changing = {"vector", "vector_change", "space", "map_point"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


def test_what_was_heard_of_a_sample_goes_with_it(connection: Connection) -> None:
    root, sample = OLD_LIBRARY.split(";\n")[:2]
    connection.exec_driver_sql(root)
    connection.exec_driver_sql(sample.removesuffix(")") + ", NULL" * 8 + ")")
    connection.exec_driver_sql("INSERT INTO hearing VALUES (1, 'ear', x'00', x'01')")
    connection.exec_driver_sql("DELETE FROM sample")
    assert connection.exec_driver_sql("SELECT count(*) FROM hearing").scalar_one() == 0


@pytest.mark.parametrize(
    ("revision", "gone"),
    [
        ("0005", {"sample_pair", "word_example", "take", "take_parent", *ORGANISING}),
        ("0006", {"word_example", "take", "take_parent", *ORGANISING}),
        ("0008", {"take", "take_parent", *ORGANISING}),
        ("0011", {*ORGANISING}),
    ],
)
def test_what_is_said_of_samples_comes_and_goes_alone(
    library_path: Path, engine: Engine, revision: str, gone: set[str]
) -> None:
    config = configuration()
    root, sample = OLD_LIBRARY.split(";\n")[:2]
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql(root)
        connection.exec_driver_sql(sample.removesuffix(")") + ", NULL" * 8 + ")")
        connection.commit()
        before = contents(library_path)
        command.downgrade(config, revision)
        connection.commit()
        older = contents(library_path)
        assert set(before) - set(older) == gone
        command.upgrade(config, "head")
        connection.commit()
    assert contents(library_path) == before


SAMPLES_BEFORE_SOURCES = (
    (b"/Claps/kick \xff.wav", "kick", "name"),
    (b"/Claps/a/01.wav", "clap", "folder"),
    (b"/Claps/kick 2.wav", "snare", "name"),
    (b"/Claps/none.wav", None, None),
)


def test_a_library_from_before_sources_is_told_who_said_what(
    library_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A category that another version's rule told stays as it is, too."""
    with monkeypatch.context() as older:
        older.setattr(database, "SCHEMA_HEAD", "0003")
        open_database(library_path).dispose()
    with closing(sqlite3.connect(library_path)) as library:
        library.execute("INSERT INTO root VALUES (1, x'2f436c617073', '[]', '2024-01-01')")
        for path, category, _ in SAMPLES_BEFORE_SOURCES:
            library.execute(
                "INSERT INTO sample (root_id, path, name, folder, search_text, size, mtime_ns, "
                "category, rating, added_at) VALUES (1, ?, '', '', '', 1, 1, ?, 3, '2024-01-01')",
                (path, category),
            )
        library.commit()
    before = contents(library_path)
    open_database(library_path).dispose()
    after = contents(library_path)
    expected = [(source, *(None,) * 7) for _, _, source in SAMPLES_BEFORE_SOURCES]
    assert [row[-8:] for row in after["sample"]] == expected
    assert [row[:-8] for row in after["sample"]] == before["sample"]


@pytest.mark.parametrize("source", ["'nobody'", "''"])
def test_only_who_can_tell_a_category_is_its_source(connection: Connection, source: str) -> None:
    connection.exec_driver_sql("INSERT INTO root VALUES (1, x'2f', '[]', '2024-01-01')")
    statement = (
        "INSERT INTO sample (root_id, path, name, folder, search_text, size, mtime_ns, added_at, "
        "category_source) VALUES (1, x'61', '', '', '', 1, 1, '2024-01-01', "
    )
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql(f"{statement}{source})")
    connection.exec_driver_sql(f"{statement}'sound')")


@pytest.mark.parametrize(
    "values",
    [
        "('a', 'pickle', 'd1', 'f', '{}', '{}', 'now')",
        "('known', 'tuned', 'd1', 'f', '{}', '{}', 'now')",
        "('a', 'tuned', 'd0', 'f', '{}', '{}', 'now')",
    ],
    ids=["a kind that there is not", "a name twice", "a digest twice"],
)
def test_a_codec_that_cannot_be_is_refused(connection: Connection, values: str) -> None:
    columns = "(name, kind, digest, file, facts, report, created_at)"
    first = "('known', 'torchscript', 'd0', 'f', '{}', '{}', 'now')"
    connection.exec_driver_sql(f"INSERT INTO codec {columns} VALUES {first}")
    assert connection.exec_driver_sql("SELECT trusted FROM codec").scalar_one() == 0
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql(f"INSERT INTO codec {columns} VALUES {values}")


def test_a_take_stays_when_a_sample_goes_and_takes_what_it_was_made_from_along(
    connection: Connection,
) -> None:
    root, sample = OLD_LIBRARY.split(";\n")[:2]
    connection.exec_driver_sql(root)
    connection.exec_driver_sql(sample.removesuffix(")") + ", NULL" * 8 + ")")
    connection.exec_driver_sql("INSERT INTO take VALUES (1, x'2f', 'c', 'a', '{}', 'now')")
    connection.exec_driver_sql("INSERT INTO take_parent VALUES (1, 0, x'2f61', 'd', 1)")
    connection.exec_driver_sql("DELETE FROM sample")
    rows = connection.exec_driver_sql("SELECT take_id, sample_id FROM take_parent").all()
    assert rows == [(1, None)]
    connection.exec_driver_sql("DELETE FROM take")
    assert connection.exec_driver_sql("SELECT count(*) FROM take_parent").scalar_one() == 0
