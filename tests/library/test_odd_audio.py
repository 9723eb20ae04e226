"""Audio that is unusual but whole, and headers that lie: each has an answer, in bounded memory."""

from __future__ import annotations

import math
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.mutated_files import write_by_libsndfile
from library import decode as module
from library.decode import Decoded, decode, read
from library.descriptors import describe
from library.errors import DecodeError
from tests import audio_cases

MIB = 2**20


@pytest.fixture(autouse=True)
def no_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    """What libsndfile says is what is asked here."""
    monkeypatch.setenv("PATH", "")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """A file of every coding that libsndfile writes, by format."""
    found: dict[str, list[Path]] = {}
    for path in write_by_libsndfile(tmp_path_factory.mktemp("written")):
        found.setdefault(path.name.split("_")[0], []).append(path)
    return found


def peak_mib(work: Callable[[], object]) -> float:
    """Return how much memory NumPy and Python took at once, MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def answer(path: Path) -> Decoded | str:
    """Return what a file decodes to, or the reason why it does not."""
    try:
        return decode(path)
    except DecodeError as error:
        return str(error)


def sparse(path: Path, header: bytes, size: int) -> Path:
    """Write a header and a hole behind it, which takes no room on most disks."""
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + size)
    return path


def wav_header(
    size: int, channels: int = 1, rate: int = 44_100, bits: int = 16, tag: int = 1
) -> bytes:
    """Return the header of a WAV file that claims so many bytes of audio."""
    block = channels * bits // 8 % 2**16
    facts = struct.pack("<HHIIHH", tag, channels, rate, rate * block % 2**32, block, bits)
    start = b"RIFF" + struct.pack("<I", min(36 + size, 2**32 - 1)) + b"WAVEfmt \x10\0\0\0" + facts
    return start + b"data" + struct.pack("<I", size)


def rf64_header(size: int, rate: int = 44_100) -> bytes:
    """Return the header of a mono RF64 file of 16 bits that claims so many bytes, EBU 3306."""
    sizes = struct.pack("<QQQI", size + 72, size, size // 2, 0)
    facts = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    start = b"RF64\xff\xff\xff\xffWAVEds64" + struct.pack("<I", len(sizes)) + sizes
    return start + b"fmt \x10\0\0\0" + facts + b"data\xff\xff\xff\xff"


FORMATS = sorted(set(soundfile.available_formats()) - {"RAW"})


@pytest.mark.parametrize("kind", FORMATS)
def test_every_coding_of_every_format_is_read(kind: str, written: dict[str, list[Path]]) -> None:
    if kind not in written:
        pytest.skip("this libsndfile does not write it")
    for path in written[kind]:
        decoded = decode(path)
        assert decoded.clip.length == soundfile.info(path).frames > 700, path.name
        assert 0.2 < np.abs(decoded.clip.frames).max() < 1.5, path.name
        assert decoded.duration == pytest.approx(decoded.clip.duration)
        assert decoded.note == "", path.name
        assert not decoded.truncated


@pytest.mark.parametrize("channels", [1, 2, 3, 5, 6, 8, 32, 255, 1024])
def test_any_number_of_channels_is_kept_apart(channels: int, tmp_path: Path) -> None:
    frames = np.linspace(-0.5, 0.5, channels)[:, None] * np.ones(50)
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.clip(frames), "FLOAT")
    clip = read(path)
    np.testing.assert_array_equal(clip.frames, frames.astype(np.float32))
    assert describe(clip).loudness <= 0


def test_more_channels_than_are_believed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_header(2 * 65_535 * 4, channels=65_535) + bytes(2 * 65_535 * 4))
    with pytest.raises(DecodeError):
        decode(path)


@pytest.mark.parametrize("rate", [1_000, 4_000, 11_025, 96_000, 192_000, 384_000, 768_000])
def test_any_rate_is_kept_and_described(rate: int, tmp_path: Path) -> None:
    clip = read(audio_cases.write(tmp_path / "a.wav", audio_cases.tone(200, 0.3, rate)))
    assert clip.sample_rate == rate
    assert describe(clip).brightness == pytest.approx(200, rel=0.1)


@pytest.mark.parametrize("rate", [0, 1, 999, 768_001, 2**31 - 1])
def test_a_rate_that_is_not_believed_is_refused(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_header(200, rate=rate) + bytes(200))
    with pytest.raises(DecodeError):
        decode(path)


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "AU", "CAF", "W64", "RF64", "FLAC", "OGG"])
def test_a_file_of_no_frames_says_so(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    soundfile.write(path, np.zeros((0, 1)), 44_100, format=kind)
    with pytest.raises(DecodeError) as caught:
        decode(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "AU", "CAF", "W64", "RF64", "FLAC"])
def test_one_frame_is_a_sound(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    soundfile.write(path, np.full((1, 2), 0.5), 44_100, "PCM_16", format=kind)
    clip = read(path)
    assert clip.frames.tolist() == [[0.5], [0.5]]
    assert describe(clip).loudness < 0


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1e-45, -1e-40, 1e-38, 0.25, -1.0, 1.0, 1e5, math.nan, math.inf, -math.inf, 3e38],
)
def test_any_value_all_along_is_decoded_and_described_in_finite_numbers(
    value: float, tmp_path: Path
) -> None:
    for subtype in ("FLOAT", "DOUBLE"):
        frames = np.full((2, 4410), value)
        path = tmp_path / f"{subtype}.wav"
        soundfile.write(path, frames.T, 44_100, subtype)
        decoded = decode(path)
        sound = abs(value) <= 1e6
        expected = np.float32(value) if sound else np.float32(0)
        np.testing.assert_array_equal(decoded.clip.frames, np.full((2, 4410), expected))
        assert bool(decoded.note) != sound
        described = [v for v in asdict(describe(decoded.clip)).values() if v is not None]
        assert np.isfinite(described).all()


def test_a_double_beyond_float32_is_silenced(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([0.5, 1e300, -1e300, 1e-300]), 44_100, "DOUBLE")
    decoded = decode(path)
    assert decoded.clip.frames.tolist() == [[0.5, 0.0, 0.0, 0.0]]
    assert decoded.note.startswith("2 values")


@pytest.mark.parametrize(
    ("header", "size", "hours"),
    [
        (wav_header(2 * 7200 * 44_100), 2 * 7200 * 44_100, 2.0),
        (rf64_header(2 * 40_000 * 96_000, 96_000), 2 * 40_000 * 96_000, 40_000 / 3600),
    ],
    ids=["wav", "rf64"],
)
def test_hours_are_read_as_far_as_is_asked(
    header: bytes, size: int, hours: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sparse(tmp_path / "a.wav", header, size)
    decoded = decode(path, max_seconds=10)
    assert decoded.duration == pytest.approx(3600 * hours)
    assert decoded.clip.duration == 10
    assert decoded.truncated
    assert peak_mib(lambda: decode(path, max_seconds=10)) < 3 * 10 * 96_000 * 4 / MIB + 10
    monkeypatch.setattr("library.reading.VALUES_AT_MOST", MIB)
    assert decode(path).clip.frames.size == MIB
    assert peak_mib(lambda: decode(path)) < 3 * 4 + 10  # what is kept, joined; and one block


LYING = {
    "data.wav": lambda: wav_header(2**32 - 1) + bytes(64),
    "channels.wav": lambda: wav_header(2**31, channels=1024, rate=384_000) + bytes(4096),
    "block.wav": lambda: wav_header(2**31, channels=1000, bits=64, tag=3) + bytes(8000),
    "rf64.wav": lambda: rf64_header(2**62) + bytes(64),
    "rf64_all.wav": lambda: rf64_header(2**63) + bytes(64),
    "a.au": lambda: struct.pack(">4s5I", b".snd", 24, 2**32 - 2, 3, 44_100, 1) + bytes(64),
    "far.au": lambda: struct.pack(">4s5I", b".snd", 2**31, 64, 3, 44_100, 1) + bytes(64),
    "a.aiff": lambda: (
        b"FORM\x7f\xff\xff\xffAIFFCOMM\0\0\0\x12\0\x01\xff\xff\xff\xff\0\x10"
        b"\x40\x0e\xac\x44\0\0\0\0\0\0SSND\x7f\xff\xff\xff\0\0\0\0\0\0\0\0" + bytes(64)
    ),
    "a.caf": lambda: (
        b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20"
        + struct.pack(">d4s5I", 44_100.0, b"lpcm", 0, 2, 1, 1, 16)
        + b"data"
        + struct.pack(">q", 2**62)
        + bytes(68)
    ),
    "chunk.wav": lambda: b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\x7f" + bytes(64),
    "fmt.wav": lambda: b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f" + bytes(64),
    "a.flac": lambda: b"fLaC\x84\xff\xff\xff" + bytes(64),
}


@pytest.mark.parametrize("name", LYING)
def test_what_a_header_claims_is_not_allocated(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(LYING[name]())
    assert peak_mib(lambda: answer(path)) < 20
    given = answer(path)
    if isinstance(given, Decoded):
        assert given.clip.frames.nbytes <= 16 * path.stat().st_size
        assert given.duration < 1
        assert given.truncated == bool(given.note)
    else:
        assert given


def test_a_file_that_shrinks_meanwhile_gives_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(2.0))
    monkeypatch.setattr("library.reading.BLOCK_VALUES", 4096)

    class Shrinking(module.ForwardFile):
        def read(self, *arguments: object, **named: object) -> object:
            with path.open("r+b") as file:
                file.truncate(50_000)
            return super().read(*arguments, **named)

    monkeypatch.setattr(module, "ForwardFile", Shrinking)
    decoded = decode(path)
    assert decoded.clip.length == (50_000 - 44) // 2
    assert decoded.truncated
    assert "shorter than its header says" in decoded.note


def test_a_file_that_grows_meanwhile_gives_what_its_header_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(1.0))
    monkeypatch.setattr("library.reading.BLOCK_VALUES", 4096)

    class Growing(module.ForwardFile):
        def read(self, *arguments: object, **named: object) -> object:
            with path.open("ab") as file:
                file.write(bytes(10_000))
            return super().read(*arguments, **named)

    monkeypatch.setattr(module, "ForwardFile", Growing)
    decoded = decode(path)
    assert decoded.clip.length == 44_100
    assert not decoded.truncated


def test_a_file_that_vanishes_meanwhile_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(1.0))
    opening = module.opening

    def then_gone(asked: Path) -> tuple[bytes, int]:
        found = opening(asked)
        path.unlink()
        return found

    monkeypatch.setattr(module, "opening", then_gone)
    with pytest.raises(DecodeError, match="cannot be opened"):
        decode(path)
