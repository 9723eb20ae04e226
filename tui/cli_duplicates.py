"""What `crate duplicates` does: ask the workspace, print. It changes nothing."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from tui.cli_output import in_seconds, print_json, print_table, space_to_search, with_progress

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
                "samples": [
                    {
                        "id": row.id,
                        "path": str(row.path),
                        "name": row.name,
                        "duration": row.duration,
                        "sample_rate": row.sample_rate,
                        "channels": row.channels,
                        "format": row.format,
                    }
                    for row in group.rows
                ],
            }
            for group in groups
        ]
        print_json({"groups": found})
    else:
        print_table(
            (number, group.same, row.id, in_seconds(row.duration), row.format, row.path)
            for number, group in enumerate(groups, start=1)
            for row in group.rows
        )
    return bool(groups)
