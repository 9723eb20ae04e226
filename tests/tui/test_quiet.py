"""Quiet: stdout holds our answers and nothing else, whatever runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audio_cases import pluck, write
from tests.conftest import MadeLibrary
from tests.vae.rave_standins import digest, standin, written
from tui.quiet import answers, only_we_print

LOUD = """
import ctypes, os, sys, threading
from tui.quiet import answers, only_we_print
with only_we_print():
    print("by Python")
    threading.Thread(target=print, args=["by a thread"]).start()
    os.write(1, b"by the system")
    ctypes.CDLL(None).printf(b"by C")
    with only_we_print():
        answers().write("ours\\n")
    print("again")
print("after")
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="descriptor 1 is left alone there")
def test_what_others_print_is_not_heard() -> None:
    done = run("-c", LOUD)
    assert (done.stdout, done.stderr) == ("ours\nafter\n", "")


def test_stdout_is_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.__stdout__

    def fail() -> None:
        with only_we_print():
            assert sys.stdout is not before[0]
            answers().write("ours\n")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (sys.stdout, sys.__stdout__) == before
    assert answers() is sys.stdout
    os.write(1, b"all\n")
    assert capfd.readouterr().out == "ours\nall\n"


def test_a_codec_that_prints_spoils_no_answer(library_copy: MadeLibrary, tmp_path: Path) -> None:
    data = standin(within="talking", streaming=True)
    model, sound = written(data, tmp_path, "loud.ts"), write(tmp_path / "a.wav", pluck())

    def crate(*arguments: object) -> dict[str, object]:
        done = run("-m", "tui", "--library", library_copy.path, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        assert "I encode" not in done.stderr
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    crate("codec", "add", model)
    crate("codec", "trust", digest(data))
    assert crate("codec", "use", "loud")["encoded"] == 40
    made = crate("resynth", sound, "--out", tmp_path / "b.wav", "--codec", "loud")
    assert made["codec"] == "loud"
