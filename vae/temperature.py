"""Temperature: how daring the chance of a dream is, and how people write it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from library.errors import UserError

_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Temperature:
    """How daring the chance is, from the beginning of a sound to its end.

    Deviations are multiplied by it and logits divided: 1 draws as the sounds are.

    Attributes:
        first: At the first step.
        last: At the last step.
    """

    first: float = 1.0
    last: float = 1.0


def parse_temperature(text: str) -> Temperature:
    """Return what a text such as `0.9`, or `0.8:1.2` for a ramp, says.

    Raises:
        UserError: It cannot be read, or is out of range.
    """
    parts = text.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) not in (1, 2):
        raise UserError(f"{text!r} is no temperature", "write it like 0.9, or 0.8:1.2 for a ramp")
    if not all(math.isfinite(value) and 0 < value <= _MOST for value in values):
        raise UserError(f"a temperature of {text} is out of range", f"choose above 0, to {_MOST:g}")
    return Temperature(values[0], values[-1])


def as_text(temperature: Temperature) -> str:
    """Return a temperature as `parse_temperature` reads it, as a ramp."""
    return f"{temperature.first:g}:{temperature.last:g}"
