"""Sounds that grow: what is there, whose turn it is, and the outline at any zoom."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import numpy as np
import pytest

from index.workspace import Workspace
from library.catalog import SampleRow
from library.clip import Clip
from library.pieces import Piece
from tests.conftest import MadeLibrary
from tests.tui.fake_workspace import FakeWorkspace
from tui.growing_sound import PEAK_FRAMES, Sound
from tui.playback import prepared
from tui.sounds import Shelf, blocks, complete, head_of

RATE_HZ = 48_000


def _noise(frames: int, channels: int = 2) -> np.ndarray:
    return np.random.default_rng(3).uniform(-1, 1, (frames, channels)).astype(np.float32)


def _pieces(clip: Clip, step: int) -> Iterator[Piece]:
    for start in range(0, clip.length, step):
        part = Clip(clip.frames[:, start : start + step], clip.sample_rate)
        yield Piece(part, clip.length, start + step >= clip.length)


def test_a_sound_grows_and_keeps_what_was_seen_of_it() -> None:
    frames = _noise(10_000)
    sound = Sound(8_000, 10_000)
    assert sound.append(frames[:1000])
    seen = sound.frames
    assert (sound.length, sound.duration, sound.complete) == (10_000, 1.25, False)
    assert sound.append(frames[500:6000], at=500)
    np.testing.assert_array_equal(sound.frames, frames[:6000])
    np.testing.assert_array_equal(seen, frames[:1000])
    assert sound.append(frames[:10], at=0)
    assert sound.ready == 6000
    sound.append(frames[6000:])
    sound.append(frames[:5000])  # more than was expected
    sound.finish()
    assert sound.length == 15_000
    assert sound.peak == np.abs(frames).max()
    assert not sound.append(frames)


def test_only_who_has_the_turn_adds() -> None:
    sound = Sound(8_000)
    old = sound.take_turn()
    new = sound.take_turn()
    assert not sound.append(_noise(10), turn=old)
    assert sound.append(_noise(10), turn=new)
    sound.finish(old)
    assert not sound.complete
    sound.finish(new)
    assert sound.complete
    assert sound.ready == 10


@pytest.mark.parametrize(("start", "end"), [(0, 50_000), (1234, 2234), (40_000, 40_020)])
def test_the_outline_is_of_the_frames_themselves(start: int, end: int) -> None:
    frames = _noise(50_000)
    outline = Sound.whole(frames, 8_000).outline(start, end, 50)
    for column, (low, high) in enumerate(outline):
        first = start + column * (end - start) // 50
        last = max(first + 1, start + (column + 1) * (end - start) // 50)
        assert (low, high) == (frames[first:last].min(), frames[first:last].max())


def test_a_far_outline_is_coarse_but_loses_no_peak() -> None:
    frames = np.zeros((400_000, 2), dtype=np.float32)
    frames[123_456, 1] = 0.9
    sound = Sound(8_000, len(frames))
    for start in range(0, len(frames), 7777):
        sound.append(frames[start : start + 7777])
    outline = sound.outline(0, 399_360, 10)
    assert outline[:, 1].tolist() == [0.0] * 3 + [pytest.approx(0.9)] + [0.0] * 6
    np.testing.assert_array_equal(sound._peaks[123_456 // PEAK_FRAMES], (0.0, np.float32(0.9)))


def test_what_is_not_there_yet_has_no_outline() -> None:
    sound = Sound(8_000, 1000)
    sound.append(_noise(500))
    known = ~np.isnan(sound.outline(0, 1000, 10)[:, 0])
    assert known.tolist() == [True] * 5 + [False] * 5
    assert np.isnan(sound.outline(600, 900, 10)).all()
    assert Sound(8_000).overview.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100])
def test_pieces_are_joined_without_a_seam(channels: int, rate: int) -> None:
    clip = Clip(np.ascontiguousarray(_noise(rate * 3 + 17, channels).T), rate)
    whole = prepared(clip, 8_000)
    sound = head_of(_pieces(clip, rate), 8_000)
    assert not sound.complete
    np.testing.assert_array_equal(sound.frames, whole[: sound.ready])
    assert sound.length == len(whole)
    complete(sound, _pieces(clip, rate))
    assert sound.complete
    np.testing.assert_array_equal(sound.frames, whole)


def test_six_channels_are_mixed_as_their_beginning_says() -> None:
    clip = Clip(np.ascontiguousarray(_noise(4000, 6).T), 8_000)
    joined = np.concatenate([each for each, _ in blocks(_pieces(clip, 1000), 8_000)])
    np.testing.assert_allclose(joined, prepared(clip, 8_000), atol=1e-6)
    frames = np.zeros((6, 4000), np.float32)
    frames[2], frames[5] = 0.5, -0.5
    joined = np.concatenate([each for each, _ in blocks(_pieces(Clip(frames, 8_000), 999), 8_000)])
    np.testing.assert_array_equal(joined, 0.5)


def test_decoding_stops_when_another_one_takes_the_turn() -> None:
    clip = Clip(np.ascontiguousarray(_noise(5000).T), 8_000)
    sound = head_of(_pieces(clip, 1000), 8_000)
    asked: list[int] = []

    def interrupted() -> Iterator[Piece]:
        for number, piece in enumerate(_pieces(clip, 1000)):
            asked.append(number)
            if number == 2:
                sound.take_turn()
            yield piece

    complete(sound, interrupted())
    assert asked == [0, 1, 2]
    assert (sound.ready, sound.complete) == (2000, False)
    complete(sound, _pieces(clip, 1000))
    assert (sound.ready, sound.complete) == (5000, True)


def test_a_sound_that_outgrows_the_shelf_drives_no_other_away() -> None:
    sounds = {each: Sound.whole(_noise(100), 8_000) for each in (1, 2)} | {3: Sound(8_000)}
    loaded: list[int] = []

    def load(row: SampleRow) -> Sound:
        loaded.append(row.id)
        return sounds[row.id]

    row = FakeWorkspace()._row
    shelf = Shelf(load, attrgetter("id"), budget=2 * sounds[1].nbytes)
    for sample_id in (1, 3, 2):
        shelf.get(row(sample_id))
    assert shelf.at_hand(3) is sounds[3]
    sounds[3].append(_noise(1000))
    shelf.get(row(2))
    assert shelf.at_hand(3) is None
    shelf.get(row(1))
    assert loaded == [1, 3, 2]


def test_a_sample_is_heard_as_it_is_in_its_file(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        row = next(each for each in workspace.rows(workspace.ids()) if each.state != "failed")
        sound = head_of(workspace.pieces(row, 60.0), RATE_HZ)
        complete(sound, workspace.pieces(row, 60.0))
        np.testing.assert_array_equal(sound.frames, prepared(workspace.clip(row.id), RATE_HZ))
