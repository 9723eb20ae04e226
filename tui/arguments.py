"""What the parsers of all commands share."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from library.names import displayable

USER_ERROR = 2


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, as all complaints are."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, and leave."""
        sys.stderr.write(f"crate: {displayable(message)}: see {self.prog} --help\n")
        sys.exit(USER_ERROR)


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Parser]
else:
    Commands = argparse._SubParsersAction


def with_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def with_space(parser: argparse.ArgumentParser) -> None:
    """Add `--space`."""
    parser.add_argument("--space", metavar="S", help="a space; the one in use if not given")


def with_sounds(parser: argparse.ArgumentParser, count: str, text: str) -> None:
    """Add the sounds that a command is about."""
    parser.add_argument("sounds", nargs=count, metavar="SOUND", help=text)
