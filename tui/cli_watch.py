"""`crate add --watch` and `crate scan --watch`: a line on stderr for what changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.answers import AddReport
from index.workspace import Workspace
from tui.cli_output import say, unreadable_line


def tell_of_changes(workspace: Workspace, folders: Sequence[Path] | None = None) -> None:
    """Watch folders, or all roots, and say what comes of each batch of changes; never returns."""
    say("watching; Ctrl+C ends it")
    for news in workspace.watch(folders):
        say(news.about if news.report is None else f"{news.about}: {_told(news.report)}")


def _told(report: AddReport) -> str:
    """Return what a batch of changes came to, in a line."""
    counts = (
        (report.new, "new"),
        (report.changed, "changed"),
        (report.moved, "moved"),
        (report.lost, "gone"),
        (report.analysed, "analysed"),
        (len(report.failed), "cannot be read"),
    )
    told = [", ".join(f"{count:,} {what}" for count, what in counts if count)]
    told += [unreadable_line(report.unreadable)] if report.unreadable else []
    told += [report.trouble] if report.trouble else []
    return "; ".join(part for part in told if part)
