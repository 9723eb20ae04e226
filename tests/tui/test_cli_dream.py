"""`crate dream`: what it answers, and what it refuses in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from library.decode import read
from tests.tui.answers import Crate, one_line


def test_dreams_are_files_with_reasons(crate: Crate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    answer = crate("dream", "-n", 2, "--temperature", "0.7:1.1", "--out", out, "--json")
    assert answer.code == 0
    told = answer.json
    assert told["space"] == "mine"
    assert told["learned"]["samples"] == 40
    assert [Path(file["path"]).name for file in told["files"]] == ["dream_01.wav", "dream_02.wav"]
    assert told["drawn"] == sum(told["fell"].values()) + 2
    ids = {each["id"] for each in crate("ls", "--json").json["samples"]}
    for file in told["files"]:
        assert read(Path(file["path"])).length > 1000
        assert file["temperature"] == [0.7, 1.1]
        assert file["attributes"]["loudness"] < 0
        assert len(file["z"]) > 0
        assert file["why"]["nearest"]["id"] in ids
        assert file["why"]["nearest"]["distance"] > 0
        assert 0 <= file["why"]["novelty"] <= 1
        assert 0 < file["why"]["density"] <= 1
    again = crate("dream", "-n", 1, "--out", out, "--like", "-tag:unheard")
    assert again.code == 0
    assert len(again.table) == 1
    path, distance, nearest = again.table[0][:3]
    assert Path(path).is_file()
    assert float(distance) > 0
    assert nearest.endswith(".wav")
    assert "drawn, 1 kept" in again.err
    assert "learn:" not in again.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-n", 0], "0 dreams cannot be made: choose 1 to 1000"),
        (["--temperature", "hot"], "'hot' is no temperature: write it like 0.9"),
        (["--temperature", "0.5:9"], "a temperature of 0.5:9 is out of range"),
        (["--where", "tag:nothing"], "no sample matches 'tag:nothing'"),
        (["--like", "tag:nothing"], "no sample matches 'tag:nothing'"),
        (["--where", "bright>"], "crate: "),
        (["--space", "nowhere"], "there is no space 'nowhere'"),
        (["--seed", "x"], "invalid int value"),
        (["--seed", "-1"], "a seed is 0 or more"),
    ],
)
def test_a_mistake_is_one_line(
    crate: Crate, tmp_path: Path, arguments: list[object], told: str
) -> None:
    assert told in one_line(crate("dream", *arguments, "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_too_few_sounds_are_one_line(crate: Crate, tmp_path: Path) -> None:
    crate("tag", "three", 1, 2, 3)
    answer = crate("dream", "--where", "tag:three", "--out", tmp_path / "out")
    assert "analysed sounds are too few to dream from" in answer.err.splitlines()[-1]
    assert answer.code == 2


def test_a_folder_that_cannot_be_made_is_one_line(crate: Crate, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = crate("dream", "--out", tmp_path / "file" / "out")
    assert "cannot make the folder" in one_line(answer)
