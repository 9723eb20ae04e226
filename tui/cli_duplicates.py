"""What `crate duplicates` does: ask the workspace, print. It changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from index.answers import DuplicateGroup
from index.workspace import Workspace
from tui.cli_output import in_seconds, print_json, print_table, say, space_to_search, with_progress

Options = argparse.Namespace


def run_duplicates(options: Options) -> bool:
    """`crate duplicates`."""
    with Workspace.open(options.library) as workspace:
        space = space_to_search(workspace, options.space) if options.near else options.space
        groups = with_progress(workspace.duplicates(options.where, options.near, space))
    if options.json:
        found = [
            {
                "same": group.same,
                "keep": group.keep,
                "spare": group.spare,
                "samples": [
                    {
                        "id": row.id,
                        "path": str(row.path),
                        "name": row.name,
                        "duration": row.duration,
                        "sample_rate": row.sample_rate,
                        "channels": row.channels,
                        "format": row.format,
                        "size": size,
                    }
                    for row, size in zip(group.rows, group.sizes, strict=True)
                ],
            }
            for group in groups
        ]
        print_json({"groups": found})
    else:
        print_table(
            (
                number,
                group.same,
                "keep" if row.id == group.keep else "",
                row.id,
                in_seconds(row.duration),
                size,
                row.format,
                row.path,
            )
            for number, group in enumerate(groups, start=1)
            for row, size in zip(group.rows, group.sizes, strict=True)
        )
        say(_told(groups))
    return bool(groups)


def _told(groups: Sequence[DuplicateGroup]) -> str:
    if not groups:
        return "no two of these files hold the same audio"
    spare = sum(group.spare for group in groups) / 1e6
    many = f"{len(groups):,} groups" if len(groups) > 1 else "one group"
    return f"{many}; all but one of each take {spare:,.1f} MB; nothing is deleted"
