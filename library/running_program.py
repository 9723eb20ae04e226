"""A program that is run for what it writes: never through a shell, watched, ended with its use."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

SILENT_S = 30.0
"""A program that writes nothing for so long hangs, and is ended."""

RUNNING_S = 600.0
"""A program that runs for so long is ended; the longest sound takes a tenth of it."""

_LOOKS = 60  # within SILENT_S
_PIPE_BYTES = 2**16
_SAID_BYTES = 2**18  # the tags of a file, of which lyrics are long, are said first


class RunningProgram:
    """A program that runs.

    Attributes:
        said: The first 256 KiB that it wrote to stderr.
        hung: Whether it had to be ended.
        returncode: What it ended with; None while it runs.
    """

    def __init__(self, command: Sequence[str | bytes]) -> None:
        self.said = bytearray()
        self.hung = False
        self.returncode: int | None = None
        self._finished = False
        self._quiet = self._looks = 0
        ours = {**os.environ, "AV_LOG_FORCE_NOCOLOR": "1"}
        ours.pop("FFREPORT", None)  # ffmpeg would write a file
        # Of its own session: Ctrl-C is for us, and must not look like damage to a file.
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ours,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._over = threading.Event()
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._watch, self._hear)]
        for thread in self._threads:
            thread.start()

    def blocks(self) -> Iterator[bytes]:
        """Yield what it writes to stdout, as it comes, in blocks of at most 64 KiB."""
        while block := _pipe(self._process.stdout).read(_PIPE_BYTES):
            self._quiet = 0
            yield block
        self._finished = True

    def close(self) -> None:
        """Wait for it where all was read, end it where not."""
        if not self._finished:
            self._process.kill()
        self.returncode = self._process.wait()  # a program that does not end is watched still
        self._over.set()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            _pipe(stream).close()

    def _watch(self) -> None:
        """End the program when it is silent for too long.

        Looks are counted, not seconds, which go on while this process is stopped with Ctrl-Z.
        """
        while not self._over.wait(SILENT_S / _LOOKS):
            self._quiet += 1
            self._looks += 1
            if self._quiet > _LOOKS or self._looks > _LOOKS * RUNNING_S / SILENT_S:
                self.hung = True
                self._process.kill()
                return

    def _hear(self) -> None:
        """Take what it says, so that it never waits for that, and keep the beginning."""
        while block := _pipe(self._process.stderr).read(_PIPE_BYTES):
            self.said += block[: _SAID_BYTES - len(self.said)]


@contextmanager
def running(command: Sequence[str | bytes]) -> Iterator[RunningProgram]:
    """Run a program, and leave nothing of it behind.

    Args:
        command: The program and its arguments; bytes for names that no encoding explains.

    Raises:
        OSError: It cannot be started.
    """
    program = RunningProgram(command)
    try:
        yield program
    finally:
        program.close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a stream that is there, as it was asked for."""
    if stream is None:
        raise AssertionError("no pipe was made")
    return stream
