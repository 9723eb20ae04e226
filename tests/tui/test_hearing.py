"""Hearing and looking into a sound by keys and mouse: what is asked of the player, what is seen."""

from __future__ import annotations

import numpy as np
import pytest

from index.sound_query import Region
from tests.tui.conftest import Run, settle
from tests.tui.fake_workspace import FakeWorkspace, tone
from tui.audition_settings import QUIETEST_DB, AuditionSettings
from tui.heard import MANY, Heard
from tui.messages import SpectrumReady
from tui.mixer import Manner
from tui.playback import prepared
from tui.widgets.sound_view import SoundView


def _long(seconds: float = 2.0, samples: int = 40) -> FakeWorkspace:
    workspace = FakeWorkspace(samples)
    workspace.seconds = seconds
    return workspace


async def test_loop_volume_and_gain_match_change_what_plays(run: Run) -> None:
    async with run(size=(160, 36)) as running:
        await running.press("down")
        assert running.player.manner == Manner()
        await running.press("r")
        assert running.player.manner.loop
        await running.press("<", "<")
        assert running.player.manner.gain == pytest.approx(10 ** (-4 / 20))
        assert any("loop · -4 dB" in line for line in running.text())
        await running.press(">", ">", ">")
        assert running.player.manner.gain == 1.0
        # Its loudness is -30 + 25 * 2 / 17 dB; its peak, 0.5, allows no more than 6 dB.
        await running.press("B")
        peak = float(np.abs(running.player.played[-1]).max())
        assert running.player.manner.gain == pytest.approx(1 / peak)
        await running.press("r", "B")
        assert running.player.manner == Manner()


async def test_settings_are_taken_and_given(run: Run) -> None:
    wanted = AuditionSettings(autoplay=False, loop=True, volume_db=-6, spectrum=True)
    async with run() as running:
        running.browse.use_audition_settings(wanted)
        await running.press("down")
        assert running.player.played == []
        await running.press("space")
        assert running.player.manner == Manner(True, None, pytest.approx(10 ** (-6 / 20)))
        assert running.browse.audition_settings == wanted
        assert any("▀" in line for line in running.text())


def test_settings_from_a_file_are_kept_within_their_range() -> None:
    assert AuditionSettings(volume_db=-900).volume_db == QUIETEST_DB
    assert AuditionSettings(volume_db=30).volume_db == 0
    assert AuditionSettings().louder(1) == AuditionSettings()
    assert AuditionSettings().told == ""


@pytest.mark.parametrize(
    ("loudness", "peak", "decibels"),
    [(-18, 0.5, 0), (-8, 1.0, -10), (-30, 0.1, 12), (-30, 0.5, 6.02), (-30, 2.0, 0), (None, 1, 0)],
)
def test_matching_brings_to_one_loudness_and_never_clips(
    loudness: float | None, peak: float, decibels: float
) -> None:
    gain = AuditionSettings(gain_match=True).gain(loudness, peak)
    assert 20 * np.log10(gain) == pytest.approx(decibels, abs=0.01)
    assert AuditionSettings().gain(loudness, peak) == 1.0


async def test_seeking_goes_by_what_is_drawn(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down")
        running.player.at_frame = 4000
        await running.press(".")
        assert running.player.started[-1] == 4800
        await running.press(",", ",")
        assert running.player.started[-1] == 3200
        await running.press("z", ".")
        assert running.player.started[-1] == 3600
        # Stopped: it plays from there.
        await running.press("space")
        assert not running.player.playing
        await running.press(".")
        assert running.player.playing
        assert running.player.started[-1] == 4000
        assert len(running.player.played) == 2


async def test_a_region_is_selected_heard_and_looped(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down", "R")
        assert len(running.player.played) == 1
        running.player.at_frame = 2000
        await running.press("[")
        running.player.at_frame = 6000
        await running.press("]")
        assert running.browse._audition.region == (2000, 6000)
        assert running.player.manner.region is None
        await running.press("R")
        assert running.player.manner == Manner(region=(2000, 6000))
        assert running.player.started[-1] == 2000
        assert any("[0.25 s + 500 ms]" in line for line in running.text())
        await running.press("r")
        assert running.player.manner == Manner(True, (2000, 6000))
        # What is heard outside it is not kept inside.
        running.player.at_frame = 2100
        await running.press(",")
        assert running.player.manner == Manner(True)
        assert running.player.started[-1] == 1300
        await running.press("space", "space")
        assert running.player.manner.region == (2000, 6000)
        await running.press("backslash")
        assert running.player.manner == Manner(True)
        assert running.browse._audition.region is None


async def test_a_region_belongs_to_its_sound(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down")
        running.player.at_frame = 2000
        await running.press("[", "down")
        assert running.browse._audition.region is None
        assert running.browse.inspector.view._region is None


async def test_what_sounds_like_a_region_is_listed_and_left_again(run: Run) -> None:
    async with run(_long(), size=(160, 36)) as running:
        await running.press("E")
        assert not [call for call in running.workspace.calls if call[0] == "similar"]
        await running.press("down")
        running.player.at_frame = 2000
        await running.press("[")
        running.player.at_frame = 6000
        await running.press("]", "E")
        assert running.workspace.regions == [Region(0.25, 0.75)]
        assert any("hat_0002.wav, 250 ms to 750 ms" in line for line in running.text())
        assert running.browse.finder.table.current == 2
        await running.press("down", "s")
        assert running.workspace.regions[-1] is None
        await running.press("escape")
        assert running.workspace.regions[-1] == Region(0.25, 0.75)
        await running.press("escape")
        assert running.browse._history.here.region is None


async def test_the_way_back_through_what_was_heard(run: Run) -> None:
    async with run() as running:
        await running.press("b", "down", "down", "down")
        await running.press("b", "b")
        assert running.browse.finder.current == 2
        np.testing.assert_array_equal(running.player.played[-1], prepared(tone(2), 8_000))
        played = len(running.player.played)
        await running.press("b")
        assert len(running.player.played) == played
        # Out of the list: the whole library is shown again.
        await running.press("end", "slash", *"kick", "enter", "down")
        assert running.browse.finder.current == 14
        await running.press("b")
        assert running.browse.finder.current == 40
        np.testing.assert_array_equal(running.player.played[-1], prepared(tone(40), 8_000))
        assert running.browse.search.query_text == ""
        await running.press("escape")
        assert running.browse.search.query_text == "kick"


def test_what_was_heard_has_no_neighbours_alike_and_an_end() -> None:
    heard = Heard()
    assert heard.back() is None
    for each in (1, 2, 2, 3, 1):
        heard.add(each)
    assert heard.ids == (1, 3, 2, 1)
    assert heard.back() == 3
    heard.add(3)
    assert heard.back() == 2
    heard.add(9)
    assert heard.ids == (9, 1, 3, 2, 1)
    assert heard.back() == 1
    for each in range(2 * MANY):
        heard.add(each)
    assert len(heard.ids) == MANY


async def test_zoom_and_pan(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down")
        view = running.browse.inspector.view
        assert view.view == (0, 16_000)
        running.player.at_frame = 4000
        await running.press(".", "z")
        assert view.view == (2400, 10_400)
        await running.press("}")
        assert view.view == (6400, 14_400)
        await running.press("}", "{")
        assert view.view == (4000, 12_000)
        await running.press(*"zzzzzzzzzzz")
        assert view.view[1] - view.view[0] == 64
        await running.press(*"ZZZZZZZZZZZZ")
        assert view.view == (0, 16_000)
        await running.press("z", "down")
        assert view.view == (0, 16_000)


async def test_the_view_follows_what_is_heard(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down", "z", "z")
        view = running.browse.inspector.view
        start, end = view.view
        running.player.at_frame = end - 1
        running.browse._tick()
        assert view.view == (start, end)
        running.player.at_frame = end + 100
        running.browse._tick()
        assert view.view == (end + 100, 2 * end + 100 - start)


async def test_the_mouse_seeks_selects_and_zooms(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down")
        view = running.browse.inspector.view
        width = view.size.width
        await running.pilot.click(SoundView, offset=(width // 2, 1))
        await settle(running.pilot)
        quarter, half = (round(16_000 * (width // part) / width) for part in (4, 2))
        assert running.player.started[-1] == half
        await running.pilot.mouse_down(SoundView, offset=(width // 4, 1))
        await running.pilot.hover(SoundView, offset=(width // 2, 1))
        await running.pilot.mouse_up(SoundView, offset=(width // 2, 1))
        await settle(running.pilot)
        assert running.browse._audition.region == (quarter, half)
        assert running.player.started[-1] == half
        view._zoom_around(1, 4000)
        assert view.view == (2000, 10_000)


async def test_the_spectrum_takes_the_place_of_the_waveform(run: Run) -> None:
    async with run(_long()) as running:
        await running.press("down")
        assert not any("▀" in line for line in running.text())
        await running.press("W")
        ready = running.of(SpectrumReady)[-1]
        view = running.browse.inspector.view
        assert isinstance(ready, SpectrumReady)
        assert ready.levels.shape == (2 * (view.size.height - 1), view.size.width)
        assert any("▀▀▀▀" in line for line in running.text())
        await running.press("z")
        assert running.of(SpectrumReady)[-1].view == view.view  # type: ignore[attr-defined]
        await running.press("W")
        assert not any("▀" in line for line in running.text())


async def test_a_long_sound_is_heard_before_the_rest_of_it_is_there(run: Run) -> None:
    workspace = _long(3.0)
    async with run(workspace) as running:
        workspace.hold_pieces.clear()
        await running.pilot.press("down")
        while not running.player.played:
            await running.pilot.pause()
        sound = running.browse._audition.sound
        assert sound is not None
        assert (sound.ready, sound.length, sound.complete) == (4000, 24_000, False)
        workspace.hold_pieces.set()
        await settle(running.pilot)
        assert sound.complete
        np.testing.assert_array_equal(sound.frames, prepared(tone(2, 3.0), 8_000))


async def test_a_long_sound_that_is_left_is_not_decoded_on(run: Run) -> None:
    workspace = _long(3.0)
    async with run(workspace) as running:
        workspace.hold_pieces.clear()
        await running.pilot.press("down")
        while not running.player.played:
            await running.pilot.pause()
        left = running.browse._audition.sound
        await running.pilot.press("down")
        while len(running.player.played) < 2:
            await running.pilot.pause()
        workspace.hold_pieces.set()
        await settle(running.pilot)
        assert left is not None
        assert not left.complete
        assert left.ready == 4000
        # It goes on where it was left.
        await running.press("up")
        assert left.complete
        assert left.ready == 24_000
