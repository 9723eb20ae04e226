"""What `crate category` does: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from library.category import known_category
from library.errors import UserError
from tui.cli_output import print_json, sample_facts

Options = argparse.Namespace


def run_category(options: Options) -> bool:
    """`crate category`: all the samples named get the category or, where one is not there, none."""
    *sounds, last = options.sounds or [""]
    category = None
    if options.clear:
        sounds = options.sounds
    elif not last:
        raise UserError("no category is given", "write it last, or --clear to take yours off")
    else:
        category = known_category(last)
    if bool(sounds) == (options.where is not None):
        raise UserError(
            "sounds and --where are given" if sounds else "no sound is given",
            "name sounds before the category, or choose them with --where",
        )
    with Workspace.open(options.library) as workspace:
        ids = [workspace.find(sound).id for sound in sounds]
        if options.where is not None:
            ids = workspace.ids(options.where).tolist()
        workspace.set_category(ids, category)
        if options.json:
            print_json({"samples": [sample_facts(row) for row in workspace.rows(ids)]})
    return bool(ids)
