"""What `crate collect`, `collections`, `used`, `searches` and `undo` do: ask, print."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from library.errors import UserError
from tui.cli_output import print_json, print_table, sample_facts, say

Options = argparse.Namespace


def run_collect(options: Options) -> bool:
    """`crate collect`: of all the sounds named or, where one is not there, of none."""
    with Workspace.open(options.library) as workspace:
        ids = _named(workspace, options)
        if options.remove:
            changed = workspace.uncollect(ids, options.name)
            say(f"took {changed:,} samples out of {options.name}")
        else:
            changed = workspace.collect(ids, options.name) if ids else 0
            say(f"put {changed:,} samples into {options.name}")
        if options.json:
            facts = [sample_facts(row) for row in workspace.rows(ids)]
            print_json({"collection": options.name, "changed": changed, "samples": facts})
    return bool(ids)


def run_collections(options: Options) -> bool:
    """`crate collections`."""
    with Workspace.open(options.library) as workspace:
        if options.rename:
            workspace.rename_collection(*options.rename)
        if options.delete is not None:
            count = workspace.forget_collection(options.delete)
            say(f"deleted {options.delete}; its {count:,} samples stay in the library")
        known = workspace.collections()
    if options.json:
        facts = [
            {"name": each.name, "samples": each.samples, "made_at": each.made_at.isoformat()}
            for each in known
        ]
        print_json({"collections": facts})
    elif not options.rename and options.delete is None:
        print_table((each.name, each.samples) for each in known)
    return bool(known) or options.delete is not None


def run_used(options: Options) -> bool:
    """`crate used`: of all the sounds named or, where one is not there, of none."""
    with Workspace.open(options.library) as workspace:
        ids = _named(workspace, options)
        workspace.mark_used(ids, not options.unused)
        if options.json:
            print_json({"samples": [sample_facts(row) for row in workspace.rows(ids)]})
    return bool(ids)


def run_searches(options: Options) -> bool:
    """`crate searches`."""
    with Workspace.open(options.library) as workspace:
        if options.save:
            workspace.save_search(*options.save)
        if options.rename:
            workspace.rename_search(*options.rename)
        if options.delete is not None:
            workspace.forget_search(options.delete)
        known = workspace.saved_searches()
    changed = options.save or options.rename or options.delete is not None
    if options.json:
        facts = [
            {"name": each.name, "query": each.query, "saved_at": each.saved_at.isoformat()}
            for each in known
        ]
        print_json({"searches": facts})
    elif not changed:
        print_table((each.name, each.query) for each in known)
    return bool(known or changed)


def run_undo(options: Options) -> bool:
    """`crate undo`."""
    with Workspace.open(options.library) as workspace:
        if options.list:
            return _list_changes(workspace, options)
        about = workspace.redo() if options.redo else workspace.undo()
    done = "said again" if options.redo else "taken back"
    if options.json:
        print_json({done.replace(" ", "_"): about})
    say(f"{done}: {about}" if about is not None else f"nothing can be {done}")
    return about is not None


def _list_changes(workspace: Workspace, options: Options) -> bool:
    changes = workspace.history()
    if options.json:
        facts = [
            {"made_at": each.made_at.isoformat(), "about": each.about, "taken_back": each.undone}
            for each in changes
        ]
        print_json({"changes": facts})
    else:
        print_table(
            (f"{each.made_at:%Y-%m-%d %H:%M:%S}", each.about, "taken back" if each.undone else "")
            for each in changes
        )
    return bool(changes)


def _named(workspace: Workspace, options: Options) -> list[int]:
    """Return the samples that are named, or those that a query finds."""
    if bool(options.sounds) == (options.where is not None):
        raise UserError(
            "sounds and --where are given" if options.sounds else "no sound is given",
            "name sounds, by id or path, or choose them with --where",
        )
    if options.where is not None:
        found: list[int] = workspace.ids(options.where).tolist()
        return found
    return [workspace.find(sound).id for sound in options.sounds]
