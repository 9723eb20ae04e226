"""Is the map true to the vectors, does it stay when it grows, and how long does it take?

    python -m benchmarks.map [--library FILE [--spaces A B]] [--sizes 10000 100000]
        [--plain-up-to 100000]

With a library, of the vectors of its space A: trustworthiness of our map and of umap-learn's with
its defaults; how far sounds move when the last tenth is added, chosen at random and as one whole
kind; and how far from the map of A to that of B. For each size, of made vectors: time, memory and
trustworthiness of both, each in a process of its own. Shifts are shares of the map's diagonal,
median and 95th percentile, of the sounds that were there before.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.map_alignment import onto
from index.map_layout import lay_out, lay_out_again, place
from index.workspace import Workspace
from library.progress import drive

Matrix = NDArray[np.float32]

NEIGHBOURS = (5, 15)
DIMS = 150
KINDS = 64
ASKED = 3_000  # rows that trustworthiness is estimated from where there are more
SHARES = (0.1, 0.2, 0.3, 0.5)


def made_vectors(n: int, seed: int = 0) -> Matrix:
    """Return vectors as a library's might be: kinds of unequal size, each a curved sheet in noise.

    Variances fall with the dimension as those of real vectors do: ten hold three quarters.
    """
    rng = np.random.default_rng(seed)
    falling = (1 + np.arange(DIMS)) ** -0.6
    kind = rng.choice(KINDS, n, p=rng.dirichlet(np.full(KINDS, 0.7)))
    centres = 1.2 * falling * rng.normal(size=(KINDS, DIMS))
    sheets = falling * rng.normal(size=(KINDS, 6, DIMS))
    rows = centres[kind] + 0.6 * falling * rng.normal(size=(n, DIMS))
    along = 0.45 * np.tanh(rng.normal(size=(n, 6)))
    for each in range(KINDS):
        rows[kind == each] += along[kind == each] @ sheets[each]
    return rows.astype(np.float32)


def plain_umap(matrix: Matrix) -> Matrix:
    """Return what umap-learn makes of vectors when asked for nothing but a seed."""
    import umap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        xy: Matrix = umap.UMAP(random_state=7).fit_transform(matrix)
    return xy


def trustworthiness(matrix: Matrix, xy: Matrix, k: int, asked: int = ASKED) -> float:
    """Return the trustworthiness of a map, estimated from some of its points.

    Of all points it is what `sklearn.manifold.trustworthiness` gives, in bounded memory.

    Source:
        Venna, Kaski (2001), Neighborhood preservation in nonlinear projection methods, ICANN.
    """
    n = len(matrix)
    rows = np.sort(np.random.default_rng(0).permutation(n)[:asked])
    x = matrix.astype(np.float64)
    squares = np.square(x).sum(axis=1)
    excess = 0
    for row in rows:
        far = squares - 2 * x @ x[row]
        near = np.square(xy - xy[row]).sum(axis=1)
        far[row] = near[row] = np.inf
        shown = np.argpartition(near, k)[:k]
        ranks = 1 + np.searchsorted(np.sort(far), far[shown])
        excess += int(np.maximum(ranks - k, 0).sum())
    return 1 - 2 * excess / (len(rows) * k * (2 * n - 3 * k - 1))


def shift(xy: Matrix, then: Matrix) -> str:
    """Return how far points have moved, as shares of the map's diagonal."""
    moved = np.linalg.norm(xy - then, axis=1) / np.hypot(*np.ptp(then, axis=0))
    return f"{np.median(moved):.3f} {np.percentile(moved, 95):.3f}"


def _shown(name: str, xy: Matrix, matrix: Matrix, more: str = "") -> None:
    grades = "  ".join(f"{trustworthiness(matrix, xy, k):.4f}" for k in NEIGHBOURS)
    print(f"  {name:<44} {grades}  {more}", flush=True)


def grown(matrix: Matrix, known: NDArray[np.bool_]) -> None:
    """Print what adding rows does to a map."""
    print(f"  {1 - known.mean():.0%} added: trustworthiness at {NEIGHBOURS}, shift")
    before = drive(lay_out(matrix[known]))
    placed = drive(place(matrix, known, before))
    _shown("put onto the map", placed, matrix, shift(placed[known], before))
    again = drive(lay_out_again(matrix, known, before))
    again = onto(again[known], before)(again)
    _shown("laid out again and aligned", again, matrix, shift(again[known], before))
    plain, plain_before = plain_umap(matrix), plain_umap(matrix[known])
    _shown("umap-learn again", plain, matrix, shift(plain[known], plain_before))
    turned = onto(plain[known], plain_before)(plain)
    _shown("umap-learn again, aligned", turned, matrix, shift(turned[known], plain_before))


def library_report(library: Path, spaces: list[str]) -> None:
    """Print everything that is measured of the vectors of a library."""
    with Workspace.open(library) as workspace:
        tables = [workspace.vectors(space) for space in spaces]
        kinds = np.array([row.category or "" for row in workspace.rows(tables[0].ids)])
    matrix = tables[0].matrix
    print(f"{len(matrix)} sounds of the space {spaces[0]}, {matrix.shape[1]} dimensions")
    print(f"  laid out: trustworthiness at {NEIGHBOURS}")
    own, plain = drive(lay_out(matrix)), plain_umap(matrix)
    _shown("latentcrate", own, matrix)
    _shown("umap-learn", plain, matrix)
    print(f"  the same map twice: {np.array_equal(own, drive(lay_out(matrix)))}")
    chance = np.random.default_rng(3).random(len(matrix))
    for share in SHARES:
        grown(matrix, chance >= share)
    words, counts = np.unique(kinds[kinds != ""], return_counts=True)
    word = words[np.abs(counts / len(kinds) - 0.1).argmin()]
    print(f"  all of the kind {word} are new:")
    grown(matrix, kinds != word)
    for space, table in zip(spaces[1:], tables[1:], strict=True):
        print(f"  from the space {spaces[0]} to {space}: trustworthiness, shift")
        other = table.matrix
        fresh = drive(lay_out(other))
        _shown("laid out anew", fresh, other, shift(fresh, own))
        again = drive(lay_out_again(other, np.ones(len(other), bool), own))
        aligned = onto(again, own)(again)
        _shown("laid out from the last map, aligned", aligned, other, shift(aligned, own))
        plain_other = plain_umap(other)
        _shown("umap-learn again", plain_other, other, shift(plain_other, plain))


def one(what: str, n: int) -> dict[str, float]:
    """Return time in seconds, peak memory in MB, and trustworthiness of one map."""
    matrix = made_vectors(n)
    make = (lambda rows: drive(lay_out(rows))) if what == "latentcrate" else plain_umap
    make(matrix[:500])  # compiled
    started = time.perf_counter()
    xy = make(matrix)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": seconds, "megabytes": peak, "trust": trustworthiness(matrix, xy, 15)}
    if what == "latentcrate":
        known = np.arange(n) >= n // 100
        started = time.perf_counter()
        drive(place(matrix, known, xy[known]))
        told["seconds for 1 % more"] = time.perf_counter() - started
    return told


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--spaces", nargs="+", default=["house"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--plain-up-to", type=int, default=100_000)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], int(options.one[1]))))
        return
    if options.library is not None:
        library_report(options.library, options.spaces)
    for n in options.sizes:
        for what in ("latentcrate", "umap-learn"):
            if what == "umap-learn" and n > options.plain_up_to:
                continue
            command = [sys.executable, "-m", "benchmarks.map", "--one", what, str(n)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            told = json.loads(done.stdout.splitlines()[-1])
            cells = "  ".join(f"{name} {value:,.4g}" for name, value in told.items())
            print(f"{n:>7,} made vectors, {what:<12} {cells}", flush=True)


if __name__ == "__main__":
    main()
