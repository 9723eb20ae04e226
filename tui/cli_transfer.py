"""What `crate transfer` and `crate mosaic` do: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.answers import MosaicPiece
from index.workspace import Workspace
from tui.cli_output import print_json, print_table, take_facts, with_progress

Options = argparse.Namespace


def run_transfer(options: Options) -> bool:
    """`crate transfer`."""
    keep = [name.strip() for name in options.keep.split(",") if name.strip() not in ("", "none")]
    with Workspace.open(options.library) as workspace:
        space = options.space or workspace.space_in_use()
        job = workspace.transfer(options.sound, options.out, options.amount, keep, space)
        take = with_progress(job)
    if options.json:
        print_json({"space": space, "files": [take_facts(take)]})
    else:
        print_table([(take.path,)])
    return True


def run_mosaic(options: Options) -> bool:
    """`crate mosaic`."""
    with Workspace.open(options.library) as workspace:
        job = workspace.mosaic(options.sound, options.out, options.where, options.grain)
        report = with_progress(job)
    if options.json:
        pieces = [_facts(piece) for piece in report.pieces]
        print_json({"files": [{**take_facts(report.take), "pieces": pieces}]})
    else:
        print_table([(report.take.path,)])
        print_table(
            (f"{p.start:.3f}s", f"{p.length:.3f}s", p.row.id, f"{p.at:.3f}s", p.row.path)
            for p in report.pieces
        )
    return True


def _facts(piece: MosaicPiece) -> dict[str, object]:
    """Return what JSON says of a piece."""
    return {
        "start": round(piece.start, 6),
        "length": round(piece.length, 6),
        "id": piece.row.id,
        "path": str(piece.row.path),
        "at": round(piece.at, 6),
        "distance": round(piece.distance, 4),
    }
