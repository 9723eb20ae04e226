"""The morph pad: exact corners, the same sound every time, and takes that can be made again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.pad import MorphPad
from index.sounds import Sound
from index.workspace import Workspace
from library.content import audio_digest
from library.decode import read
from library.errors import UserError
from library.progress import drive
from library.recipe import RecipeError
from library.take_rows import Origin
from library.wav import read_recipe
from tests.audio_cases import write
from tests.index.conftest import ping
from vae.pad import CORNERS, weights_at


def named(count: int) -> list[str]:
    """Samples of the small library."""
    return [str(number) for number in range(1, count + 1)]


@pytest.mark.parametrize("sounds", [2, 3, 4])
def test_corners_are_the_originals_sample_for_sample(small: Workspace, sounds: int) -> None:
    pad = small.morph_pad(named(sounds))
    for name, corner, shown in zip(named(sounds), CORNERS[sounds], pad.corners, strict=True):
        original = small.clip(int(name))
        made = pad.at(corner)
        assert made.sample_rate == original.sample_rate
        assert np.array_equal(made.frames, original.frames)
        assert np.array_equal(shown.frames, original.frames)


def test_a_place_is_the_same_however_it_was_reached(small: Workspace) -> None:
    first, second = small.morph_pad(named(4)), small.morph_pad(named(4))
    places = [(0.1, 0.7), (0.5, 0.5), (0.9, 0.2)]
    one = [first.at(place).frames for place in places]
    other = [second.at(place).frames for place in reversed(places)][::-1]
    assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))
    assert len({frames.tobytes() for frames in one}) == 3
    assert np.array_equal(first.at(places[0]).frames, one[0])


def test_threads_may_ask_at_once(small: Workspace) -> None:
    pad = small.morph_pad(named(4))
    places = [(x, y) for x in (0.2, 0.5, 0.8) for y in (0.3, 0.6)]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(pad.at, places))
    calm = small.morph_pad(named(4))
    for place, clip in zip(places, found, strict=True):
        assert np.array_equal(calm.at(place).frames, clip.frames)


def test_a_place_is_kept_with_its_recipe_and_replaces_nothing(
    small: Workspace, tmp_path: Path
) -> None:
    pad = small.morph_pad(named(4))
    out = tmp_path / "takes" / "new"
    takes = [pad.keep((0.25, 0.6), out) for _ in range(2)]
    assert [take.path.name for take in takes] == [
        "ping_000_30_ping_001_10_ping_002_15_ping_003_45.wav",
        "ping_000_30_ping_001_10_ping_002_15_ping_003_45_2.wav",
    ]
    assert takes[0].weights == weights_at(4, (0.25, 0.6))
    told = small.recipe(str(takes[0].path))
    assert told is not None
    assert told.kept_in == "file"
    assert told.recipe.made["weights"] == list(weights_at(4, (0.25, 0.6)))
    assert told.recipe.audio == audio_digest(read(takes[0].path))
    # The library knows it as well, by its audio.
    plain = tmp_path / "copy.flac"
    clip = read(takes[0].path)
    write(plain, clip, "PCM_24")
    found = small.recipe(str(plain))
    assert found is not None
    assert found.kept_in == "library"


def test_a_corner_is_kept_as_the_original(small: Workspace, tmp_path: Path) -> None:
    take = small.morph_pad(named(2)).keep((1.0, 0.5), tmp_path)
    assert take.path.name == "ping_001_100.wav"
    assert audio_digest(read(take.path)) == audio_digest(small.clip(2))


@pytest.mark.parametrize("glide", [True, False])
def test_a_way_is_one_sound_that_begins_and_ends_where_it_does(
    small: Workspace, tmp_path: Path, glide: bool
) -> None:
    pad = small.morph_pad(named(4), glide)
    way = [(0.0, 0.0, 0.0), (0.4, 1.0, 0.0), (1.0, 0.3, 0.9)]
    take = pad.keep_along(way, tmp_path / "out")
    assert take.path.name == "ping_000_ping_001_ping_002_ping_003_path.wav"
    heard = pad.along(way)
    assert np.abs(read(take.path).frames - heard.frames).max() < 2**-23
    told = small.recipe(str(take.path))
    assert told is not None
    assert told.recipe.options["keep_pitch"] is not glide
    assert drive(small.make_again(told, tmp_path / "again")).same


def test_steps_lie_on_a_way(small: Workspace, tmp_path: Path) -> None:
    pad = small.morph_pad(named(3))
    takes = drive(pad.steps_along([(0.0, 0.0), (1.0, 0.0)], 5, tmp_path / "out"))
    assert [take.weights for take in takes] == [(1 - x, x, 0.0) for x in (0, 0.25, 0.5, 0.75, 1)]
    assert [take.path.name for take in takes] == [
        "01_ping_000_100.wav",
        "02_ping_000_75_ping_001_25.wav",
        "03_ping_000_50_ping_001_50.wav",
        "04_ping_000_25_ping_001_75.wav",
        "05_ping_001_100.wav",
    ]
    for steps in (1, 1001):
        with pytest.raises(UserError, match=f"cannot have {steps} steps"):
            drive(pad.steps_along([(0.0, 0.0), (1.0, 0.0)], steps, tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_long_names_are_shortened(small: Workspace, tmp_path: Path) -> None:
    sounds = [
        Sound("å" * 60 + f"{n}.wav", ping(n), f"{n:032x}", Origin(Path("x"), None))
        for n in range(4)
    ]
    pad = MorphPad(sounds, small._engine)
    kept = [
        pad.keep((0.3, 0.3), tmp_path),
        pad.keep_along([(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)], tmp_path),
    ]
    assert all(len(take.path.name.encode()) < 100 for take in kept)
    assert kept[0].path.name.endswith("_21.wav")


@pytest.mark.parametrize("sounds", [1, 5])
def test_a_number_of_sounds_that_is_none_is_told(small: Workspace, sounds: int) -> None:
    with pytest.raises(UserError, match=f"takes 2 to 4 sounds, not {sounds}"):
        small.morph_pad(named(sounds))


def test_a_disk_that_refuses_is_told(small: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot make the folder"):
        small.morph_pad(named(2)).keep((0.5, 0.5), tmp_path / "file" / "inside")


@pytest.mark.parametrize(
    "way",
    [
        [],
        [[0.0, 1.0, 0.0]],
        [[0.0, 1.0, 0.0], [0.5, 0.7, 0.7]],
        [[0.0, 1.0, 0.0], [0.5, 1.0]],
        [[0.5, 1.0, 0.0], [0.4, 0.0, 1.0]],
        [[0.0, 1.0, 0.0], [2.0, 0.0, 1.0]],
        [[0.0, 1.0, 0.0], []],
        [0.0, 1.0],
        "0:1",
    ],
)
def test_a_recipe_of_no_way_is_refused(small: Workspace, tmp_path: Path, way: object) -> None:
    take = small.morph_pad(named(2)).keep_along([(0.0, 0.0, 0.5), (1.0, 1.0, 0.5)], tmp_path)
    told = small.recipe(str(take.path))
    assert told is not None
    assert read_recipe(take.path) == told.recipe
    wrong = replace(told, recipe=replace(told.recipe, made={"way": way}))  # type: ignore[dict-item]
    with pytest.raises(RecipeError, match="the recipe is damaged"):
        drive(small.make_again(wrong, tmp_path / "again"))
