"""The map as a picture and as data."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from index.answers import MapPoints
from index.map_picture import check_ending, draw_map, map_document
from library.catalog import SampleRow
from library.errors import UserError
from library.palette import CATEGORY_COLOURS
from vae.synth_names import PLACES


def row(sample_id: int, name: str, category: str | None) -> SampleRow:
    return SampleRow(
        sample_id, Path("/s") / name, name, "s", "analysed", "", "", False, 1.0, 44_100, 1, "WAV",
        category, None, (), {},
    )  # fmt: skip


ROWS = [row(4, "a.wav", "kick"), row(9, os.fsdecode(b"b\xff.wav"), None), row(2, "c&<.wav", "hat")]
POINTS = MapPoints(
    np.array([2, 4, 9]),
    np.array([[0.25, 1.0], [0.0, 0.5], [1.0, 1 / 3]], np.float32),
    ("hat", "kick", None),
)
NONE = MapPoints(np.zeros(0, np.int64), np.zeros((0, 2), np.float32), ())


def test_the_document_says_where_every_sample_is() -> None:
    assert map_document(POINTS, ROWS)["points"][1:] == [  # type: ignore[index]
        {"id": 4, "path": "/s/a.wav", "name": "a.wav", "category": "kick", "x": 0.0, "y": 0.5},
        {"id": 9, "path": "/s/b\udcff.wav", "name": "b\udcff.wav", "category": None, "x": 1.0,
         "y": 0.33333},
    ]  # fmt: skip
    assert map_document(NONE, []) == {"points": []}
    assert len(map_document(POINTS, ROWS[:1])["points"]) == 1  # type: ignore[arg-type]


def test_a_map_is_written_as_its_name_says(tmp_path: Path) -> None:
    for ending in (".png", ".PNG", ".svg", ".json"):
        path = tmp_path / "deep" / f"map{ending}"
        draw_map(POINTS, ROWS, path)
        draw_map(POINTS, ROWS, path)  # a map of that name is replaced
        data = path.read_bytes()
        if ending == ".json":
            written = json.loads(data)
            assert [point["id"] for point in written["points"]] == [2, 4, 9]
        elif ending == ".svg":
            text = data.decode()
            assert text.rstrip().endswith("</svg>")
            assert all(CATEGORY_COLOURS[kind] in text for kind in ("kick", "hat"))
        else:
            assert data[:8] == b"\x89PNG\r\n\x1a\n"
            assert struct.unpack(">II", data[16:24]) == (1200, 960)


def test_a_map_of_nothing_can_be_drawn(tmp_path: Path) -> None:
    draw_map(NONE, [], tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 1_000


@pytest.mark.parametrize("name", ["map", "map.html", "map.wav", "png"])
def test_another_ending_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"cannot be written as .*: end in .png, .svg, .json"):
        draw_map(POINTS, ROWS, tmp_path / name)
    with pytest.raises(UserError, match="cannot be written"):
        check_ending(Path(name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".png", ".json"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, ending: str) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / f"folder{ending}").mkdir()
    for path in (tmp_path / "file" / f"map{ending}", tmp_path / f"folder{ending}"):
        with pytest.raises(UserError, match="cannot write"):
            draw_map(POINTS, ROWS, path)


def test_colours_are_distinct() -> None:
    assert len(set(CATEGORY_COLOURS.values())) == len(CATEGORY_COLOURS)
    assert {"kick", "snare", "bass", "voice"} <= set(CATEGORY_COLOURS)
    assert len(PLACES) > len(CATEGORY_COLOURS)
