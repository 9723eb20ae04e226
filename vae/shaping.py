"""What is shaped on a sound, and not steered: its roughness, its attack and its decay."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from library.clip import Clip
from vae.attributes import ATTRIBUTES
from vae.decay import with_decay
from vae.envelope_shaping import attack_and_decay_of, with_attack
from vae.roughness_shaping import measured_roughness, with_roughness
from vae.space import Space

_CLOSE = 0.1  # on the even scales, where a doubling is 1


def step_of(space: Space, name: str, wanted: Mapping[str, float]) -> float:
    """Return how far an attribute is to move, on its even scale."""
    if name not in wanted:
        return 0.0
    return wanted[name] * float(space.deviation[space.position(name)])


def goals_of(sound: Clip, space: Space, wanted: Mapping[str, float]) -> dict[str, float]:
    """Return what roughness, attack and decay shall be, of those that are to move.

    Args:
        sound: That steps are counted from.
        space: Whose standard deviations.
        wanted: Attribute to standard deviations.

    Returns:
        Attribute to value, in its own unit.
    """
    steps = {name: step_of(space, name, wanted) for name in wanted}
    goals = {}
    for name, now in shape_of(sound, [name for name, step in steps.items() if step]).items():
        scale = ATTRIBUTES[name]
        goals[name] = max(0.0, scale.from_scale(scale.to_scale(now) + steps[name]))
    return goals


def shape_of(sound: Clip, names: Collection[str]) -> dict[str, float]:
    """Return those of roughness, attack and decay that are named, where a sound has them."""
    found = {name: measured(sound) for name, measured, _ in _SHAPED if name in names}
    return {name: value for name, value in found.items() if value is not None}


def shaped_to(sound: Clip, goals: Mapping[str, float], close: float = _CLOSE) -> Clip:
    """Return a sound with the roughness, attack and decay that it shall have.

    Args:
        sound: Not empty.
        goals: As `goals_of` returns them.
        close: What is this near, on the even scales, stays.
    """
    for name, measured, shape in _SHAPED:
        now = measured(sound) if name in goals else None
        if now is None:
            continue
        to_scale = ATTRIBUTES[name].to_scale
        if abs(to_scale(now) - to_scale(goals[name])) > close:
            sound = shape(sound, goals[name])
    return sound


def _attack(sound: Clip) -> float | None:
    times = attack_and_decay_of(sound)
    return None if times is None else times[0]


def _decay(sound: Clip) -> float | None:
    times = attack_and_decay_of(sound)
    return None if times is None else times[1]


_SHAPED: tuple[tuple[str, Callable[[Clip], float | None], Callable[[Clip, float], Clip]], ...] = (
    ("roughness", measured_roughness, with_roughness),
    ("attack", _attack, with_attack),
    ("decay", _decay, with_decay),
)
"""What is shaped on the sound, in this order: how it is measured, and made."""
