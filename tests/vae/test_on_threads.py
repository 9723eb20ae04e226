"""Threads for numbers are as many as before when whoever changed that has ended."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np  # noqa: F401 - whose threads they are
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits

from vae.on_threads import on_threads, threads_now


@pytest.fixture(autouse=True)
def _two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with threadpool_limits(2, user_api="blas"):
        yield
    torch.set_num_threads(before)


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_it_is_for_a_while() -> None:
    before = blas_threads()
    assert before
    with on_threads(1):
        assert threads_now() == 1
        assert blas_threads() == {1}
        with on_threads(3):
            assert threads_now() == 3
        assert threads_now() == 1
    assert threads_now() == 2
    assert blas_threads() == before


def test_jobs_that_overlap_may_end_in_any_order() -> None:
    first, second = on_threads(1), on_threads(1)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads_now() == 1
    second.__exit__(None, None, None)
    assert threads_now() == 2
