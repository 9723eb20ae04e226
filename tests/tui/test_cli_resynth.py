"""`crate resynth --like`: the nearest sound and what it leaves out, written, told, made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.decode import read
from tests.audio_cases import clip, noise, seconds, write
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A hit of two channels."""
    mono = noise(0.3, seed=2).mono() * np.exp(-seconds(0.3) / 0.05)
    return write(tmp_path / "hit.wav", clip(np.stack([mono, 0.5 * mono])))


def test_the_nearest_sound_is_written_with_what_it_leaves_out(
    crate: Crate, library_copy: MadeLibrary, target: Path, tmp_path: Path
) -> None:
    out = tmp_path / "near.wav"
    found = crate("resynth", target, "--like", "--out", out, "--json").json
    assert found["space"] == "mine"
    paths = [Path(file["path"]) for file in found["files"]]
    assert [path.name for path in paths] == ["near.wav", "near_left_out.wav"]
    assert all(read(path).frames.shape == read(target).frames.shape for path in paths)
    told = found["left_out"]
    assert 0 < told["codec_db"] < told["distance_db"]
    assert [band["to"] for band in told["bands"]][-1] == 16000
    brightness = told["attributes"]["brightness"]
    assert brightness["nearest"] == found["files"][0]["attributes"]["brightness"]
    assert brightness["target"] != brightness["nearest"]
    for path in paths:
        again = crate("recipe", path, "--again", "--out", tmp_path / "again")
        assert (again.code, again.table[0][1]) == (0, "the same")
    lines = {line[0]: line[1:] for line in crate("recipe", paths[1]).table}
    assert lines["command"] == ["crate resynth hit.wav --through space --like"]
    assert lines["part"] == ["left out"]


def test_people_are_told_where_it_lacks(
    crate: Crate, library_copy: MadeLibrary, target: Path, tmp_path: Path
) -> None:
    table = crate("resynth", target, "--like", "--out", tmp_path / "near.wav").table
    names = [line[0] for line in table]
    assert {"distance", "the codec's own", "left out"} < set(names)


def test_what_cannot_be_is_refused_in_a_line(
    crate: Crate, library_copy: MadeLibrary, target: Path, tmp_path: Path
) -> None:
    out = tmp_path / "near.wav"
    answer = crate("resynth", target, "--like", "--codec", "house", "--out", out)
    assert (answer.code, out.exists()) == (2, False)
    assert "a space has its own codec" in one_line(answer)
    write(tmp_path / "near_left_out.wav", clip(np.zeros(100)))
    answer = crate("resynth", target, "--like", "--out", out)
    assert (answer.code, out.exists()) == (2, False)
    assert "is there already" in one_line(answer)
