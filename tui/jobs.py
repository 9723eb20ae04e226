"""How work runs behind the keyboard: questions whose newest answer wins, and jobs.

Both run in threads. A thread posts messages and touches nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from textual.dom import DOMNode
from textual.message import Message
from textual.worker import Worker, get_current_worker

from library.errors import UserError
from library.progress import Job
from tui.messages import JobDone, JobFailed, JobProgress, JobStopped, Trouble

TOLD_EVERY_SECONDS = 0.1
"""A job may take thousands of steps a second; this many reach the screen."""


class Answered(Message):
    """A question is answered; the answer is a message of its own."""

    def __init__(self, questions: Questions, number: int, answer: Message) -> None:
        super().__init__()
        self.questions = questions
        self.number = number
        self.answer = answer


class Questions:
    """Questions of one kind, answered in threads; only the newest answer counts.

    While as many are under way as may be, the newest one waits and replaces any other that
    waited: a held key or fast typing never piles up work.

    Args:
        node: The screen that asks; it gets the answers as messages.
        group: The kind of the question, a name for workers and for `Trouble`.
        at_once: How many may be under way; more than one where a disk may hang.
        late: Whether the answer to a question that was overtaken counts too, for one at a time:
            what follows a held key must not wait until it is let go.
    """

    def __init__(self, node: DOMNode, group: str, at_once: int = 1, late: bool = False) -> None:
        self._node = node
        self._group = group
        self._at_once = at_once
        self._late = late
        self._running = 0
        self._newest = 0
        self._waiting: Callable[[], Message] | None = None

    def ask(self, question: Callable[[], Message]) -> None:
        """Answer a question in a thread, by the message that it returns.

        Args:
            question: Called in the thread. A `UserError` it raises becomes `Trouble`.
        """
        self._newest += 1
        if self._running >= self._at_once:
            self._waiting = question
        else:
            self._start(question)

    def _start(self, question: Callable[[], Message]) -> None:
        self._running += 1
        work = partial(self._answer, question, self._newest)
        self._node.run_worker(work, group=self._group, name=self._group, thread=True)

    def _answer(self, question: Callable[[], Message], number: int) -> None:
        try:
            answer = question()
        except UserError as error:
            answer = Trouble(self._group, error)
        self._node.post_message(Answered(self, number, answer))

    def receive(self, answered: Answered) -> None:
        """Pass the answer on if it is the newest, and start what waits."""
        self._running -= 1
        if self._late or answered.number == self._newest:
            self._node.post_message(answered.answer)
        if self._waiting is not None:
            question, self._waiting = self._waiting, None
            self._start(question)


class Asking:
    """Mix-in of the screens that ask: it hands answers back to their questions."""

    def on_answered(self, event: Answered) -> None:
        """Let the questions decide what becomes of an answer."""
        event.stop()
        event.questions.receive(event)


def start(node: DOMNode, name: str, begin: Callable[[], Job[Any]], number: int = 0) -> Worker[None]:
    """Run a job in a thread.

    The node gets `JobProgress` ten times a second, at each new stage and with all figures, and at
    the end one of `JobDone`, `JobStopped` or `JobFailed`. Cancelling the worker closes the job
    after the step at hand.

    Args:
        node: Who gets the messages.
        name: What the job is called on the screen.
        begin: Makes the job; called in the thread.
        number: What its messages carry.
    """
    work = partial(_run, node, name, begin, number)
    return node.run_worker(work, group="job", name=name, thread=True)


def _run(node: DOMNode, name: str, begin: Callable[[], Job[Any]], number: int) -> None:
    worker = get_current_worker()
    try:
        job = begin()
        try:
            stage, told = "", 0.0
            while not worker.is_cancelled:
                step, now = next(job), time.monotonic()
                if step.stage != stage or step.figures or now - told >= TOLD_EVERY_SECONDS:
                    stage, told = step.stage, now
                    node.post_message(JobProgress(name, step, number))
            node.post_message(JobStopped(name, number))
        except StopIteration as end:
            node.post_message(JobDone(name, end.value, number))
        finally:
            job.close()
    except UserError as error:
        node.post_message(JobFailed(name, error, number))
