"""What a WAV file says of itself: other readers pass over it, and no length in it is believed."""

from __future__ import annotations

import struct
import warnings
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.io import wavfile

from library.decode import decode
from library.recipe import MOST_BYTES, RecipeError
from library.riff import append_info, read_info
from library.wav import as_written, read_recipe, write_wav
from tests import audio_cases
from tests.audio_cases import clip as audio
from tests.library.test_recipe import RECIPE


def chunk(name: bytes, body: bytes, length: int | None = None) -> bytes:
    head = struct.pack("<4sI", name, len(body) if length is None else length)
    return head + body + bytes(len(body) % 2)


@pytest.mark.parametrize("frames", [1, 2, 1001])
@pytest.mark.parametrize("text", [b"a", b"ab", b"x" * 70_000])
def test_what_is_appended_is_read_and_nothing_else_changes(
    tmp_path: Path, frames: int, text: bytes
) -> None:
    path = tmp_path / "a.wav"
    sound = audio(np.linspace(-0.5, 0.5, frames))
    write_wav(sound, path)
    before = decode(path).clip.frames
    append_info(path, {b"ISFT": b"me", b"ILCR": text})
    assert read_info(path, b"ILCR", 2**20) == text
    assert read_info(path, b"ISFT", 2**20) == b"me"
    assert read_info(path, b"ICMT", 2**20) is None
    assert read_info(path, b"ILCR", 10) == text[:11]
    assert np.array_equal(decode(path).clip.frames, before)
    assert struct.unpack("<I", path.read_bytes()[4:8])[0] == path.stat().st_size - 8


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("level", [0.25, 3.0])
def test_other_readers_hear_what_they_did(tmp_path: Path, channels: int, level: float) -> None:
    sound = audio(level * audio_cases.noise(0.0101, 3, channels).frames / 0.4)
    plain, told = tmp_path / "plain.wav", tmp_path / "told.wav"
    write_wav(sound, plain, exact=True)
    write_wav(sound, told, exact=True, recipe=RECIPE)
    assert np.array_equal(soundfile.read(told)[0], soundfile.read(plain)[0])
    with soundfile.SoundFile(told) as file:
        assert file.software.startswith("latentcrate ")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = wavfile.read(plain)[1]
        before = len(said)
        assert np.array_equal(wavfile.read(told)[1], found)
        assert len(said) == 2 * before
    if decode(plain).subtype == "PCM_24" and channels < 3:
        with wave.open(str(told)) as one, wave.open(str(plain)) as other:
            assert one.readframes(10**6) == other.readframes(10**6)
    read_back = decode(told).clip
    assert np.array_equal(read_back.frames, as_written(sound, exact=True).frames)
    assert read_recipe(told) == RECIPE
    assert read_recipe(plain) is None


def test_a_clip_is_known_before_it_is_written(tmp_path: Path) -> None:
    for number, level in enumerate((1e-5, 0.3, 1.0, 4.0)):
        for exact in (False, True):
            sound = audio(level * audio_cases.noise(0.05, number, 2).frames)
            path = tmp_path / f"{number}{exact}.wav"
            write_wav(sound, path, exact=exact)
            expected = as_written(sound, exact=exact)
            assert np.array_equal(decode(path).clip.frames, expected.frames)
            assert expected.sample_rate == sound.sample_rate


def test_a_recipe_names_no_place_and_no_time(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write_wav(audio_cases.tone(440, 0.01), tmp_path / name, recipe=RECIPE)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.wav", "b.wav"))
    assert first == second
    assert str(tmp_path).encode() not in first


def hostile(path: Path, after: bytes) -> Path:
    write_wav(audio_cases.tone(440, 0.01), path)
    path.write_bytes(path.read_bytes() + after)
    return path


@pytest.mark.parametrize(
    "after",
    [
        b"LIST",
        b"LIST\xff\xff\xff\xff",
        chunk(b"LIST", b"INFO", 2**32 - 1),
        chunk(b"LIST", b"INFO" + b"ILCR\xff\xff"),
        chunk(b"LIST", b"adtl" + chunk(b"ILCR", b"{}")),
        chunk(b"LIST", b""),
        chunk(b"ILCR", b"{}"),
        b"\0" * 5000,
        chunk(b"junk", b"") * 5000 + chunk(b"LIST", b"INFO" + chunk(b"ILCR", b"{}")),
        (chunk(b"LIST", b"INFO", 2**31) * 3000),
    ],
)
def test_odd_chunks_hold_no_recipe(tmp_path: Path, after: bytes) -> None:
    assert read_recipe(hostile(tmp_path / "a.wav", after)) is None


@pytest.mark.parametrize(
    "text",
    [b"", b"{}", b"\xff\x00\x1b[2J", b"[" * 100_000, b" " * (MOST_BYTES + 10)],
)
def test_a_damaged_recipe_is_told_in_one_line(tmp_path: Path, text: bytes) -> None:
    path = hostile(tmp_path / "a.wav", chunk(b"LIST", b"INFO" + chunk(b"ILCR", text)))
    with pytest.raises(RecipeError, match="the recipe is damaged"):
        read_recipe(path)


def test_a_recipe_that_claims_to_be_longer_than_the_file_is_damaged(tmp_path: Path) -> None:
    body = b"INFO" + chunk(b"ILCR", b'{"recipe": 1}', 2**30)
    with pytest.raises(RecipeError, match="damaged"):
        read_recipe(hostile(tmp_path / "a.wav", chunk(b"LIST", body, 2**31)))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"text", b"RIFF\0\0\0\0AVI LIST"])
def test_what_is_no_wav_file_holds_no_recipe(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    assert read_recipe(tmp_path / "a.wav") is None


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"cannot read none\.wav"):
        read_recipe(tmp_path / "none.wav")
