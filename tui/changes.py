"""What is different about a take: the attributes that changed most, in a few words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.widgets import facts

SHORT = {
    "brightness": "bright",
    "loudness": "loud",
    "noisiness": "noise",
    "low_end": "low end",
    "roughness": "rough",
}
"""Attributes whose names are too long for a tile."""

_HEARD = 0.01  # of the length of its bar


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute that changed.

    Attributes:
        name: Of the attribute.
        share: By how much, as a share of its bar; negative for less.
        value: What it is now, in its unit.
    """

    name: str
    share: float
    value: str

    @property
    def text(self) -> str:
        """The change as a reader wants it: ``↑ bright 2.4 kHz``."""
        return f"{'↑' if self.share > 0 else '↓'} {short(self.name)} {self.value}"


def short(name: str) -> str:
    """Return the name of an attribute, as short as it can be."""
    return SHORT.get(name, name.replace("_", " "))


def changes(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> list[Change]:
    """Return what changed so much that it may be heard, most first.

    Args:
        before: Measured of the sound.
        after: Measured of the take.
    """
    found = []
    for name, value in after.items():
        was, now = facts.part(name, before.get(name)), facts.part(name, value)
        if was is not None and now is not None and abs(now - was) >= _HEARD:
            found.append(Change(name, now - was, facts.attribute(name, value)))
    return sorted(found, key=lambda change: -abs(change.share))
