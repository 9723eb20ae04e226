"""The tempo that a name tells: ``loop_120bpm``, ``Bass_128_Am``. Rather none than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SLOWEST, FASTEST = 30.0, 300.0
"""Beats a minute that are believed of anybody."""

ONE_SHOTS = frozenset(("kick", "snare", "clap", "hat", "cymbal", "tom", "perc"))
"""Categories of which a single hit is the rule: a tempo in the name is that of the whole kit."""

_NUMBER = r"(\d{2,3}(?:[.,]\d{1,3})?)"
_BEFORE = re.compile(rf"(?<![\d.,]){_NUMBER}[\s_-]*bpm(?![a-z])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<![a-z])bpm[\s_-]*{_NUMBER}(?![\d.,])", re.IGNORECASE)
_RANGE = re.compile(r"(?<!\d)(\d{2,3})\s?[-–]\s?\d{2,3}[\s_-]*bpm", re.IGNORECASE)  # noqa: RUF001
_SEPARATORS = re.compile(r"[\s_\-()\[\]]+")
_BARE = re.compile(r"\d{2,3}(?:\.\d{1,3})?")
_BARE_TEMPI = (60.0, 200.0)

_FEWEST_BEATS = 1.9
_BEATS_OFF, _SHARE_OFF = 0.15, 0.015
_WHOLE_BARS = tuple(4 * bars for bars in range(1, 17))
_USUAL = (4, 8, 16, 32, 64)


def tempo_in_name(
    stem: str, folders: Sequence[str], seconds: float, category: str | None
) -> float | None:
    """Return the tempo that the name of a sample tells, else that of its nearest folder.

    A number with ``bpm`` is one where the sound is long enough for two beats. A bare number is one
    only where the sound is then some whole bars long. Of what is of a category of single hits, and
    of what only a folder tells, all must be whole bars.

    Args:
        stem: The file's name without its ending.
        folders: Those it lies in, the nearest last.
        seconds: How long it is.
        category: Of what category it is, if that is known.

    Returns:
        Beats a minute, 30 to 300.
    """
    one_shot = category in ONE_SHOTS
    told = _with_unit(stem)
    if told is not None:
        enough = _whole_bars(told, seconds) if one_shot else seconds * told / 60 >= _FEWEST_BEATS
        return told if enough else None
    if not one_shot and "bpm" not in stem.lower():
        fitting = {bare for bare in _bare(stem) if _whole_bars(bare, seconds)}
        if fitting:
            return fitting.pop() if len(fitting) == 1 else None
    told = next((each for each in map(_with_unit, reversed(folders)) if each is not None), None)
    return told if told is not None and _whole_bars(told, seconds) else None


def fits(beats: float, seconds: float, tempo: float) -> bool:
    """Return whether a sound is as long as so many beats, but for 1.5 % and a sixth of a beat."""
    off = abs(seconds * tempo / 60 - beats)
    return off <= min(_BEATS_OFF, _SHARE_OFF * beats)


def _with_unit(text: str) -> float | None:
    """Return the number that has ``bpm`` beside it; None where there are two, or a range."""
    if any(float(low) >= SLOWEST for low in _RANGE.findall(text)):
        return None
    found = _BEFORE.findall(text) or _AFTER.findall(text)
    tempi = {float(number.replace(",", ".")) for number in found}
    tempo = tempi.pop() if len(tempi) == 1 else None
    return tempo if tempo is not None and SLOWEST <= tempo <= FASTEST else None


def _bare(stem: str) -> Iterator[float]:
    slowest, fastest = _BARE_TEMPI
    for word in _SEPARATORS.split(stem):
        if _BARE.fullmatch(word) and not word.startswith("0") and (
            slowest <= float(word) <= fastest
        ):  # fmt: skip
            yield float(word)


def _whole_bars(tempo: float, seconds: float) -> bool:
    # A number below 100 is as often one of a series, so that more is asked of it.
    return any(fits(n, seconds, tempo) for n in (_USUAL if tempo < 100 else _WHOLE_BARS))
