"""The benchmark of audition: its files, and its table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from benchmarks.audition import line, long_files


def test_the_long_files_are_as_long_as_they_are_to_be(tmp_path: Path) -> None:
    paths = long_files(tmp_path / "long", 20.0)
    assert [path.suffix for path in paths] == [".wav", ".flac", ".mp3", ".ogg"]
    for path in paths:
        assert abs(soundfile.info(path).duration - 20.0) < 0.1
        assert np.abs(soundfile.read(path)[0]).max() > 0.1


def test_a_row_of_the_table_tells_milliseconds_and_what_was_missed() -> None:
    assert line("cold", [0.010, 0.020, 0.030], 4).split() == [
        *("cold", "3", "of", "4", "20.0", "29.0", "30.0")
    ]
    assert line("held", [], 4).split() == ["held", "0", "of", "4"]
