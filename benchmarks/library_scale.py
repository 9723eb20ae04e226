"""How fast is a library with very many samples listed, looked at again, opened, searched, sorted?

    python -m benchmarks.library_scale [--files 100000] [--rows 500000] [--out F.json]
                                       [--before F.json]

Two libraries, neither analysed. The first is of tiny distinct WAV files, 50 in a folder, which are
listed and looked at again; beside it in the same run what must be done at the least, a walk with a
stat of every file and one bare SQLite statement that inserts the same rows. The second has rows
alone, which go through the same listing from a walk that is made up: no file of it exists. Every
figure is from a process of its own, so that its peak memory is its own; times are medians of five
where a question can be asked again. `--before` names what `--out` wrote of another version, which
is then shown beside.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.codec_speed import peak_mib
from benchmarks.large_library import list_rows
from benchmarks.library_tree import A_FOLDER, RARE, make_tree
from index.workspace import Workspace
from library import register as registering
from library.database import open_database
from library.progress import drive

TIMES = 5
PAGE = 50
Figures = dict[str, float]


def median_ms(ask: Callable[[], object]) -> float:
    """Return the median time of asking a few times, ms."""
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


# What is measured, each in a process of its own.


def bare_walk(tree: Path, _library: Path) -> Figures:
    """Walk and stat, and nothing else."""

    def look() -> int:
        count = 0
        for folder, _, files in os.walk(tree):
            for name in files:
                os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - as bare as can be
                count += 1
        return count

    count = look()
    ms = median_ms(look)
    return {"files/s": 1000 * count / ms}


def bare_insert(_tree: Path, library: Path) -> Figures:
    """Insert the rows of a library into an empty one with the same tables, in one statement."""
    copy = library.with_name("bare.sqlite")
    open_database(copy).dispose()
    with closing(sqlite3.connect(library)) as source:
        roots = source.execute("SELECT * FROM root").fetchall()
        rows = source.execute("SELECT * FROM sample ORDER BY id").fetchall()
    with closing(sqlite3.connect(copy)) as target:
        target.execute("PRAGMA synchronous = NORMAL")
        target.executemany("INSERT INTO root VALUES (?, ?, ?, ?)", roots)
        places = ", ".join("?" * len(rows[0]))
        started = time.perf_counter()
        target.executemany(f"INSERT INTO sample VALUES ({places})", rows)
        target.commit()
        seconds = time.perf_counter() - started
    copy.unlink()
    return {"rows/s": len(rows) / seconds}


def listing(tree: Path, library: Path) -> Figures:
    """List a folder that the library does not know."""
    engine = open_database(library)
    started = time.perf_counter()
    job = registering.register(engine, [tree])
    first = None
    try:
        while True:
            step = next(job)
            if first is None and step.done:
                first = time.perf_counter() - started
    except StopIteration as end:
        report = end.value
    seconds = time.perf_counter() - started
    engine.dispose()
    return {
        "files/s": report.new / seconds,
        "s": seconds,
        "first batch, ms": 1000 * (first or 0.0),
        "MiB": peak_mib(),
    }


def listing_made_up(_tree: Path, library: Path) -> Figures:
    """List rows of which no file exists, through the same functions."""
    rows, seconds = list_rows(library, int(os.environ["LIBRARY_SCALE_ROWS"]))
    return {"rows/s": rows / seconds, "s": seconds, "MiB": peak_mib()}


def looking_again(tree: Path, library: Path) -> Figures:
    """Look at a folder of which nothing changed."""
    engine = open_database(library)
    drive(registering.refresh(engine))
    before = peak_mib()
    calls = 0

    def count(event: str, _arguments: object) -> None:
        nonlocal calls
        calls += event == "os.scandir"

    ms = median_ms(lambda: drive(registering.refresh(engine)))
    sys.addaudithook(count)
    drive(registering.refresh(engine))
    engine.dispose()
    return {"ms": ms, "folders read": calls, "MiB": before}


def unplugged(tree: Path, library: Path) -> Figures:
    """Look at a folder that is not there, and again when it is back."""
    engine = open_database(library)
    away = tree.with_name("away")
    tree.rename(away)
    started = time.perf_counter()
    gone = drive(registering.refresh(engine))
    went = time.perf_counter()
    away.rename(tree)
    back = drive(registering.refresh(engine))
    seconds = time.perf_counter() - went
    engine.dispose()
    assert gone.missing == back.found
    return {"gone, ms": 1000 * (went - started), "back, ms": 1000 * seconds}


def opening(_tree: Path, library: Path) -> Figures:
    """Open a library, and ask for what the application shows at its start."""

    def start() -> None:
        with Workspace.open(library) as workspace:
            ids = workspace.ids()
            workspace.rows(ids[:PAGE])
            workspace.status()

    return {
        "open, ms": median_ms(lambda: Workspace.open(library).close()),
        "application start, ms": median_ms(start),
        "MiB": peak_mib(),
    }


def asking(_tree: Path, library: Path) -> Figures:
    """Ask for lists, pages, counts."""
    with Workspace.open(library) as workspace:
        ids = workspace.ids()
        middle = len(ids) // 2
        figures = {
            "whole list, ms": median_ms(workspace.ids),
            "first page, ms": median_ms(lambda: workspace.rows(ids[:PAGE])),
            "page in the middle, ms": median_ms(
                lambda: workspace.rows(ids[middle : middle + PAGE])
            ),
            "status, ms": median_ms(workspace.status),
        }
        for about, query in (
            ("a rare name", f'"{RARE}"'),
            ("a common word", "kick"),
            ("two words", "shaker vol"),
            ("no hit", "no such name"),
            ("folder:hats", "folder:hats"),
            ("category:hat", "category:hat"),
            ("is:missing", "is:missing"),
            ("sort:name", "sort:name"),
            ("sort:-len", "sort:-len"),
            ("kick sort:added", "kick sort:added"),
        ):
            figures[f"{about}, ms"] = median_ms(lambda query=query: workspace.ids(query))
    return {**figures, "MiB": peak_mib()}


def printing(_tree: Path, library: Path) -> Figures:
    """`crate ls`: until its first line is there, and until all are."""
    command = [sys.executable, "-m", "tui.cli", "--library", str(library), "ls"]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.perf_counter() - started
        for _ in process.stdout:
            pass
        process.wait()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"first line, ms": 1000 * first, "s": seconds, "MiB": peak}


@dataclass(frozen=True)
class Part:
    """What is measured: of which of the two libraries, and by which function."""

    name: str
    measure: Callable[[Path, Path], Figures]
    made_up: bool = False


PARTS = (
    Part("walk and stat alone", bare_walk),
    Part("list", listing),
    Part("insert alone", bare_insert),
    Part("look again", looking_again),
    Part("unplugged", unplugged),
    Part("open", opening),
    Part("ask", asking),
    Part("crate ls", printing),
    Part("list", listing_made_up, made_up=True),
    Part("insert alone", bare_insert, made_up=True),
    Part("open", opening, made_up=True),
    Part("ask", asking, made_up=True),
    Part("crate ls", printing, made_up=True),
)


def measured(place: int, tree: Path, library: Path) -> Figures:
    """Measure one part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.library_scale", "--part", str(place)]
    command += ["--tree", str(tree), "--library", str(library)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def table(figures: dict[str, Figures], before: dict[str, Figures]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    yield "| | | before | now |" if before else "| | | |"
    yield "|---|---|---|---|" if before else "|---|---|---|"
    for part, values in figures.items():
        for name, value in values.items():
            was = before.get(part, {}).get(name)
            beside = f" {_shown(was)} |" if before else ""
            yield f"| {part} | {name} |{beside} {_shown(value)} |"


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2g}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the libraries, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the tree, kept for the next run")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--tree", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--library", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part is not None:
        print(json.dumps(PARTS[options.part].measure(options.tree, options.library)))
        return
    before = json.loads(options.before.read_text()) if options.before else {}
    os.environ["LIBRARY_SCALE_ROWS"] = str(options.rows)
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = (options.keep or folder) / "sounds"
        if not tree.exists():
            make_tree(tree, options.files)
        libraries = {False: folder / "files.sqlite", True: folder / "rows.sqlite"}
        sizes = {False: f"{options.files:,} files", True: f"{options.rows:,} rows"}
        print(f"{sizes[False]} in {-(-options.files // A_FOLDER):,} folders", file=sys.stderr)
        for place, part in enumerate(PARTS):
            key = f"{sizes[part.made_up]}: {part.name}"
            figures[key] = measured(place, tree, libraries[part.made_up])
            for line in list(table({key: figures[key]}, before))[2:]:
                print(line, file=sys.stderr)
        for made_up, library in libraries.items():
            if library.exists():
                size = library.stat().st_size
                figures.setdefault(f"{sizes[made_up]}: on disk", {})["MiB"] = size / 2**20
    if options.out is not None:
        options.out.write_text(json.dumps(figures, indent=1) + "\n")
    print("\n".join(table(figures, before)))


if __name__ == "__main__":
    main()
