"""How fast is search, how much does it find, and what does it cost to keep its index?

    python -m benchmarks.search [--sizes 10000 100000 1000000] [--dims 128] [--library FILE]

Each size is measured in a process of its own, through the same functions as `crate similar`: a
library file with drawn vectors, the index built from its rows, kept, opened, changed. Beside it, in
the same run and in turns with it, a plain FAISS index of the same type in memory: the same vectors,
the same number of lists and as many of them looked into. A scope is an array of ids, from which
both make what they need for every query; `ready` is plain FAISS with a bitmap that was made before.
Search is measured with one thread, building with all. Recall is against comparing every vector.

`--library` draws vectors like those of a library; `--hnsw` measures FAISS's graph index too, which
takes minutes to build.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.codec_speed import peak_mib
from benchmarks.search_vectors import (
    DIGEST,
    SPACE_ID,
    library_of,
    like_those_of,
    mixture,
    put,
    take,
)
from index.built_index import EXACT_UP_TO
from index.inverted_lists import list_count
from index.open_index import open_index
from index.search import SearchIndex
from index.vectors import read_vectors

K = 10
CHANGES = 1_000
SCOPES = (None, 0.01, 0.5)
EF_SEARCH = 64
_THREADS = os.cpu_count() or 1

T = TypeVar("T")
Search = Callable[[NDArray[np.float32]], Any]


def timed(work: Callable[..., T], *arguments: object) -> tuple[T, float]:
    """Return what work returns, and how many seconds it took."""
    started = time.perf_counter()
    done = work(*arguments)
    return done, time.perf_counter() - started


def in_turns(searches: dict[str, Search], queries: NDArray[np.float32]) -> dict[str, list[float]]:
    """Return the median and the 90th percentile of each search in ms, all measured in turns."""
    faiss.omp_set_num_threads(1)
    times: dict[str, list[float]] = {name: [] for name in searches}
    for query in queries:
        for name, search in searches.items():
            times[name].append(1000 * timed(search, query)[1])
    faiss.omp_set_num_threads(_THREADS)
    return {name: np.percentile(each, [50, 90]).tolist() for name, each in times.items()}


def recall(found: list[NDArray[np.int64]], wanted: list[NDArray[np.int64]]) -> float:
    """Return the share of what is wanted that was found."""
    return sum(np.isin(w, f).sum() for f, w in zip(found, wanted, strict=True)) / sum(
        len(w) for w in wanted
    )


def raw_index(matrix: NDArray[np.float32], ours: SearchIndex) -> tuple[faiss.Index, float]:
    """Return a plain FAISS index of the type that ours is, and how long it took to build."""
    n, d = matrix.shape
    exact = faiss.IndexFlatL2(d)
    if not ours.built.trained_on:
        return exact, timed(lambda: exact.add(matrix))[1]
    lists = faiss.IndexIVFFlat(exact, d, list_count(n))
    lists.nprobe = ours.built.index.nprobe
    lists.cp.max_points_per_centroid, lists.cp.niter = 40, 8  # as ours
    return lists, timed(lambda: (lists.train(matrix), lists.add(matrix)))[1]


def plain(index: faiss.Index, rows: NDArray[np.int64] | None, ready: bool = False) -> Search:
    """Return FAISS's own search.

    Args:
        index: Exact, with lists, or a graph.
        rows: Only these are looked at; None for all.
        ready: Whether the selector of these rows is made once, and not for every query.
    """
    kinds = {faiss.IndexIVFFlat: faiss.SearchParametersIVF,
             faiss.IndexHNSWFlat: faiss.SearchParametersHNSW}  # fmt: skip
    parameters = kinds.get(type(index), faiss.SearchParameters)()
    if isinstance(index, faiss.IndexIVFFlat):
        parameters.nprobe = index.nprobe
    if isinstance(index, faiss.IndexHNSWFlat):
        parameters.efSearch = EF_SEARCH
    # Held here as well: what `sel` points to must live for as long as it is used.
    selector: Any = None
    if ready and rows is not None:
        bits = np.zeros(index.ntotal, bool)
        bits[rows] = True
        selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))

    def search(query: NDArray[np.float32]) -> NDArray[np.int64]:
        made = faiss.IDSelectorBatch(rows) if rows is not None and not ready else selector
        parameters.sel = made
        return index.search(query[None], K, params=parameters)[1][0]

    return search


def measure(
    n: int, dims: int, library: Path | None, exact_up_to: int, queries: int, hnsw: bool
) -> dict[str, Any]:
    """Return every figure of one size."""
    draw = like_those_of(library) if library is not None else mixture(dims)
    changes = min(CHANGES, n // 4)
    faiss.omp_set_num_threads(_THREADS)
    with tempfile.TemporaryDirectory() as folder:
        path, cache = Path(folder) / "library.sqlite", Path(folder) / "cache"
        engine = library_of(path, n, changes, draw)

        def opened(held: SearchIndex | None = None) -> SearchIndex:
            return open_index(engine, SPACE_ID, DIGEST, cache, held, exact_up_to)

        before = peak_mib()
        index, build_s = timed(opened)
        facts: dict[str, Any] = {
            "n": n,
            "type": "lists" if index.built.trained_on else "exact",
            "build_s": build_s,
            "build_mib": peak_mib() - before,
            "file_mib": sum(f.stat().st_size for f in cache.iterdir()) / 2**20,
        }
        del index
        index, facts["open_s"] = timed(opened)
        ids, matrix = read_vectors(engine, SPACE_ID)
        facts["dims"] = matrix.shape[1]
        raw, facts["raw_build_s"] = raw_index(matrix, index)
        others = {"raw": raw}
        if hnsw:
            others["hnsw"] = faiss.IndexHNSWFlat(matrix.shape[1], 32)
            facts["hnsw_build_s"] = timed(lambda: others["hnsw"].add(matrix))[1]
        truth = faiss.IndexFlatL2(matrix.shape[1])
        truth.add(matrix)
        asked = draw(queries, 10**9)
        for share in SCOPES:
            facts[str(share)] = _searched(index, others, truth, ids, asked, share)
        del truth
        facts["update_s"] = _changed(engine, index, opened, n, changes, draw)
        facts["reopen_s"] = timed(opened)[1]
        facts["changes"] = changes
        facts["raw_add_s"] = timed(lambda: raw.add(draw(changes, 5)))[1]
        gone = np.arange(changes)
        facts["raw_remove_s"] = timed(lambda: raw.remove_ids(gone))[1]
        engine.dispose()
    return facts


def _searched(
    index: SearchIndex,
    others: dict[str, faiss.Index],
    truth: faiss.Index,
    ids: NDArray[np.int64],
    queries: NDArray[np.float32],
    share: float | None,
) -> dict[str, Any]:
    """Return times and recall within a scope of a share of all ids."""
    rows = None
    if share is not None:
        rows = np.random.default_rng(3).permutation(len(ids))[: max(K, round(share * len(ids)))]
    scope = None if rows is None else ids[rows]
    searches: dict[str, Search] = {"ours": lambda query: index.nearest(query, K, scope)[0]}
    searches |= {name: plain(other, rows) for name, other in others.items()}
    if rows is not None:
        searches["ready"] = plain(others["raw"], rows, ready=True)
    exact = plain(truth, rows, ready=True)
    wanted = [ids[exact(query)] for query in queries]
    found = {name: [search(query) for query in queries] for name, search in searches.items()}
    for name in found.keys() - {"ours"}:
        found[name] = [np.where(each < 0, -1, ids[each]) for each in found[name]]
    times = in_turns(searches, queries)
    return {
        name: {"p50_ms": p50, "p90_ms": p90, "recall": recall(found[name], wanted)}
        for name, (p50, p90) in times.items()
    }


def _changed(
    engine: Any,
    index: SearchIndex,
    opened: Callable[[SearchIndex], SearchIndex],
    n: int,
    changes: int,
    draw: Callable[[int, int], NDArray[np.float32]],
) -> float:
    """Remove vectors and add others; return how long the index takes to know of it."""
    take(engine, np.random.default_rng(4).permutation(n)[:changes] + 1)
    put(engine, np.arange(n + 1, n + 1 + changes), draw(changes, 6))
    now, seconds = timed(lambda: opened(index))
    if len(now) != n or (now.built is not index.built and n >= 100 * CHANGES):
        sys.exit("changes were not taken over")
    return seconds


def in_process(n: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measure one size in a process of its own, whose memory is that of this size alone."""
    library = str(options.library.resolve()) if options.library else None
    asked = [n, options.dims, library, options.exact_up_to, options.queries, options.hnsw]
    command = [sys.executable, "-m", "benchmarks.search", "--one", json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{n} vectors failed:\n{done.stderr.strip()}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def lines(facts: dict[str, Any]) -> list[str]:
    """Return the figures of one size as they are printed."""
    out = [f"{facts['n']:,} vectors of {facts['dims']}, {facts['type']}"]
    for share in SCOPES:
        row = facts[str(share)]
        scope = "no scope" if share is None else f"scope {share:.0%}"
        cells = [
            f"{name} {one['p50_ms']:.2f}/{one['p90_ms']:.2f} ms, recall@10 {one['recall']:.3f}"
            for name, one in row.items()
        ]
        ratio = row["ours"]["p50_ms"] / row["raw"]["p50_ms"]
        out.append(f"  {scope:10s}  {'   '.join(cells)}   ours/raw {ratio:.2f}")
    hnsw = f", HNSW {facts['hnsw_build_s']:.1f} s" if "hnsw_build_s" in facts else ""
    out += [
        f"  build       {facts['build_s']:.2f} s from rows to file, {facts['build_mib']:.0f} MiB "
        f"at the peak; raw {facts['raw_build_s']:.2f} s from an array{hnsw}",
        f"  file        {facts['file_mib']:.0f} MiB, opened in {1000 * facts['open_s']:.0f} ms",
        f"  change      {facts['changes']} added and as many removed: "
        f"{1000 * facts['update_s']:.0f} ms, {1000 * facts['reopen_s']:.0f} ms in a new process; "
        f"raw adds in {1000 * facts['raw_add_s']:.0f} ms, "
        f"removes in {1000 * facts['raw_remove_s']:.0f} ms",
    ]
    return out


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--dims", type=int, default=128, help="of vectors drawn without a library")
    parser.add_argument("--library", type=Path, help="draw vectors like those of its space in use")
    parser.add_argument("--exact-up-to", type=int, default=EXACT_UP_TO)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--hnsw", action="store_true", help="measure FAISS's graph index too")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures here too")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        n, dims, library, exact_up_to, queries, hnsw = json.loads(options.one)
        source = Path(library) if library else None
        print(json.dumps(measure(n, dims, source, exact_up_to, queries, hnsw)))
        return
    print("ms: median/90th percentile, one thread")
    table = []
    for n in options.sizes:
        table.append(in_process(n, options))
        print("\n".join(lines(table[-1])), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
