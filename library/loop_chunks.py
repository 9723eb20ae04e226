"""What a file says of its tempo and key: ACID loops and sampler chunks of WAV, Apple Loops of AIFF.

Many programs write these chunks with whatever they had at hand, so nothing is believed alone: a
tempo must agree with the length of the sound, and the note 60, which stands for none said, is none.

Source:
    The layouts as libsndfile reads them (wav.c, aiff.c); Microsoft, Multimedia Data Standards
    Update (1994), for ``smpl`` and ``inst``.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from library.name_tempo import FASTEST, SLOWEST, fits
from library.riff import BIG_ENDIAN, chunks

_ACID = struct.Struct("<IHHfIHHf")
_ONE_SHOT, _HAS_ROOT = 0x01, 0x02
_SMPL = struct.Struct("<3II")
_BASC = struct.Struct(">II5H")
_MINOR, _MAJOR = 1, 2
_UNSAID = 60
_MOST_BEATS = 4096


class FileTold(NamedTuple):
    """What a file says of itself.

    Attributes:
        tempo: Beats a minute, 30 to 300; None where it says none, or one that cannot be.
        key: A number of `library.musical_key.KEYS`; of a note alone, not minor.
        one_shot: Whether it says that it is no loop.
    """

    tempo: float | None = None
    key: int | None = None
    one_shot: bool = False


def told_by_file(path: Path, seconds: float) -> FileTold:
    """Return what the chunks of a file say; nothing of a file that is neither WAV nor AIFF.

    Args:
        path: Any file.
        seconds: How long its sound is.

    Raises:
        OSError: The file cannot be read.
    """
    told: dict[bytes, FileTold] = {}
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        form, kind = (head := file.read(12))[:4], head[8:]
        if form == b"RIFF" and kind == b"WAVE":
            readers, found = _OF_WAV, chunks(file, 12, size)
        elif form == b"FORM" and kind in (b"AIFF", b"AIFC"):
            readers, found = _OF_AIFF, chunks(file, 12, size, BIG_ENDIAN)
        else:
            return FileTold()
        for name, start, stop in found:
            if name in readers and name not in told:
                told[name] = readers[name](file.read(min(stop - start, _ACID.size)), seconds)
    return _together(told[name] for name in readers if name in told)


def _together(told: Iterable[FileTold]) -> FileTold:
    """Return what several chunks say; what comes first is believed before what follows."""
    tempo = key = None
    one_shot = False
    for each in told:
        tempo = each.tempo if tempo is None else tempo
        key = each.key if key is None else key
        one_shot |= each.one_shot
    return FileTold(None if one_shot else tempo, key, one_shot)


def _acid(body: bytes, seconds: float) -> FileTold:
    if len(body) < _ACID.size:
        return FileTold()
    flags, root, _, _, beats, _, _, tempo = _ACID.unpack_from(body)
    key = _tonic(root) if flags & _HAS_ROOT else None
    if flags & _ONE_SHOT:
        return FileTold(None, key, True)
    return FileTold(_agreed(beats, tempo, seconds), key)


def _basc(body: bytes, seconds: float) -> FileTold:
    if len(body) < _BASC.size:
        return FileTold()
    _, beats, root, scale, _, below, loop_type = _BASC.unpack_from(body)
    key = _tonic(root) if scale in (_MINOR, _MAJOR) else None
    if key is not None and scale == _MINOR:
        key += 12
    if loop_type:
        return FileTold(None, key, True)
    quarters = beats * 4 / below if below in (2, 4, 8, 16) else 0.0
    tempo = 60 * quarters / seconds if seconds > 0 else 0.0
    return FileTold(_agreed(beats, tempo, seconds, quarters), key)


def _smpl(body: bytes, _: float) -> FileTold:
    return FileTold(None, _note(_SMPL.unpack_from(body)[-1])) if len(body) >= _SMPL.size else _NONE


def _inst(body: bytes, _: float) -> FileTold:
    return FileTold(None, _note(body[0])) if body else _NONE


def _agreed(
    beats: int, tempo: float, seconds: float, quarters: float | None = None
) -> float | None:
    """Return a tempo if it can be one, and makes the sound as long as it is."""
    # Every comparison with NaN is false.
    if not (SLOWEST <= tempo <= FASTEST and 0 < beats <= _MOST_BEATS):
        return None
    whole = fits(beats if quarters is None else quarters, seconds, tempo)
    return round(tempo, 2) if whole else None


def _note(number: int) -> int | None:
    return None if number == _UNSAID else _tonic(number)


def _tonic(number: int) -> int | None:
    return number % 12 if 0 < number < 128 else None


_NONE = FileTold()

_Reader = Callable[[bytes, float], FileTold]
_OF_WAV: dict[bytes, _Reader] = {b"acid": _acid, b"smpl": _smpl, b"inst": _inst}
_OF_AIFF: dict[bytes, _Reader] = {b"basc": _basc, b"INST": _inst}
