"""How long a job may yet take, by how fast it has gone lately."""

from __future__ import annotations

from collections import deque

RECENT_SECONDS = 30.0
"""How far back the speed is measured, or half the time since the start where that is less."""
FIRST_SECONDS = 3.0
"""Before that nothing can be told."""
MARK_SECONDS = 0.25
MARKS = round(2 * RECENT_SECONDS / MARK_SECONDS)


class Pace:
    """Follows one stage of a job. Its start, in which models are loaded, soon counts no more.

    Args:
        started: When the stage began, in seconds of a monotonic clock.
    """

    def __init__(self, started: float) -> None:
        self._started = started
        self._marks: deque[tuple[float, int]] = deque(maxlen=MARKS)
        self._done = 0
        self._total: int | None = None

    def step(self, now: float, done: int, total: int | None) -> None:
        """Take note of how far the stage is.

        Args:
            now: Seconds of the same clock.
            done: Units finished.
            total: Units in all; None while unknown.
        """
        self._done, self._total = done, total
        if not self._marks or now - self._marks[-1][0] >= MARK_SECONDS:
            self._marks.append((now, done))

    def seconds_left(self, now: float) -> float | None:
        """Return an estimate, >= 0; None where there is none yet, or the total is unknown."""
        if not self._total or not self._marks:
            return None
        whole = now - self._marks[0][0]
        if now - self._started < FIRST_SECONDS or whole <= 0:
            return None
        since = now - min(RECENT_SECONDS, max(FIRST_SECONDS, whole / 2))
        then, before = self._marks[0]
        for moment, done in self._marks:
            if moment > since:
                break
            then, before = moment, done
        if self._done <= before:  # nothing came lately: what came before is all that is known
            then, before = self._marks[0]
        if self._done <= before or now <= then:
            return None
        return (self._total - self._done) * (now - then) / (self._done - before)
