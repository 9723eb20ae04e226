"""How twelve screens look at 120 by 36: pictures that a person has looked at and accepted.

What is drawn differently on purpose is looked at again, and accepted by
``pytest tests/tui/test_pictures.py --snapshot-update``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import settle
from tests.tui.fake_workspace import FakePlayer, FakeWorkspace
from tui.app import Browser

MARK_FOUR = ("m", "down") * 4

SCREENS = {
    "welcome": (),
    "list": ("down", "down", "m", "down"),
    "list-light": ("ctrl+t",),
    "query": ("slash", *"0 category:ki"),
    "similar": ("s", "w", "right", "up", "up"),
    "map": ("tab", "right", "right", "plus"),
    "morph": (*MARK_FOUR, "M", "right", "right", "up"),
    "shape": ("down", "e", "right", "right", "down", "left"),
    "variations": ("v", "right", "m", "right"),
    "dream": ("D", "down"),
    "teach": ("Y", *"crunchy", "enter", "y", "n", "y"),
    "help": ("question_mark",),
}
"""The keys to each from the first start, or from a library that has sounds."""


@pytest.mark.parametrize("screen", SCREENS)
def test_it_looks_as_it_did(screen: str, snap_compare: Callable[..., bool]) -> None:
    workspace = FakeWorkspace(samples=0 if screen == "welcome" else 60)

    async def drive(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in SCREENS[screen]:
            await pilot.press(key)
            await settle(pilot)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False  # the hour must not decide whether it is seen
        pilot.app.clear_notifications()
        await settle(pilot)

    app = Browser(lambda: workspace, FakePlayer)  # type: ignore[arg-type,return-value]
    try:
        assert snap_compare(app, terminal_size=(120, 36), run_before=drive)
    finally:
        workspace.let_all()
        app.let_go()
