"""A terminal without a screen: runs the application, presses keys, and times what is drawn."""

from __future__ import annotations

import fcntl
import itertools
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+q": "\x11",
}
"""What a terminal sends for keys that are not a single sign."""

_ESCAPES = re.compile(
    rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|.)"
)


BLINK_BYTES = 600
"""What a cursor that blinks in a field draws is shorter."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn after a key.

    Attributes:
        first_ms: From the key to the first bytes; NaN where nothing was drawn.
        last_ms: From the key to the last bytes before it was quiet, blinking apart.
        text: What was drawn, without colours and places.
    """

    first_ms: float
    last_ms: float
    text: str


class Terminal:
    """The application in a terminal of its own.

    Args:
        library: The library that it opens.
        size: Columns and lines.
        variables: Of its environment, beside those of this process.
    """

    def __init__(
        self,
        library: Path,
        size: tuple[int, int] = (120, 36),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._size = size
        self._command: Sequence[str] = (sys.executable, "-m", "tui", "--library", str(library))
        self._variables = {
            **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none", **(variables or {}),
        }  # fmt: skip
        self.started = 0.0

    def __enter__(self) -> Self:
        self._end, other = pty.openpty()
        columns, lines = self._size
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command, stdin=other, stdout=other, stderr=other, env=self._variables,
            start_new_session=True, preexec_fn=_own_terminal,
        )  # fmt: skip
        os.close(other)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        while self._process.poll() is None:
            self._read(0.1)
        os.close(self._end)

    def _read(self, wait: float) -> bytes:
        """Return what is drawn next; nothing after some seconds without."""
        ready, _, _ = select.select([self._end], [], [], wait)
        try:
            return os.read(self._end, 2**20) if ready else b""
        except OSError:  # the application has gone
            return b""

    def until(self, text: str, seconds: float = 60.0) -> float:
        """Wait until a text has been drawn; return the seconds since the start.

        Raises:
            TimeoutError: It was not.
        """
        seen = b""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            seen += self._read(0.05)
            if text in plain(seen):
                return time.perf_counter() - self.started
        raise TimeoutError(f"{text!r} was not drawn; this was: {plain(seen)[-2000:]}")

    def quiet(self, seconds: float = 0.4) -> None:
        """Wait until nothing is drawn for a while."""
        while self._read(seconds):
            pass

    def press(self, key: str, quiet_s: float = 0.15, most_s: float = 20.0) -> Drawn:
        """Press a key and wait until nothing more is drawn."""
        os.write(self._end, KEYS.get(key, key).encode())
        began = busy = time.perf_counter()
        first = last = float("nan")
        seen = b""
        while busy - began < most_s:
            part = self._read(max(0.0, busy + quiet_s - time.perf_counter()))
            if not part:
                break
            now = time.perf_counter()
            first = first if seen else 1000 * (now - began)
            if not seen or len(part) > BLINK_BYTES:
                busy, last = now, 1000 * (now - began)
            seen += part
        return Drawn(first, last, plain(seen))

    def held(self, key: str, times: int, every_s: float) -> list[float]:
        """Hold a key down; return the times between what is drawn meanwhile, ms."""
        drawn: list[float] = []
        began = time.perf_counter()
        for number in range(1, times + 1):
            os.write(self._end, KEYS.get(key, key).encode())
            while (left := began + number * every_s - time.perf_counter()) > 0:
                if self._read(left):
                    drawn.append(time.perf_counter())
        return [1000 * (b - a) for a, b in itertools.pairwise(drawn)]

    def memory_mib(self) -> tuple[float, float]:
        """Return what the application holds now, and at most held, MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", status, re.MULTILINE))
        return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024


def _own_terminal() -> None:
    # Once this process has gone, whatever happened to it, the application is told and goes too.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def plain(drawn: bytes) -> str:
    """Return drawn bytes without what is not text."""
    return _ESCAPES.sub(b" ", drawn).decode("utf-8", "replace")
