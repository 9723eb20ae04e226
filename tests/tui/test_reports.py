"""The sentences that tell what was done."""

from __future__ import annotations

from pathlib import Path

from index.answers import AddReport, TrainReport
from tests.tui.conftest import Run
from tui import reports
from tui.looks import Look


def test_what_adding_did() -> None:
    quiet = AddReport(1200, 0, 0, 0, 0, 0, (), 1.0)
    assert reports.added(quiet) == "1,200 sounds seen"
    broken = ((Path("a.wav"), "holds no audio"),)
    busy = AddReport(1200, 30, 2, 4, 5, 31, broken, 1.0)
    assert reports.added(busy) == (
        "1,200 sounds seen, 30 new, 2 changed, 4 moved, 5 missing, 31 analysed, "
        "1 cannot be read: is:failed lists them"
    )


def test_what_other_jobs_did() -> None:
    report = TrainReport("mine", 1200, 41.6, {}, {})
    assert reports.trained(report) == (
        "The space mine learned from 1,200 sounds in 42 s and is in use; P draws its map"
    )
    assert reports.projected(1200) == "The map has 1,200 sounds; tab shows it"
    assert reports.saved(9, "/x") == "9 files written into /x"


def test_what_a_look_finds() -> None:
    assert reports.found(1200, Look()) == ""
    assert reports.found(1200, Look("kick")) == "1,200 found"
    assert reports.found(201, Look("kick", sound=4)) == "200 nearest"


async def test_a_small_terminal_shows_all_parts_and_the_way_to_help(run: Run) -> None:
    async with run(size=(80, 24)) as running:
        for keys in (("down",), ("tab",), ("m", "right", "m", "M")):
            await running.press(*keys)
            lines = running.text()
            assert len(lines) == 24
            assert lines[-1].rstrip().endswith("? help")
        await running.press("escape", "tab")
        current = running.browse.finder.table.current
        lines = running.text()
        assert sum(f"_{current:04}.wav" in line for line in lines) == 2
        assert any("kHz" in line for line in lines)
