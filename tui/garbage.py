"""Garbage collection in short passes, so that none keeps the keyboard waiting.

A full pass of Python's collector looks at every object there is, with all threads stopped. The
libraries that learning and mapping load bring half a million of them: 0.2 to 0.4 s a pass.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Literal

LONG_SECONDS = 0.02
"""A pass of more than this found too many objects to be looked at again."""
YOUNG, MIDDLE, FULL = 700, 10, 4
"""A full pass at every 28,000 new objects, at most; Python's usual is 70,000."""


class ShortPasses:
    """Sets aside what a long full pass found alive: later passes do not look at it again.

    What is set aside and dies later in a cycle is not freed; modules, which are most of it, live
    as long as the program. What a short pass finds alive, as screens, stays where it can be freed.

    Args:
        freeze: Sets everything aside.
        clock: Seconds of this thread, so that a busy machine does not make a pass look long.
    """

    def __init__(
        self,
        freeze: Callable[[], None] = gc.freeze,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._freeze = freeze
        self._clock = clock
        self._started = 0.0

    def __call__(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        """Hear of a pass, as one of `gc.callbacks`."""
        if info["generation"] < 2:
            return
        if phase == "start":
            self._started = self._clock()
        elif self._clock() - self._started > LONG_SECONDS:
            self._freeze()


def keep_passes_short() -> None:
    """Keep the passes of this process short from now on."""
    gc.set_threshold(YOUNG, MIDDLE, FULL)
    gc.callbacks.append(ShortPasses())
