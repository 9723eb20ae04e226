"""A real terminal that a test types into and reads: tmux, on a server of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PATIENCE_S = 120.0
"""How long a text may take to appear; nothing is measured."""


class Tmux:
    """One program in a terminal of 120 by 36.

    Args:
        folder: For the server's socket and the exit code of the program.
        command: The program with its arguments.
        variables: Of its environment, beside those of this process.
    """

    def __init__(self, folder: Path, command: list[str], variables: dict[str, str]) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("needs tmux")
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", os.devnull]
        # tmux can miss the death of what it runs; a shell does not.
        self._code = folder / "exit code"
        code = shlex.quote(str(self._code))
        self._command = f"{shlex.join(command)}; echo $? > {code}.new; mv {code}.new {code}; cat"
        self._environment = {**os.environ, "TERM": "xterm-256color", **variables}

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def __enter__(self) -> Self:
        self._run(
            "new-session", "-d", "-s", "crate", "-x", "120", "-y", "36", "sh", "-c", self._command
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self._run("send-keys", "-t", "crate", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._run("send-keys", "-t", "crate", "-l", text)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._run("capture-pane", "-p", "-t", "crate")

    def until(self, text: str) -> str:
        """Wait until a text is on the screen; return the screen."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            screen = self.screen()
            if text in screen:
                return screen
            time.sleep(0.05)
        raise AssertionError(f"{text!r} is not there:\n{self.screen()}")

    def until_there(self, folder: Path, pattern: str) -> Path:
        """Wait until a file of that pattern is in a folder; return it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for found in folder.glob(pattern):
                return found
            time.sleep(0.05)
        raise AssertionError(f"no {pattern} is there:\n{self.screen()}")

    def ended(self) -> int:
        """Wait until the program has ended; return its exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self._code.exists():
                return int(self._code.read_text())
            time.sleep(0.05)
        raise AssertionError(f"the program goes on:\n{self.screen()}")
