"""What is looked at, and the way back through it and forward again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """Samples that were pointed out together, as with a lasso.

    Attributes:
        ids: int64, shape (n,), rising.
    """

    ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Look:
    """What the list shows.

    Attributes:
        query: The query line; it scopes a search by sound too.
        sound: Id of the sample whose neighbours are shown; None for a plain list.
        name: Name of that sample, and which piece of it.
        region: The piece of that sample that is meant, in seconds, where it starts and ends; None
            for all of it.
        current: Id of the sample under the cursor.
        weights: How much each aspect counts among neighbours, by name; those not named count as
            they do by themselves.
        among: The only samples that may be listed; None for the whole library.
    """

    query: str = ""
    sound: int | None = None
    name: str = ""
    region: tuple[float, float] | None = None
    current: int | None = None
    weights: tuple[tuple[str, float], ...] = ()
    among: Among | None = None

    def shows_as(self, other: Look) -> bool:
        """Return whether another look shows the same samples, wherever its cursor is."""
        return replace(self, current=None) == replace(other, current=None)


class History:
    """The looks so far, the newest last; there is always one."""

    def __init__(self) -> None:
        self._looks = [Look()]
        self._ahead: list[Look] = []

    @property
    def here(self) -> Look:
        """The look that is shown."""
        return self._looks[-1]

    def go(self, look: Look) -> Look:
        """Show another look and keep the way back to this one; there is no way forward then."""
        self._looks.append(look)
        self._ahead.clear()
        return look

    def change(self, **values: Any) -> Look:
        """Change the look that is shown, without a new step on the way back."""
        self._looks[-1] = replace(self.here, **values)
        return self.here

    def back(self) -> Look | None:
        """Return to the look before; None at the first one."""
        if len(self._looks) == 1:
            return None
        self._ahead.append(self._looks.pop())
        return self.here

    def forward(self) -> Look | None:
        """Go again to the look from which the way led back; None where there is none."""
        if not self._ahead:
            return None
        self._looks.append(self._ahead.pop())
        return self.here
