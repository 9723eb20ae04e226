"""Write docs/commands.md from the parser: `make docs`. A test holds the page to it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

HEADER = """\
# Commands

<!-- Written by `make docs` from the parser; do not edit. -->

The library is the one that `--library PATH` names, before the command; else the one that the
environment variable `LATENTCRATE_LIBRARY` names; else one in the platform's folder for application
data ([files-on-disk.md](files-on-disk.md)). SOUND is the id of a sample, as `crate ls` prints it,
or the path of a file ([find-by-sound.md](find-by-sound.md)). QUERY is a query
([query.md](query.md)); a shell wants quotation marks around one with `<`, `>` or quotation marks in
it.

stdout carries the answer and stderr the progress. Where there is `--json`, it makes the answer one
JSON document. Exit codes: 0 done, 1 nothing found, 2 a mistake, with one line that says which and
what to do, 130 stopped by the user, with the work done so far kept.
"""


def subcommands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield the name, the help and the parser of every command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                below = list(subcommands(command))
                for inner, text, each in below:
                    yield f"{name} {inner}", text, each
                if not below:
                    yield name, helps[name], command


def page(parser: argparse.ArgumentParser) -> str:
    """Return docs/commands.md."""
    parts = [HEADER]
    parts += _section(parser.prog, f"{parser.description} {parser.epilog}", parser)
    for name, text, command in subcommands(parser):
        parts += _section(f"{parser.prog} {name}", text[:1].upper() + text[1:] + ".", command)
    return "\n".join(parts)


def _section(title: str, text: str, parser: argparse.ArgumentParser) -> list[str]:
    shown = [
        action
        for action in parser._actions
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    rows = [f"| `{_written(action)}` | {_about(action)} |" for action in shown]
    usage = " ".join([title, *(_in_usage(action) for action in shown)])
    if any(isinstance(action, argparse._SubParsersAction) for action in parser._actions):
        usage += " [COMMAND]"
    lines = [f"## {title}", "", text, "", "```", usage, "```", ""]
    return [*lines, "| argument | meaning |", "|---|---|", *rows, ""] if rows else lines


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return f"[{name}]" if action.nargs == "?" and action.option_strings else name


def _written(action: argparse.Action) -> str:
    if not action.option_strings:
        return _value(action)
    return ", ".join(f"{option} {_value(action)}".strip() for option in action.option_strings)


def _in_usage(action: argparse.Action) -> str:
    if action.option_strings:
        option = f"{action.option_strings[0]} {_value(action)}".strip()
        repeats = "…" if isinstance(action, argparse._AppendAction) else ""
        return option if action.required else f"[{option}]{repeats}"
    return {"+": f"{_value(action)}…", "*": f"[{_value(action)}…]", "?": f"[{_value(action)}]"}.get(
        str(action.nargs), _value(action)
    )


def _about(action: argparse.Action) -> str:
    if isinstance(action, argparse._VersionAction):
        return "print the version"
    # argparse writes a percent sign twice.
    return (action.help or "").replace("|", r"\|").replace("%%", "%")


if __name__ == "__main__":
    from tui.cli import build_parser

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page(build_parser()))
