"""How large does the log of a library grow during a long analysis, and what follows of a reader?

    python -m benchmarks.library_log [--samples 6000]

Rows of analysis are written as `crate add` writes them, 64 samples a transaction, of sounds that
are made up: latents and hearing of the size of a sound of two seconds. The size of the log,
`library.sqlite-wal`, is looked at after every transaction: alone; beside a reader that comes and
goes, as the application does; and beside one that never lets go of what it sees.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert

from library.database import open_database, writing
from library.tables import Descriptor, Hearing, Latents, Root, Sample

BATCH = 64
_LATENTS_BYTES = 43 * 17 * 2
_HEARING_BYTES = 4_000


def write_batch(engine: Engine, first: int, rng: np.random.Generator) -> None:
    """Write the rows of a batch of samples."""
    ids = range(first, first + BATCH)
    with writing(engine) as session:
        session.execute(
            insert(Sample),
            [
                {"id": i, "root_id": 1, "path": f"/r/{i}.wav", "name": f"{i}.wav", "folder": "r",
                 "search_text": f"r\n{i}.wav", "size": 1, "mtime_ns": 1, "state": "analysed",
                 "content_hash": f"{i:032x}"}
                for i in ids
            ],
        )  # fmt: skip
        session.execute(insert(Descriptor), [{"sample_id": i, "brightness": 1.0} for i in ids])
        data = [rng.bytes(_LATENTS_BYTES) for _ in ids]
        rows = [
            {"sample_id": i, "codec": "c" * 32, "steps": 43, "dims": 17, "data": each}
            for i, each in zip(ids, data, strict=True)
        ]
        session.execute(insert(Latents), rows)
        heard = [
            {"sample_id": i, "ear": "e", "whole": b"", "windows": rng.bytes(_HEARING_BYTES)}
            for i in ids
        ]
        session.execute(insert(Hearing), heard)


def measured(path: Path, samples: int, reader: str) -> tuple[int, int, int]:
    """Return the most and the last bytes of the log, and the bytes of the library."""
    engine = open_database(path)
    rng = np.random.default_rng(0)
    with writing(engine) as session:
        session.add(Root(id=1, path="/r"))
    log = path.with_name(f"{path.name}-wal")
    most = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if reader == "stays":
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM sample").fetchone()
        for first in range(1, samples, BATCH):
            write_batch(engine, first, rng)
            if reader == "comes and goes":
                other.execute("SELECT count(*) FROM sample").fetchone()
            most = max(most, log.stat().st_size)
        if reader == "stays":
            other.execute("COMMIT")
            write_batch(engine, samples + BATCH, rng)
            write_batch(engine, samples + 2 * BATCH, rng)
            write_batch(engine, samples + 3 * BATCH, rng)
        last = log.stat().st_size
    engine.dispose()
    return most, last, path.stat().st_size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=6_000)
    samples = parser.parse_args().samples
    with tempfile.TemporaryDirectory() as name:
        for number, reader in enumerate(("none", "comes and goes", "stays")):
            most, last, size = measured(Path(name) / f"{number}.sqlite", samples, reader)
            print(
                f"reader {reader:14}: log at most {most / 1e6:6.1f} MB, {last / 1e6:5.1f} MB after "
                f"it, library {size / 1e6:6.1f} MB"
            )


if __name__ == "__main__":
    main()
