"""The codec's table: its rows by measure and label, how it is printed, what it is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CODEC, PCA, CEILING, MEAN = "the codec", "PCA skeleton", "original magnitudes", "mean spectrum"
MUST_FAIL = ("random weights", "latents of another", "constant latents")
ROWS = (CODEC, PCA, MEAN, CEILING, *MUST_FAIL)
BAR_DB, GOAL_DB, GOAL_P90_DB = 3.0, 2.3, 4.0
FAILS_AT, UNDER_PCA, NEARER_SHARE = 3.0, 0.9, 0.75
BEYOND_CENTS = 50.0

MEASURES = {
    "magnitudes": "smoothed log-mel error of decoded magnitudes, dB",
    "audio": "smoothed log-mel error of decoded audio, dB",
    "stft": "multi-resolution STFT distance of decoded audio",
    "attack": "attack time of decoded audio, ms too long or too short",
    "pitch": "pitch of decoded audio, cents too high or too low where it is not lost",
}

Row = dict[str, list[float]]
"""Values by label; those of a label in the order of the sounds, NaN where there is none."""

Table = dict[str, dict[str, Row]]
"""Rows by measure and name."""


def pooled(row: Row) -> NDArray[np.float64]:
    """Return how far all sounds of a row are off, NaN where one has no value."""
    off: NDArray[np.float64] = np.abs(np.concatenate([np.asarray(v) for v in row.values()]))
    return off


def middle(values: NDArray[np.float64], percent: float = 50.0) -> float:
    """Return a percentile of the values that are finite; NaN for none."""
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if len(known) else np.nan


def shares(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the share of pitches that are too far off or lost, and of those that are lost.

    Args:
        values: Cents, infinite for a pitch that is lost, NaN for a sound that had none.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    return float(np.mean(known > BEYOND_CENTS)), float(np.mean(np.isinf(known)))


def lines(table: Table) -> Iterator[str]:
    """Yield the lines of the table."""
    for measure, about in MEASURES.items():
        rows = table.get(measure, {})
        if not rows:
            continue
        labels = sorted({label for row in rows.values() for label in row})
        last = f"   >{BEYOND_CENTS:.0f} c    lost" if measure == "pitch" else ""
        yield f"\n{about}"
        heads = " ".join(_cell(label) for label in labels)
        yield f"{'':20s}    n  median     p90{last}  | median of {heads}"
        for name in (name for name in ROWS if name in rows):
            row = rows[name]
            values = pooled(row)
            beyond = "".join(f"{share:8.0%}" for share in shares(values)) if last else ""
            by_label = (np.abs(np.asarray(row.get(label, []), np.float64)) for label in labels)
            cells = " ".join(_cell(f"{middle(each):.1f}") for each in by_label)
            centre, high = middle(values), middle(values, 90)
            count = np.count_nonzero(~np.isnan(values))
            yield f"{name:20s} {count:4d} {centre:7.2f} {high:7.2f}{beyond}  |           {cells}"


def _cell(text: str) -> str:
    return f"{text[:6]:>6s}"


def summary(table: Table) -> dict[str, dict[str, dict[str, object]]]:
    """Return the table as plain numbers, for JSON; what is not a number there is None."""

    def plain(value: float) -> float | None:
        return round(value, 4) if np.isfinite(value) else None

    out: dict[str, dict[str, dict[str, object]]] = {}
    for measure, rows in table.items():
        for name, row in rows.items():
            values = pooled(row)
            facts: dict[str, object] = {
                "n": int(np.count_nonzero(~np.isnan(values))),
                "median": plain(middle(values)),
                "p90": plain(middle(values, 90)),
                "labels": {k: plain(middle(np.abs(np.asarray(v)))) for k, v in row.items()},
            }
            if measure == "pitch":
                facts["beyond_50_cents"], facts["lost"] = map(plain, shares(values))
            out.setdefault(measure, {})[name] = facts
    return out


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was asked of the codec.

    Attributes:
        asked: What.
        found: The figures.
        passed: Whether they are good enough.
        decisive: Whether the program fails with it; a goal is only told.
    """

    asked: str
    found: str
    passed: bool
    decisive: bool = True

    def __str__(self) -> str:
        return f"{'PASS' if self.passed else 'FAIL'}  {self.asked}: {self.found}"


def verdicts(table: Table) -> list[Verdict]:
    """Return what the table says of the codec, by the error of its magnitudes.

    A median of BAR_DB must be reached, principal components be left behind, and codecs that cannot
    know the sound be FAILS_AT times as far from it; the goals and the audio are told.
    """
    rows = table["magnitudes"]
    own = pooled(rows[CODEC])
    median, p90 = middle(own), middle(own, 90)
    found = [
        Verdict(f"median at most {BAR_DB:.1f} dB", f"{median:.2f}", median <= BAR_DB),
        Verdict(
            f"goal: median at most {GOAL_DB:.1f} dB", f"{median:.2f}", median <= GOAL_DB, False
        ),
        Verdict(f"goal: p90 under {GOAL_P90_DB:.1f} dB", f"{p90:.2f}", p90 < GOAL_P90_DB, False),
    ]
    for row in (CODEC, CEILING):
        if row in table.get("audio", {}):
            heard = middle(pooled(table["audio"][row]))
            asked = f"goal: {row} as audio, median at most {BAR_DB:.1f} dB"
            found.append(Verdict(asked, f"{heard:.2f}", heard <= BAR_DB, False))
    if PCA in rows:
        components = pooled(rows[PCA])
        nearer = float(np.mean(own < components))
        ratio = median / middle(components)
        asked = (
            f"at most {UNDER_PCA:.1f} times PCA's median, nearer on {NEARER_SHARE:.0%} of sounds"
        )
        clear = ratio <= UNDER_PCA and nearer >= NEARER_SHARE
        found.append(Verdict(asked, f"{ratio:.2f} times, nearer on {nearer:.0%}", clear))
    for name in MUST_FAIL:
        if name in rows:
            times = middle(pooled(rows[name])) / median
            asked = f"{name} fail: at least {FAILS_AT:.0f} times as far"
            found.append(Verdict(asked, f"{times:.1f} times", times >= FAILS_AT))
    return found
