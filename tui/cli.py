"""The command line: parse, ask the workspace, print. stdout is data, stderr narration.

Nothing heavy is imported here: what a command needs is loaded when the command runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from library.names import displayable
from library.version import __version__
from tui.arguments import USER_ERROR, Parser
from tui.arguments_library import add_library_commands, add_picture_commands
from tui.arguments_organise import add_organise_commands
from tui.arguments_sounds import add_sound_commands
from tui.arguments_spaces import add_space_commands

DONE, NOTHING_FOUND, STOPPED = 0, 1, 130


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; docs/commands.md is made from it."""
    parser = Parser(
        prog="crate",
        description="Find a sound by sound, and turn it into new ones.",
        epilog="Without a command the terminal app opens.",
    )
    parser.add_argument("--version", action="version", version=f"latentcrate {__version__}")
    parser.add_argument("--library", type=Path, metavar="PATH", help="the library, an SQLite file")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    add_library_commands(commands)
    add_organise_commands(commands)
    add_space_commands(commands)
    add_sound_commands(commands)
    add_picture_commands(commands)
    return parser


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line in which a query may hold terms such as ``-tag:used``.

    argparse takes what begins with a dash for an option, so what follows `--where` and `--region`
    is joined to it, and the negated terms of `ls` and `export samples` are set aside.
    """
    command = ""
    joined: list[str] = []
    negated: list[str] = []
    for argument in arguments:
        queries = (
            ("--where", "--region", "--like") if command == "dream" else ("--where", "--region")
        )
        if joined and joined[-1] in queries:
            joined[-1] = f"{joined[-1]}={argument}"
            continue
        if joined[-2:-1] == ["--save"]:
            joined.append(f" {argument}")  # no option, as those begin with a dash
        elif not command and not argument.startswith("-") and joined[-1:] != ["--library"]:
            command = argument
            joined.append(argument)
        elif command == "export":
            command = f"export {argument}"
            joined.append(argument)
        elif (
            command in ("ls", "export samples")
            and argument not in ("-", "-h")
            and argument[:2].strip("-")
        ):
            (negated if argument.startswith("-") else joined).append(argument)
        else:
            joined.append(argument)
    options = build_parser().parse_args(joined)
    if negated:
        options.query = [*options.query, *negated]
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code: 0 done, 1 nothing found, 2 the user's error, 130 stopped with work kept.
    """
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    from library.errors import UserError

    try:
        if options.command is None:
            from tui.app import run

            return run(options.library)
        from tui import (
            cli_alike,
            cli_category,
            cli_codec,
            cli_commands,
            cli_dream,
            cli_duplicates,
            cli_export,
            cli_found,
            cli_hits,
            cli_musical,
            cli_organise,
            cli_recipe,
            cli_relink,
            cli_resynth,
            cli_similar,
            cli_spaces,
            cli_teach,
            cli_transfer,
        )
        from tui.cli_output import telling_repairs
        from tui.quiet import only_we_print

        wanted = f"run_{options.command}"
        modules = (
            cli_commands,
            cli_category,
            cli_musical,
            cli_organise,
            cli_export,
            cli_alike,
            cli_teach,
            cli_found,
            cli_hits,
            cli_similar,
            cli_duplicates,
            cli_spaces,
            cli_codec,
            cli_recipe,
            cli_relink,
            cli_resynth,
            cli_dream,
            cli_transfer,
        )
        module = next(each for each in modules if hasattr(each, wanted))
        with only_we_print(), telling_repairs():
            found: bool = getattr(module, wanted)(options)
    except UserError as error:
        print(f"crate: {displayable(str(error))}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("crate: stopped; what is done is kept", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # The reader has closed the pipe; Python would fail again when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return DONE if found else NOTHING_FOUND


if __name__ == "__main__":
    sys.exit(main())
