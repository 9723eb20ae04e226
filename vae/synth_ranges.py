"""A range that a parameter of a synthesised sound is drawn from."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np


class Range(NamedTuple):
    """Where a parameter is drawn from.

    Attributes:
        low: The smallest value.
        high: The largest value.
        scale: `linear`, `log` (equal chance an octave) or `whole` numbers.
        chance: How often it is drawn at all; otherwise it is `low`.
    """

    low: float
    high: float
    scale: Literal["linear", "log", "whole"] = "linear"
    chance: float = 1.0

    def draw(self, rng: np.random.Generator) -> float:
        """Return a value of the range."""
        share, used = rng.random(2)
        if used >= self.chance:
            return float(self.low)
        if self.scale == "log":
            return float(self.low * (self.high / self.low) ** share)
        if self.scale == "whole":
            return float(min(self.high, self.low + np.floor(share * (self.high - self.low + 1))))
        return float(self.low + (self.high - self.low) * share)


Ranges: TypeAlias = dict[str, Range]


def log(low: float, high: float) -> Range:
    """Return a range in which every octave is equally likely."""
    return Range(low, high, "log")


def whole(low: float, high: float) -> Range:
    """Return a range of whole numbers, both ends included."""
    return Range(low, high, "whole")


def sometimes(high: float, chance: float = 0.5) -> Range:
    """Return a range from 0 that a share of the sounds use; the others have 0."""
    return Range(0.0, high, "linear", chance)
