"""Damage of every kind: a file is decoded or refused, and nothing else, whatever was done to it."""

from __future__ import annotations

import os
import struct
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import decode_verdicts, fuzz_decode
from benchmarks.fuzz_decode import Verdict, Watched, copies, files_of, verdict_on
from benchmarks.mutated_files import damaged, write_by_libsndfile
from library.decode import decode
from library.errors import DecodeError

UNEXPECTED = (0, 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1)


@pytest.fixture(autouse=True, scope="module")
def _no_ffmpeg() -> Iterator[None]:
    """Which ffmpeg there is, if any, must not change what is drawn or found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small file of every coding that libsndfile writes."""
    return write_by_libsndfile(tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_decoded_or_refused(seed: int, files: list[Path], tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    for path in copies(files, 200, seed, tmp_path):
        verdict = verdict_on(path)
        assert verdict.kind in {"decoded", "refused"}, (path.name, verdict)
        assert "\n" not in verdict.said
        assert str(tmp_path) not in verdict.said
        found[verdict.kind] += 1
    assert min(found.values()) > 40  # or the damage is not worth its name


def test_damage_is_drawn_by_the_seed(files: list[Path]) -> None:
    data, other = (files[n].read_bytes() for n in (0, -1))
    made = [damaged(data, other, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert made[0] == made[1] != made[2]
    assert sum(damaged(data, other, np.random.default_rng(n)) != data for n in range(50)) > 45


# A process of its own imports these by name.
def die(path: Path) -> Verdict:
    os.abort()


def stay(path: Path) -> Verdict:
    time.sleep(600)
    raise AssertionError


def is_there(path: Path) -> Verdict:
    return Verdict("decoded", "", 0.0) if path.exists() else Verdict("refused", "", 0.0)


@pytest.mark.parametrize(
    ("work", "patience", "kind"),
    [(die, 60.0, "crash"), (stay, 0.2, "hang"), (is_there, 60, "refused")],
)
def test_a_death_and_a_silence_are_noticed(work: object, patience: float, kind: str) -> None:
    watched = Watched(patience, work)  # type: ignore[arg-type]
    try:
        assert [watched.verdict(Path("gone")).kind for _ in range(2)] == [kind, kind]
    finally:
        watched.close()


def test_an_error_that_is_no_decode_error_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(fuzz_decode, "decode", fail)
    assert verdict_on(tmp_path).kind == "no verdict"


def test_values_that_are_not_finite_are_noticed(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = decode(files[0])
    decoded.clip.frames[0, 3] = np.nan
    monkeypatch.setattr(fuzz_decode, "decode", lambda *_: decoded)
    assert verdict_on(files[0]).kind == "not finite"


def test_the_run_tells_what_it_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    assert fuzz_decode.main(["--count", "30", str(tmp_path)]) == 0
    said = capfd.readouterr().out
    assert "30 files damaged" in said
    assert "0 crash, 0 hang, 0 no verdict, 0 not finite" in said
    assert files_of([tmp_path]) == [tmp_path / "a.wav"]


def test_verdicts_are_counted_by_kind(
    files: list[Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, data in {
        "good/a.wav": files[0].read_bytes(),
        "bad/a.wav": b"",
        "bad/b": b"x",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    decode_verdicts.main([str(tmp_path), "--list"])
    said = capfd.readouterr().out
    assert (
        "| bad | 0 | 0 | 2 | 0 | 0 | 0 | 0 |\n| good | 1 | 0 | 0 | 0 | 0 | 0 | 0 |\n3 files" in said
    )
    assert "bad/a.wav\trefused\tis empty" in said


number16 = st.one_of(
    st.sampled_from([n for n in UNEXPECTED if n < 2**16]), st.integers(0, 2**16 - 1)
)
number32 = st.one_of(st.sampled_from(UNEXPECTED), st.integers(0, 2**32 - 1))
TAGS = st.one_of(st.sampled_from([1, 2, 3, 6, 7, 0x11, 0x31, 0x55, 0xFFFE]), number16)


@st.composite
def wav_files(draw: st.DrawFn) -> bytes:
    """A RIFF file whose fields say anything; what is usual is drawn more often."""
    facts = struct.pack(
        "<HHIIHH",
        draw(TAGS),
        draw(st.one_of(st.integers(0, 8), number16)),
        draw(st.one_of(st.sampled_from([4_000, 44_100, 384_000]), number32)),
        draw(number32),
        draw(st.one_of(st.integers(0, 16), number16)),
        draw(st.one_of(st.sampled_from([1, 4, 8, 12, 16, 24, 32, 64]), number16)),
    )
    chunks = [
        (b"fmt ", facts + draw(st.binary(max_size=40))),
        (b"data", draw(st.binary(max_size=300))),
    ]
    names = st.sampled_from(
        [b"fact", b"LIST", b"ds64", b"smpl", b"cue ", b"bext", b"PEAK", b"    "]
    )
    chunks += draw(st.lists(st.tuples(names, st.binary(max_size=60)), max_size=3))
    body = b""
    for name, content in draw(st.permutations(chunks)):
        size = draw(st.one_of(st.just(len(content)), st.just(len(content)), number32))
        body += name + struct.pack("<I", size) + content + b"\0" * (len(content) % 2)
    start = draw(st.sampled_from([b"RIFF", b"RIFF", b"RIFX", b"RF64"]))
    size = draw(st.one_of(st.just(len(body) + 4), number32))
    return start + struct.pack("<I", size) + b"WAVE" + body


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn") / "a.wav"


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(data=wav_files())
def test_any_wav_header_has_an_answer(data: bytes, place: Path) -> None:
    place.write_bytes(data)
    decoded, reason = None, ""
    try:
        decoded = decode(place)
    except DecodeError as error:
        reason = str(error)
    assert (decoded is None) == bool(reason)
    assert "\n" not in reason
    if decoded is not None:
        assert np.isfinite(decoded.clip.frames).all()
        assert 1 <= decoded.clip.frames.size <= 8 * 4096 * len(data)
        assert 1_000 <= decoded.clip.sample_rate <= 768_000
        assert 0 < decoded.duration < 60
    assert place.read_bytes() == data


@settings(max_examples=100, derandomize=True, deadline=None, database=None)
@given(
    channels=st.integers(1, 64),
    rate=st.integers(1_000, 768_000),
    values=st.lists(st.integers(-(2**15), 2**15 - 1), min_size=1, max_size=200),
    claimed=number32,
    before=st.binary(max_size=30),
)
def test_a_true_header_gives_every_value_and_a_lying_size_changes_none(
    channels: int, rate: int, values: list[int], claimed: int, before: bytes, place: Path
) -> None:
    values = values * channels  # whole frames
    audio = np.array(values, "<i2").tobytes()
    before += b"\0" * (len(before) % 2)
    facts = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2 % 2**32, channels * 2, 16)
    start = b"WAVELIST" + struct.pack("<I", len(before)) + before + b"fmt \x10\0\0\0" + facts
    for size in (len(audio), max(claimed, len(audio))):
        body = start + b"data" + struct.pack("<I", size) + audio
        place.write_bytes(b"RIFF" + struct.pack("<I", min(4 + len(body), 2**32 - 1)) + body)
        decoded = decode(place)
        assert decoded.clip.sample_rate == rate
        expected = np.array(values, np.float32).reshape(-1, channels).T / 2**15
        np.testing.assert_array_equal(decoded.clip.frames, expected)
