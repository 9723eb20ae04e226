"""The benchmark of very many samples: what it makes is what it says, and every part runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import soundfile

from benchmarks import library_scale
from benchmarks.library_scale import PARTS, main, table
from benchmarks.library_tree import A_FOLDER, RARE, make_tree, names, tiny_wav
from library.walk import Walk


def test_names_are_distinct_and_one_is_rare() -> None:
    drawn = list(names(100_000))
    assert len(set(drawn)) == 100_000
    assert sum(RARE in name for name in drawn) == 1
    assert len({name.rpartition("/")[0] for name in drawn}) == 100_000 // A_FOLDER


def test_files_are_sounds_and_no_two_the_same(tmp_path: Path) -> None:
    make_tree(tmp_path, 120)
    found = [Path(file.path).read_bytes() for file in Walk(str(tmp_path)).whole()]
    assert len(set(found)) == 120
    frames, rate = soundfile.read(io.BytesIO(tiny_wav(7)))
    assert (len(frames), rate) == (16 + 7, 44_100)


def test_every_part_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--files", "120", "--rows", "60", "--out", str(tmp_path / "now.json")])
    figures = json.loads((tmp_path / "now.json").read_text())
    sizes = {False: "120 files", True: "60 rows"}
    assert {f"{sizes[part.made_up]}: {part.name}" for part in PARTS} < set(figures)
    assert figures["120 files: look again"]["folders read"] > 3
    assert "| 120 files: list | files/s |" in capsys.readouterr().out


def test_a_table_shows_what_was_before() -> None:
    lines = list(table({"a": {"ms": 5.0, "s": 1.0}}, {"a": {"ms": 1234.0}}))
    assert lines[2:] == ["| a | ms | 1,234 | 5 |", "| a | s |  | 1 |"]
    assert library_scale._shown(None) == ""
