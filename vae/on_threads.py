"""So many threads for torch: on another number of them, sums are taken in another order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


def threads_now() -> int:
    """Return on how many threads torch computes here."""
    return int(torch.get_num_threads())


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Let torch compute on so many threads, here and for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
