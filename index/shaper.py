"""Attribute sliders on one sound: what can be moved, how far, and what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from index.answers import Take
from index.rendered import Rendered
from index.sounds import Sound
from index.take_files import Made, Making, free_name, prepare_folder, shortened, stem_of, write_take
from index.variations import VERB
from index.varied import Encoded, Moves
from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from library.recipe import Plain
from vae.attributes import ATTRIBUTES
from vae.codec import BaseCodec
from vae.courses import name_of
from vae.space import Space
from vae.vary import EXACT_LIMITS

Settings = tuple[tuple[str, str], ...]

PLAIN_STEP, UNIT_STEP = 0.25, 1.0
"""A small move in standard deviations, and in semitones or dB."""
PLAIN_MOST, UNIT_MOST = 4.0, 24.0
"""How far a slider goes; `crate vary --set` goes further."""


@dataclass(frozen=True, slots=True)
class Slider:
    """An attribute that a sound can be moved along.

    Attributes:
        name: Of the attribute, measured or a word of the user's.
        unit: What it is moved by: "st", "dB", or nothing for standard deviations of the space.
        step: A small move, in that unit.
        most: How far it goes either way, in that unit; a whole number of steps.
        now: What is measured of the sound; None where it has none, as no word has.
        usual: The move that would bring it to the mean of the sounds of the space.
        scale: A move by one, on the attribute's even scale.
    """

    name: str
    unit: str
    step: float
    most: float
    now: float | None
    usual: float
    scale: float

    def moved(self, move: float) -> float | None:
        """Return what is asked for by a move, as it would be measured."""
        if self.now is None or self.name not in ATTRIBUTES:
            return None
        attribute = ATTRIBUTES[self.name]
        return attribute.from_scale(attribute.to_scale(self.now) + move * self.scale)


class Shaper:
    """A sound under the sliders of a space, encoded once; safe to use from several threads.

    Args:
        sound: The sound.
        space: Where it is moved.
        codec: Of the space.
        engine: The library that is to remember the takes.
    """

    def __init__(self, sound: Sound, space: Space, codec: BaseCodec, engine: Engine) -> None:
        self._sound, self._space, self._codec, self._engine = sound, space, codec, engine
        self._encoded = Encoded(sound.clip, space, codec)
        self._made: Rendered[Settings] = Rendered(self._render)
        self._lock = threading.Lock()
        self.sliders = self._sliders()

    def _sliders(self) -> tuple[Slider, ...]:
        """Return the attributes that the space can move, in its order."""
        space, measured = self._space, asdict(describe(self._sound.clip))
        found = []
        for at, attribute in enumerate(space.attributes):
            name, scale = attribute.name, float(space.deviation[at])
            if not space.learned[at] and name not in EXACT_LIMITS:
                continue
            now = measured.get(name)
            # What a musician counts in semitones and dB is moved by them.
            unit = attribute.step_unit if name in EXACT_LIMITS else ""
            step = UNIT_STEP if unit else PLAIN_STEP
            most = UNIT_MOST if unit else PLAIN_MOST
            one = 1.0 if unit else scale
            usual = -float(self._encoded.z[at]) * scale / one
            if now is not None:
                usual = (float(space.centre[at]) - attribute.to_scale(now)) / one
            found.append(Slider(name, unit, step, most, now, usual, one))
        return tuple(found)

    def at(self, moves: Mapping[str, float]) -> Clip:
        """Return the sound moved; without a move the original, sample for sample.

        Args:
            moves: Attribute to how far, in the unit of its slider.

        Raises:
            UserError: An attribute is none of the space, or a move is too far.
        """
        settings = self._settings(moves)
        if not settings:
            return self._sound.clip
        with self._lock:
            return self._made.at(settings).clip

    def keep(self, moves: Mapping[str, float], out: Path) -> Take:
        """Write the sound moved, as `crate vary --set` does.

        Args:
            moves: As `at` has them.
            out: Folder for the WAV file, made where it is not there.

        Raises:
            UserError: Nothing is moved, as `at` has it, or the disk refuses.
        """
        settings = self._settings(moves)
        if not settings:
            raise UserError("nothing is moved, and the original is there", "move a slider first")
        with self._lock:
            made = self._made.at(settings)
        options: dict[str, Plain] = {
            "n": 1,
            "amount": 0.0,
            "settings": dict(settings),
            "mine": 0.0,
            "hold": [],
        }
        making = Making(VERB, options, [self._sound], self._codec, self._space, engine=self._engine)
        prepare_folder(out)
        ending = shortened(name_of(dict(settings)))
        return write_take(making, made, free_name(out, f"{stem_of(self._sound.name)}_{ending}"))

    def _render(self, settings: Settings) -> Made:
        moves = Moves(self._space, self._codec, dict(settings))
        return moves.of(self._encoded).by(np.zeros(self._space.dims, np.float32), 1)

    def _settings(self, moves: Mapping[str, float]) -> Settings:
        """Return moves as `--set` takes them, without those that are none, in the space's order."""
        units = {slider.name: slider.unit for slider in self.sliders}
        names = [*(name for name in units if name in moves), *(n for n in moves if n not in units)]
        return tuple((n, f"{moves[n]:+.6g}{units.get(n, '')}") for n in names if moves[n])
