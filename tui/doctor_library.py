"""What `crate doctor` looks at first: the library file, its rows, its copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.workspace import Workspace
from library import backups
from library.database import SCHEMA_HEAD, open_database
from library.errors import UserError
from library.kept_files import into_place, keeping
from library.orphans import count_orphans, remove_orphans
from library.salvage import said, salvage
from library.tables import now


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        check: What was looked at.
        state: "well", "note" for what is not perfect but works, "broken", or "mended".
        about: What was found, and what to do.
    """

    check: str
    state: str
    about: str


def look_at_library(path: Path, mend: bool) -> Iterator[Finding]:
    """Check a library file and what its rows say of the samples.

    Args:
        path: The library.
        mend: Also mend what can be: what can be read of a damaged library takes its place, or its
            newest good copy where that has more of what the user said; it is moved aside. Rows
            that belong to nothing are deleted, after a copy.
    """
    if not path.exists():
        yield Finding("library", "note", f"{path} is not there yet: crate add makes it")
        return
    try:
        seen = backups.identity(path)
        if wrong := backups.damage(path):
            mended = _restored(path, seen, wrong, mend)
            yield mended
            if mended.state == "broken":
                return
        yield from _rows(path, mend)
    except UserError as error:
        yield Finding("library", "broken", str(error))


def _restored(path: Path, seen: tuple[int, int], wrong: str, mend: bool) -> Finding:
    """Tell of a damaged library, and put in its place what is left of it, if that is wanted."""
    copy = backups.newest_good(path)
    if not mend:
        second = f"or else the copy {copy.name}" if copy else "as there is no good copy"
        about = f"it is damaged ({wrong}): crate doctor --mend moves it aside, and puts in its "
        return Finding("library", "broken", f"{about}place what can be read of it, {second}")
    with keeping(backups.backups_folder(path), "the library") as part:
        samples, whole = salvage(path, part)
        if samples and (whole or copy is None or said(part) > said(copy)):
            aside = backups.put_in_place(path, part, seen)
            about = f"it was damaged ({wrong}) and lies in {aside} now; {samples} samples with "
            about += "all that you said of them" if whole else "what could be read, not all,"
            return Finding("library", "mended", f"{about} are in its place: crate scan")
        if copy is None:
            about = f"it is damaged ({wrong}), nothing of it can be read, and there is no good "
            about += f"copy in {backups.backups_folder(path)}: put back one of your own, or move "
            about += "it aside and crate add your folders again"
            return Finding("library", "broken", about)
        # It may say what the copy, which is older, does not.
        read = path.with_name(f"{path.name}.salvaged-{now():%Y%m%dT%H%M%S%f}") if samples else None
        if read:
            into_place(part, read)
    try:
        aside = backups.restore(path, copy, seen)
    except UserError:
        if read:
            read.unlink(missing_ok=True)
        raise
    about = f"it was damaged ({wrong}) and lies in {aside} now; {copy.name} is in its place, and "
    about += (
        f"{samples} samples that could be read lie in {read}" if read else "what is newer is lost"
    )
    return Finding("library", "mended", f"{about}: crate scan")


def _rows(path: Path, mend: bool) -> Iterator[Finding]:
    engine = open_database(path)
    try:
        orphans = count_orphans(engine)
    finally:
        engine.dispose()
    if orphans and not mend:
        about = f"{orphans} rows belong to nothing: crate doctor --mend deletes them, and makes "
        about += "folders again that samples lie in"
        yield Finding("library", "broken", about)
        return
    if orphans:
        copy = remove_orphans(path)
        about = f"{orphans} rows belonged to nothing, and were deleted or have their folder again; "
        about += f"{copy} is the library as it was"
        yield Finding("library", "mended", about)
    with Workspace.open(path) as workspace:
        status = workspace.status()
    yield Finding("library", "well", f"{path}, schema {SCHEMA_HEAD}")
    if kept := backups.copies(path):
        size = sum(copy.stat().st_size for copy in kept) / 1e6
        about = f"{len(kept)} of before upgrades, {size:,.0f} MB, in {kept[0].parent}: "
        yield Finding("copies", "well", about + "none is ever deleted but by you")
    yield Finding("samples", "well", f"{status.samples}, of them {status.analysed} analysed")
    if status.listed:
        yield Finding("samples", "note", f"{status.listed} wait for analysis: crate scan")
    if status.missing:
        yield Finding("samples", "note", f"{status.missing} are missing: is a disk unplugged?")
    if status.failed:
        yield Finding("samples", "note", f"{len(status.failed)} failed: crate status tells why")
