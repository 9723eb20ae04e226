"""Attribute sliders on a sound: no move is the original, and what is kept is what `vary` makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.shaper import PLAIN_STEP, Shaper, Slider
from index.sounds import Sound
from index.workspace import Workspace
from library.decode import read
from library.descriptors import describe
from library.errors import UserError
from library.progress import drive
from library.take_rows import Origin
from tests.conftest import MadeLibrary
from tests.fake_codec import FakeCodec
from tests.index.conftest import ping
from vae.space import Space


@pytest.fixture
def crate(library_copy: MadeLibrary) -> Iterator[Workspace]:
    """The shared library, to be changed; its space `mine` is in use."""
    with Workspace.open(library_copy.path) as workspace:
        yield workspace


def slider(shaper: Shaper, name: str) -> Slider:
    return next(each for each in shaper.sliders if each.name == name)


def test_there_is_a_slider_for_each_attribute_that_the_space_can_move(crate: Workspace) -> None:
    shaper = crate.shaper("2")
    space = crate.space()
    moved = [a.name for a, learned in zip(space.attributes, space.learned, strict=True) if learned]
    assert {each.name for each in shaper.sliders} == {*moved, "loudness", "pitch"} & {
        a.name for a in space.attributes
    }
    found = describe(crate.clip(2))
    brightness, loudness = (slider(shaper, name) for name in ("brightness", "loudness"))
    assert (brightness.unit, brightness.step, brightness.most) == ("", PLAIN_STEP, 4.0)
    assert brightness.now == pytest.approx(found.brightness)
    assert (loudness.unit, loudness.step, loudness.most) == ("dB", 1.0, 24.0)
    assert loudness.moved(-6.0) == pytest.approx((loudness.now or 0.0) - 6.0)
    further = brightness.moved(1.0)
    assert further is not None
    assert further > (brightness.now or 0.0)
    assert brightness.moved(0.0) == pytest.approx(brightness.now)


def test_no_move_is_the_original_sample_for_sample(crate: Workspace) -> None:
    shaper = crate.shaper("2")
    for moves in ({}, {"brightness": 0.0}):
        assert np.array_equal(shaper.at(moves).frames, crate.clip(2).frames)


def test_a_move_goes_its_way_and_is_the_same_every_time(crate: Workspace) -> None:
    shaper, other = crate.shaper("2"), crate.shaper("2")
    brighter = shaper.at({"brightness": 0.5})
    shaper.at({"loudness": -3.0})
    assert (describe(brighter).brightness or 0) > 1.05 * (describe(crate.clip(2)).brightness or 0)
    assert np.array_equal(shaper.at({"brightness": 0.5}).frames, brighter.frames)
    assert np.array_equal(other.at({"brightness": 0.5}).frames, brighter.frames)
    quieter = shaper.at({"loudness": -6.0})
    expected = crate.clip(2).frames * np.float32(10 ** (-6 / 20))
    assert np.abs(quieter.frames - expected).max() < 1e-6


def test_what_is_kept_is_what_vary_makes_and_can_be_made_again(
    crate: Workspace, tmp_path: Path
) -> None:
    moves = {"loudness": -3.0, "brightness": 0.75}
    shaper = crate.shaper("2")
    heard = shaper.at(moves)
    take = shaper.keep(moves, tmp_path / "takes")
    named = {"brightness": "+0.75", "loudness": "-3dB"}
    (varied,) = drive(crate.vary("2", 1, tmp_path / "varied", settings=named))
    assert take.path.name == varied.path.name
    assert take.path.read_bytes() == varied.path.read_bytes()
    assert np.abs(read(take.path).frames - heard.frames).max() < 2**-23
    assert {each.name for each in take.asked} == {"brightness", "loudness"}
    told = crate.recipe(str(take.path))
    assert told is not None
    assert told.recipe.verb == "vary"
    assert told.recipe.options["settings"] == named
    assert drive(crate.make_again(told, tmp_path / "again")).same
    assert shaper.keep(moves, tmp_path / "takes").path.name == f"{take.path.stem}_2.wav"


def test_what_cannot_be_moved_is_told(
    space: Space, codec: FakeCodec, crate: Workspace, tmp_path: Path
) -> None:
    sound = Sound("ping.wav", ping(1), "0" * 32, Origin(Path("ping.wav"), None))
    shaper = Shaper(sound, space, codec, crate._engine)
    assert [each.name for each in shaper.sliders] == ["brightness", "noisiness"]
    with pytest.raises(UserError, match="no attribute 'warmth'"):
        shaper.at({"warmth": 1.0})
    with pytest.raises(UserError, match="standard deviations away"):
        shaper.at({"brightness": 7.0})
    with pytest.raises(UserError, match="nothing is moved"):
        shaper.keep({"brightness": 0.0}, tmp_path / "none")
    assert not (tmp_path / "none").exists()
