"""What files say of their tempo and key, and that nothing odd in them is believed."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from library.clip import Clip
from library.loop_chunks import FileTold, told_by_file
from library.wav import write_wav

SECONDS = 4.0
NOTHING = FileTold()
ONE_SHOT, ROOT = 1, 2


def acid(flags: int = 0, root: int = 0, beats: int = 8, tempo: float = 120.0) -> bytes:
    return struct.pack("<IHHfIHHf", flags, root, 0x8000, 0.0, beats, 4, 4, tempo)


def smpl(note: int) -> bytes:
    return struct.pack("<9I", 0, 0, 22675, note, 0, 0, 0, 0, 0)


def inst(note: int) -> bytes:
    return struct.pack("<Bbb4B", note, 0, 0, 0, 127, 1, 127)


def basc(beats: int = 8, root: int = 57, scale: int = 1, below: int = 4, kind: int = 0) -> bytes:
    return struct.pack(">II5H", 1, beats, root, scale, 4, below, kind) + bytes(66)


def chunk(name: bytes, body: bytes, head: str = "<4sI") -> bytes:
    return struct.pack(head, name, len(body)) + body + bytes(len(body) % 2)


def wav(tmp_path: Path, *chunks: bytes) -> Path:
    path = tmp_path / "loop.wav"
    write_wav(Clip(np.zeros((1, 400), np.float32), 100), path)
    with path.open("ab") as file:
        file.write(b"".join(chunks))
    return path


def aiff(tmp_path: Path, *chunks: bytes) -> Path:
    path = tmp_path / "loop.aif"
    body = b"AIFF" + b"".join(chunks)
    path.write_bytes(struct.pack(">4sI", b"FORM", len(body)) + body)
    return path


@pytest.mark.parametrize(
    ("chunks", "told"),
    [
        ([(b"acid", acid())], FileTold(120.0)),
        ([(b"acid", acid(ROOT, 57))], FileTold(120.0, 9)),
        ([(b"acid", acid(0, 57))], FileTold(120.0)),
        ([(b"acid", acid(ROOT | ONE_SHOT, 57))], FileTold(None, 9, True)),
        ([(b"smpl", smpl(61))], FileTold(None, 1)),
        ([(b"smpl", smpl(60))], NOTHING),
        ([(b"inst", inst(64))], FileTold(None, 4)),
        ([(b"smpl", smpl(61)), (b"acid", acid(ROOT, 57))], FileTold(120.0, 9)),
        ([(b"acid", acid()), (b"acid", acid(ROOT, 57, 4, 60.0))], FileTold(120.0)),
        # What does not agree with the length, or cannot be:
        ([(b"acid", acid(beats=7))], NOTHING),
        ([(b"acid", acid(beats=0))], NOTHING),
        ([(b"acid", acid(beats=2**32 - 1))], NOTHING),
        ([(b"acid", acid(tempo=math.nan))], NOTHING),
        ([(b"acid", acid(tempo=math.inf))], NOTHING),
        ([(b"acid", acid(tempo=-120.0))], NOTHING),
        ([(b"acid", acid(tempo=0.0))], NOTHING),
        ([(b"acid", acid(beats=80, tempo=1200.0))], NOTHING),
        ([(b"acid", acid(ROOT, 200))], FileTold(120.0)),
        ([(b"acid", acid()[:-1])], NOTHING),
        ([(b"acid", b"")], NOTHING),
        ([(b"smpl", smpl(2**32 - 1))], NOTHING),
        ([(b"smpl", b"\1")], NOTHING),
        ([(b"inst", b"")], NOTHING),
    ],
)
def test_a_wav_file(tmp_path: Path, chunks: list[tuple[bytes, bytes]], told: FileTold) -> None:
    path = wav(tmp_path, *(chunk(name, body) for name, body in chunks))
    assert told_by_file(path, SECONDS) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (basc(), FileTold(120.0, 21)),
        (basc(scale=2), FileTold(120.0, 9)),
        (basc(scale=3), FileTold(120.0)),
        (basc(beats=8, below=8), FileTold(60.0, 21)),
        (basc(kind=1), FileTold(None, 21, True)),
        (basc(below=0), FileTold(None, 21)),
        (basc(beats=0), FileTold(None, 21)),
        (basc(beats=2**32 - 1), FileTold(None, 21)),
        (basc(root=0xFFFF), FileTold(120.0)),
        (basc()[:10], NOTHING),
    ],
)
def test_an_apple_loop(tmp_path: Path, body: bytes, told: FileTold) -> None:
    path = aiff(tmp_path, chunk(b"COMM", bytes(18), ">4sI"), chunk(b"basc", body, ">4sI"))
    assert told_by_file(path, SECONDS) == told


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 1e9])
def test_a_length_that_fits_nothing_has_no_tempo(tmp_path: Path, seconds: float) -> None:
    assert told_by_file(wav(tmp_path, chunk(b"acid", acid())), seconds) == NOTHING
    assert told_by_file(aiff(tmp_path, chunk(b"basc", basc(scale=3), ">4sI")), seconds) == NOTHING


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"fLaC" + bytes(40)])
def test_another_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert told_by_file(path, SECONDS) == NOTHING


def test_a_chunk_that_says_it_is_longer_than_the_file_is_read_as_far_as_it_goes(
    tmp_path: Path,
) -> None:
    long = struct.pack("<4sI", b"acid", 2**32 - 1) + acid()
    assert told_by_file(wav(tmp_path, long), SECONDS) == FileTold(120.0)
