"""What `crate teach` does: ask the workspace, print."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from index.workspace import Workspace
from library.errors import UserError
from library.names import displayable
from library.word_examples import Examples, checked
from tui.cli_output import print_json, print_table, say

Options = argparse.Namespace


def run_teach(options: Options) -> bool:
    """`crate teach`: all the sounds named become examples or, where one is not there, none."""
    named = options.yes or options.no or options.yes_where or options.no_where
    if options.word is None and (named or options.forget):
        raise UserError("no word is given", "name one, as in crate teach crunchy --yes 12 40")
    with Workspace.open(options.library) as workspace:
        yes, no = (
            _named(workspace, sounds, query)
            for sounds, query in (
                (options.yes, options.yes_where),
                (options.no, options.no_where),
            )
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


def _named(workspace: Workspace, sounds: Sequence[str], query: str | None) -> list[int]:
    """Return the samples that are named, and those that a query finds."""
    found = [workspace.find(sound).id for sound in sounds]
    if query is None:
        return found
    more = [int(sample_id) for sample_id in workspace.ids(query)]
    if not more:
        raise UserError(f"no sample fits {query!r}", "crate ls shows what a query finds")
    return list(dict.fromkeys([*found, *more]))


def _counted(each: Examples) -> str:
    return f"{len(each.fitting)} sounds are it, {len(each.unfitting)} are not"


def _facts(each: Examples) -> dict[str, object]:
    return {"word": each.word, "yes": list(each.fitting), "no": list(each.unfitting)}
