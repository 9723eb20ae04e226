"""What does a library lose when `crate add` is killed? 200 kills at random moments.

    python -m benchmarks.kills [--kills 200] [--programs 10] [--sounds 150] [--seed 1]

A folder of short sounds is added to a new library, and the process gets SIGKILL at a random moment
of the time that the whole run takes; of every five runs one is killed as soon as a half-written
file is seen beside the library. Most runs are forked from a process that has loaded everything;
some are the real program, from its start. Meanwhile rows are read and tagged over another
connection. Then

- every row and every tag that was seen committed must be there, and SQLite's own checks pass;
- the same command, run again to its end, must make the library that an undisturbed run makes: one
  sample a file, the same latents, vectors and answers, with the tags.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks.killed_runs import (
    Contents,
    Seen,
    added,
    contents,
    differences,
    ended_well,
    forked,
    make_sounds,
    started_program,
    warm_up,
    watched_and_killed,
    wrong_after_kill,
)


def tried(
    library: Path, folder: Path, whole: Contents, after_s: float, program: bool, seed: int
) -> tuple[Seen, list[str]]:
    """Kill one run, look at what it left, finish it, and look again.

    Returns:
        What was seen before the kill, and what was wrong after it.
    """
    at_file = ".part" if seed % 5 == 0 else ""
    if program:
        with started_program(library, folder) as process:
            seen = watched_and_killed(process.pid, library, after_s, at_file, seed)
    else:
        child = forked(lambda: added(library, folder))
        seen = watched_and_killed(child, library, after_s, at_file, seed)
        os.waitpid(child, 0)
    wrong = wrong_after_kill(library, seen)
    seen.stage = stage_of(library, len(whole.samples))
    if not ended_well(forked(lambda: added(library, folder))):
        wrong.append("the second run failed")
        return seen, wrong
    wrong += wrong_after_kill(library, seen)
    return seen, wrong + differences(whole, contents(library))


def stage_of(library: Path, files: int) -> str:
    """Return how far a killed run had come."""
    if not library.exists():
        return "before the file"
    with closing(sqlite3.connect(library)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'vector'").fetchone():
            return "before the tables"
        counts = [
            connection.execute(statement).fetchone()[0]
            for statement in (
                "SELECT count(*) FROM sample",
                "SELECT count(*) FROM sample WHERE state <> 'listed'",
                "SELECT count(*) FROM vector",
            )
        ]
    if counts[2]:
        return "vectors"
    if counts[1] == files:
        return "all analysed"
    return "analysis" if counts[1] else "listed" if counts[0] else "before the rows"


def main() -> int:
    """Kill, look, and print what was lost; return 1 where anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--programs", type=int, default=10, help="of them, of the real program")
    parser.add_argument("--sounds", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warm_up()
    stages: Counter[str] = Counter()
    failures: list[str] = []
    rows = tags = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = make_sounds(Path(name) / "sounds", options.sounds)
        undisturbed = Path(name) / "whole.sqlite"
        lasts = {}
        started = time.monotonic()
        if not ended_well(forked(lambda: added(undisturbed, folder))):
            raise SystemExit("the undisturbed run failed")
        lasts[False] = time.monotonic() - started
        whole = contents(undisturbed)
        if options.programs:
            started = time.monotonic()
            with started_program(Path(name) / "program.sqlite", folder) as process:
                process.wait()
            lasts[True] = time.monotonic() - started
        print(f"a run lasts {lasts[False]:.2f} s, a program {lasts.get(True, 0.0):.2f} s")
        rng = random.Random(options.seed)
        for kill in range(options.kills):
            program = kill < options.programs
            home = Path(name) / f"{kill}"
            home.mkdir()
            library = home / "library.sqlite"
            after_s = rng.uniform(0, 1.05 * lasts[program])
            seen, wrong = tried(library, folder, whole, after_s, program, options.seed + kill)
            stages[seen.stage] += 1
            rows += len(seen.rows)
            tags += len(seen.tags)
            failures += [f"kill {kill}, after {after_s:.2f} s: {each}" for each in wrong]
            for line in wrong:
                print(f"kill {kill}, after {after_s:.2f} s: {line}", flush=True)
    print(f"{options.kills} kills in {time.monotonic() - began:.0f} s; killed in: {dict(stages)}")
    print(f"rows seen committed {rows}, tags {tags}; what was wrong: {len(failures)}")
    lost = sum("lost" in each for each in failures)
    corrupt = sum("check" in each for each in failures)
    twice = sum("twice" in each for each in failures)
    print(f"rows or tags lost {lost}, corrupt libraries {corrupt}, duplicates {twice}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
