"""Handing sounds to the clipboard, the file manager, programs of the user's, and folders."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from library.errors import UserError
from tests.tui.conftest import Run
from tui import handing_off
from tui.handing_off import command_lines, showing, start
from tui.messages import JobDone, Started, Trouble
from tui.screens.pick import Pick

TWO = [Path("/s/a b.wav"), Path("/s/c.wav")]


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("play {path}", [["play", "/s/a b.wav"], ["play", "/s/c.wav"]]),
        (
            "play --in={path} -q",
            [["play", "--in=/s/a b.wav", "-q"], ["play", "--in=/s/c.wav", "-q"]],
        ),
        ("open {paths} now", [["open", "/s/a b.wav", "/s/c.wav", "now"]]),
        ("'my player' -x", [["my player", "-x", "/s/a b.wav", "/s/c.wav"]]),
        ("echo $(rm) ; ls", [["echo", "$(rm)", ";", "ls", "/s/a b.wav", "/s/c.wav"]]),
    ],
)
def test_commands_are_words_and_no_shell_runs_them(command: str, lines: list[list[str]]) -> None:
    assert command_lines(command, TWO) == lines


@pytest.mark.parametrize(
    ("command", "count", "trouble"),
    [
        ("play 'open", 1, "No closing quotation"),
        ("  ", 1, "the command is empty"),
        ("play {path}", 17, "that would start 17 programs"),
        ("play {paths}", 1001, "1,001 sounds are too many"),
    ],
)
def test_a_wrong_command_is_explained(command: str, count: int, trouble: str) -> None:
    with pytest.raises(UserError, match=trouble):
        command_lines(command, [Path("/s/a.wav")] * count)


def test_the_file_manager_of_each_system(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("/s/a.wav")
    monkeypatch.setattr(handing_off.sys, "platform", "darwin")
    assert showing(path) == ["open", "-R", str(path)]
    monkeypatch.setattr(handing_off.sys, "platform", "win32")
    assert showing(path) == ["explorer", f"/select,{path}"]
    monkeypatch.setattr(handing_off.sys, "platform", "linux")
    monkeypatch.setattr(handing_off.shutil, "which", lambda name: f"/bin/{name}")
    assert showing(path) == ["/bin/xdg-open", str(path.parent)]
    monkeypatch.setattr(handing_off.shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="xdg-open"):
        showing(path)


def test_a_program_is_started_and_left_to_itself(tmp_path: Path) -> None:
    out = tmp_path / "done"
    start([sys.executable, "-c", f"open({str(out)!r}, 'w').write('x'); print('seen by nobody')"])
    for _ in range(600):
        if out.exists():
            break
        time.sleep(0.05)
    assert out.exists()
    for program in handing_off._started:
        program.wait()


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match="no-such-program cannot be started: No such file"):
        start(["no-such-program"])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    lines: list[list[str]] = []
    monkeypatch.setattr(handing_off, "start", lambda words: lines.append(list(words)))
    return lines


async def test_paths_are_copied_one_a_line(run: Run) -> None:
    async with run() as running:
        await running.press("y")
        assert running.app.clipboard == "/sounds/snare/snare_0001.wav"
        await running.press("m", "down", "m", "y")
        assert running.app.clipboard.splitlines() == [
            "/sounds/snare/snare_0001.wav", "/sounds/hat/hat_0002.wav",
        ]  # fmt: skip


async def test_the_folder_is_opened(run: Run, started: list[list[str]], monkeypatch) -> None:
    monkeypatch.setattr(handing_off, "showing", lambda path: ["manager", str(path)])
    async with run() as running:
        await running.press("ctrl+f")
        assert started == [["manager", "/sounds/snare/snare_0001.wav"]]
        assert len(running.of(Started)) == 1


async def test_sounds_are_sent_to_a_program(run: Run, started: list[list[str]]) -> None:
    async with run() as running:
        running.browse.use_programs({"editor": "edit {paths}", "tracker": "track -n {path}"})
        await running.press("m", "down", "m", "ctrl+o")
        assert isinstance(running.app.screen, Pick)
        assert any("track -n {path}" in line for line in running.text())
        await running.press("down", "enter")
        assert started == [
            ["track", "-n", "/sounds/snare/snare_0001.wav"],
            ["track", "-n", "/sounds/hat/hat_0002.wav"],
        ]
        assert running.of(Started)[-1].told == "2 sounds sent to tracker"


async def test_a_program_that_cannot_be_started_is_told(run: Run) -> None:
    async with run() as running:
        running.browse.use_programs({"gone": "no-such-program {path}"})
        await running.press("ctrl+o", "enter")
        (trouble,) = running.of(Trouble)
        assert "no-such-program cannot be started" in str(trouble.error)


async def test_without_programs_it_is_said_how_to_set_one(run: Run) -> None:
    async with run() as running:
        await running.press("ctrl+o")
        assert running.app.screen is running.browse
        assert ["[send]" in note.message for note in running.app._notifications] == [True]


async def test_marked_sounds_are_exported(run: Run, tmp_path: Path) -> None:
    async with run() as running:
        await running.press("m", "down", "m", "ctrl+e")
        await running.answer(str(tmp_path / "kit"))
        await running.answer("{n:03} {name}")
        assert ("export", (1, 2), tmp_path / "kit", "{n:03} {name}") in running.workspace.calls
        assert len(running.of(JobDone)) == 1
