"""A library of very many rows, as if all had been analysed: descriptors, and a map.

No file of it exists. The rows go through the listing as any do; what analysis would add is drawn
at random.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.library_tree import names
from index.workspace import Workspace
from library import register
from library.database import open_database
from library.descriptors import DESCRIPTORS_VERSION
from library.progress import drive
from library.walk import FoundFile, Walk

PLACE = "/made up/sounds"
ISLANDS = 60


def list_rows(library: Path, count: int) -> tuple[int, float]:
    """List rows of files that do not exist, through the functions that list those that do.

    Returns:
        How many rows, and the seconds that it took.
    """

    def walk(_: Walk) -> Iterator[FoundFile]:
        for number, name in enumerate(names(count)):
            yield FoundFile(f"{PLACE}/{name}", 44 + 2 * (16 + number % 384), number)

    engine = open_database(library)
    with closing(sqlite3.connect(library)) as database:
        row = (1, PLACE.encode(), "[]", "2024-01-01 00:00:00")
        database.execute("INSERT INTO root VALUES (?, ?, ?, ?)", row)
        database.commit()
    started = time.perf_counter()
    with patch.object(Walk, "whole", walk):
        report = drive(register.refresh(engine))
    seconds = time.perf_counter() - started
    engine.dispose()
    return report.new, seconds


def make_large_library(library: Path, count: int) -> None:
    """Make a library of so many rows, with descriptors and a map."""
    list_rows(library, count)
    with Workspace.open(library) as workspace:
        name = workspace.spaces()[0].name
    draw = np.random.default_rng(0)
    with closing(sqlite3.connect(library)) as database:
        ids = np.array(database.execute("SELECT id FROM sample ORDER BY id").fetchall())[:, 0]
        n = len(ids)
        database.execute(
            "UPDATE sample SET state = 'analysed', duration = 0.05 + (id * 7919 % 4000) / 1000.0, "
            "sample_rate = 44100, channels = 1 + id % 2"
        )
        values = np.column_stack([
            300 * 30 ** draw.random(n), -40 * draw.random(n), draw.random(n), 100 * draw.random(n),
            4 * draw.random(n), 36 + 40 * draw.random(n), draw.random((n, 3)),
        ])  # fmt: skip
        rows = zip(ids.tolist(), *values.T.tolist(), [DESCRIPTORS_VERSION] * n, strict=True)
        columns = "sample_id, brightness, loudness, noisiness, attack, decay, pitch, low_end, " \
            "width, roughness, version"  # fmt: skip
        places = ", ".join("?" * 11)
        database.executemany(f"INSERT INTO descriptor ({columns}) VALUES ({places})", rows)
        space, digest = database.execute(
            "SELECT id, digest FROM space WHERE name = ?", (name,)
        ).fetchone()
        islands = draw.random((ISLANDS, 2))[draw.integers(0, ISLANDS, n)]
        xy = np.clip(islands + 0.03 * draw.standard_normal((n, 2)), 0, 1)
        points = zip(ids.tolist(), [space] * n, *xy.T.tolist(), strict=True)
        database.executemany(
            "INSERT INTO map_point (sample_id, space_id, x, y) VALUES (?, ?, ?, ?)", points
        )
        facts = json.dumps({"digest": digest, "width": 10.0, "placed": 0})
        database.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?)", (f"map of space {space}", facts)
        )
        database.commit()
