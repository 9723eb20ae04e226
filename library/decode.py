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

from library import reading as limits
from library.clip import Clip
from library.errors import DecodeError
from library.foreign_formats import CRASHED, HUNG, installed, needs_ffmpeg, read_foreign
from library.names import displayable
from library.reading import Reading, frames_to_read
from library.signatures import foreign_kind, plain, why_no_audio, why_undecodable

_SMALL_BLOCK_VALUES = 2**11
_LOUDEST = 1e6  # a value 120 dB over full scale is a damaged float, not a sound
_UNKNOWN = 2**60  # a stream of unknown length claims 2**63 - 1 frames
_FRAMES_PER_BYTE = 4096  # no codec packs more into a byte, so a header that says so is wrong


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What a file held.

    Attributes:
        clip: The audio; at least one frame, every value finite.
        format: The container as libsndfile names it, such as ``WAV`` or ``FLAC``, or, where only
            ffmpeg reads it, as ffmpeg does, such as ``m4a``.
        subtype: The coding inside it, such as ``PCM_24`` or ``aac``.
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


class ForwardFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile is not typed
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
        path: An audio file in any format that libsndfile reads, or an ffmpeg on the PATH.
        max_seconds: Decode no more than this from the start; None for all, up to 256 MiB.

    Returns:
        The audio with what is known about it.

    Raises:
        DecodeError: Nothing in the file can be heard. The message is the reason alone, without
            the path, so that it can stand beside the file in a list.
    """
    _, size = opening(path)
    reading = _read_blocks(path, max_seconds, limits.BLOCK_VALUES)
    if reading.error and reading.channels:
        # An error hides what its block held before it; small blocks lose less of the sound.
        reading = _read_blocks(path, max_seconds, _SMALL_BLOCK_VALUES)
    if not reading.length:
        head, size = opening(path)  # a file that has gone meanwhile says so
        if not reading.error:
            raise DecodeError("holds no audio", "there is only a header; try another copy")
        reading = _read_otherwise(path, head, reading.error, max_seconds)
    frames = np.concatenate(reading.parts, axis=1)
    reading.parts.clear()
    notes = mend(frames)
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
    if reading.remark:
        notes.append(f"damaged in places ({plain(reading.remark)})")
    return Decoded(
        clip=Clip(frames, reading.sample_rate),
        format=reading.format,
        subtype=reading.subtype,
        duration=duration,
        truncated=truncated,
        note="; ".join(notes),
    )


def opening(path: Path) -> tuple[bytes, int]:
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


def _read_blocks(path: Path, max_seconds: float | None, block_values: int) -> Reading:
    """Let libsndfile read forward until the end, an error, or the limit."""
    # Undecodable names pass as bytes; Windows has none and takes text only.
    name = os.fspath(path) if sys.platform == "win32" else os.fsencode(path)
    try:
        file = ForwardFile(name)
    except (soundfile.LibsndfileError, TypeError, ValueError) as error:
        return Reading(error=_said(error))
    with file:
        limit = frames_to_read(file.channels, file.samplerate, max_seconds)
        reading = Reading(
            channels=file.channels,
            sample_rate=file.samplerate,
            claimed=file.frames,
            format=file.format,
            subtype=file.subtype,
        )
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
            reading.add(got)
        reading.at_limit = True
    return reading


def _read_otherwise(path: Path, head: bytes, said: str, max_seconds: float | None) -> Reading:
    """Let ffmpeg read what libsndfile refuses, if it may be audio and there is an ffmpeg."""
    no_audio = why_no_audio(head)
    if no_audio is not None:
        raise no_audio
    kind = foreign_kind(head, said)
    ffmpeg = installed()
    if ffmpeg is None:
        raise needs_ffmpeg(kind) if kind else why_undecodable(said)
    reading = read_foreign(ffmpeg, path, max_seconds)
    if not reading.length:
        if reading.error in (CRASHED, HUNG):
            raise why_undecodable(reading.error)
        # What is wrong with a file of its own formats, libsndfile tells better.
        raise why_undecodable(f"{kind}: {reading.error}" if kind else said)
    return reading


def mend(frames: NDArray[np.float32]) -> list[str]:
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
