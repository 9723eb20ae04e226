"""How long work reports itself: a job is a generator of progress that returns a report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a job.

    Attributes:
        stage: What is being done, in one word or two.
        done: Units finished in this stage.
        total: Units in this stage; None while unknown.
        note: The unit at hand, a loss, or nothing.
        figures: Measured values by name, to be drawn over the steps of the stage.
    """

    stage: str
    done: int
    total: int | None = None
    note: str = ""
    figures: Mapping[str, float] = field(default_factory=dict, hash=False)


# A job commits in batches and yields after each unit, so closing the generator stops it and
# keeps what is done.
Job: TypeAlias = Generator[Progress, None, T]


def drive(job: Job[T], report: Callable[[Progress], object] | None = None) -> T:
    """Run a job to its end.

    Args:
        job: The generator.
        report: Called with every step; None to run silently.

    Returns:
        What the job returns.
    """
    try:
        while True:
            step = next(job)
            if report is not None:
                report(step)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        job.close()
