from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from library.decode import decode, read
from library.errors import DecodeError
from tests import audio_cases


@pytest.mark.parametrize("name", audio_cases.GOOD)
def test_a_good_file_decodes_to_finite_frames(name: str, tmp_path: Path) -> None:
    decoded = decode(audio_cases.GOOD[name](tmp_path / name))
    assert decoded.clip.length >= 1
    assert np.isfinite(decoded.clip.frames).all()
    assert decoded.note == ""
    assert not decoded.truncated
    assert decoded.duration == pytest.approx(decoded.clip.duration)


@pytest.mark.parametrize("name", audio_cases.BROKEN)
def test_a_broken_file_gives_one_line_and_a_hint(name: str, tmp_path: Path) -> None:
    path = audio_cases.BROKEN[name](tmp_path / name)
    before = path.read_bytes()
    with pytest.raises(DecodeError) as caught:
        decode(path)
    assert caught.value.message
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("empty.wav", "empty"),
        ("zeros.wav", "zeros"),
        ("header_only.wav", "holds no audio"),
        ("pointer.wav", "Git LFS"),
        ("song.m4a", "M4A"),
        ("huge_rate.wav", "2147483647 Hz"),
    ],
)
def test_the_reason_names_the_trouble(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match=says):
        decode(audio_cases.BROKEN[name](tmp_path / name))


@pytest.mark.parametrize(
    ("subtype", "step"), [("PCM_U8", 2**-7), ("PCM_16", 2**-15), ("PCM_24", 2**-23), ("FLOAT", 0)]
)
def test_values_come_back_within_a_step_of_the_coding(
    subtype: str, step: float, tmp_path: Path
) -> None:
    sound = audio_cases.noise(0.1, channels=2)
    clip = read(audio_cases.write(tmp_path / "a.wav", sound, subtype))
    assert clip.frames.shape == sound.frames.shape
    assert np.abs(clip.frames - sound.frames).max() <= step


def test_format_and_rate_are_told(tmp_path: Path) -> None:
    decoded = decode(audio_cases.GOOD["odd_rate.wav"](tmp_path / "a.wav"))
    assert (decoded.format, decoded.subtype) == ("WAV", "PCM_16")
    assert decoded.clip.sample_rate == 31_337


def test_values_that_are_no_sound_are_silenced_and_noted(tmp_path: Path) -> None:
    frames = np.full(100, 0.5, np.float32)
    frames[[3, 5, 7, 9]] = np.nan, np.inf, -np.inf, 1e30
    decoded = decode(audio_cases.write(tmp_path / "a.wav", audio_cases.clip(frames), "FLOAT"))
    assert decoded.clip.frames[0, [3, 5, 7, 9]].tolist() == [0, 0, 0, 0]
    assert decoded.clip.frames[0, 4] == 0.5
    assert decoded.note.startswith("4 values")


def test_a_damaged_file_gives_what_comes_before_the_damage(tmp_path: Path) -> None:
    decoded = decode(audio_cases.cut_short(tmp_path / "a.flac"))
    assert 0.2 < decoded.clip.duration < 0.8
    assert decoded.truncated
    assert decoded.note


def test_reading_stops_at_the_limit_and_still_knows_the_duration(tmp_path: Path) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(2.0))
    decoded = decode(path, max_seconds=0.5)
    assert decoded.clip.duration == 0.5
    assert decoded.duration == pytest.approx(2.0)
    assert decoded.truncated
    np.testing.assert_array_equal(decoded.clip.frames, read(path).frames[:, :22_050])


def test_many_small_blocks_give_the_same_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = audio_cases.write(tmp_path / "a.flac", audio_cases.noise(1.0, channels=2))
    whole = read(path)
    monkeypatch.setattr("library.reading.BLOCK_VALUES", 999)
    np.testing.assert_array_equal(read(path).frames, whole.frames)


def test_no_header_raises_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("library.reading.VALUES_AT_MOST", 1000)
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(1.0, channels=2))
    decoded = decode(path)
    assert decoded.clip.frames.size == 1000
    assert decoded.truncated


@pytest.mark.skipif(os.name != "posix", reason="needs names of bytes")
def test_a_name_that_no_encoding_explains_is_read(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/kick \xff.wav"))
    audio_cases.write(tmp_path / "a.wav", audio_cases.tone()).rename(path)
    assert read(path).duration == 1.0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with pytest.raises(DecodeError, match="not a file"):
        decode(tmp_path / "a.wav")


def test_a_folder_and_a_file_that_is_gone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="not a file"):
        decode(tmp_path)
    with pytest.raises(DecodeError, match="cannot be opened"):
        decode(tmp_path / "gone.wav")
