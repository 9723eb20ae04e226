"""What is written into the library: all of it, one after the other, in the order of the keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from textual.dom import DOMNode
from textual.message import Message

from tui.jobs import Answered, Questions


class Writes(Questions):
    """Questions of which none is ever dropped, and each waits for the one before.

    To undo and what is undone stay in order, however fast the keys come.

    Args:
        node: The screen that asks; it gets the answers as messages.
    """

    def __init__(self, node: DOMNode) -> None:
        super().__init__(node, "write")
        self._queue: deque[Callable[[], Message]] = deque()

    def ask(self, question: Callable[[], Message]) -> None:
        """Answer a question in a thread, after all that were asked before."""
        self._queue.append(question)
        if not self._running:
            self._start(self._queue.popleft())

    def receive(self, answered: Answered) -> None:
        """Pass the answer on, and start what waits."""
        self._running -= 1
        self._node.post_message(answered.answer)
        if self._queue:
            self._start(self._queue.popleft())
