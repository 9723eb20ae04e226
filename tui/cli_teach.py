"""What `crate teach` does: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from library.errors import UserError
from library.names import displayable
from library.word_examples import Examples, checked
from tui.cli_output import print_json, print_table, say

Options = argparse.Namespace


def run_teach(options: Options) -> bool:
    """`crate teach`: all the sounds named become examples or, where one is not there, none."""
    if options.word is None and (options.yes or options.no or options.forget):
        raise UserError("no word is given", "name one, as in crate teach crunchy --yes 12 40")
    with Workspace.open(options.library) as workspace:
        yes, no = (
            [workspace.find(sound).id for sound in sounds] for sounds in (options.yes, options.no)
        )
        if options.forget:
            gone = workspace.forget_word(options.word, [*yes, *no])
            say(f"took back {gone} examples of {displayable(options.word)}")
        elif yes or no:
            workspace.teach(options.word, yes, no)
        known = workspace.examples()
    if options.word is not None:
        word = checked(options.word)
        known = [each for each in known if each.word == word]
    if options.json:
        print_json({"words": [_facts(each) for each in known]})
    elif yes or no:
        for each in known:
            say(f"{displayable(each.word)}: {_counted(each)}; crate train learns from them")
    else:
        print_table(
            (
                displayable(each.word),
                f"yes {' '.join(map(str, each.fitting)) or '-'}",
                f"no {' '.join(map(str, each.unfitting)) or '-'}",
            )
            for each in known
        )
    return bool(known) or options.forget


def _counted(each: Examples) -> str:
    return f"{len(each.fitting)} sounds are it, {len(each.unfitting)} are not"


def _facts(each: Examples) -> dict[str, object]:
    return {"word": each.word, "yes": list(each.fitting), "no": list(each.unfitting)}
