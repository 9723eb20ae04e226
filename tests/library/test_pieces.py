"""Files piece by piece are the same audio as files read at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.decode import read
from library.errors import DecodeError
from library.pieces import pieces
from tests import audio_cases


def _joined(path: Path, max_seconds: float = 60.0) -> tuple[np.ndarray, list[int], list[bool]]:
    found = list(pieces(path, max_seconds, 0.3, 0.5))
    frames = np.concatenate([each.clip.frames for each in found], axis=1)
    return frames, [each.claimed for each in found], [each.last for each in found]


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.8, 2.0])
def test_the_pieces_are_the_file(tmp_path: Path, seconds: float) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(seconds, channels=2))
    frames, claimed, last = _joined(path)
    np.testing.assert_array_equal(frames, read(path).frames)
    assert set(claimed) == {frames.shape[1]}
    assert last == [False] * (len(last) - 1) + [True]


def test_no_more_is_decoded_than_was_asked_for(tmp_path: Path) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(2.0))
    frames, claimed, last = _joined(path, 1.0)
    assert frames.shape[1] == 44_100
    assert set(claimed) == {44_100}
    assert last[-1]


def test_the_first_piece_reads_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from library import pieces as module

    read_so_far: list[int] = []

    class Counting(module.ForwardFile):
        def read(self, frames: int, *arguments: object, **named: object) -> object:
            read_so_far.append(frames)
            return super().read(frames, *arguments, **named)

    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(5.0))
    monkeypatch.setattr(module, "ForwardFile", Counting)
    next(iter(pieces(path, 60.0, 0.3)))
    assert read_so_far == [13_230]


def test_a_damaged_file_gives_what_the_careful_reading_finds(tmp_path: Path) -> None:
    whole = audio_cases.write(tmp_path / "a.flac", audio_cases.noise(3.0))
    damaged = bytearray(whole.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 3000] = bytes(3000)
    path = tmp_path / "b.flac"
    path.write_bytes(damaged)
    np.testing.assert_array_equal(_joined(path)[0], read(path).frames)


def test_values_that_are_no_sound_are_silenced(tmp_path: Path) -> None:
    import soundfile

    frames = np.full(44_100, 0.25, np.float32)
    frames[30_000] = np.nan
    soundfile.write(tmp_path / "a.wav", frames, 44_100, subtype="FLOAT")
    found = _joined(tmp_path / "a.wav")[0]
    assert found[0, 30_000] == 0.0
    assert (np.delete(found[0], 30_000) == 0.25).all()


@pytest.mark.parametrize("content", [b"", b"MThd" + bytes(100), b"RIFF\0\0\0\0WAVE"])
def test_what_cannot_be_read_says_so_as_ever(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(DecodeError) as at_once:
        read(path)
    with pytest.raises(DecodeError) as in_pieces:
        list(pieces(path, 60.0))
    assert str(in_pieces.value) == str(at_once.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match=r"none.wav cannot be opened"):
        list(pieces(tmp_path / "none.wav", 60.0))
