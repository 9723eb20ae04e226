"""The application over a workspace in memory, and how to wait for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.message import Message
from textual.notifications import Notify
from textual.pilot import Pilot
from textual.widgets import Input

from tests.conftest import MadeLibrary
from tests.tui.answers import Answer, Crate
from tests.tui.fake_workspace import FakePlayer, FakeWorkspace
from tui.app import Browser
from tui.cli import main
from tui.screens.browse import Browse


async def settle(pilot: Pilot[None]) -> None:
    """Wait until no worker runs and every message is handled."""
    await pilot.pause()
    while any(worker.is_running for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


@dataclass
class Running:
    """A running application."""

    app: Browser
    pilot: Pilot[None]
    workspace: FakeWorkspace
    player: FakePlayer
    messages: list[Message] = field(default_factory=list)

    @property
    def browse(self) -> Browse:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, Browse))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await settle(self.pilot)

    async def answer(self, line: str) -> None:
        """Fill in the dialog that asks."""
        self.app.screen.query_one(Input).value = line
        await self.press("enter")

    def of(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.messages if type(message) is kind]

    @property
    def told(self) -> list[str]:
        """What notifications have said so far; on the screen they pass away."""
        return [message.notification.message for message in self.of(Notify)]  # type: ignore[attr-defined]

    def text(self) -> list[str]:
        """What is on the screen, line by line."""
        width = self.app.size.width
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return ["".join(segment.text for segment in strip)[:width] for strip in strips]


Run = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture
def run() -> Run:
    """Run the application on a workspace."""

    @asynccontextmanager
    async def running(
        workspace: FakeWorkspace | None = None, size: tuple[int, int] = (120, 36)
    ) -> AsyncIterator[Running]:
        workspace = workspace or FakeWorkspace()
        player = FakePlayer()
        messages: list[Message] = []
        app = Browser(lambda: workspace, lambda: player)  # type: ignore[arg-type,return-value]
        async with app.run_test(size=size, message_hook=messages.append) as pilot:
            await settle(pilot)
            try:
                yield Running(app, pilot, workspace, player, messages)
            finally:
                workspace.let_all()
                app.let_go()

    return running


@pytest.fixture
def crate(library_copy: MadeLibrary, capfd: pytest.CaptureFixture[str]) -> Crate:
    """Run a command on a library of 40 sounds and one broken file; its space `mine` is in use."""

    def run(*arguments: object, library: Path | None = None) -> Answer:
        path = library or library_copy.path
        try:
            code = main(["--library", str(path), *map(str, arguments)])
        except SystemExit as end:  # argparse leaves by itself
            code = end.code if isinstance(end.code, int) else 1
        captured = capfd.readouterr()
        return Answer(code, captured.out, captured.err)

    return run
