"""What `crate relink` does: tell the library where files lie now. No file is touched."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.workspace import Workspace
from library.errors import LibraryError
from tui.cli_output import print_json, print_table, say, with_progress

Options = argparse.Namespace


def run_relink(options: Options) -> bool:
    """`crate relink`."""
    with Workspace.open(options.library) as workspace:
        if options.old is None:
            return _show_doubtful(workspace, options)
        if options.new is None:
            raise LibraryError("where do the files lie now?", "crate relink OLD NEW")
        old = Path(options.old)
        if options.old.isdecimal() and not old.exists():
            old = workspace.find(options.old).path
        plan = with_progress(workspace.plan_relinking(old, options.new))
        done = len(plan.found)
        if not options.preview:
            done = with_progress(workspace.relink(plan))
    counts = {
        "found" if options.preview else "relinked": done,
        "lacking": len(plan.lacking),
        "other": len(plan.other),
        "still there": len(plan.still_there),
    }
    if options.json:
        files = [{"id": m.sample_id, "old": str(m.old), "new": str(m.new)} for m in plan.found]
        left = {"lacking": plan.lacking, "other": plan.other, "still_there": plan.still_there}
        document = {name: [str(path) for path in paths] for name, paths in left.items()}
        print_json({"preview": options.preview, "relinked": files, **document})
    else:
        if options.preview:
            print_table([("would relink", m.old, m.new) for m in plan.found])
        print_table([("lacking", path) for path in plan.lacking])
        print_table([("other content", path) for path in plan.other])
        print_table([("still there", path) for path in plan.still_there])
        say(", ".join(f"{count:,} {what}" for what, count in counts.items()))
    return done > 0


def _show_doubtful(workspace: Workspace, options: Options) -> bool:
    pairs = workspace.doubtful()
    if options.json:
        print_json({"doubtful": [{"missing": str(a), "same": str(b)} for a, b in pairs]})
    else:
        print_table(pairs)
        say(
            "the first of each is missing, the second holds the same; crate relink FIRST SECOND"
            if pairs
            else "no file that is there holds the same as one that is missing"
        )
    return bool(pairs)
