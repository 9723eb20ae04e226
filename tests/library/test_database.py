from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from library import database
from library.database import SCHEMA_HEAD, open_database, reading, writing
from library.errors import LibraryError
from library.locations import library_folder
from library.tables import (
    Descriptor,
    Latents,
    MapPoint,
    Root,
    Sample,
    SampleTag,
    Space,
    Tag,
    Vector,
)


def add_samples(engine: Engine, count: int = 2) -> list[int]:
    with writing(engine) as session:
        session.add(Root(id=1, path="/r"))
        session.flush()
        for number in range(1, count + 1):
            session.add(
                Sample(
                    id=number,
                    root_id=1,
                    path=f"/r/{number}.wav",
                    name=f"{number}.wav",
                    folder="r",
                    search_text=f"r\n{number}.wav",
                    size=1,
                    mtime_ns=1,
                )
            )
    return list(range(1, count + 1))


def add_space(session: Session, name: str = "mine") -> int:
    space = Space(name=name, codec="c", digest="d", attributes=["brightness"], report={"a": 1})
    session.add(space)
    session.flush()
    return space.id


def test_the_settings_of_a_connection_hold(engine: Engine) -> None:
    with engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("foreign_keys", 1)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_a_library_that_is_up_to_date_opens_without_alembic(
    library_path: Path, engine: Engine
) -> None:
    program = (
        "import sys; from pathlib import Path; from library.database import open_database;"
        f"open_database(Path({str(library_path)!r}));"
        "sys.exit('alembic' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], check=False, env=environment)
    assert done.returncode == 0


def test_rows_are_there_again_after_opening_again(library_path: Path, engine: Engine) -> None:
    add_samples(engine)
    engine.dispose()
    again = open_database(library_path)
    with reading(again) as session:
        assert session.scalars(select(Sample.path)).all() == ["/r/1.wav", "/r/2.wav"]
    again.dispose()
    assert not library_folder(library_path).exists()


@pytest.mark.parametrize("content", [b"RIFF....WAVE", b"SQLite format 2\0" + bytes(100)])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="not a library"):
        open_database(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    with pytest.raises(LibraryError, match="cannot open"):
        open_database(path)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE song (id INTEGER)")
    with pytest.raises(LibraryError, match="another program"):
        open_database(path)
    with closing(sqlite3.connect(path)) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("song",)]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="cannot open"):
        open_database(tmp_path / "file" / "library.sqlite")


def test_a_library_of_a_newer_version_is_refused(library_path: Path, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(LibraryError, match="newer version"):
        open_database(library_path)


@pytest.fixture
def next_revision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A release with one migration more, which rebuilds a table that others refer to."""
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "0002_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = '9002'\ndown_revision = '0001'\nbranch_labels = depends_on = None\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('sample', recreate='always') as batch:\n"
        "        batch.add_column(sa.Column('colour', sa.String()))\n"
    )
    from migrations import configuration as module

    original = module.configuration

    def more() -> object:
        config = original()
        script = config.get_main_option("script_location")
        config.set_main_option(
            "version_locations", os.pathsep.join([f"{script}/versions", str(versions)])
        )
        return config

    monkeypatch.setattr(module, "configuration", more)
    monkeypatch.setattr(database, "SCHEMA_HEAD", "9002")


@pytest.mark.usefixtures("next_revision")
def test_an_old_library_is_upgraded_with_its_rows_after_a_backup(
    library_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(database, "SCHEMA_HEAD", SCHEMA_HEAD)
        old = open_database(library_path)
    add_samples(old)
    with writing(old) as session:
        session.add(Tag(id=1, word="dark"))
        session.flush()
        session.add(SampleTag(sample_id=1, tag_id=1))
    old.dispose()
    new = open_database(library_path)
    with new.connect() as connection:
        counted = "SELECT (SELECT count(colour IS NULL) FROM sample), count(*) FROM sample_tag"
        assert connection.exec_driver_sql(counted).one() == (2, 1)
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    new.dispose()
    (backup,) = (library_folder(library_path) / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (SCHEMA_HEAD,)
        assert copy.execute("SELECT count(*) FROM sample").fetchone() == (2,)


def test_every_change_of_a_vector_gives_its_space_a_new_revision(engine: Engine) -> None:
    one, two = add_samples(engine)

    def revision() -> int:
        with reading(engine) as session:
            return session.scalars(select(Space.revision).where(Space.name == "mine")).one()

    with writing(engine) as session:
        space = add_space(session)
        other = add_space(session, "other")
    seen = [revision()]
    assert seen == [0]

    def is_new() -> bool:
        seen.append(revision())
        return len(set(seen)) == len(seen)

    with writing(engine) as session:
        rows = [{"sample_id": i, "space_id": space, "data": b"1234"} for i in (one, two)]
        session.execute(insert(Vector), rows)
    assert is_new()
    with writing(engine) as session:
        session.execute(update(Vector).where(Vector.sample_id == one).values(data=b"4321"))
    assert is_new()
    with writing(engine) as session:
        session.execute(delete(Vector).where(Vector.sample_id == one))
    assert is_new()
    with writing(engine) as session:
        session.add(Vector(sample_id=one, space_id=other, data=b"1234"))
    assert revision() == seen[-1], "a vector of another space"
    with writing(engine) as session:
        session.execute(delete(Sample).where(Sample.id == two))
    assert is_new()


def test_what_hangs_on_a_sample_or_a_space_goes_with_it(engine: Engine) -> None:
    one, two = add_samples(engine)
    with writing(engine) as session:
        space = add_space(session)
        session.add(Tag(id=1, word="dark"))
        session.flush()
        for i in (one, two):
            session.add_all(
                [
                    Descriptor(sample_id=i, brightness=100.0),
                    Latents(sample_id=i, codec="c", steps=1, dims=1, data=b"12"),
                    Vector(sample_id=i, space_id=space, data=b"1234"),
                    MapPoint(sample_id=i, space_id=space, x=0.0, y=1.0),
                    SampleTag(sample_id=i, tag_id=1),
                ]
            )
    with writing(engine) as session:
        session.execute(delete(Sample).where(Sample.id == one))
    for table in (Descriptor, Latents, Vector, MapPoint, SampleTag):
        with reading(engine) as session:
            assert session.scalars(select(table.sample_id)).all() == [two]
    with writing(engine) as session:
        session.execute(delete(Space).where(Space.id == space))
    with reading(engine) as session:
        assert session.scalars(select(Vector.sample_id)).all() == []
        assert session.scalars(select(MapPoint.sample_id)).all() == []
        assert session.scalars(select(Latents.sample_id)).all() == [two]


def test_a_writer_that_fails_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            session.add(Tag(word="dark"))
            session.flush()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    with reading(engine) as session:
        assert session.scalars(select(Tag.word)).all() == []


def test_a_path_of_any_bytes_and_a_moment_come_back(engine: Engine) -> None:
    path = os.fsdecode(b"/r/kick \xff\n.wav")
    with writing(engine) as session:
        session.add(Root(path=path, excludes=["*loop*"]))
    with reading(engine) as session:
        root = session.scalars(select(Root).where(Root.path == path)).one()
        assert root.path == path
        assert root.excludes == ["*loop*"]
        assert root.added_at.utcoffset() is not None
