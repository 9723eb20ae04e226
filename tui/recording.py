"""A way over a pad while it is recorded: where the cursor was, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae.pad import Position

GLIDE_SECONDS = 0.15
"""A cursor that rests stays where it is until so long before it is somewhere else."""

TimedPosition = tuple[float, float, float]


class Recording:
    """A way that is being recorded.

    Args:
        now: Seconds on any clock.
        position: Where it begins.
    """

    def __init__(self, now: float, position: Position) -> None:
        self._begun = now
        self._points: list[tuple[float, Position]] = [(0.0, position)]

    def move(self, now: float, position: Position) -> None:
        """Go to another place."""
        then, before = self._points[-1]
        at = now - self._begun
        if at - then > GLIDE_SECONDS:
            self._points.append((at - GLIDE_SECONDS, before))
        self._points.append((at, position))

    def end(self, now: float) -> tuple[TimedPosition, ...]:
        """Return the way, its times as shares of the whole; empty if the cursor never moved."""
        if len({position for _, position in self._points}) < 2:
            return ()
        lasting = now - self._begun
        points = [*self._points, (lasting, self._points[-1][1])]
        # A clock may stand still between two keys.
        whole = lasting if lasting > 0 else 1.0
        return tuple((min(1.0, max(0.0, at / whole)), x, y) for at, (x, y) in points)
