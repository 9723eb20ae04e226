"""What a job did and what a query finds, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.answers import AddReport, TrainReport
    from library.exporting import ExportReport
    from tui.looks import Look


def found(count: int, look: Look) -> str:
    """Return how much a look shows; nothing for the whole library."""
    if look.sound is not None:
        return f"{count - 1:,} nearest"
    return f"{count:,} found" if look.query.strip() else ""


def added(report: AddReport) -> str:
    """Return what adding or scanning did."""
    parts = [f"{report.found:,} sounds seen"]
    counts = (
        (report.new, "new"),
        (report.changed, "changed"),
        (report.moved, "moved"),
        (report.missing, "missing"),
        (report.analysed, "analysed"),
    )
    parts += [f"{count:,} {what}" for count, what in counts if count]
    if report.failed:
        parts.append(f"{len(report.failed):,} cannot be read: is:failed lists them")
    if report.unreadable:
        parts.append(f"{len(report.unreadable):,} folders cannot be read")
    return ", ".join(parts)


def trained(report: TrainReport) -> str:
    """Return what training a space did."""
    return (
        f"The space {report.space} learned from {report.samples:,} sounds in "
        f"{report.seconds:.0f} s and is in use; P draws its map"
    )


def projected(points: int) -> str:
    """Return what computing the map did."""
    return f"The map has {points:,} sounds; tab shows it"


def exported(report: ExportReport, folder: str) -> str:
    """Return what an export did."""
    told = f"{len(report.copied):,} files written into {folder}"
    if report.skipped:
        told += f"; {len(report.skipped):,} could not be: {report.skipped[0][2]}"
    return told


def saved(files: int, folder: str) -> str:
    """Return what saving a morph did."""
    return f"{files} files written into {folder}"


def kept(names: list[str], folder: str) -> str:
    """Return where takes were kept."""
    what = names[0] if len(names) == 1 else f"{len(names)} takes"
    return f"{what} kept in {folder}"
