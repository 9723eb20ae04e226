"""Making takes behind the screen that shows them: each is told as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from library.progress import Job
from tui.messages import TakeArrived
from tui.sounds import from_file

if TYPE_CHECKING:
    from textual.dom import DOMNode


@dataclass(slots=True)
class Run:
    """One job that makes takes.

    Attributes:
        given_up: Whether its screen wants no more of it; it ends after the step at hand.
        ended: Whether it has ended.
        report: What it returned.
    """

    given_up: bool = False
    ended: bool = False
    report: Any = None


def telling(node: DOMNode, run: Run, begin: Callable[[], Job[Any]], sample_rate: int) -> Job[Any]:
    """Run a job that makes takes, and tell a screen of each, decoded and ready to be heard.

    Args:
        node: The screen; it gets `TakeArrived`.
        run: By which the screen can give the job up.
        begin: Makes the job.
        sample_rate: Hz of the player.

    Returns:
        What the job returns; None where it was given up.
    """
    from index.answers import TakeMade

    job = begin()
    try:
        while not run.given_up:
            step = next(job)
            if isinstance(step, TakeMade) and not run.given_up:
                sound, reason = from_file(step.take.path, sample_rate)
                node.post_message(TakeArrived(run, step.take, sound, reason))
            yield step
    except StopIteration as end:
        return end.value
    finally:
        job.close()
    return None
