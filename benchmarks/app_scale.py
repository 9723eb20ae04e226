"""How fast is the application on a very large library: its start, and every kind of key?

    python -m benchmarks.app_scale [--rows 100000 500000] [--keep FOLDER] [--out F.json]

The real program runs in a terminal of 120 by 36, and what it draws is timed from the key to the
first bytes that it writes for it (paint) and to the last ones before it was quiet (whole). Nothing
plays: moving the cursor draws the row and the inspector alone. Other programs on the machine
lengthen every figure.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.large_library import make_large_library
from benchmarks.terminal import Drawn, Terminal

TIMES = 40
FEW = 8
ANSWER_S = 3.0
"""An answer that takes longer than this after all else was drawn is not waited for."""
QUERIES = ("kick", "shaker vol", "needle", "bright>2000", "len<1 snare")
SORTS = ("sort:name", "sort:-len", "sort:bright", "sort:-added")


def starts(library: Path, variables: dict[str, str]) -> dict[str, list[float]]:
    """Start a few times; the first one, which fills the caches, is left out."""
    paint, rows = [], []
    for number in range(FEW):
        with Terminal(library, variables=variables) as terminal:
            shown = 1000 * terminal.until("latentcrate")
            there = 1000 * terminal.until(".wav")
        if number:
            paint.append(shown)
            rows.append(there)
    return {"start to paint": paint, "start to rows": rows}


def keys(library: Path, variables: dict[str, str]) -> dict[str, list[float]]:
    """Press every kind of key."""
    found: dict[str, list[float]] = {}

    def note(name: str, drawn: Sequence[Drawn]) -> None:
        found[f"{name}: paint"] = [each.first_ms for each in drawn]
        found[f"{name}: whole"] = [each.last_ms for each in drawn]

    def many(key: str, times: int) -> list[Drawn]:
        return [terminal.press(key) for _ in range(times)]

    with Terminal(library, variables=variables) as terminal:
        terminal.until(".wav")
        terminal.quiet(3.0)
        terminal.press("a")  # nothing plays from here on
        note("cursor", [*many("j", TIMES), *many("k", TIMES)])
        note("page", [*many("pagedown", TIMES), *many("pageup", TIMES // 2)])
        note("ends", [drawn for _ in range(FEW) for drawn in (*many("end", 1), *many("home", 1))])
        gaps = terminal.held("j", 150, 1 / 30)
        found["cursor held: between paints"] = gaps
        terminal.quiet()
        for about, queries in (("query", QUERIES), ("sort", SORTS)):
            letters, answers = [], []
            for query in queries:
                terminal.press("/")
                letters += [terminal.press(letter, quiet_s=0.1) for letter in query[:-1]]
                answers.append(terminal.press(query[-1], quiet_s=ANSWER_S))
                terminal.press("enter")
                terminal.press("escape", quiet_s=0.4)
            note(f"{about}, a letter", letters)
            found[f"{about}, answer: whole"] = [each.last_ms for each in answers]
        terminal.press("tab", quiet_s=0.4)
        note("map, step", [*many("right", FEW), *many("down", FEW), *many("left", FEW)])
        note("map, zoom", [*many("+", FEW), *many("-", FEW)])
        now, most = terminal.memory_mib()
        found |= {"memory, MiB": [now], "memory at most, MiB": [most]}
    return found


def shown(values: Sequence[float]) -> str:
    """Return the median, the 95th percentile and the largest."""
    known = np.array([value for value in values if value == value])
    if not len(known):
        return "| | | |"
    return f"| {np.median(known):,.0f} | {np.percentile(known, 95):,.0f} | {known.max():,.0f} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the libraries, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 500_000])
    parser.add_argument("--keep", type=Path, help="a folder for the libraries, for the next run")
    parser.add_argument("--out", type=Path, help="all times as JSON")
    options = parser.parse_args(arguments)
    parts: tuple[Callable[[Path, dict[str, str]], dict[str, list[float]]], ...] = (starts, keys)
    everything = {}
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        variables = {"XDG_CONFIG_HOME": name}
        for rows in options.rows:
            library = folder / f"{rows}.sqlite"
            if not library.exists():
                make_large_library(library, rows)
            (folder / f"{rows}.crate" / "app.json").unlink(missing_ok=True)
            figures = {}
            for part in parts:
                figures |= part(library, variables)
            everything[rows] = figures
            print(f"\n| {rows:,} rows, ms | median | p95 | most |\n|---|---|---|---|")
            for about, values in figures.items():
                print(f"| {about} {shown(values)}", flush=True)
    if options.out is not None:
        options.out.write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
