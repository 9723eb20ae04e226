"""`--watch` on the command line: one line for a batch, and an end by Ctrl+C that keeps the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.answers import AddReport
from index.watching import WatchNews
from index.workspace import Workspace
from tests.audio_cases import tone, write
from tests.tui.answers import Crate


def report(**counts: int) -> AddReport:
    nothing = dict.fromkeys(("found", "new", "changed", "moved", "missing", "analysed"), 0)
    return AddReport(**{**nothing, **counts}, failed=(), seconds=0.0)


NEWS = (
    WatchNews("/s/808", report(found=9, new=2, analysed=2)),
    WatchNews("/s \x1b[2J", report(lost=1_200, missing=3_000)),
    WatchNews("/s is not there"),
)


@pytest.mark.parametrize("command", ["add", "scan"])
def test_each_batch_is_a_line_until_it_is_stopped(
    crate: Crate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    asked: list[Sequence[Path] | None] = []

    def watch(self: Workspace, folders: Sequence[Path] | None = None) -> Iterator[WatchNews]:
        asked.append(folders)
        yield from NEWS
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "watch", watch)
    library = tmp_path / "l.sqlite"
    write(tmp_path / "s" / "a.wav", tone(220.0))
    folders = [tmp_path / "s"] if command == "add" else []
    answer = crate(command, *folders, "--watch", library=library)
    assert answer.code == 130
    assert answer.err.splitlines()[-5:] == [
        "watching; Ctrl+C ends it",
        "/s/808: 2 new, 2 analysed",
        "/s \\x1b[2J: 1,200 gone",
        "/s is not there",
        "crate: stopped; what is done is kept",
    ]
    assert asked == [folders or None]


def test_folders_that_cannot_be_read_are_one_line(
    crate: Crate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(self: Workspace) -> Iterator[None]:
        yield from ()
        folders = (Path("/s/a\x1bb"), Path("/s/b"), Path("/s/c"))
        return AddReport(0, 0, 0, 0, 5, 0, (), 0.0, lost=5, unreadable=folders)

    monkeypatch.setattr(Workspace, "scan", scan)
    answer = crate("scan", library=tmp_path / "l.sqlite")
    assert [line for line in answer.err.splitlines() if "cannot read" in line] == [
        "cannot read /s/a\\x1bb and 2 more: their samples are missing, and kept; "
        "check the disk and the rights, then crate scan"
    ]
    answer = crate("scan", "--json", library=tmp_path / "l.sqlite")
    assert answer.json["unreadable"] == ["/s/a\x1bb", "/s/b", "/s/c"]
