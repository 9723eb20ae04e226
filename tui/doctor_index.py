"""What `crate doctor` looks at beside the library file: spaces, search indexes, left-over files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.answers import SpaceRow
from index.codec_rows import HOUSE
from index.workspace import Workspace
from library.errors import UserError
from library.progress import Job
from tui.doctor_library import Finding


def look_at_spaces(
    workspace: Workspace, mend: bool, run: Callable[[Job[int]], int]
) -> Iterator[Finding]:
    """Check every space, and the files that are made from rows.

    Args:
        workspace: The library.
        mend: Also make the vectors and the search indexes that lack or are damaged, and delete
            what killed processes have left behind.
        run: Runs a job that mends.
    """
    yield from _files(workspace, mend)
    for space in workspace.spaces():
        try:
            lacking = left = workspace.lacking_vectors(space.name)
            if lacking and mend:
                run(workspace.embed(space.name))
                left = workspace.lacking_vectors(space.name)
        except UserError as error:
            yield Finding(f"space {space.name}", "broken", str(error))
            continue
        if left:
            about = f"{left} sounds have no vector in it: "
            about += _try_again(space) if mend else "crate doctor --mend makes those that it can"
            yield Finding(f"space {space.name}", "note", about)
        elif lacking:
            about = f"{lacking} sounds had no vector in it"
            yield Finding(f"space {space.name}", "mended", about)
        else:
            yield Finding(f"space {space.name}", "well", f"of {space.samples} sounds")


def _try_again(space: SpaceRow) -> str:
    """Return what encodes sounds that a codec has failed on."""
    if space.codec in (None, HOUSE):
        return "their files could not be encoded: crate scan tries again"
    name = space.codec
    return f"the codec {name!r} could not encode them: crate codec use {name!r} tries again"


def _files(workspace: Workspace, mend: bool) -> Iterator[Finding]:
    damaged = workspace.damaged_caches()
    left = workspace.left_over()
    megabytes = sum(path.stat().st_size for path in left) / 1e6
    if mend and (damaged or left):
        workspace.tidy()
    for path in damaged:
        about = f"{path.name} was damaged, or of another version: it is made again when needed"
        yield Finding("cache", "mended" if mend else "note", about)
    if left:
        about = f"{len(left)} files, {megabytes:,.1f} MB, were left by a process that was killed"
        yield Finding("files", "mended" if mend else "note", about)
