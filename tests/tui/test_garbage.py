"""Garbage collection: only what a long full pass has looked at is set aside."""

from __future__ import annotations

from tui.garbage import LONG_SECONDS, ShortPasses


def test_a_long_full_pass_sets_aside_and_others_do_not() -> None:
    frozen: list[int] = []
    moments = iter([0.0, LONG_SECONDS / 2, 5.0, 5.0 + 2 * LONG_SECONDS])
    passes = ShortPasses(lambda: frozen.append(1), lambda: next(moments))
    for phase in ("start", "stop"):
        passes(phase, {"generation": 1})
    for phase in ("start", "stop"):
        passes(phase, {"generation": 2})
    assert frozen == []
    for phase in ("start", "stop"):
        passes(phase, {"generation": 2})
    assert frozen == [1]
