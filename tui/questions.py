"""What the screens ask the workspace, each answered by one message. These run in threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from library.errors import UserError
from tui.columns import COLUMNS, value_of
from tui.messages import (
    AheadReady,
    ListReady,
    RestReady,
    RowsReady,
    SoundReady,
    SpaceReady,
    SpectrumReady,
    StatusReady,
    TakeHeard,
    TakesKept,
)
from tui.query_edit import sorting
from tui.sounds import AUDITION_SECONDS, Shelf, complete, fetch

if TYPE_CHECKING:
    from index.answers import Neighbour
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from tui.growing_sound import Sound
    from tui.looks import Among, Look

NEIGHBOURS = 200
"""How many similar sounds are listed."""


def samples(workspace: Workspace, look: Look) -> ListReady:
    """Return the samples of a look: all that match the query, or a sound and the nearest ones."""
    if look.sound is None:
        ids = workspace.ids(look.query)
        return ListReady(look, ids if look.among is None else among(ids, look.among), None)
    from index.sound_query import Region, SoundQuery

    region = None if look.region is None else Region(*look.region)
    query = SoundQuery(
        str(look.sound), NEIGHBOURS, look.query, region=region, weights=dict(look.weights)
    )
    # The sample itself is among what sounds like a piece of it.
    found = [each for each in workspace.similar(query) if each.row.id != look.sound]
    found = _in_order(found, *sorting(look.query))
    ids = np.array([look.sound, *(each.row.id for each in found)], dtype=np.int64)
    scores = np.array([1.0, *(each.score for each in found)], dtype=np.float32)
    names = dict.fromkeys(name for each in found for name in each.aspects)
    aspects = {
        name: np.array([1.0, *(each.aspects.get(name, np.nan) for each in found)], np.float32)
        for name in names
    }
    return ListReady(look, ids, scores, aspects)


def _in_order(found: list[Neighbour], field: str, reverse: bool) -> list[Neighbour]:
    """Return neighbours by what a column shows; those without it last. No field leaves them."""
    column = next((each for each in COLUMNS.values() if field and each.sort == field), None)
    if column is None:
        return found
    known = [each for each in found if value_of(column, each.row) is not None]
    unknown = [each for each in found if value_of(column, each.row) is None]
    known.sort(key=lambda each: value_of(column, each.row), reverse=reverse)
    return known + unknown


def among(ids: NDArray[np.int64], pointed_out: Among) -> NDArray[np.int64]:
    """Return those of some ids that were pointed out, in their order."""
    return ids[np.isin(ids, pointed_out.ids)]


def rows(workspace: Workspace, ids: NDArray[np.int64] | list[int]) -> RowsReady:
    """Return the rows with these ids."""
    return RowsReady(workspace.rows(ids))


def sound(
    workspace: Workspace,
    shelf: Shelf[SampleRow],
    sample_id: int,
    begin: Callable[[SampleRow, Sound], None] | None,
    known: SampleRow | None = None,
) -> SoundReady:
    """Return one sample with its audio.

    Args:
        workspace: The library.
        shelf: Where its audio may be.
        sample_id: The sample.
        begin: Called with it as soon as it can be heard, if it is to be played.
        known: The sample, where it is at hand.
    """
    row, audio, reason = fetch(workspace, shelf, sample_id, known)
    if begin is not None and audio is not None:
        begin(row, audio)
    return SoundReady(row, audio, reason, begin is not None)


def rest(workspace: Workspace, row: SampleRow, sound: Sound) -> RestReady:
    """Decode what a sound has not got yet."""
    complete(sound, workspace.pieces(row, AUDITION_SECONDS))
    return RestReady(sound)


def spectrum(sound: Sound, view: tuple[int, int], columns: int, bands: int) -> SpectrumReady:
    """Compute the spectrum of a part of a sound."""
    from library.spectrogram import spectrogram

    levels = spectrogram(sound.frames, sound.sample_rate, *view, columns, bands)
    return SpectrumReady(sound, view, levels)


def ahead(workspace: Workspace, shelf: Shelf[SampleRow], ids: list[int]) -> AheadReady:
    """Decode what may be heard next."""
    missing = [each for each in ids if shelf.at_hand(each) is None]
    for row in workspace.rows(missing) if missing else ():
        fetch(workspace, shelf, row.id, row)
    return AheadReady()


def status(workspace: Workspace) -> StatusReady:
    """Return the counts of the library."""
    return StatusReady(workspace.status())


def space(workspace: Workspace) -> SpaceReady:
    """Return the name of the space in use."""
    in_use = [each.name for each in workspace.spaces() if each.in_use]
    return SpaceReady(in_use[0] if in_use else "")


def heard(shelf: Shelf[int], number: int) -> TakeHeard:
    """Return a take of a shelf with its audio."""
    try:
        return TakeHeard(number, shelf.get(number), "")
    except UserError as error:
        return TakeHeard(number, None, str(error))


def kept(
    workspace: Workspace, takes: Mapping[int, Path], out: Path, sounds: tuple[str, ...]
) -> TakesKept:
    """Keep takes, which were made from some sounds, in a folder."""
    done: dict[int, Path] = {}
    for number, path in takes.items():
        try:
            done[number] = workspace.keep(path, out, None, sounds)
        except UserError as error:
            return TakesKept(done, error)
    return TakesKept(done, None)
