"""How long does it take to say something of many samples, to take it back and to say it again?

    python -m benchmarks.undo [--samples 500000] [--said 10000]

On a library of rows without files. Prints seconds for each verb on that many samples, and for one
sample, as a key in the application says it; and by how many bytes the journal makes the library
larger for each row that it keeps.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text

from library import collecting, labels, word_examples
from library.database import open_database, reading, writing
from library.journal import redo, undo

_INSERT = (
    "INSERT INTO sample (id, root_id, path, name, folder, search_text, size, mtime_ns, added_at) "
    "VALUES (?, 1, ?, ?, 'f', ?, 1, 1, '2024-01-01')"
)


def fill(engine: Engine, count: int) -> None:
    """Put samples without files into a library."""
    with writing(engine) as session:
        run = session.connection().exec_driver_sql
        run("INSERT INTO root VALUES (1, x'2f', '[]', '2024-01-01')")
        ids = range(1, count + 1)
        run(_INSERT, [(i, b"/%d.wav" % i, f"{i}.wav", f"f\n{i}.wav") for i in ids])


def verbs(ids: list[int]) -> Iterator[tuple[str, Callable[[Engine], object]]]:
    """Return what is said of samples, in turn."""
    yield "tag", lambda engine: labels.tag(engine, ids, ["dark"])
    yield "rate", lambda engine: labels.rate(engine, ids, 4)
    yield "category", lambda engine: labels.set_category(engine, ids, "kick")
    yield "category back", lambda engine: labels.set_category(engine, ids, None)
    yield "used", lambda engine: labels.mark_used(engine, ids, True)
    yield "collect", lambda engine: collecting.collect(engine, ids, "Kit")
    yield "teach", lambda engine: word_examples.teach(engine, "warm", ids, [])
    yield "untag", lambda engine: labels.untag(engine, ids, ["dark"])


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pages(engine: Engine) -> int:
    """Return how many bytes of a library are in use."""
    with reading(engine) as session:
        used, free, size = (
            int(session.scalar(text(f"PRAGMA {name}")) or 0)
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (used - free) * size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=500_000)
    parser.add_argument("--said", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "library.sqlite")
        fill(engine, options.samples)
        said = dict(verbs(list(range(1, options.said + 1))))
        done = {name: seconds(lambda verb=verb: verb(engine)) for name, verb in said.items()}
        back = {name: seconds(lambda: undo(engine)) for name in reversed(said)}
        again = {name: seconds(lambda: redo(engine)) for name in said}
        print(f"{options.said:,} of {options.samples:,} samples, in s: said, taken back, again")
        for name in said:
            print(f"{name:14} {done[name]:7.3f} {back[name]:7.3f} {again[name]:7.3f}")
        one = [seconds(lambda n=n: labels.rate(engine, [1], 1 + n % 5)) for n in range(50)]
        taken = [seconds(lambda: undo(engine)) for _ in range(50)]
        print(f"one sample, in ms: said {1e3 * median(one):.1f}, back {1e3 * median(taken):.1f}")
        with reading(engine) as session:
            rows = session.scalar(text("SELECT count(*) FROM journal_row"))
        before = pages(engine)
        with writing(engine) as session:
            session.execute(text("DELETE FROM journal_entry"))
        print(f"{(before - pages(engine)) / rows:.0f} bytes a row, {rows:,} rows")
        engine.dispose()


if __name__ == "__main__":
    main()
