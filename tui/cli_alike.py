"""What `crate alike` does: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from library.catalog import SampleRow
from library.errors import UserError
from library.pairs import Pair
from tui.cli_output import print_json, print_table, say

Options = argparse.Namespace


def run_alike(options: Options) -> bool:
    """`crate alike`: something is said of all the sounds named or, where one is not there, none."""
    if not options.sounds and (options.unlike or options.forget):
        raise UserError("no sound is given", "name sounds, by id or path")
    with Workspace.open(options.library) as workspace:
        ids = [workspace.find(sound).id for sound in options.sounds]
        if options.forget:
            pairs = workspace.forget_alike(ids)
        elif ids:
            pairs = workspace.say_alike(ids, alike=not options.unlike)
        else:
            pairs = workspace.pairs()
        named = sorted({sample_id for pair in pairs for sample_id in (pair.first, pair.second)})
        rows = {row.id: row for row in workspace.rows(named)}
    if options.json:
        print_json({"pairs": [_facts(pair, rows) for pair in pairs]})
    elif ids and not options.forget:
        say(f"{len(pairs)} pairs; crate train learns from them")
    else:
        print_table(
            (
                "together" if pair.alike else "apart",
                pair.first,
                pair.second,
                rows[pair.first].path,
                rows[pair.second].path,
            )
            for pair in pairs
        )
    return bool(pairs)


def _facts(pair: Pair, rows: dict[int, SampleRow]) -> dict[str, object]:
    return {
        "sounds": [
            {"id": row.id, "path": str(row.path), "name": row.name}
            for row in (rows[pair.first], rows[pair.second])
        ],
        "alike": pair.alike,
        "said_at": pair.said_at.isoformat(timespec="seconds"),
    }
