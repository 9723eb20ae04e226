"""Attributes: what a space's named dimensions follow, and the units they are spoken of in.

An attribute is a measured descriptor on a scale where equal steps sound equal: frequencies and
times as logarithms, shares as log-odds. On that scale it is standardised over the samples of the
space, so that 1.0 is one standard deviation of the user's own sounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.errors import UserError


@dataclass(frozen=True, slots=True)
class Attribute:
    """A measured attribute.

    Attributes:
        name: Also the name of the descriptor it follows.
        unit: Of the descriptor, for people.
        step_unit: What a relative step may be given in ("dB", "st"), or "".
        to_scale: Descriptor value to the even scale.
        from_scale: Back again.
    """

    name: str
    unit: str
    step_unit: str
    to_scale: Callable[[float], float]
    from_scale: Callable[[float], float]


def _log2_over(floor: float) -> tuple[Callable[[float], float], Callable[[float], float]]:
    return (lambda value: math.log2(max(value, 0.0) + floor)), (lambda at: 2.0**at - floor)


def _log_odds_over(floor: float) -> tuple[Callable[[float], float], Callable[[float], float]]:
    def to_scale(value: float) -> float:
        share = min(max(value, floor), 1 - floor)
        return math.log2(share / (1 - share))

    return to_scale, _from_log_odds


def _from_log_odds(at: float) -> float:
    return 1 / (1 + 2.0**-at)


def _same(value: float) -> float:
    return value


ATTRIBUTES: Mapping[str, Attribute] = {
    a.name: a
    for a in (
        Attribute("brightness", "Hz", "oct", *_log2_over(20.0)),
        Attribute("loudness", "dB", "dB", _same, _same),
        Attribute("noisiness", "", "", *_log_odds_over(1e-4)),
        Attribute("attack", "ms", "", *_log2_over(1.0)),
        Attribute("decay", "s", "", *_log2_over(0.005)),
        Attribute("pitch", "st", "st", _same, _same),
        Attribute("low_end", "", "", *_log_odds_over(1e-4)),
        # No fluctuation of less is heard, nor a side 25 dB under the mid: what has less is smooth
        # for certain, or narrow, and not by how much.
        Attribute("roughness", "", "", *_log_odds_over(0.01)),
        Attribute("width", "", "", *_log_odds_over(0.003)),
    )
}


def word_attribute(word: str) -> Attribute:
    """Return one of the user's own words as an attribute: how much a sound is what it says."""
    return Attribute(word, "", "", _same, _same)


DEFAULT_ATTRIBUTES = ("brightness", "loudness", "noisiness", "attack", "decay", "pitch")


def chosen(names: Sequence[str], words: Sequence[str] = ()) -> tuple[Attribute, ...]:
    """Return attributes by name; the default ones for an empty choice; then words.

    Args:
        names: Of measured attributes.
        words: The user's own.

    Raises:
        UserError: There is no attribute of that name, or one is named twice.
    """
    names = names or DEFAULT_ATTRIBUTES
    for name in names:
        if name not in ATTRIBUTES:
            raise UserError(
                f"there is no attribute {name!r}", f"choose from {', '.join(ATTRIBUTES)}"
            )
    if len(set(names)) < len(names):
        raise UserError("an attribute is named twice", "name each one once")
    return (*(ATTRIBUTES[name] for name in names), *(word_attribute(word) for word in words))


def scaled(
    attributes: Sequence[Attribute], descriptors: Sequence[Mapping[str, float | None]]
) -> NDArray[np.float32]:
    """Return descriptors on the even scales.

    Returns:
        float32, shape (n, len(attributes)); NaN where a descriptor is not defined.
    """
    rows = [
        [
            math.nan if (value := row[attribute.name]) is None else attribute.to_scale(value)
            for attribute in attributes
        ]
        for row in descriptors
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(attributes))


def standardise(
    values: NDArray[np.float32], fewest: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Standardise attributes over the sounds that have them.

    Args:
        values: float32, shape (n, a), NaN where unknown.
        fewest: An attribute known of fewer sounds, or the same in all, is not learned: it becomes
            unknown everywhere, with centre 0 and deviation 1.

    Returns:
        Standard scores (n, a), centre (a,) and deviation (a,), all float32.
    """
    scores = np.full_like(values, np.nan)
    centre = np.zeros(values.shape[1], np.float32)
    deviation = np.ones(values.shape[1], np.float32)
    for i, column in enumerate(values.T):
        known = column[~np.isnan(column)]
        if len(known) < fewest or known.std() < 1e-4:
            continue
        centre[i], deviation[i] = known.mean(), known.std()
        scores[:, i] = (column - centre[i]) / deviation[i]
    return scores, centre, deviation


_STEP = re.compile(r"(?P<factor>x)?(?P<number>[+-]?\d+(?:\.\d+)?)(?P<unit>[a-zA-Z]*)\Z")


def parse_step(attribute: Attribute, text: str, deviation: float) -> float:
    """Read a relative step, such as ``+1``, ``-6dB``, ``+3st``, ``+0.5oct`` or ``x0.5``.

    Args:
        attribute: What is moved.
        text: The step; without a unit it counts standard deviations.
        deviation: The attribute's standard deviation over the space, on its even scale.

    Returns:
        Standard deviations.

    Raises:
        UserError: The text is no step of this attribute.
    """
    match = _STEP.match(text.strip())
    units = ", ".join(filter(None, ("a number of standard deviations", attribute.step_unit)))
    wrong = UserError(
        f"{attribute.name}={text} is not a step", f"write it like {attribute.name}=+1 ({units})"
    )
    if match is None:
        raise wrong
    number = float(match["number"])
    if match["factor"]:
        if number <= 0 or match["unit"] or attribute.to_scale(2.0) == 2.0:
            raise wrong
        return math.log2(number) / deviation
    if not match["unit"]:
        return number
    if match["unit"].lower() != attribute.step_unit.lower() or not attribute.step_unit:
        raise wrong
    return number / deviation
