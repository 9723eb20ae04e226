"""Sounds ready to be played and drawn, and a small shelf of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from library.errors import LibraryError, UserError
from tui.playback import prepared

if TYPE_CHECKING:
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from library.clip import Clip

AUDITION_SECONDS = 60.0
"""How much of a long file is decoded to be heard."""
OVERVIEW_COLUMNS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Audio ready to be heard and drawn.

    Attributes:
        frames: float32, shape (t, 2), at the sample rate of the player.
        overview: float32, shape (n, 2): minimum and maximum of n equal parts.
        duration: Seconds of what can be heard.
    """

    frames: NDArray[np.float32]
    overview: NDArray[np.float32]
    duration: float


def sound_of(clip: Clip, sample_rate: int) -> Sound:
    """Make a clip ready for a player with a sample rate in Hz."""
    return Sound(prepared(clip, sample_rate), overview_of(clip), clip.duration)


def overview_of(clip: Clip) -> NDArray[np.float32]:
    """Return the outline of a clip, float32, shape (n, 2), as fine as it is ever drawn."""
    from library.waveform import overview

    return overview(clip, max(1, min(OVERVIEW_COLUMNS, clip.length)))


class Shelf:
    """The sounds used last, up to a number of bytes; safe to use from several threads.

    Args:
        load: Decodes the sample with an id.
        budget: Bytes that the shelf may hold. One sound larger than that is not kept.
    """

    def __init__(self, load: Callable[[int], Sound], budget: int = 64 * 2**20) -> None:
        self._load = load
        self._budget = budget
        self._sounds: OrderedDict[int, Sound] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, sample_id: int) -> Sound:
        """Return a sound, decoded if it is not on the shelf.

        Raises:
            UserError: It cannot be decoded.
        """
        with self._lock:
            if sample_id in self._sounds:
                self._sounds.move_to_end(sample_id)
                return self._sounds[sample_id]
        sound = self._load(sample_id)
        with self._lock:
            self._sounds[sample_id] = sound
            self._sounds.move_to_end(sample_id)
            held = sum(each.frames.nbytes for each in self._sounds.values())
            while self._sounds and held > self._budget:
                held -= self._sounds.popitem(last=False)[1].frames.nbytes
        return sound

    def clear(self) -> None:
        """Forget all sounds, because files may have changed."""
        with self._lock:
            self._sounds.clear()


def shelf_of(workspace: Workspace, sample_rate: int) -> Shelf:
    """Return an empty shelf for the sounds of a library and a player with a rate in Hz."""
    return Shelf(lambda each: sound_of(workspace.clip(each, AUDITION_SECONDS), sample_rate))


def fetch(
    workspace: Workspace, shelf: Shelf, sample_id: int
) -> tuple[SampleRow, Sound | None, str]:
    """Return a sample with its sound, or with the reason why it cannot be heard.

    Raises:
        UserError: There is no such sample.
    """
    rows = workspace.rows([sample_id])
    if not rows:
        raise LibraryError("That sample is not in the library any more")
    row = rows[0]
    if row.missing:
        return row, None, "The file is not there now; its words and rating are kept"
    if row.state == "failed":
        return row, None, row.reason or "The file cannot be read"
    try:
        return row, shelf.get(sample_id), ""
    except UserError as error:
        return row, None, str(error)
