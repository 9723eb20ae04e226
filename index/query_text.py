"""The parts of a sound query as people type them: regions, weights, points, words like darker."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from index.sound_query import Region
from library.errors import UserError
from library.names import displayable
from vae.attributes import ATTRIBUTES

WORDS: Mapping[str, tuple[str, int]] = {
    "bright": ("brightness", 1),
    "brighter": ("brightness", 1),
    "dark": ("brightness", -1),
    "darker": ("brightness", -1),
    "loud": ("loudness", 1),
    "louder": ("loudness", 1),
    "quiet": ("loudness", -1),
    "quieter": ("loudness", -1),
    "noisy": ("noisiness", 1),
    "noisier": ("noisiness", 1),
    "tonal": ("noisiness", -1),
    "punchy": ("attack", -1),
    "punchier": ("attack", -1),
    "snappy": ("attack", -1),
    "snappier": ("attack", -1),
    "long": ("decay", 1),
    "longer": ("decay", 1),
    "short": ("decay", -1),
    "shorter": ("decay", -1),
    "high": ("pitch", 1),
    "higher": ("pitch", 1),
    "lower": ("pitch", -1),
    "low": ("low_end", 1),
    "boomy": ("low_end", 1),
    "boomier": ("low_end", 1),
    "thin": ("low_end", -1),
    "thinner": ("low_end", -1),
    "rough": ("roughness", 1),
    "rougher": ("roughness", 1),
    "smooth": ("roughness", -1),
    "smoother": ("roughness", -1),
    "wide": ("width", 1),
    "wider": ("width", 1),
    "narrow": ("width", -1),
    "narrower": ("width", -1),
}
"""Words for attributes, and which way each goes; `low` is the low end, as in a query line."""

_SECONDS = re.compile(r"(?P<sign>-?)(?:(?P<minutes>\d+):)?(?P<seconds>\d+\.?\d*|\.\d+)", re.ASCII)


def region_of(text: str) -> Region:
    """Read a region: ``0.5:1.2``, ``1.5:``, ``:2``, ``-1:``, or with minutes ``1:05..1:10``.

    Raises:
        UserError: The text is no region, or ends before it starts.
    """
    separator = ".." if ".." in text else ":"
    first, found, last = text.partition(separator)
    # Which colon of 1:2:3 would be the one between the ends?
    if not found or not (first.strip() or last.strip()) or text.count(separator) > 1:
        raise _no_region(text)
    start, end = (_seconds(part, text) if part.strip() else None for part in (first, last))
    if start is not None and end is not None and (start < 0) == (end < 0) and end <= start:
        raise UserError(
            f"the region {displayable(text)} ends before it starts", "write it like 0.5:1.2"
        )
    return Region(start, end)


def _seconds(part: str, text: str) -> float:
    match = _SECONDS.fullmatch(part.strip())
    if match is None:
        raise _no_region(text)
    seconds = 60 * int(match["minutes"] or 0) + float(match["seconds"])
    return -seconds if match["sign"] else seconds


def _no_region(text: str) -> UserError:
    return UserError(
        f"{displayable(text) or 'nothing'} is not a region",
        "write seconds like 0.5:1.2, 1.5:, :2 or -1:, minutes like 1:05..1:10",
    )


def weights_of(texts: Sequence[str]) -> dict[str, float]:
    """Read the weights of aspects, such as ``timbre=2``.

    Raises:
        UserError: One has no value, or one that is not a number from 0 up.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        weight = _number(number)
        if not weight >= 0:
            raise UserError(
                f"--weight {displayable(text)} is not a weight", "write it like --weight timbre=2"
            )
        found[name.strip()] = weight
    return found


def point_of(text: str) -> tuple[float, float]:
    """Read a point on the map, such as ``0.3,0.8``.

    Raises:
        UserError: It is not two numbers in [0, 1].
    """
    first, _, last = text.partition(",")
    x, y = _number(first), _number(last)
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise UserError(
            f"{displayable(text) or 'nothing'} is not on the map",
            "write two numbers from 0 to 1, like 0.3,0.8",
        )
    return x, y


def _number(text: str) -> float:
    """Return a number; NaN where the text is none, or not a finite one."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def moves_of(more: Sequence[str], less: Sequence[str]) -> dict[str, str]:
    """Read moves such as ``brightness``, ``darker=0.5`` or ``pitch=3st``.

    Args:
        more: Attributes, or words for them, to have more of.
        less: The same to have less of.

    Returns:
        Attribute to a step, as `vae.attributes.parse_step` reads it.

    Raises:
        UserError: There is no such word, one attribute is moved twice, or a step has a sign, which
            would say the same again, or the contrary.
    """
    moves: dict[str, str] = {}
    for way, texts in ((1, more), (-1, less)):
        for text in texts:
            word, equals, step = (part.strip() for part in text.partition("="))
            if word not in WORDS and word not in ATTRIBUTES:
                raise UserError(
                    f"there is no attribute {displayable(word)!r}",
                    f"choose from {', '.join(ATTRIBUTES)}, or words like brighter and shorter",
                )
            name, direction = WORDS.get(word, (word, 1))
            if name in moves:
                raise UserError(f"{name} is moved twice", "name it once")
            if equals and not step[:1].isdecimal() and step[:1] != ".":
                raise UserError(
                    f"{displayable(text)} has no step", f"write it like {word}=1.5, without a sign"
                )
            sign = "+" if way * direction > 0 else "-"
            moves[name] = sign + (f"0{step}" if step[:1] == "." else step or "1")
    return moves
