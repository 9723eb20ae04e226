"""What `crate tempo` and `crate key` do: ask the workspace, print."""

from __future__ import annotations

import argparse
import math

from index.workspace import Workspace
from library.errors import UserError
from library.musical_key import known_key
from library.names import displayable
from tui.cli_output import print_json, print_table, sample_facts

Options = argparse.Namespace


def run_tempo(options: Options) -> bool:
    """`crate tempo`: all the samples named get the tempo, or a multiple of theirs."""
    factor = 2.0 if options.double else 0.5 if options.half else None
    given = factor is None and not options.forget
    sounds, word = _sounds_and_word(options, given, "tempo", "--double, --half or --forget")
    tempo = _number(word) if given else None
    with Workspace.open(options.library) as workspace:
        ids = _ids(workspace, sounds, options.where)
        if factor is None:
            workspace.set_tempo(ids, tempo)
        else:
            workspace.multiply_tempo(ids, factor)
        return _told(workspace, ids, options)


def run_key(options: Options) -> bool:
    """`crate key`: all the samples named get the key."""
    sounds, word = _sounds_and_word(options, not options.forget, "key", "--forget")
    key = None if options.forget else word
    if key is not None:
        known_key(key)  # before a library is opened for nothing
    with Workspace.open(options.library) as workspace:
        ids = _ids(workspace, sounds, options.where)
        workspace.set_key(ids, key)
        return _told(workspace, ids, options)


def _sounds_and_word(
    options: Options, given: bool, what: str, instead: str
) -> tuple[list[str], str]:
    """Return the sounds, and the word behind them if one is to be there."""
    sounds, word = list(options.sounds), ""
    if given:
        if not sounds or (len(sounds) == 1 and options.where is None):
            raise UserError(f"no {what} is given", f"write it last, or {instead}")
        word = sounds.pop()
    if bool(sounds) == (options.where is not None):
        raise UserError(
            "sounds and --where are given" if sounds else "no sound is given",
            f"name sounds before the {what}, or choose them with --where",
        )
    return sounds, word


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UserError(
            f"{displayable(word) or 'nothing'} is not a tempo", "write beats a minute, like 120"
        )
    return number


def _ids(workspace: Workspace, sounds: list[str], where: str | None) -> list[int]:
    if where is not None:
        ids: list[int] = workspace.ids(where).tolist()
        return ids
    return [workspace.find(sound).id for sound in sounds]


def _told(workspace: Workspace, ids: list[int], options: Options) -> bool:
    """Print what the samples have now; return whether there are any."""
    rows = workspace.rows(ids)
    if options.json:
        print_json({"samples": [sample_facts(row) for row in rows]})
    else:
        print_table(
            (
                row.id,
                "" if row.tempo is None else f"{row.tempo:g}",
                row.tempo_source,
                row.key,
                row.key_source,
                row.path,
            )
            for row in rows
        )
    return bool(rows)
