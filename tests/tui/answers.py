"""What a command printed, and that a mistake is told in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Answer:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def table(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


Crate = Callable[..., Answer]


def one_line(answer: Answer) -> str:
    """The one line that a mistake is told in."""
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("crate: ")
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    return answer.err
