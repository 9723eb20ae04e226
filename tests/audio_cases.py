"""Synthesised audio for the tests: clips, and files of every kind, sound and broken."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from library.clip import Clip

RATE_HZ = 44_100


def clip(frames: object, sample_rate: int = RATE_HZ) -> Clip:
    """Return a clip of one channel (t,) or of several (c, t)."""
    return Clip(np.atleast_2d(np.asarray(frames, np.float32)), sample_rate)


def seconds(duration: float, sample_rate: int = RATE_HZ) -> NDArray[np.float64]:
    """Return the times of the frames of a duration."""
    return np.arange(round(duration * sample_rate)) / sample_rate


def tone(hz: float = 440.0, duration: float = 1.0, sample_rate: int = RATE_HZ) -> Clip:
    """Return a sine with its peak at half of full scale."""
    return clip(0.5 * np.sin(2 * np.pi * hz * seconds(duration, sample_rate)), sample_rate)


def pluck(hz: float = 440.0, duration: float = 1.0, tau: float = 0.15) -> Clip:
    """Return ten harmonics that fade at once."""
    t = seconds(duration)
    harmonics = sum(np.sin(2 * np.pi * hz * n * t) / n for n in range(1, 11) if hz * n < 20_000)
    return clip(0.3 * np.exp(-t / tau) * harmonics)


def noise(duration: float = 1.0, seed: int = 0, channels: int = 1) -> Clip:
    """Return white noise with a root mean square of 0.1."""
    return clip(np.random.default_rng(seed).normal(0, 0.1, (channels, round(duration * RATE_HZ))))


def click(duration: float = 0.5) -> Clip:
    """Return silence with one loud frame in it."""
    frames = np.zeros(round(duration * RATE_HZ))
    frames[1000] = 0.9
    return clip(frames)


def silence(duration: float = 0.5) -> Clip:
    """Return silence."""
    return clip(np.zeros(round(duration * RATE_HZ)))


def constant(duration: float = 0.5) -> Clip:
    """Return a constant, which nobody hears."""
    return clip(np.full(round(duration * RATE_HZ), 0.25))


def write(path: Path, sound: Clip, subtype: str = "PCM_16", kind: str | None = None) -> Path:
    """Write a clip as a file; the ending tells the kind unless it is named."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        soundfile.write(
            file, sound.frames.T, sound.sample_rate, subtype, format=kind or path.suffix[1:].upper()
        )
    return path


def _header(
    path: Path, data: bytes, channels: int = 1, rate: int = RATE_HZ, bits: int = 16
) -> Path:
    block = channels * bits // 8
    facts = struct.pack("<HHIIHH", 1, channels, rate, rate * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + facts + b"data" + struct.pack("<I", len(data))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data)
    return path


def _raw(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def cut_short(path: Path) -> Path:
    """Write a file that decodes up to where it is damaged."""
    write(path, noise(1.0), kind="FLAC")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _unknown_length(path: Path) -> Path:
    """Write a FLAC stream that does not say how long it is, as an encoder on a pipe does."""
    write(path, tone(), kind="FLAC")
    data = bytearray(path.read_bytes())
    # STREAMINFO follows the marker and a block header of 4 bytes; its total of samples is the
    # low 4 bits of byte 13 and the 4 bytes after.
    data[8 + 13] &= 0xF0
    data[8 + 14 : 8 + 18] = bytes(4)
    path.write_bytes(bytes(data))
    return path


GOOD: dict[str, Callable[[Path], Path]] = {
    "tone16.wav": lambda path: write(path, tone()),
    "tone8.wav": lambda path: write(path, tone(), "PCM_U8"),
    "tone24.wav": lambda path: write(path, tone(), "PCM_24"),
    "float.wav": lambda path: write(path, tone(), "FLOAT"),
    "double.wav": lambda path: write(path, tone(), "DOUBLE"),
    "stereo.wav": lambda path: write(path, noise(0.3, channels=2)),
    "six.wav": lambda path: write(path, noise(0.1, channels=6), kind="WAVEX"),
    "low_rate.wav": lambda path: write(path, tone(200, 0.5, 8_000)),
    "high_rate.wav": lambda path: write(path, tone(440, 0.2, 192_000)),
    "odd_rate.wav": lambda path: write(path, tone(440, 0.2, 31_337)),
    "one_frame.wav": lambda path: write(path, clip([0.5])),
    "click.wav": lambda path: write(path, click()),
    "silence.wav": lambda path: write(path, silence()),
    "constant.wav": lambda path: write(path, constant()),
    "tone.flac": lambda path: write(path, tone()),
    "tone.aiff": lambda path: write(path, tone()),
    "tone.ogg": lambda path: write(path, tone(), "VORBIS"),
    "tone.mp3": lambda path: write(path, tone(), "MPEG_LAYER_III"),
    "unknown_length.flac": _unknown_length,
}
"""Files that decode, by name."""

BROKEN: dict[str, Callable[[Path], Path]] = {
    "empty.wav": lambda path: _raw(path, b""),
    "text.wav": lambda path: _raw(path, b"not audio at all"),
    "zeros.wav": lambda path: _raw(path, bytes(4096)),
    "header_only.wav": lambda path: _header(path, b""),
    "no_channels.wav": lambda path: _header(path, bytes(100), channels=0),
    "no_rate.wav": lambda path: _header(path, bytes(100), rate=0),
    "huge_rate.wav": lambda path: _header(path, bytes(100), rate=2**31 - 1),
    "cut_header.wav": lambda path: _raw(path, b"RIFF\x24\0\0\0WAVEfm"),
    "pointer.wav": lambda path: _raw(
        path, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    ),
    "song.m4a": lambda path: _raw(path, b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(64)),
}
"""Files that hold nothing to be heard, by name."""
