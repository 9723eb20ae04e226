"""Dreams one after another: the best of what is drawn, each unlike those that came before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from index.answers import Take, TakeMade
from index.dream_drawing import Dreamer, Taste
from index.dream_judging import Good
from index.dream_writing import VERB, write_dreams
from index.take_files import Making, prepare_folder
from library.errors import UserError
from library.progress import Job, Progress
from library.recipe import Plain
from vae.dream_ranking import varied
from vae.temperature import Temperature, as_text, parse_temperature

DRAWN_FOR_EACH = 4
"""So many are drawn before the best of them, and of those that are left over, comes."""

_LEFT_OVER = 24
_BEFORE = 500


class DreamStream:
    """Draws dreams for as long as somebody asks for more; nothing is remembered by the library.

    Args:
        dreamer: A prior with its library.
        out: Folder for the WAV files.
        seed: Of all chance: the same seed, asked in the same way, makes the same files.
    """

    def __init__(self, dreamer: Dreamer, out: Path, seed: int) -> None:
        self._dreamer = dreamer
        self._out = out
        self._seed = seed
        self._turn = 0
        self._made = 0
        self._left: list[Good] = []
        self._before: list[np.ndarray] = []
        self._asked: tuple[Temperature, str] | None = None
        self._taste: Taste | None = None

    @property
    def space(self) -> str:
        """Name of the space that it dreams in."""
        return self._dreamer.opened.row.name

    def more(self, n: int, temperature: str = "1", like: str = "") -> Job[list[Take]]:
        """Write up to some more dreams, each as soon as it is chosen; a job.

        Args:
            n: How many at most: where everything falls that is drawn for one, it does not come.
            temperature: How daring: a number, or two with a colon for a ramp within the sound.
            like: A query: dreams lie between the samples that match, else between any.

        Raises:
            UserError: The temperature cannot be read, or the folder cannot be made.
            LibraryError: Nothing matches.
        """
        if n < 1:
            raise UserError(f"{n} dreams cannot be made", "choose 1 or more")
        asked = parse_temperature(temperature), like
        if self._taste is None or asked != self._asked:
            self._taste, self._left, self._asked = self._dreamer.taste(like), [], asked
        prepare_folder(self._out)
        takes: list[Take] = []
        for place in range(n):
            yield from self._draw(place, n, asked[0], self._taste)
            takes += yield from self._write(place, n, asked[0], like)
        return takes

    def _draw(self, place: int, n: int, temperature: Temperature, taste: Taste) -> Job[None]:
        """Draw some, and put the good ones to those that are left over."""
        rng = np.random.default_rng([self._seed, self._turn])
        self._turn += 1
        start, total = place * DRAWN_FOR_EACH, n * DRAWN_FOR_EACH
        verdicts = self._dreamer.drawn(DRAWN_FOR_EACH, temperature, taste, rng)
        for done, verdict in enumerate(verdicts, start=1):
            if not isinstance(verdict, str):
                self._left.append(verdict)
            yield Progress("dream", start + done, total)
        self._left = self._left[-_LEFT_OVER:]

    def _write(self, place: int, n: int, temperature: Temperature, like: str) -> Job[list[Take]]:
        """Write the best of those that are left over."""
        if not self._left:
            return []
        points = np.stack([each.vector for each in self._left])
        before = np.stack(self._before) if self._before else None
        densities = [each.standing.density for each in self._left]
        (which, *_), (apart, *_) = varied(points, densities, 1, before)
        chosen = self._left.pop(which)
        self._before = [*self._before, chosen.vector][-_BEFORE:]
        self._made += 1
        options: dict[str, Plain] = {
            "n": 1,
            "temperature": as_text(temperature),
            "where": self._dreamer.where,
            "like": like,
        }
        opened = self._dreamer.opened
        making = Making(VERB, options, (), opened.codec, opened.space, self._seed)
        each = [(chosen, apart)]
        takes = []
        job = write_dreams(self._dreamer, each, temperature, making, self._out, self._made)
        for step in job:
            if isinstance(step, TakeMade):
                takes.append(step.take)
            done, total = (place + 1) * DRAWN_FOR_EACH, n * DRAWN_FOR_EACH
            yield replace(step, stage="dream", done=done, total=total)
        return takes
