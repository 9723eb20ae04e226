"""Sounds of the library made ready for a player: the beginning at once, the rest behind."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from library.errors import LibraryError, UserError
from tui.growing_sound import CHANNELS, OVERVIEW_COLUMNS, Sound
from tui.playback import prepared

if TYPE_CHECKING:
    from pathlib import Path

    from index.workspace import Workspace
    from library.catalog import SampleRow
    from library.clip import Clip
    from library.pieces import Piece

AUDITION_SECONDS = 600.0
"""How much of a long file can be heard; it then takes 230 MB."""
TAKE_SECONDS = 60.0
"""How much of a file outside the library can be heard; it is decoded at once."""


def sound_of(clip: Clip, sample_rate: int) -> Sound:
    """Make a clip ready for a player with a sample rate in Hz."""
    return Sound.whole(prepared(clip, sample_rate), sample_rate)


def blocks(pieces: Iterator[Piece], sample_rate: int) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Make the pieces of a file ready for a player, without a seam between them.

    Args:
        pieces: Of one file, from its beginning.
        sample_rate: Hz of the player.

    Yields:
        Frames, float32, shape (t, 2), and how many there will be in all; as many as came where
        the file ends. Together they are what `prepared` makes of the whole clip, but for files of
        more than two channels, whose first piece tells how they are mixed.
    """
    resampler = None
    mix: NDArray[np.float32] | None = None
    done = 0
    for piece in pieces:
        clip = piece.clip
        frames = clip.frames
        if clip.channels > CHANNELS:
            mix = _mix_of(clip) if mix is None else mix
            frames = mix @ frames
        frames = np.ascontiguousarray(frames.T)
        if clip.sample_rate != sample_rate:
            if resampler is None:
                import soxr

                rates = (clip.sample_rate, sample_rate)
                resampler = soxr.ResampleStream(*rates, frames.shape[1], quality="HQ")
            frames = resampler.resample_chunk(frames, last=piece.last)
        if frames.shape[1] < CHANNELS:
            frames = np.repeat(frames, CHANNELS, axis=1)
        done += len(frames)
        expected = round(piece.claimed * sample_rate / clip.sample_rate)
        yield frames, done if piece.last else max(done + 1, expected)


def _mix_of(clip: Clip) -> NDArray[np.float32]:
    """Return the weights of the channels, float32, shape (1, c), that :meth:`Clip.mono` takes."""
    mono = clip.mono()
    alone = [np.array_equal(frames, mono) for frames in clip.frames]
    if any(alone):
        return np.eye(clip.channels, dtype=np.float32)[[alone.index(True)]]
    return np.full((1, clip.channels), 1 / clip.channels, np.float32)


def head_of(pieces: Iterator[Piece], sample_rate: int) -> Sound:
    """Return a sound that has the first piece of a file; it is complete if there is no other."""
    for frames, expected in blocks(pieces, sample_rate):
        sound = Sound(sample_rate, min(expected, round(AUDITION_SECONDS * sample_rate)))
        sound.append(frames)
        if len(frames) >= expected:
            sound.finish()
        return sound
    raise ValueError("a file has at least one piece")


def complete(sound: Sound, pieces: Iterator[Piece]) -> None:
    """Add the rest of a file to a sound, until somebody else takes the turn.

    Args:
        sound: As `head_of` made it, or more of it.
        pieces: Of the same file, from its beginning: what is there is left out.
    """
    turn, at = sound.take_turn(), 0
    try:
        for frames, _ in blocks(pieces, sound.sample_rate):
            if not sound.append(frames, at, turn):
                return
            at += len(frames)
    finally:
        sound.finish(turn)


def overview_of(clip: Clip) -> NDArray[np.float32]:
    """Return the outline of a clip, float32, shape (n, 2), as fine as it is ever drawn."""
    from library.waveform import overview

    return overview(clip, max(1, min(OVERVIEW_COLUMNS, clip.length)))


Of = TypeVar("Of")


class Shelf(Generic[Of]):
    """The sounds used last, up to a number of bytes; safe to use from several threads.

    Args:
        load: Decodes the beginning of what is asked for: a sample, or a take.
        number: What it is known by.
        budget: Bytes that the shelf may hold. One sound larger than that is not kept.
    """

    def __init__(
        self, load: Callable[[Of], Sound], number: Callable[[Of], int], budget: int = 64 * 2**20
    ) -> None:
        self._load = load
        self._number = number
        self._budget = budget
        self._sounds: OrderedDict[int, Sound] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, of: Of) -> Sound:
        """Return a sound, decoded if it is not on the shelf.

        Raises:
            UserError: It cannot be decoded.
        """
        number = self._number(of)
        with self._lock:
            sound = self._sounds.get(number)
        if sound is None:
            sound = self._load(of)
        with self._lock:
            self._sounds[number] = sound
            self._sounds.move_to_end(number)
            self._trim()
        return sound

    def _trim(self) -> None:
        # Sounds grow on the shelf. A very long one must not drive all others away.
        for each in [key for key, kept in self._sounds.items() if kept.nbytes > self._budget]:
            del self._sounds[each]
        held = sum(each.nbytes for each in self._sounds.values())
        while held > self._budget:
            held -= self._sounds.popitem(last=False)[1].nbytes

    def at_hand(self, sample_id: int) -> Sound | None:
        """Return a sound if it is on the shelf; this never waits for a disk."""
        with self._lock:
            if sample_id in self._sounds:
                self._sounds.move_to_end(sample_id)
            return self._sounds.get(sample_id)

    def clear(self) -> None:
        """Forget all sounds, because files may have changed."""
        with self._lock:
            self._sounds.clear()


def shelf_of(workspace: Workspace, sample_rate: int) -> Shelf[SampleRow]:
    """Return an empty shelf for the sounds of a library and a player with a rate in Hz."""
    return Shelf(
        lambda row: head_of(workspace.pieces(row, AUDITION_SECONDS), sample_rate),
        lambda row: row.id,
    )


def fetch(
    workspace: Workspace, shelf: Shelf[SampleRow], sample_id: int, known: SampleRow | None = None
) -> tuple[SampleRow, Sound | None, str]:
    """Return a sample with its sound, or with the reason why it cannot be heard.

    Raises:
        UserError: There is no such sample.
    """
    rows = workspace.rows([sample_id]) if known is None else [known]
    if not rows:
        raise LibraryError("That sample is not in the library any more")
    row = rows[0]
    if row.missing:
        return row, None, "The file is not there now; its words and rating are kept"
    if row.state == "failed":
        return row, None, row.reason or "The file cannot be read"
    try:
        return row, shelf.get(row), ""
    except UserError as error:
        return row, None, str(error)


def from_file(path: Path, sample_rate: int) -> tuple[Sound | None, str]:
    """Return the sound of a file outside the library, or the reason why it cannot be heard."""
    from library.decode import read

    try:
        return sound_of(read(path, TAKE_SECONDS), sample_rate), ""
    except UserError as error:
        return None, str(error)
