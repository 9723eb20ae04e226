"""The mixer sample by sample, and the device that is always there: the null one."""

from __future__ import annotations

from operator import attrgetter

import miniaudio
import numpy as np
import pytest

from library.catalog import SampleRow
from library.clip import Clip
from library.errors import DecodeError
from tests.tui.fake_workspace import FakeWorkspace, tone
from tui.growing_sound import Sound
from tui.mixer import FADE_MS, Manner, Mixer
from tui.playback import MiniaudioPlayer, SilentPlayer, open_player, prepared
from tui.sounds import Shelf, sound_of

RATE = 48_000


def _ones(frames: int, level: float = 0.5) -> np.ndarray:
    return np.full((frames, 2), level, dtype=np.float32)


def test_a_sound_is_rendered_as_it_is() -> None:
    rng = np.random.default_rng(1)
    sound = rng.uniform(-1, 1, (1000, 2)).astype(np.float32)
    mixer = Mixer(RATE)
    mixer.play(sound)
    out = np.concatenate([mixer.render(300) for _ in range(4)])
    np.testing.assert_array_equal(out[:1000], sound)
    assert not out[1000:].any()
    assert mixer.at is None


def test_a_new_sound_starts_at_once_and_the_old_one_fades_without_a_click() -> None:
    mixer = Mixer(RATE)
    mixer.play(_ones(RATE))
    mixer.render(480)
    mixer.play(_ones(RATE, 0.0))
    out = mixer.render(480)[:, 0]
    fade = round(FADE_MS * RATE / 1000)
    assert out[0] == pytest.approx(0.5)
    assert np.abs(np.diff(out)).max() <= 0.5 / (fade - 1) + 1e-6
    assert not out[fade:].any()


def test_stopping_fades_over_several_buffers() -> None:
    mixer = Mixer(RATE)
    mixer.play(_ones(RATE))
    mixer.render(100)
    mixer.stop()
    out = np.concatenate([mixer.render(50) for _ in range(6)])[:, 0]
    assert np.abs(np.diff(out)).max() < 0.01
    assert out[-1] == 0.0
    assert mixer.at is None


def test_two_loud_sounds_never_leave_the_range() -> None:
    mixer = Mixer(RATE)
    mixer.play(_ones(1000, 1.0))
    mixer.render(10)
    mixer.play(_ones(1000, 1.0))
    assert mixer.render(100).max() == 1.0


def test_a_clip_is_made_fit_for_the_player() -> None:
    six = Clip(np.ones((6, 4800), dtype=np.float32) * 0.25, 24_000)
    frames = prepared(six, RATE)
    assert frames.shape == (9600, 2)
    assert frames.dtype == np.float32
    assert frames.flags.c_contiguous
    assert frames[2000:7000] == pytest.approx(0.25, abs=1e-3)


def test_the_null_device_plays() -> None:
    player = open_player([miniaudio.Backend.NULL])
    assert isinstance(player, MiniaudioPlayer)
    try:
        assert player.note == ""
        assert player.position is None
        player.play(prepared(tone(1, 30.0), player.sample_rate))
        assert player.position is not None
        player.stop()
        assert player.position is None
    finally:
        player.close()


def test_without_a_device_there_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_found(*_: object, **__: object) -> None:
        raise miniaudio.MiniaudioError("no suitable audio backend found")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", none_found)
    player = open_player()
    assert isinstance(player, SilentPlayer)
    assert player.note == "silent: no audio device"
    player.play(_ones(0))
    assert player.position is None


def test_without_a_device_the_position_still_moves() -> None:
    now = 100.0
    player = SilentPlayer("silent", lambda: now)
    player.play(_ones(RATE))
    assert player.position == 0.0
    now += 0.25
    assert player.position == 0.25
    player.seek(RATE * 9 // 10)
    now += 0.05
    assert player.at == RATE * 95 // 100
    player.change(Manner(loop=True))
    now += 0.125
    assert player.position == pytest.approx(0.075)
    player.stop()
    now += 1.0
    assert player.position is None


def test_the_shelf_keeps_what_was_used_last() -> None:
    loaded: list[int] = []

    def load(row: SampleRow) -> Sound:
        loaded.append(row.id)
        return sound_of(tone(row.id), 8_000)

    one = sound_of(tone(1), 8_000).frames.nbytes
    shelf = Shelf(load, attrgetter("id"), budget=2 * one)
    for sample_id in (1, 2, 1, 3, 1, 2):
        shelf.get(FakeWorkspace()._row(sample_id))
    assert loaded == [1, 2, 3, 2]
    shelf.clear()
    shelf.get(FakeWorkspace()._row(1))
    assert loaded[-1] == 1


def test_the_shelf_passes_errors_on_and_keeps_nothing() -> None:
    def load(row: SampleRow) -> Sound:
        raise DecodeError("holds no audio")

    shelf = Shelf(load, attrgetter("id"))
    for _ in range(2):
        with pytest.raises(DecodeError, match="holds no audio"):
            shelf.get(FakeWorkspace()._row(1))


def test_a_sound_knows_its_outline() -> None:
    sound = sound_of(tone(1, 0.5), 8_000)
    assert sound.duration == pytest.approx(0.5)
    assert sound.overview.shape == (1024, 2)
    assert sound.overview[:, 1].max() == pytest.approx(0.5, abs=0.06)
