"""Does any damaged file crash the decoder, hold it up, or get through it as what is no sound?

    python -m benchmarks.fuzz_decode [--count 10000] [--seed 0] [--keep FOLDER] [FOLDER …]

Small files are written in every format that libsndfile writes, and in more by an ffmpeg on the
PATH; files of the FOLDERs of up to 1 MiB are taken as well. First each is decoded as it is, then
`--count` damaged copies of them, drawn by the seed: bits, header fields, cuts, splices, chunks in
other places. A process of its own decodes and describes, as an analysis does; it is watched, so
that its death or its silence is noticed, and the file that caused it is named, and kept with
`--keep`.

Ends with 1 where a process died (crash) or took longer than `--patience` seconds (hang), anything
but :class:`DecodeError` was raised (no verdict), or a value that is not finite came out.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.mutated_files import damaged, write_by_ffmpeg, write_by_libsndfile
from library.decode import Decoded, decode
from library.descriptors import describe
from library.errors import DecodeError
from library.foreign_formats import CRASHED, HUNG

SECONDS = 120.0
"""How much of a file is decoded, as an analysis does."""

BAD = ("crash", "hang", "no verdict", "not finite")
"""The verdicts that must not be."""

_BYTES_AT_MOST = 2**20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file.

    Attributes:
        kind: ``decoded``, ``refused``, or one of BAD.
        said: The note, the reason, or the error.
        seconds: How long it took.
        peak_mib: Of the process that decodes, so far.
        peak_child_mib: Of the programs that it has run, so far.
    """

    kind: str
    said: str
    seconds: float
    peak_mib: float = 0.0
    peak_child_mib: float = 0.0


def verdict_on(path: Path) -> Verdict:
    """Decode and describe a file, and say what became of it."""
    started = time.perf_counter()
    try:
        decoded = decode(path, SECONDS)
        kind, said = _kind_of(decoded), decoded.note
    except DecodeError as error:
        kind, said = "refused", str(error)
    except Exception as error:  # noqa: BLE001 - that there is none is what is looked for
        kind, said = "no verdict", f"{type(error).__name__}: {error}"
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return Verdict(kind, said, time.perf_counter() - started, own, children)


def _kind_of(decoded: Decoded) -> str:
    """Describe what was decoded, and say whether it is a sound in numbers that mean something."""
    if not np.isfinite(decoded.clip.frames).all():
        return "not finite"
    if not decoded.clip.length or not math.isfinite(decoded.duration):
        return "no verdict"
    values = (value for value in asdict(describe(decoded.clip)).values() if value is not None)
    return "decoded" if all(map(math.isfinite, values)) else "not finite"


def _serve(pipe: Connection, work: Callable[[Path], Verdict]) -> None:
    """Give verdicts on the paths that come, until there is none."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        for descriptor in (1, 2):  # libsndfile and libmpg123 tell what they think of a file
            os.dup2(nowhere.fileno(), descriptor)
    while (path := pipe.recv()) is not None:
        pipe.send(work(path))


class Watched:
    """A process that decodes, started again whenever it dies or must be ended."""

    def __init__(self, patience: float, work: Callable[[Path], Verdict] = verdict_on) -> None:
        self._patience = patience
        self._work = work
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        self._process.start()
        theirs.close()

    def verdict(self, path: Path) -> Verdict:
        """Return what became of a file."""
        started = time.perf_counter()
        self._pipe.send(path)
        kind, said = "hang", f"no answer for {self._patience:g} s"
        if self._pipe.poll(self._patience):
            try:
                found: Verdict = self._pipe.recv()
            except EOFError:
                self._process.join()
                kind, said = "crash", f"the process ended with {self._process.exitcode}"
            else:
                return found
        self._process.kill()
        self._process.join()
        self._start()
        return Verdict(kind, said, time.perf_counter() - started)

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def files_of(folders: Sequence[Path]) -> list[Path]:
    """Return the files in folders that are small enough to be damaged often, sorted."""
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.stat().st_size <= _BYTES_AT_MOST)


def copies(files: Sequence[Path], count: int, seed: int, folder: Path) -> Iterator[Path]:
    """Yield damaged copies, one at a time in the same place, drawn by the seed."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        source, other = (files[int(rng.integers(len(files)))] for _ in range(2))
        path = folder / f"{number}_{source.name[-100:]}"
        path.write_bytes(damaged(source.read_bytes(), other.read_bytes(), rng))
        yield path
        path.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patience", type=float, default=90.0, metavar="SECONDS")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)

    counts: Counter[tuple[str, str]] = Counter()
    slowest, peak, peak_child, contained = 0.0, 0.0, 0.0, 0
    watched = Watched(options.patience)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as work:
        files = [*write_by_libsndfile(Path(made)), *write_by_ffmpeg(Path(made))]
        files += files_of(options.folders)
        whole = ((path, "as it is") for path in files)
        broken = ((p, "damaged") for p in copies(files, options.count, options.seed, Path(work)))
        for paths in (whole, broken):
            for path, state in paths:
                verdict = watched.verdict(path)
                counts[state, verdict.kind] += 1
                slowest = max(slowest, verdict.seconds)
                peak = max(peak, verdict.peak_mib)
                peak_child = max(peak_child, verdict.peak_child_mib)
                contained += any(each in verdict.said for each in (CRASHED, HUNG))
                if verdict.kind in BAD:
                    print(f"{verdict.kind}: {path.name}: {verdict.said}", flush=True)
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / path.name).write_bytes(path.read_bytes())
    watched.close()
    for state in ("as it is", "damaged"):
        told = {kind: counts[state, kind] for kind in ("decoded", "refused", *BAD)}
        total = sum(told.values())
        print(f"{total} files {state}: " + ", ".join(f"{n} {kind}" for kind, n in told.items()))
    print(f"ffmpeg crashed or hung, and the file was told: {contained}")
    print(f"peak memory {peak:.0f} MiB, of programs called {peak_child:.0f} MiB")
    print(f"slowest file {slowest:.1f} s, all {time.perf_counter() - started:.0f} s")
    return int(any(counts[state, kind] for state, kind in counts if kind in BAD))


if __name__ == "__main__":
    sys.exit(main())
