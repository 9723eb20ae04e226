"""The kinds of sounds that are made of one sound, and what can be chosen for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from library.progress import Job

if TYPE_CHECKING:
    from index.answers import Take
    from index.workspace import Workspace

COUNT = 11
"""How many are made at once; with the sound itself they fill the grid."""

TRANSFERS: tuple[tuple[float, tuple[str, ...]], ...] = (
    *((amount, ("envelope",)) for amount in (0.25, 0.5, 0.75, 1.0)),
    *((amount, ("envelope", "pitch")) for amount in (0.25, 0.5, 0.75, 1.0)),
    *((amount, ()) for amount in (0.5, 0.75, 1.0)),
)
"""How far each transfer goes, and what it keeps of the sound."""

GRAINS_MS = (40.0, 80.0, 120.0, 180.0, 250.0, 350.0, 500.0)
"""How long the pieces of each mosaic are."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for the next throw.

    Attributes:
        sound: The sample's id.
        amount: How far they are to move, where the kind has an amount.
        seed: Of all chance.
        hold: Attributes that are to stay as they are.
    """

    sound: int
    amount: float
    seed: int
    hold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind.

    Attributes:
        name: What they are called.
        job: What making them is called.
        begin: Makes the job, whose steps are the takes.
        count: How many are made.
        amounts: The amounts that can be chosen, rising; none where there is nothing to choose.
        usual: The amount at first.
        holds: Whether attributes can be held.
        thrown: Whether another seed makes others.
    """

    name: str
    job: str
    begin: Callable[[Workspace, Choice, Path], Job[Any]]
    count: int = COUNT
    amounts: Sequence[float] = ()
    usual: float = 1.0
    holds: bool = False
    thrown: bool = False


def _vary(workspace: Workspace, choice: Choice, out: Path) -> Job[Any]:
    return workspace.vary(
        str(choice.sound),
        COUNT,
        out,
        amount=choice.amount,
        seed=choice.seed,
        hold=choice.hold,
        remember=False,
    )


def _robins(workspace: Workspace, choice: Choice, out: Path) -> Job[Any]:
    amount, seed = choice.amount, choice.seed
    return workspace.robins(str(choice.sound), COUNT, out, amount, seed, remember=False)


def _velocities(workspace: Workspace, choice: Choice, out: Path) -> Job[Any]:
    return workspace.velocities(str(choice.sound), COUNT, out, remember=False)


def _transfers(workspace: Workspace, choice: Choice, out: Path) -> Job[list[Take]]:
    takes = []
    for number, (amount, kept) in enumerate(TRANSFERS, start=1):
        path = out / f"{_stem(workspace, choice)}_transfer_{number:02d}.wav"
        job = workspace.transfer(str(choice.sound), path, amount, kept, remember=False)
        takes.append((yield from job))
    return takes


def _mosaics(workspace: Workspace, choice: Choice, out: Path) -> Job[list[Take]]:
    from index.answers import TakeMade

    takes = []
    for number, grain in enumerate(GRAINS_MS, start=1):
        path = out / f"{_stem(workspace, choice)}_mosaic_{grain:.0f}ms.wav"
        job = workspace.mosaic(str(choice.sound), path, grain_ms=grain, remember=False)
        report = yield from job
        takes.append(report.take)
        yield TakeMade("mosaics", number, len(GRAINS_MS), path.name, take=report.take)
    return takes


def _stem(workspace: Workspace, choice: Choice) -> str:
    from index.take_files import stem_of

    return stem_of(workspace.find(str(choice.sound)).name)


def caption(kind: Kind, number: int, take: Take) -> str:
    """Return what tells a take from the others of its kind, in a word or two.

    Args:
        kind: Of the take.
        number: Its place among them, from 1.
        take: The take.
    """
    if kind.begin is _transfers:
        amount, kept = TRANSFERS[number - 1]
        return f"{amount:g} {kept[-1] if kept else 'free'}"
    if kind.begin is _mosaics:
        return f"{GRAINS_MS[number - 1]:.0f} ms"
    if kind.begin is _velocities:
        return "velocity " + take.path.stem.rsplit("_v", 1)[-1].lstrip("0")
    return f"moved {take.moved:.2f}" if take.moved is not None else ""


KINDS: tuple[Kind, ...] = (
    Kind(
        "variations",
        "varying",
        _vary,
        amounts=(0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0),
        holds=True,
        thrown=True,
    ),
    Kind(
        "round robins",
        "round robins",
        _robins,
        amounts=(0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0),
        thrown=True,
    ),
    Kind("velocity layers", "velocity layers", _velocities),
    Kind("transfers", "transferring", _transfers, count=len(TRANSFERS)),
    Kind("mosaics", "rebuilding", _mosaics, count=len(GRAINS_MS)),
)
"""All kinds, in the order in which a key goes through them."""
