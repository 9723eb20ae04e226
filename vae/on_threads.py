"""So many threads for numbers: on another number of them, sums are taken in another order.

And where several threads each call for more of them, they wait for each other: analysis in two
threads took twice as much of a processor as it does now.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits

_lock = threading.Lock()
_before: list[tuple[int, threadpool_limits]] = []
"""Torch's threads, and NumPy's, before each that is under way; the first one first."""


def threads_now() -> int:
    """Return on how many threads torch computes here."""
    return int(torch.get_num_threads())


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Let torch and NumPy compute on so many threads, here and for a while.

    Jobs that overlap may end in any order: the last one leaves what the first one found.
    """
    with _lock:
        _before.append((torch.get_num_threads(), threadpool_limits(count, user_api="blas")))
        torch.set_num_threads(count)
    try:
        yield
    finally:
        with _lock:
            threads, limits = _before.pop()
            limits.restore_original_limits()
            torch.set_num_threads(threads)
