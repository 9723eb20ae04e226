"""Watching: what changes in the folders of a library is looked at as soon as it changes.

Only the folders of which the system says that something in them changed are looked at again. A
whole root is, when watching begins, when its disk comes or goes, when more changed at once than
can be told apart, and when a link to a folder is concerned. Whatever the system does not tell is
found by the next scan.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sqlalchemy import Engine

from index.answers import AddReport
from library.errors import LibraryError
from library.names import displayable
from library.progress import Job, drive
from library.register import Part, RegisterReport, refresh
from library.roots import KnownRoot, as_spelled, known_roots
from library.walk import Walk, is_audio

if TYPE_CHECKING:
    from watchfiles import Change

T = TypeVar("T")
Changes: TypeAlias = "set[tuple[Change, str]]"
Place: TypeAlias = KnownRoot | Part

QUIET_MS, LONGEST_MS = 400, 1_600
"""A batch of changes ends when nothing has changed for so long, or when it has lasted so long."""
ALIVE_MS = 2_000
"""How often it is asked whether the roots are there."""
POLL_SECONDS = 30.0
"""How often everything is looked at where the system does not tell what changes."""
MOST_CHANGES = 4_000
"""Of more at once some may be lost: the system's own queue holds a few times as many."""
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class WatchNews:
    """What happened while watching.

    Attributes:
        about: Which folder it concerns, or what the user should know.
        report: What came of looking; None where there is nothing but `about`.
    """

    about: str
    report: AddReport | None = None


def watch(
    engine: Engine,
    folders: Sequence[Path] | None,
    bring_up_to_date: Callable[[Job[RegisterReport]], Job[AddReport]],
) -> Iterator[WatchNews]:
    """Watch roots until the iterator is closed, and bring the library up to date with them.

    Args:
        engine: The library.
        folders: Which roots; all of them where None.
        bring_up_to_date: Makes the job that analyses what a registration has found.

    Yields:
        News, for each batch of changes that made a difference.

    Raises:
        LibraryError: There is no folder to watch.
    """
    roots = _chosen(engine, folders)
    polling = False
    there: dict[str, object] = {}
    while True:
        was, there = there, _identities(roots)
        present = [root for root in roots if there[root.path] is not None]
        due = [root for root in roots if was.get(root.path, ...) != there[root.path]]
        if was:
            for root in due:
                gone = there[root.path] is None
                yield WatchNews(f"{_name(root.path)} is {'not there' if gone else 'there again'}")
        if not present:
            yield from _look(engine, due, bring_up_to_date)
            time.sleep(ALIVE_MS / 1000)
            continue
        try:
            for changes in _changes(present, polling):
                # The first batch, mostly an empty one, says that from now on nothing is missed.
                whole = due or (present if changes is None else [])
                places: Sequence[Place] = whole or parts(present, changes or set())
                due = []
                yield from _look(engine, places, bring_up_to_date)
                if _identities(roots) != there:
                    break
        except _UnwatchableError as error:
            polling, there = True, was
            yield WatchNews(f"not told of changes ({error}): looking every {POLL_SECONDS:.0f} s")


def parts(roots: Sequence[KnownRoot], changes: Changes) -> list[Place]:
    """Return what has to be looked at after some changes: folders, or whole roots."""
    if len(changes) > MOST_CHANGES:
        return list(roots)
    places: set[Place] = set()
    for root in roots:
        walk = Walk(root.path, root.excludes)
        within = os.path.join(root.path, "")
        for change, path in changes:
            if path.startswith(within) and not walk.passes_over(path):
                places |= _of_change(root, change.name, path)
    places -= {each for each in places if isinstance(each, Part) and each.root in places}
    deep = {(each.root, each.folder) for each in places if isinstance(each, Part) and each.deep}
    few = [each for each in places if isinstance(each, KnownRoot) or not _below(each, deep)]
    if len(few) > MOST_PARTS:
        few = list({each.root if isinstance(each, Part) else each for each in few})
    return sorted(few, key=_order)


def _order(place: Place) -> tuple[str, int]:
    return (place.folder, place.root.id) if isinstance(place, Part) else (place.path, place.id)


def _of_change(root: KnownRoot, change: str, path: str) -> set[Place]:
    """Return what has to be looked at in a root after one change."""
    above = os.path.dirname(path)
    if os.path.realpath(above) != above or os.path.islink(path):
        # Through a link, or a link itself: which way to a folder counts, the whole root tells.
        audio = is_audio(path) and not os.path.isdir(path)
        return {
            Part(root, above, deep=False) if audio and os.path.realpath(above) == above else root
        }
    if os.path.isdir(path):
        return {Part(root, path, deep=change == "added")}
    if is_audio(path) and os.path.lexists(path):
        return {Part(root, above, deep=False)}
    if os.path.lexists(path):
        return set()
    # It may have been a file or a folder.
    gone: set[Place] = {Part(root, path, deep=True)}
    return gone | {Part(root, above, deep=False)} if is_audio(path) else gone


def _below(part: Part, deep: set[tuple[KnownRoot, str]]) -> bool:
    """Return whether a part lies in a folder of which all that its root has is looked at."""
    folder = part.folder
    if not part.deep and (part.root, folder) in deep:
        return True
    while len(folder) > len(part.root.path):
        folder = os.path.dirname(folder)
        if (part.root, folder) in deep:
            return True
    return False


def _look(
    engine: Engine,
    places: Sequence[Place],
    bring_up_to_date: Callable[[Job[RegisterReport]], Job[AddReport]],
) -> Iterator[WatchNews]:
    """Look at places, analyse what is new, and tell of it if there is anything to tell."""
    if not places:
        return
    started = time.monotonic()
    seen = drive(refresh(engine, places))
    first = places[0]
    about = _name(first.folder if isinstance(first, Part) else first.path)
    more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
    if seen.new or seen.changed or seen.moved:
        report = drive(bring_up_to_date(_done(seen)))
        yield WatchNews(about + more, report)
    elif seen.lost or seen.unreadable:
        seconds = time.monotonic() - started
        yield WatchNews(
            about + more,
            AddReport(
                found=seen.found,
                new=0,
                changed=0,
                moved=0,
                missing=seen.missing,
                analysed=0,
                failed=(),
                seconds=seconds,
                lost=seen.lost,
                unreadable=seen.unreadable,
            ),
        )


def _done(report: T) -> Job[T]:
    """Return a job that has been done."""
    yield from ()
    return report


class _UnwatchableError(Exception):
    """The system does not tell what changes in the folders."""


def _changes(roots: Sequence[KnownRoot], polling: bool) -> Iterator[Changes | None]:
    """Yield batches of changes, and empty ones in between; None where all has to be looked at.

    Raises:
        _UnwatchableError: It says why.
    """
    while polling:
        time.sleep(POLL_SECONDS)
        yield None
    failures = 0
    while True:
        try:
            for changes in _batches(roots):
                yield None if failures else changes
                failures = 0
        except OSError as error:  # no more folders can be watched
            raise _UnwatchableError(str(error)) from error
        except RuntimeError as error:
            # A name that is no text: of a file it spoils one batch, of a folder every one.
            failures += 1
            if failures > 1:
                raise _UnwatchableError(str(error)) from error


def _batches(roots: Sequence[KnownRoot]) -> Iterator[Changes]:
    from watchfiles import watch as watch_files

    batches = watch_files(
        *(root.path for root in roots),
        watch_filter=None,
        debounce=LONGEST_MS,
        step=QUIET_MS,
        rust_timeout=ALIVE_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    with closing(batches):
        yield from batches


def _chosen(engine: Engine, folders: Sequence[Path] | None) -> list[KnownRoot]:
    roots = known_roots(engine)
    if folders is not None:
        paths = {as_spelled(str(folder.expanduser().resolve())) for folder in folders}
        roots = [root for root in roots if root.path in paths] or roots
    if not roots:
        raise LibraryError("the library has no folder to watch", "add one with crate add FOLDER")
    return roots


def _identities(roots: Sequence[KnownRoot]) -> dict[str, object]:
    """Return which folder each root is now; None where it is not there."""
    found: dict[str, object] = {}
    for root in roots:
        try:
            facts = os.stat(root.path)
        except OSError:
            found[root.path] = None
        else:
            found[root.path] = (facts.st_dev, facts.st_ino)
    return found


def _name(path: str) -> str:
    return displayable(path)
