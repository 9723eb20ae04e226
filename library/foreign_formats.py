"""Audio that libsndfile does not read: AAC, ALAC, WMA, WavPack and others, through an ffmpeg.

The program `ffmpeg` of the PATH is asked, where there is one. A file may come from a stranger, and
ffmpeg can do much more than decode, so it may do little: no network, no playlist or anything else
that names files, no decoder but those of audio, no block of memory of more than 128 MiB; and it is
ended where nothing comes out of it any more.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import numpy as np

from library import reading
from library.errors import DecodeError
from library.names import displayable
from library.reading import Reading, frames_to_read
from library.running_program import RunningProgram, running

NEEDS_FFMPEG = "needs ffmpeg"
"""What the reason begins with where a file could be read if ffmpeg were there."""

CRASHED = "ffmpeg crashed"
HUNG = "ffmpeg hung"
"""The errors that are of ffmpeg, whatever the file is."""

# Containers of audio. None of them names other files: no hls, concat, sdp, dash or image2. No mp3
# either: libsndfile reads it, and what it finds no frame in, ffmpeg makes noise of.
_CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,dts,dtshd,eac3,flac,iff,loas,matroska,mov,mlp,mpc,mpc8,ogg,"
    "oma,shn,tak,truehd,tta,voc,vqf,w64,wav,webm,wsd,wv,xwma"
)
# A film's pictures, or a cover's, are never decoded.
_CODECS = (
    "aac,aac_fixed,aac_latm,ac3,ac3_fixed,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,adpcm_swf,adpcm_yamaha,"
    "adpcm_g722,adpcm_g726,alac,amrnb,amrwb,ape,atrac3,atrac3al,atrac3plus,atrac3plusal,cook,dca,"
    "dsd_lsbf,dsd_lsbf_planar,dsd_msbf,dsd_msbf_planar,eac3,flac,gsm,gsm_ms,libopus,libspeex,"
    "libvorbis,mlp,mp1,mp1float,mp2,mp2float,mp3,mp3float,mpc7,mpc8,opus,pcm_alaw,pcm_dvd,pcm_f16le,"
    "pcm_f24le,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,"
    "pcm_s24le,pcm_s32be,pcm_s32le,pcm_s64be,pcm_s64le,pcm_s8,pcm_u16be,pcm_u16le,pcm_u24be,"
    "pcm_u24le,pcm_u32be,pcm_u32le,pcm_u8,qdm2,qdmc,shorten,speex,tak,truehd,tta,twinvq,vorbis,"
    "wavpack,wmalossless,wmapro,wmav1,wmav2,wmavoice,xma1,xma2"
)
_CAREFUL = (
    *("-max_alloc", str(2**27), "-protocol_whitelist", "file"),
    *("-format_whitelist", _CONTAINERS, "-codec_whitelist", _CODECS),
)

_NAME_LENGTH = 32

# What ffmpeg tells of a file before it begins. What the file's own tags say is indented further.
_CONTAINER = re.compile(r"^\[info\] Input #0, (\S+), from ", re.MULTILINE)
_DURATION = re.compile(r"^\[info\]   Duration: (\d{1,6}):(\d\d):(\d\d(?:\.\d+)?),", re.MULTILINE)
_TRACK = re.compile(r"^\[info\]   Stream #0:\d+\S*: Audio: (\w+)", re.MULTILINE)
# [aac @ 0x55d2…] [error] …: the number is another in each run.
_ERROR = re.compile(r"^(?:\[[^\]]* @ [^\]]*\] )?\[(?:error|fatal|panic)\] (.+)$", re.MULTILINE)


def installed() -> str | None:
    """Return the ffmpeg that the PATH leads to now, or None where there is none."""
    return shutil.which("ffmpeg")


def needs_ffmpeg(kind: str) -> DecodeError:
    """Return the error for a file of a kind that only ffmpeg reads, where there is none."""
    return DecodeError(
        f"{NEEDS_FFMPEG}, which is not on the PATH, as it is {kind}",
        "install ffmpeg and run crate scan",
    )


def read_foreign(ffmpeg: str, path: Path, max_seconds: float | None) -> Reading:
    """Let ffmpeg decode the first track of sound in a file, as it is: nothing is resampled.

    Args:
        ffmpeg: The program.
        path: The file.
        max_seconds: Decode no more than this from the start; None for all.

    Returns:
        What came out; nothing but an error where there was no sound.

    Raises:
        DecodeError: The file claims channels or a rate that are not believed, or ffmpeg does not
            start.
    """
    # An absolute path with a protocol before it: no name is an option, or a protocol of its own.
    name = "file:" + os.path.abspath(path)  # noqa: PTH100 - Path would leave the dots in it
    source = name if sys.platform == "win32" else os.fsencode(name)
    command = [
        *(ffmpeg, "-nostdin", "-nostats", "-hide_banner", "-v", "level+info"),
        *(*_CAREFUL, "-threads", "1", "-i", source, "-map", "0:a:0", "-map_metadata", "-1"),
        *("-c:a", "pcm_f32be", "-f", "au", "pipe:1"),
    ]
    found = Reading()
    try:
        with running(command) as run:
            _take_frames(found, run, max_seconds)
    except OSError as error:
        raise DecodeError(
            f"{NEEDS_FFMPEG}, which cannot be started ({error.strerror or error})"
        ) from error
    said = run.said.decode("utf-8", "replace")
    _take_facts(found, said, path.suffix[1:].lower())
    if not found.at_limit:
        trouble = _first_error(said)
        if run.hung or (run.returncode or 0) < 0:
            found.error = HUNG if run.hung else CRASHED
        elif run.returncode or not found.length:
            found.error = trouble or "ffmpeg finds no audio in it that it may decode"
        else:
            found.remark = trouble
    return found


def _take_frames(found: Reading, run: RunningProgram, max_seconds: float | None) -> None:
    """Keep the frames of the AU file that ffmpeg writes, up to the limit.

    Its header is six numbers of 32 bits, the second where the frames begin, the last two the rate
    and the channels: those that come out, whatever the file said.
    """
    pending = bytearray()
    limit = frame = 0
    for block in run.blocks():
        pending += block
        if not frame:
            if len(pending) < 24 or len(pending) < int.from_bytes(pending[4:8]):
                continue
            start, rate, channels = (int.from_bytes(pending[at : at + 4]) for at in (4, 16, 20))
            limit = frames_to_read(channels, rate, max_seconds)
            found.sample_rate, found.channels = rate, channels
            frame = 4 * channels
            del pending[:start]
        enough = found.length + len(pending) // frame >= limit
        if enough or len(pending) >= 4 * reading.BLOCK_VALUES:
            _keep(found, pending, frame, limit)
        if enough:
            found.at_limit = True
            return
    if frame:
        _keep(found, pending, frame, limit)


def _keep(found: Reading, pending: bytearray, frame: int, limit: int) -> None:
    """Move the whole frames that are waiting to what was found."""
    count = min(len(pending) // frame, limit - found.length)
    if count:
        values = np.frombuffer(bytes(pending[: count * frame]), ">f4")
        found.add(values.reshape(count, -1))
        del pending[: count * frame]


def _take_facts(found: Reading, said: str, ending: str) -> None:
    """Keep how ffmpeg names the file, and how long it takes it for, from what it told at first."""
    container, track, duration = (each.search(said) for each in (_CONTAINER, _TRACK, _DURATION))
    names = container[1].split(",") if container else [""]
    found.format = displayable(ending if ending in names else names[0])[:_NAME_LENGTH]
    found.subtype = displayable(track[1])[:_NAME_LENGTH] if track else ""
    if duration:
        hours, minutes, seconds = (float(each) for each in duration.groups())
        found.claimed = round((3600 * hours + 60 * minutes + seconds) * found.sample_rate)


def _first_error(said: str) -> str:
    """Return the first error that ffmpeg told, without places in memory and on the disk."""
    for text in _ERROR.findall(said):
        if "not on whitelist" in text:  # a cover's pictures, as was asked for
            continue
        # file:/home/a.m4a: Invalid data found when processing input
        plain = text.rsplit(": ", 1)[-1] if "file:" in text else text
        if plain and "file:" not in plain:
            return displayable(plain.strip())[:120]
    return ""
