"""Sounds that were rendered last, so that going back to a place costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from index.take_files import Made
from vae.on_threads import threads_now

Place = TypeVar("Place", bound=Hashable)

MOST_BYTES = 2**26
"""Of what is kept; one sound that is larger is kept alone."""


class Rendered(Generic[Place]):
    """Renders each place once, as long as it is one of those asked for last.

    On another number of threads it is rendered again: torch rounds another way there, and a take
    is of as many threads as its recipe says.

    Args:
        render: Makes the sound of a place.
    """

    def __init__(self, render: Callable[[Place], Made]) -> None:
        self._render = render
        self._kept: OrderedDict[tuple[Place, int], Made] = OrderedDict()

    def at(self, place: Place) -> Made:
        """Return the sound of a place."""
        key = (place, threads_now())
        made = self._kept.pop(key, None)
        if made is None:
            made = self._render(place)
        self._kept[key] = made
        while len(self._kept) > 1 and self._bytes() > MOST_BYTES:
            self._kept.popitem(last=False)
        return made

    def _bytes(self) -> int:
        return sum(made.clip.frames.nbytes for made in self._kept.values())
