"""What `crate found` does: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.found import FoundDirection
from index.workspace import Workspace
from library.catalog import SampleRow
from tui.cli_output import print_json, print_table, say

Options = argparse.Namespace

_TOLD = 0.4


def run_found(options: Options) -> bool:
    """`crate found`."""
    with Workspace.open(options.library) as workspace:
        found = workspace.found(options.count, options.k, options.where, options.space)
    if options.json:
        print_json({"found": [_facts(each) for each in found]})
        return bool(found)
    for each in found:
        print_table(
            (each.number, end, row.id, row.path)
            for end, rows in (("low", each.low), ("high", each.high))
            for row in rows
        )
        say(f"{each.number} holds {each.share:.0%} of what differs{_like(each)}")
    say("name one: crate teach WORD --yes ids of one end --no ids of the other, then crate train")
    return bool(found)


def _like(each: FoundDirection) -> str:
    told = [f"{name} {rho:+.1f}" for name, rho in each.measured.items() if abs(rho) >= _TOLD]
    return f", and goes with {', '.join(told)}" if told else ""


def _facts(each: FoundDirection) -> dict[str, object]:
    return {
        "number": each.number,
        "share": round(each.share, 4),
        "measured": each.measured,
        "low": [_sample(row) for row in each.low],
        "high": [_sample(row) for row in each.high],
    }


def _sample(row: SampleRow) -> dict[str, object]:
    return {"id": row.id, "path": str(row.path), "name": row.name}
