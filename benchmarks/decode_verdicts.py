"""What becomes of the files of a folder: kind of file by verdict, the memory and the time it takes.

    python -m benchmarks.decode_verdicts FOLDER [--without-ffmpeg] [--list]

The kind of a file is the first folder that it lies in. `--list` names each file with what was said.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fuzz_decode import BAD, verdict_on

VERDICTS = ("decoded", "decoded, with a note", "refused", *BAD)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without-ffmpeg", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args(arguments)
    if options.without_ffmpeg:
        os.environ["PATH"] = ""

    counts: Counter[tuple[str, str]] = Counter()
    started = time.perf_counter()
    slowest = 0.0
    for path in sorted(path for path in options.folder.rglob("*") if path.is_file()):
        verdict = verdict_on(path)
        noted = verdict.kind == "decoded" and verdict.said
        within = path.relative_to(options.folder)
        counts[within.parts[0], "decoded, with a note" if noted else verdict.kind] += 1
        slowest = max(slowest, verdict.seconds)
        if options.list:
            print(f"{within}\t{verdict.kind}\t{verdict.said}")
    kinds = sorted({kind for kind, _ in counts})
    print("| kind | " + " | ".join(VERDICTS) + " |")
    print("|---" * (1 + len(VERDICTS)) + "|")
    for kind in kinds:
        print(f"| {kind} | " + " | ".join(str(counts[kind, each]) for each in VERDICTS) + " |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = time.perf_counter() - started
    print(
        f"{sum(counts.values())} files, {took:.1f} s, the slowest {slowest:.1f} s, {peak:.0f} MiB"
    )


if __name__ == "__main__":
    main()
