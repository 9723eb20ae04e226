"""What libsndfile does not read: through an ffmpeg that may do little, and said where none is."""

from __future__ import annotations

import itertools
import os
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.mutated_files import FFMPEG_KINDS, small_sound, write_by_ffmpeg
from library import foreign_formats, running_program
from library.decode import decode, read
from library.errors import DecodeError
from library.foreign_formats import NEEDS_FFMPEG
from tests import audio_cases, flac_file

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell for a stand-in")

LOSSLESS = ("alac.m4a", "flac_in.m4a", "s64.wav", "tta.tta", "wavpack.wv")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind that this ffmpeg writes, by name."""
    return {path.name: path for path in write_by_ffmpeg(tmp_path_factory.mktemp("foreign"))}


@pytest.fixture
def no_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH that leads to nothing."""
    monkeypatch.setenv("PATH", "")


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of ffmpeg."""
    folder.mkdir()
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def wavpack(path: Path) -> Path:
    """Write what looks like WavPack, so that a stand-in is asked."""
    path.write_bytes(b"wvpk" + bytes(range(64)))
    return path


def au_header(rate: int, channels: int) -> str:
    """The header that a stand-in writes, for printf."""
    header = struct.pack(">4s5I", b".snd", 24, 2**32 - 1, 6, rate, channels)
    return "".join(f"\\{byte:03o}" for byte in header)


@needs_ffmpeg
@pytest.mark.parametrize("name", FFMPEG_KINDS)
def test_what_ffmpeg_writes_is_read(name: str, written: dict[str, Path]) -> None:
    if name not in written:
        pytest.skip("this ffmpeg has no such encoder")
    with pytest.raises(soundfile.LibsndfileError):
        soundfile.SoundFile(written[name])
    decoded = decode(written[name])
    assert decoded.clip.channels == 2
    assert decoded.clip.sample_rate == (48_000 if name == "opus.webm" else 44_100)
    assert decoded.clip.duration == pytest.approx(0.1, abs=0.06)  # a codec's blocks
    assert 0.2 < np.abs(decoded.clip.frames).max() <= 1.5
    assert decoded.format
    assert decoded.subtype
    assert not decoded.truncated
    assert decoded.note == ""


@needs_ffmpeg
@pytest.mark.parametrize("name", LOSSLESS)
def test_a_lossless_file_comes_back_value_for_value(name: str, written: dict[str, Path]) -> None:
    sound = np.round(small_sound(2, 44_100, 0).T * 2**15) / 2**15
    np.testing.assert_allclose(read(written[name]).frames, sound, atol=2**-15)


@needs_ffmpeg
def test_container_and_coding_are_named_as_ffmpeg_names_them(written: dict[str, Path]) -> None:
    names = {name: decode(written[name]) for name in ("aac.m4a", "alac.m4a", "wavpack.wv")}
    told = {name: (decoded.format, decoded.subtype) for name, decoded in names.items()}
    assert told == {
        "aac.m4a": ("m4a", "aac"),
        "alac.m4a": ("m4a", "alac"),
        "wavpack.wv": ("wv", "wavpack"),
    }


@needs_ffmpeg
@pytest.mark.parametrize("bits", [4, 12, 15, 20, 32])
def test_flac_of_any_depth_is_read(bits: int, tmp_path: Path) -> None:
    values = np.array([0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))] * 8)
    decoded = decode(flac_file.write(tmp_path / "a.flac", values, bits))
    expected = (values / 2 ** (bits - 1)).astype(np.float32)
    np.testing.assert_array_equal(decoded.clip.frames[0], expected)
    assert (decoded.format, decoded.subtype) == ("flac", "flac")


@needs_ffmpeg
def test_reading_stops_at_the_limit_and_still_knows_the_duration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = audio_cases.write(tmp_path / "a.wav", audio_cases.noise(3.0, channels=2))
    path = tmp_path / "a.m4a"
    os.spawnlp(os.P_WAIT, "ffmpeg", "ffmpeg", "-v", "error", "-i", str(source), str(path))
    decoded = decode(path, max_seconds=0.5)
    assert decoded.clip.duration == 0.5
    assert decoded.duration == pytest.approx(3.0, abs=0.05)
    assert decoded.truncated
    monkeypatch.setattr("library.reading.VALUES_AT_MOST", 1000)
    assert decode(path).clip.frames.size == 1000


@needs_ffmpeg
@pytest.mark.parametrize(
    "name", ["-i.wv", "http:a.wv", "a:b.wv", "%03d.wv", "a\nb '\".wv", "ü😀.wv"]
)
def test_no_name_is_more_than_a_name(
    name: str, written: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(written["wavpack.wv"], tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert read(Path(name)).length == 4410


@needs_ffmpeg
@pytest.mark.skipif(os.name != "posix", reason="needs names of bytes")
def test_a_name_that_no_encoding_explains_is_read(written: dict[str, Path], tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/kick \xff.wv"))
    shutil.copy(written["wavpack.wv"], path)
    assert read(path).length == 4410


@needs_ffmpeg
@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile other.wv\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.wv\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    ],
    ids=["concat", "hls", "sdp"],
)
def test_a_file_that_names_others_opens_none(
    playlist: str, written: dict[str, Path], tmp_path: Path
) -> None:
    shutil.copy(written["wavpack.wv"], tmp_path / "other.wv")
    for name in ("a.m4a", "a.ffconcat", "a.m3u8", "a.sdp"):
        (tmp_path / name).write_text(playlist, "utf-8")
        with pytest.raises(DecodeError, match="cannot be decoded"):
            decode(tmp_path / name)


@needs_ffmpeg
def test_without_the_list_of_containers_a_playlist_would_open_others(
    written: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test before this one holds is not true of every ffmpeg."""
    shutil.copy(written["wavpack.wv"], tmp_path / "other.wv")
    (tmp_path / "a.m4a").write_text("ffconcat version 1.0\nfile other.wv\n", "utf-8")
    monkeypatch.setattr(foreign_formats, "_CAREFUL", ())
    assert read(tmp_path / "a.m4a").length == 4410


@needs_ffmpeg
def test_a_cover_is_no_trouble(
    written: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cover = tmp_path / "cover.png"
    cover.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
        )
    )
    path = tmp_path / "a.m4a"
    command = ["ffmpeg", "-v", "error", "-i", str(written["aac.m4a"]), "-i", str(cover)]
    command += ["-map", "0", "-map", "1", "-c", "copy", "-disposition:1", "attached_pic", str(path)]
    assert os.spawnvp(os.P_WAIT, "ffmpeg", command) == 0
    decoded = decode(path)
    assert decoded.clip.channels == 2
    assert decoded.note == ""


@needs_ffmpeg
def test_a_file_cut_short_gives_what_there_is(written: dict[str, Path], tmp_path: Path) -> None:
    data = written["tta.tta"].read_bytes()
    (tmp_path / "a.aac").write_bytes(written["adts.aac"].read_bytes()[:-700])
    assert 0 < read(tmp_path / "a.aac").length < 4410 + 1024
    (tmp_path / "a.tta").write_bytes(data[: len(data) // 2])
    with pytest.raises(DecodeError, match="True Audio"):  # of one block, which is cut
        decode(tmp_path / "a.tta")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x20ftypM4A ", "MP4 or M4A"),
        (b"wvpk", "WavPack"),
        (b"MAC ", "Monkey's Audio"),
        (b"MPCK", "Musepack"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
        (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    ],
)
def test_without_ffmpeg_the_reason_says_so(
    head: bytes, kind: str, tmp_path: Path, no_ffmpeg: None
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(head + bytes(100))
    with pytest.raises(DecodeError) as caught:
        decode(path)
    assert str(caught.value).startswith(NEEDS_FFMPEG)
    assert kind in caught.value.message
    assert "install ffmpeg" in caught.value.hint


@pytest.mark.parametrize("bits", [12, 15, 20, 32])
def test_without_ffmpeg_flac_of_other_depths_says_so(
    bits: int, tmp_path: Path, no_ffmpeg: None
) -> None:
    path = flac_file.write(tmp_path / "a.flac", np.arange(40), bits)
    with pytest.raises(DecodeError, match=f"^{NEEDS_FFMPEG}.*FLAC of {bits} bits"):
        decode(path)


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_flac_of_the_usual_depths_needs_none(bits: int, tmp_path: Path, no_ffmpeg: None) -> None:
    values = np.arange(-20, 20)
    clip = read(flac_file.write(tmp_path / "a.flac", values, bits))
    assert clip.frames[0].tolist() == (values / 2 ** (bits - 1)).tolist()


@needs_scripts
def test_what_is_no_audio_is_never_given_to_ffmpeg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", monkeypatch, f"touch {tmp_path}/asked")
    for name in ("empty.wav", "zeros.wav", "pointer.wav", "header_only.wav"):
        with pytest.raises(DecodeError):
            decode(audio_cases.BROKEN[name](tmp_path / name))
    assert not (tmp_path / "asked").exists()
    with pytest.raises(DecodeError):
        decode(wavpack(tmp_path / "a.wv"))
    assert (tmp_path / "asked").exists()


@needs_scripts
def test_a_program_that_stops_midway_leaves_what_it_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"printf '{au_header(8000, 2)}'; head -c 8003 /dev/zero\n"
    script += 'echo "[wv @ 0x55d2] [error] Invalid block" >&2; exit 1'
    stand_in(tmp_path / "bin", monkeypatch, script)
    decoded = decode(wavpack(tmp_path / "a.wv"))
    assert decoded.clip.frames.shape == (2, 1000)
    assert decoded.clip.sample_rate == 8000
    assert decoded.truncated
    assert decoded.note == "damaged after 0.12 s (Invalid block)"


@needs_scripts
def test_a_program_that_gives_nothing_any_more_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_program, "SILENT_S", 0.3)
    header = au_header(8000, 1)
    stand_in(
        tmp_path / "bin", monkeypatch, f"printf '{header}'; head -c 400 /dev/zero; exec sleep 600"
    )
    decoded = decode(wavpack(tmp_path / "a.wv"))
    assert decoded.clip.length == 100
    assert decoded.note == "damaged after 0.01 s (ffmpeg hung)"
    assert decoded.truncated


@needs_scripts
def test_a_crash_of_the_program_is_no_crash_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", monkeypatch, "kill -SEGV $$")
    with pytest.raises(DecodeError, match="ffmpeg crashed"):
        decode(wavpack(tmp_path / "a.wv"))


@needs_scripts
@pytest.mark.parametrize(
    ("rate", "channels", "says"),
    [(8000, 0, "0 channels"), (8000, 2**31, "channels"), (0, 1, "0 Hz"), (2**31, 1, "Hz")],
)
def test_what_comes_out_is_not_believed_either(
    rate: int, channels: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = au_header(rate, channels)
    stand_in(tmp_path / "bin", monkeypatch, f"printf '{header}'; exec cat /dev/zero")
    with pytest.raises(DecodeError, match=f"claims .*{says}"):
        decode(wavpack(tmp_path / "a.wv"))


@needs_scripts
def test_a_program_without_end_is_read_to_the_limit_and_talks_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.reading.VALUES_AT_MOST", 2**16)
    script = (
        f"printf '{au_header(8000, 1)}'; yes '[error] no' | head -c 3000000 >&2; exec cat /dev/zero"
    )
    stand_in(tmp_path / "bin", monkeypatch, script)
    decoded = decode(wavpack(tmp_path / "a.wv"))
    assert decoded.clip.length == 2**16


@needs_scripts
def test_a_header_that_does_not_come_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, script in enumerate(("exit 0", "printf '.snd'", "head -c 24 /dev/zero", "exit 3")):
        with monkeypatch.context() as patch:
            stand_in(tmp_path / f"bin{number}", patch, script)
            with pytest.raises(DecodeError):
                decode(wavpack(tmp_path / "a.wv"))


@needs_scripts
def test_a_program_that_does_not_start_is_asked_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", monkeypatch, "")
    (tmp_path / "bin" / "ffmpeg").write_bytes(b"\x7fELF")
    with pytest.raises(DecodeError, match=f"^{NEEDS_FFMPEG}.*cannot be started"):
        decode(wavpack(tmp_path / "a.wv"))


@needs_scripts
def test_what_a_program_says_is_shown_without_paths_and_control_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "printf '[info] Input #0, \\033]0;x, from\\n[info]   Stream #0:0: Audio: x\\n' >&2\n"
        f"printf '[error] file:{tmp_path}/a.wv: bad \\033[31m thing\\n' >&2; exit 1"
    )
    stand_in(tmp_path / "bin", monkeypatch, script)
    with pytest.raises(DecodeError) as caught:
        decode(wavpack(tmp_path / "a.wv"))
    assert "bad \\x1b[31m thing" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_no_tag_of_a_file_passes_for_what_ffmpeg_says() -> None:
    said = "\n".join(
        [
            "[info] Input #0, mov,mp4,m4a, from 'file:/a.m4a':",
            "[info]   Metadata:",
            "[info]     Duration        : 99:00:00.00, start",
            "[info]     comment         : x",
            "[info]                     :   Duration: 98:00:00.00, start",
            "[info]   Duration: 00:01:02.50, start: 0.000000, bitrate: 64 kb/s",
            "[info]   Stream #0:0[0x1](und): Audio: aac (LC) (mp4a), 44100 Hz, mono, fltp",
        ]
    )
    found = foreign_formats.Reading(sample_rate=100)
    foreign_formats._take_facts(found, said, "m4a")
    assert (found.format, found.subtype, found.claimed) == ("m4a", "aac", 6250)


def test_every_container_and_codec_that_may_be_used_is_named_once() -> None:
    for names in (foreign_formats._CONTAINERS, foreign_formats._CODECS):
        each = names.split(",")
        assert all(a < b for a, b in itertools.pairwise(sorted(each)))
        assert not {"hls", "concat", "image2", "lavfi", "sdp", "dash", "h264", "png"} & set(each)
