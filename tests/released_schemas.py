"""Libraries of every released schema, as SQL text in tests/schemas, with a row in every table.

    python -m tests.released_schemas 0009

writes that of a revision, once, when it is released; it never changes afterwards.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from unittest import mock

from library import database
from library.database import open_database

FOLDER = Path(__file__).with_name("schemas")

# By table, the columns that any revision has. A revision takes of a row the columns it knows.
ROWS: dict[str, list[dict[str, object]]] = {
    "root": [
        {"id": 1, "path": b"/r", "excludes": '["*loop*"]', "added_at": "2024-01-01 00:00:00.000000"}
    ],
    "sample": [
        {
            "id": 1, "root_id": 1, "path": b"/r/Kicks/a\xff.wav", "name": "a\\xff.wav",
            "folder": "r/Kicks", "search_text": "r/kicks\na\\xff.wav", "size": 9, "mtime_ns": 7,
            "content_hash": "c", "state": "analysed", "reason": "", "note": "odd", "missing": 0,
            "duration": 1.5, "sample_rate": 44100, "channels": 2, "format": "WAV",
            "category": "kick", "rating": 4, "added_at": "2024-01-01 00:00:00.000000",
            "category_source": "user", "category_probability": None, "audio_hash": "a",
            "used_at": "2024-01-01 00:00:00.000000",
            "tempo": 120.0, "tempo_source": "user", "key": 21, "key_source": "name",
        },
        {
            "id": 2, "root_id": 1, "path": b"/r/gone.wav", "name": "gone.wav", "folder": "r",
            "search_text": "r\ngone.wav", "size": 3, "mtime_ns": 8, "content_hash": None,
            "state": "failed", "reason": "it is no sound", "note": "", "missing": 1,
            "added_at": "2024-01-02 00:00:00.000000",
        },
    ],
    "descriptor": [
        {
            "sample_id": 1, "brightness": 200.0, "loudness": -6.0, "noisiness": 0.5, "attack": 2.0,
            "decay": 0.1, "pitch": None, "low_end": 0.5, "width": 0.0, "roughness": 0.25,
            "version": 1, "chunk_tempo": None, "chunk_key": None, "sound_tempo": 60.0,
            "sound_clearness": 11.5, "sound_key": 0,
        }
    ],
    "tag": [{"id": 1, "word": "dark"}],
    "sample_tag": [{"sample_id": 1, "tag_id": 1}, {"sample_id": 2, "tag_id": 1}],
    "sample_pair": [{"sample_id": 1, "other_id": 2, "alike": 1, "said_at": "2024-01-01"}],
    "word_example": [{"word": "crisp", "sample_id": 1, "fits": 1, "said_at": "2024-01-01"}],
    "collection": [{"id": 1, "name": "Kit", "folded": "kit", "made_at": "2024-01-01"}],
    "collection_sample": [{"collection_id": 1, "sample_id": 1, "place": 1}],
    "saved_search": [
        {"id": 1, "name": "Dark", "folded": "dark", "query": "tag:dark", "saved_at": "2024-01-01"}
    ],
    "journal_entry": [{"id": 1, "made_at": "2024-01-01", "about": "rated a 4", "size": 1}],
    "journal_row": [
        {"id": 1, "entry_id": 1, "kind": "rating", "sample_id": 1, "before": '{"rating":null}',
         "after": '{"rating":4}'}
    ],
    "codec": [
        {
            "id": 1, "name": "rave", "kind": "torchscript", "digest": "d0", "file": "rave-d0.ts",
            "trusted": 1, "facts": "{}", "report": "{}", "created_at": "2024-01-01",
        }
    ],
    "latents": [{"sample_id": 1, "codec": "d0", "steps": 2, "dims": 1, "data": b"\1\2\3\4"}],
    "hearing": [{"sample_id": 1, "ear": "e", "whole": b"\1\2", "windows": b"\3\4"}],
    "space": [
        {
            "id": 1, "name": "mine", "codec": "d0", "digest": "s0", "created_at": "2024-01-01",
            "file": "mine-s0.safetensors", "attributes": '["brightness"]', "report": "{}",
        }
    ],
    "vector": [{"sample_id": 1, "space_id": 1, "data": b"\5\6\7\10"}],
    "map_point": [{"sample_id": 1, "space_id": 1, "x": 0.25, "y": 0.75}],
    "take": [
        {
            "id": 1, "path": b"/takes/a.wav", "content_hash": "t", "audio": "u", "recipe": "{}",
            "made_at": "2024-01-01",
        }
    ],
    "take_parent": [
        {"take_id": 1, "place": 0, "path": b"/r/Kicks/a\xff.wav", "content_hash": "c",
         "sample_id": 1}
    ],
    "setting": [{"key": "space in use", "value": '"mine"'}],
}  # fmt: skip


def tables(library: sqlite3.Connection) -> list[str]:
    """Return the names of the tables, but for those that the program fills by itself."""
    own = ("alembic_version", "vector_change")
    names = library.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return sorted(name for (name,) in names if name not in own)


def make(path: Path, revision: str) -> None:
    """Make a library of a revision, with rows.

    Raises:
        ValueError: It has a table of which no row is known here.
    """
    with mock.patch.object(database, "SCHEMA_HEAD", revision):
        open_database(path).dispose()
    with closing(sqlite3.connect(path)) as library:
        there = tables(library)
        if unknown := set(there) - set(ROWS):
            raise ValueError(f"add a row for {', '.join(unknown)} to ROWS")
        for table in (name for name in ROWS if name in there):
            known = {column[1] for column in library.execute(f"PRAGMA table_info({table})")}
            for row in ROWS[table]:
                kept = {name: value for name, value in row.items() if name in known}
                library.execute(
                    f"INSERT INTO {table} ({', '.join(kept)}) "
                    f"VALUES ({', '.join('?' * len(kept))})",
                    list(kept.values()),
                )
        library.execute("PRAGMA journal_mode = DELETE")
        library.commit()


def restored(path: Path, revision: str) -> Path:
    """Make a library from the text of a released schema."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as library:
        library.executescript((FOLDER / f"{revision}.sql").read_text("utf-8"))
    return path


def main(revision: str) -> None:
    """Write the text of a revision."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.sqlite"
        make(path, revision)
        with closing(sqlite3.connect(path)) as library:
            # Of a space's revision, which a trigger draws by chance, only that there is one counts.
            library.execute("UPDATE space SET revision = 7")
            library.commit()
            text = "\n".join(library.iterdump())
    (FOLDER / f"{revision}.sql").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
