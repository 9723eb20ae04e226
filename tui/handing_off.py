"""Handing sounds to other programs: command lines of the user's, and the file manager.

A command is a line of words as a shell takes them, but no shell runs it. ``{path}`` stands for
the path of a sound, and the command is started once for each; ``{paths}`` stands for all of them.
Where neither is there, the paths follow the words.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from library.errors import UserError
from library.names import displayable

PATH, PATHS = "{path}", "{paths}"
MOST_STARTED = 16
"""So many programs may be started at once."""
MOST_PATHS = 1_000
"""So many paths a command line, or the clipboard, is given."""


def command_lines(command: str, paths: Sequence[Path]) -> list[list[str]]:
    """Return the programs to start, each as its words.

    Args:
        command: The user's line.
        paths: The sounds.

    Raises:
        UserError: The line is not one, or too much would be started.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UserError(f"the command {displayable(command)} is wrong: {error}") from None
    if not words:
        raise UserError("the command is empty", 'write one like "audacity {path}"')
    if len(paths) > MOST_PATHS:
        raise UserError(f"{len(paths):,} sounds are too many", f"mark {MOST_PATHS:,} at most")
    given = [str(path) for path in paths]
    if any(PATH in word for word in words):
        if len(paths) > MOST_STARTED:
            raise UserError(
                f"that would start {len(paths)} programs",
                f"mark {MOST_STARTED} sounds at most, or use {PATHS} in the command",
            )
        return [[word.replace(PATH, path) for word in words] for path in given]
    if PATHS not in words:
        words.append(PATHS)
    place = words.index(PATHS)
    return [[*words[:place], *given, *words[place + 1 :]]]


def showing(path: Path) -> list[str]:
    """Return the program that shows a file in the file manager, as its words.

    Raises:
        UserError: There is none on this machine.
    """
    if sys.platform == "darwin":
        return ["open", "-R", str(path)]
    if sys.platform == "win32":
        return ["explorer", f"/select,{path}"]
    opener = shutil.which("xdg-open")
    if opener is None:
        raise UserError(
            "this machine has no xdg-open, which opens folders",
            "install xdg-utils, or copy the path with y",
        )
    return [opener, str(path.parent)]


def start(words: Sequence[str]) -> None:
    """Start a program and leave it to itself; what it prints goes nowhere.

    Args:
        words: The program and its arguments.

    Raises:
        UserError: It cannot be started.
    """
    try:
        started = subprocess.Popen(
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        name = displayable(words[0])
        raise UserError(
            f"{name} cannot be started: {reason}", "look at its command in the settings"
        ) from None
    # Those that have ended are taken leave of, or the system keeps their numbers.
    _started[:] = [each for each in [*_started, started] if each.poll() is None]


_started: list[subprocess.Popen[bytes]] = []
