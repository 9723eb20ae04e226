"""Decoding: from a file of any kind, sound or broken, to a clip in bounded memory.

A header is only a claim. What is believed is the audio that comes out of the decoder, block by
block, up to a limit that no header can raise. Reading never writes to the file.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.clip import Clip
from library.errors import DecodeError
from library.names import displayable
from library.signatures import plain, why_unreadable

SAMPLE_RATES_HZ = (1_000, 768_000)
"""The lowest and the highest sample rate that is believed."""

_VALUES_AT_MOST = 2**26  # 256 MiB of float32: 25 minutes of mono, 12 of stereo at 44.1 kHz
_BLOCK_VALUES = 2**21
_SMALL_BLOCK_VALUES = 2**11
_LOUDEST = 1e6  # a value 120 dB over full scale is a damaged float, not a sound
_UNKNOWN = 2**60  # a stream of unknown length claims 2**63 - 1 frames
_FRAMES_PER_BYTE = 4096  # no codec packs more into a byte, so a header that says so is wrong


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What a file held.

    Attributes:
        clip: The audio; at least one frame, every value finite.
        format: The container as libsndfile names it, such as ``WAV`` or ``FLAC``.
        subtype: The coding inside it, such as ``PCM_24``.
        duration: Seconds of the whole file, also where the clip holds only its beginning.
        truncated: True when the clip does not hold all that the file claims to hold.
        note: What was odd about the file, in one line, or nothing.
    """

    clip: Clip
    format: str
    subtype: str
    duration: float
    truncated: bool
    note: str


@dataclass(slots=True)
class _Reading:
    """What came out of the decoder before it stopped."""

    parts: list[NDArray[np.float32]]  # each (c, t)
    length: int
    claimed: int
    channels: int
    sample_rate: int
    format: str
    subtype: str
    at_limit: bool = False
    error: str = ""


class _ForwardFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile is not typed
    """A sound file that is only read forward.

    soundfile seeks after every read of a seekable file, which damaged files and streams of
    unknown length do not survive.
    """

    def seekable(self) -> bool:
        """Say no, so that reading never seeks."""
        return False


def read(path: Path, max_seconds: float | None = None) -> Clip:
    """Return the audio of one file that the user chose.

    Raises:
        DecodeError: As :func:`decode`, with the file's name before the reason.
    """
    try:
        return decode(path, max_seconds).clip
    except DecodeError as error:
        raise DecodeError(f"{displayable(path.name)} {error.message}", error.hint) from error


def decode(path: Path, max_seconds: float | None = None) -> Decoded:
    """Decode a file.

    Args:
        path: An audio file in any format that libsndfile reads.
        max_seconds: Decode no more than this from the start; None for all, up to 256 MiB.

    Returns:
        The audio with what is known about it.

    Raises:
        DecodeError: Nothing in the file can be heard. The message is the reason alone, without
            the path, so that it can stand beside the file in a list.
    """
    head, size = _opening(path)
    reading = _read_blocks(path, head, max_seconds, _BLOCK_VALUES)
    if reading.error:
        # An error hides what its block held before it; small blocks lose less of the sound.
        reading = _read_blocks(path, head, max_seconds, _SMALL_BLOCK_VALUES)
    if not reading.length:
        if reading.error:
            raise why_unreadable(head, reading.error)
        raise DecodeError("holds no audio", "there is only a header; try another copy")
    frames = np.concatenate(reading.parts, axis=1)
    reading.parts.clear()
    notes = _mend(frames)
    seconds = reading.length / reading.sample_rate
    duration = seconds
    truncated = False
    if reading.at_limit:
        if reading.length < reading.claimed <= size * _FRAMES_PER_BYTE:
            duration = reading.claimed / reading.sample_rate
            truncated = True
    elif reading.error:
        truncated = True
        notes.append(f"damaged after {seconds:.2f} s ({plain(reading.error)})")
    elif _UNKNOWN > reading.claimed > reading.length * 1.05 + reading.sample_rate / 10:
        # MP3 lengths are estimates, so a small difference means nothing.
        truncated = True
        notes.append(f"shorter than its header says: {seconds:.2f} s were found")
    return Decoded(
        clip=Clip(frames, reading.sample_rate),
        format=reading.format,
        subtype=reading.subtype,
        duration=duration,
        truncated=truncated,
        note="; ".join(notes),
    )


def _opening(path: Path) -> tuple[bytes, int]:
    """Return the first 64 bytes and the size of a regular file."""
    try:
        # A pipe or a device would block, or never end.
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise DecodeError("is not a file")
        with path.open("rb") as file:
            return file.read(64), facts.st_size
    except OSError as error:
        raise DecodeError(f"cannot be opened ({error.strerror or error})") from error


def _read_blocks(path: Path, head: bytes, max_seconds: float | None, block_values: int) -> _Reading:
    """Read forward until the end, an error, or the limit."""
    # Undecodable names pass as bytes; Windows has none and takes text only.
    name = os.fspath(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        file = _ForwardFile(name)
    except (soundfile.LibsndfileError, TypeError, ValueError) as error:
        raise why_unreadable(head, _said(error)) from error
    with file:
        low, high = SAMPLE_RATES_HZ
        if not low <= file.samplerate <= high:
            raise DecodeError(f"claims a sample rate of {file.samplerate} Hz")
        reading = _Reading(
            parts=[],
            length=0,
            claimed=file.frames,
            channels=file.channels,
            sample_rate=file.samplerate,
            format=file.format,
            subtype=file.subtype,
        )
        limit = _VALUES_AT_MOST // reading.channels
        if max_seconds is not None:
            limit = min(limit, max(1, round(max_seconds * reading.sample_rate)))
        block = np.empty((max(1, block_values // reading.channels), reading.channels), np.float32)
        while reading.length < limit:
            wanted = min(len(block), limit - reading.length)
            try:
                got = file.read(out=block[:wanted])
            except soundfile.LibsndfileError as error:
                reading.error = _said(error)
                return reading
            if not len(got):
                return reading
            reading.parts.append(np.ascontiguousarray(got.T).copy())
            reading.length += len(got)
        reading.at_limit = True
    return reading


def _mend(frames: NDArray[np.float32]) -> list[str]:
    """Silence, in place, the values that are no sound, and say so."""
    peak = float(np.abs(frames).max())
    if peak <= _LOUDEST:  # False for NaN as well
        return []
    bad = ~(np.abs(frames) <= _LOUDEST)
    frames[bad] = 0.0
    return [f"{int(bad.sum())} values are not finite or far out of range and were silenced"]


def _said(error: Exception) -> str:
    """Return what the decoder said, without the path."""
    return str(getattr(error, "error_string", "") or error)
