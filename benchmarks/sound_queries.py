"""Do words, unlike ones and weights do what they say? On a library, through `crate similar` itself.

    python -m benchmarks.sound_queries --library FILE [--queries 300] [--seed 0]

For every attribute and step: in how many queries the median measured value of the ten nearest moves
the promised way, by how much in standard deviations, how much further from the sound they are than
the ten nearest without it, and how many queries find fewer than ten or nothing. For an unlike
sound, one of the ten nearest: in how many queries the answers are further from it, how many of its
own ten nearest are left among them, and how much further from the sound they are. Last, how long
each kind of query takes, against a plain one.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.answers import Neighbour, VectorTable
from index.sound_query import SoundQuery
from index.workspace import Workspace
from vae.attributes import ATTRIBUTES

NEAREST = 10
STEPS = ("+1", "-1", "+2", "-2")


def _ids(found: list[Neighbour]) -> list[int]:
    return [each.row.id for each in found]


class Vectors:
    """Distances between samples."""

    def __init__(self, table: VectorTable) -> None:
        self._place = {int(i): n for n, i in enumerate(table.ids)}
        self._matrix = table.matrix

    def mean_distance(self, sample_id: int, others: list[int]) -> float:
        """Return the mean distance of samples from one."""
        rows = self._matrix[[self._place[i] for i in others]]
        return float(np.linalg.norm(rows - self._matrix[self._place[sample_id]], axis=1).mean())


def _values(found: list[Neighbour], name: str) -> NDArray[np.float64]:
    scale = ATTRIBUTES[name].to_scale
    known = [value for each in found if (value := each.row.attributes[name]) is not None]
    return np.array([scale(value) for value in known])


def words(workspace: Workspace, queries: list[int], vectors: Vectors) -> None:
    """Print what every word does."""
    rows = workspace.rows(workspace.ids("is:analysed"))
    plain = {i: workspace.similar(SoundQuery(str(i), NEAREST)) for i in queries}
    print("word             queries  moved  by (SD)  further  fewer  none")
    for name in ATTRIBUTES:
        known = [v for row in rows if (v := row.attributes[name]) is not None]
        deviation = float(np.std([ATTRIBUTES[name].to_scale(v) for v in known]))
        with_it = [r.id for r in workspace.rows(queries) if r.attributes[name] is not None]
        for step in STEPS:
            sign = 1 if step[0] == "+" else -1
            moved, sizes, further, fewer, none = [], [], [], 0, 0
            for i in with_it:
                found = workspace.similar(SoundQuery(str(i), NEAREST, moves={name: step}))
                fewer += len(found) < NEAREST
                none += not found
                before = _values(plain[i], name)
                if not found or not len(before):
                    continue
                change = float(np.median(_values(found, name)) - np.median(before)) * sign
                moved.append(change > 0)
                sizes.append(change / deviation)
                apart = (vectors.mean_distance(i, _ids(each)) for each in (found, plain[i]))
                further.append(next(apart) / next(apart))
            print(
                f"{name:<11} {step:<4} {len(with_it):7d}  {np.mean(moved):5.3f}"
                f"  {np.median(sizes):7.2f}  x{np.mean(further):6.2f}"
                f"  {fewer / len(with_it):5.3f}  {none / len(with_it):.3f}"
            )


def unlike(workspace: Workspace, queries: list[int], vectors: Vectors, seed: int) -> None:
    """Print what an unlike sound does."""
    rng = np.random.default_rng(seed)
    pushed, before_left, left, further = [], [], [], []
    for i in queries:
        near = _ids(workspace.similar(SoundQuery(str(i), NEAREST + 1)))
        other = near[int(rng.integers(NEAREST))]
        before = [each for each in near if each != other][:NEAREST]
        after = _ids(workspace.similar(SoundQuery(str(i), NEAREST, unlike=(str(other),))))
        its_own = set(_ids(workspace.similar(SoundQuery(str(other), NEAREST)))) - {i}
        pushed.append(vectors.mean_distance(other, after) > vectors.mean_distance(other, before))
        before_left.append(len(its_own & set(before)))
        left.append(len(its_own & set(after)))
        further.append(vectors.mean_distance(i, after) / vectors.mean_distance(i, before))
    print(
        f"\nunlike one of the ten nearest: pushed back {np.mean(pushed):.3f}, "
        f"its own nearest {np.mean(before_left):.2f} -> {np.mean(left):.2f} of ten, "
        f"further from the sound x{np.mean(further):.2f}"
    )


def speed(workspace: Workspace, queries: list[int]) -> None:
    """Print how long queries take, as multiples of a plain one."""
    some_aspect = next(iter(workspace.similar(SoundQuery(str(queries[0]), 1))[0].aspects))
    kinds: dict[str, dict[str, object]] = {
        "plain": {},
        "unlike": {"unlike": (str(queries[0]),)},
        "brighter": {"moves": {"brightness": "+1"}},
        "weighted": {"weights": {some_aspect: 2.0}},
        "with loudness": {"weights": {"loudness": 1.0}},
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for i in queries[1:40]:
        for kind, more in kinds.items():
            start = time.perf_counter()
            workspace.similar(SoundQuery(str(i), NEAREST, **more))  # type: ignore[arg-type]
            times[kind].append(time.perf_counter() - start)
    plain = float(np.median(times["plain"]))
    print("\n" + "  ".join(f"{kind} x{np.median(t) / plain:.1f}" for kind, t in times.items()))


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with Workspace.open(options.library) as workspace:
        table = workspace.vectors()
        rng = np.random.default_rng(options.seed)
        count = min(options.queries, len(table.ids))
        queries = [int(i) for i in rng.choice(table.ids, count, replace=False)]
        vectors = Vectors(table)
        words(workspace, queries, vectors)
        unlike(workspace, queries, vectors, options.seed)
        speed(workspace, queries)


if __name__ == "__main__":
    main()
