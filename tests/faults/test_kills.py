"""A process that is killed while it adds a folder; benchmarks.kills does it 200 times."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

KILLS = 8
PROGRAMS = 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_nothing_is_lost_by_kills_at_random_moments() -> None:
    """In a process of its own: it forks, and this one has threads."""
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.kills", "--kills", str(KILLS),
            "--programs", str(PROGRAMS), "--sounds", "80", "--seed", "3",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} kills" in done.stdout
