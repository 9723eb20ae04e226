"""What `crate export` does: copy samples into a folder, or show what would be copied."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from index.workspace import Workspace
from library.exporting import Copy
from tui.cli_output import print_json, print_table, say, with_progress

Options = argparse.Namespace


def run_export(options: Options) -> bool:
    """`crate export samples` and `crate export collection`."""
    if options.export_command == "collection":
        name = options.name.replace('"', "")
        query = f'in:"{name}"'
    else:
        query = " ".join(options.query)
    with Workspace.open(options.library) as workspace:
        ids = workspace.ids(query).tolist()
        if options.dry_run:
            copies: Sequence[Copy] = workspace.plan_export(ids, options.out, options.pattern)
            skipped: Sequence[tuple[int, object, str]] = ()
        else:
            report = with_progress(workspace.export_samples(ids, options.out, options.pattern))
            copies, skipped = report.copied, report.skipped
    if options.json:
        files = [
            {"id": each.sample_id, "from": str(each.source), "path": str(each.target.absolute())}
            for each in copies
        ]
        failed = [{"id": i, "path": str(path), "reason": reason} for i, path, reason in skipped]
        print_json({"dry_run": options.dry_run, "files": files, "skipped": failed})
    else:
        print_table((each.target, each.source) for each in copies)
    for _, path, reason in skipped:
        say(f"{path} is not copied: {reason}")
    return bool(copies)
