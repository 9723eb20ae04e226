"""The map as a picture, as a page and as data."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.answers import MapPoints
from index.map_file import SavedMap, check_ending, map_document, save_map
from index.map_picture import BACKGROUND, density_picture
from index.map_regions import regions
from library.catalog import SampleRow
from library.errors import UserError
from library.palette import CATEGORY_COLOURS
from library.progress import drive
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


def draw_map(points: MapPoints, rows: list[SampleRow], path: Path) -> SavedMap:
    return drive(save_map(points, rows, path))


def islands(n: int) -> MapPoints:
    """Kicks on the left, hats on the right, a few snares among the hats."""
    rng = np.random.default_rng(0)
    kinds = rng.choice(["kick", "hat", "snare"], n, p=[0.5, 0.47, 0.03])
    xy = rng.normal(0, 0.03, (n, 2)) + np.where(kinds == "kick", 0.2, 0.8)[:, None] * [1, 0]
    xy[:, 1] += 0.5
    return MapPoints(np.arange(n), xy.astype(np.float32).clip(0, 1), tuple(kinds.tolist()))


def test_the_document_says_where_every_sample_is() -> None:
    assert map_document(POINTS, ROWS)["points"][1:] == [  # type: ignore[index]
        {"id": 4, "path": "/s/a.wav", "name": "a.wav", "category": "kick", "x": 0.0, "y": 0.5},
        {"id": 9, "path": "/s/b\udcff.wav", "name": "b\udcff.wav", "category": None, "x": 1.0,
         "y": 0.33333},
    ]  # fmt: skip
    assert map_document(NONE, []) == {"points": []}
    assert len(map_document(POINTS, ROWS[:1])["points"]) == 1  # type: ignore[arg-type]


def test_a_map_is_written_as_its_name_says(tmp_path: Path) -> None:
    for ending in (".png", ".PNG", ".svg", ".json", ".html"):
        path = tmp_path / "deep" / f"map{ending}"
        draw_map(POINTS, ROWS, path)
        first = path.read_bytes()
        saved = draw_map(POINTS, ROWS, path)  # a map of that name is replaced
        assert saved == SavedMap(path, 3, 0)
        data = path.read_bytes()
        assert data == first
        if ending == ".html":
            assert data.startswith(b"<!doctype html>")
            assert data.rstrip().endswith(b"</html>")
        elif ending == ".json":
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
    for ending in (".png", ".svg", ".html"):
        draw_map(NONE, [], tmp_path / f"map{ending}")
        assert (tmp_path / f"map{ending}").stat().st_size > 1_000


def test_many_points_are_drawn_as_density(tmp_path: Path) -> None:
    points = islands(20_001)
    draw_map(points, [], tmp_path / "map.svg")
    assert (tmp_path / "map.svg").stat().st_size < 1_000_000  # a mark each would be several
    draw_map(points, [], tmp_path / "map.png")
    with Image.open(tmp_path / "map.png") as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)[100:900, 20:960]
    drawn = np.abs(pixels - np.array([int(BACKGROUND[i : i + 2], 16) for i in (1, 3, 5)])).sum(2)
    columns = np.flatnonzero((drawn > 60).any(axis=0)) / drawn.shape[1]
    assert columns.min() < 0.1  # both islands, and the sea between them
    assert columns.max() > 0.9
    assert not ((columns > 0.45) & (columns < 0.55)).any()


def test_density_is_the_colour_of_what_lies_there_and_fainter_where_less_does() -> None:
    xy = np.array([[0.25, 0.25]] * 900 + [[0.75, 0.75]], np.float32)
    picture = density_picture(xy, np.array(["kick"] * 900 + ["hat"]))
    many, one, none = picture[225, 225], picture[675, 675], picture[450, 100]
    assert np.round(255 * many[:3]).tolist() == [0xFF, 0x6B, 0x5E]
    assert np.round(255 * one[:3]).tolist() == [0x8E, 0xE6, 0xC8]
    assert many[3] > 3 * one[3] > 0
    assert none[3] == 0


def test_regions_are_named_after_what_is_common_there() -> None:
    found = regions(islands(1_000))
    assert [region.weight for region in found] == sorted((r.weight for r in found), reverse=True)
    places = {region.word: (round(region.x, 1), round(region.y, 1)) for region in found}
    assert len(found) == 2  # the few snares name no place
    assert places == {"kick": (0.2, 0.5), "hat": (0.8, 0.5)}
    assert regions(NONE) == []


@pytest.mark.parametrize("name", ["map", "map.htm", "map.wav", "png"])
def test_another_ending_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"written as .*: end in .png, .svg, .html, .json"):
        draw_map(POINTS, ROWS, tmp_path / name)
    with pytest.raises(UserError, match="cannot be written"):
        check_ending(Path(name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".png", ".html", ".json"])
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
