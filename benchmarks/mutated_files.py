"""Small files of every kind that can be written here, and damage done to them: seeded, so kept."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import soundfile

FFMPEG_KINDS: dict[str, tuple[str, ...]] = {
    "aac.m4a": ("-c:a", "aac"),
    "alac.m4a": ("-c:a", "alac"),
    "adts.aac": ("-c:a", "aac"),
    "ac3.ac3": ("-c:a", "ac3"),
    "wma.wma": ("-c:a", "wmav2"),
    "wavpack.wv": ("-c:a", "wavpack"),
    "tta.tta": ("-c:a", "tta"),
    "vorbis.mka": ("-c:a", "libvorbis"),
    "opus.webm": ("-c:a", "libopus", "-ar", "48000"),
    "flac.mka": ("-c:a", "flac"),
    "dts.dts": ("-c:a", "dca", "-strict", "-2"),
    "flac_in.m4a": ("-c:a", "flac", "-f", "mp4", "-strict", "-2"),
    "s64.wav": ("-c:a", "pcm_s64le"),
}
"""What ffmpeg writes and libsndfile does not read: name of the file, and how it is coded."""

# Sizes, counts and rates that a damaged header may hold.
_NUMBERS = (0, 1, 2, 3, 7, 8, 127, 255, 256, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1)
_RUN_AT_MOST = 512


def small_sound(channels: int, sample_rate: int, seed: int) -> np.ndarray:
    """Return a tenth of a second of a tone in noise, float32, shape (t, channels)."""
    t = np.arange(sample_rate // 10) / sample_rate
    rng = np.random.default_rng(seed)
    mixed = 0.4 * np.sin(2 * np.pi * 440 * t)[:, None] + rng.normal(0, 0.05, (len(t), channels))
    return mixed.astype(np.float32)


def write_by_libsndfile(folder: Path) -> list[Path]:
    """Write a file in each format and coding that libsndfile writes; return those that it could."""
    written = []
    for kind in sorted(soundfile.available_formats()):
        if kind == "RAW":  # has no header, so nothing is read that does not know what it is
            continue
        for number, subtype in enumerate(sorted(soundfile.available_subtypes(kind))):
            for channels, rate in ((1 + number % 2, 44_100), (1, 8_000), (1, 48_000), (1, 16_000)):
                path = folder / f"{kind}_{subtype}.{kind.lower()}"
                try:
                    soundfile.write(
                        path, small_sound(channels, rate, number), rate, subtype, format=kind
                    )
                except (soundfile.LibsndfileError, ValueError):
                    path.unlink(missing_ok=True)  # this coding has channels or rates of its own
                else:
                    written.append(path)
                    break
    return written


def write_by_ffmpeg(folder: Path) -> list[Path]:
    """Write a file of each kind of FFMPEG_KINDS; none where there is no ffmpeg."""
    program = shutil.which("ffmpeg")
    if program is None:
        return []
    source = folder / "source.wav"
    soundfile.write(source, small_sound(2, 44_100, 0), 44_100, "PCM_16")
    written = []
    for name, how in FFMPEG_KINDS.items():
        path = folder / name
        command = [program, "-nostdin", "-v", "error", "-y", "-i", str(source), *how, str(path)]
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            written.append(path)
        else:
            path.unlink(missing_ok=True)  # a build without this encoder
    source.unlink()
    return written


def damaged(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Return the bytes of a file with one to four kinds of damage done to them.

    Args:
        data: The file.
        other: Another file, of which pieces get into this one.
        rng: Decides on everything.
    """
    for _ in range(int(rng.integers(1, 5))):
        harm = _HARMS[int(rng.integers(len(_HARMS)))]
        data = harm(data, other, rng) if len(data) >= 16 else data
    return data


def _place(data: bytes, rng: np.random.Generator) -> int:
    """Return where damage is done: half of the time in the header, where it harms most."""
    end = min(len(data), 128) if rng.random() < 0.5 else len(data)
    return int(rng.integers(end))


def _flip_bits(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 17))):
        changed[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _set_number(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Put a number that is too small, too large or not to be expected where a field may be."""
    number = int(_NUMBERS[int(rng.integers(len(_NUMBERS)))])
    order = "<" if rng.random() < 0.5 else ">"
    size, code = ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))[int(rng.integers(4))]
    field = struct.pack(order + code, number % 256**size)
    start = _place(data, rng) & ~1  # fields lie at even places in most headers
    return data[:start] + field + data[start + size :]


def _cut(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    return data[: _place(data, rng)]


def _remove(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    start = _place(data, rng)
    return data[:start] + data[start + int(rng.integers(1, _RUN_AT_MOST)) :]


def _splice(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put a piece of another file over a piece of this one, or between two."""
    start, from_ = _place(data, rng), int(rng.integers(len(other) or 1))
    piece = other[from_ : from_ + int(rng.integers(1, _RUN_AT_MOST))]
    return data[:start] + piece + data[start + len(piece) * int(rng.integers(2)) :]


def _graft(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Put the header of one file before the body of another."""
    cut = _place(data, rng)
    return data[:cut] + other[min(cut, len(other)) :]


def _swap(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Let two pieces change places, as chunks do."""
    a, b, c = sorted(int(rng.integers(len(data))) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    start = _place(data, rng)
    piece = data[start : start + int(rng.integers(1, _RUN_AT_MOST))]
    return data[:start] + piece * int(rng.integers(2, 9)) + data[start:]


def _fill(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    start, length = _place(data, rng), int(rng.integers(1, _RUN_AT_MOST))
    value = bytes([(0x00, 0xFF, int(rng.integers(256)))[int(rng.integers(3))]])
    return data[:start] + value * length + data[start + length :]


_HARMS = (
    _flip_bits,
    _set_number,
    _set_number,
    _cut,
    _remove,
    _splice,
    _graft,
    _swap,
    _repeat,
    _fill,
)
