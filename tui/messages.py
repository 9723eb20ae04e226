"""What workers tell the screens. Widgets declare their own messages inside their classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from library.errors import UserError
from library.progress import Job, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.answers import MapPoints, SpaceRow, Take
    from index.workspace import Workspace
    from library.catalog import SampleRow, Status
    from library.word_examples import Examples
    from tui.looks import Look
    from tui.playback import Player
    from tui.sounds import Sound

T = TypeVar("T")


class WorkspaceOpened(Message):
    """The library is open."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace


class Repaired(Message):
    """Something was mended unasked; `what` says what, in one line."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what


class PlayerOpened(Message):
    """There is something to play on, or a reason why there is not."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self.player = player


class Trouble(Message):
    """A question could not be answered, for a reason the user can act on."""

    def __init__(self, group: str, error: UserError) -> None:
        super().__init__()
        self.group = group
        self.error = error


class ListReady(Message):
    """The samples of a look.

    Attributes:
        look: What was asked for.
        ids: int64, shape (n,), in the order to be shown.
        scores: float32, shape (n,), grades in [0, 1] of a look at similar sounds; otherwise None.
    """

    def __init__(
        self, look: Look, ids: NDArray[np.int64], scores: NDArray[np.float32] | None
    ) -> None:
        super().__init__()
        self.look = look
        self.ids = ids
        self.scores = scores


class RowsReady(Message):
    """Rows for the list, as asked for by their ids."""

    def __init__(self, rows: list[SampleRow]) -> None:
        super().__init__()
        self.rows = rows


class RowsChanged(Message):
    """Words or ratings of some samples were written."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__()
        self.ids = ids


class SoundReady(Message):
    """One sample with its audio.

    Attributes:
        row: The sample.
        sound: Its audio; None where there is a reason instead.
        reason: Why it cannot be heard; otherwise empty.
        wanted: Whether it is to be played.
    """

    def __init__(self, row: SampleRow, sound: Sound | None, reason: str, wanted: bool) -> None:
        super().__init__()
        self.row = row
        self.sound = sound
        self.reason = reason
        self.wanted = wanted


class AheadReady(Message):
    """The neighbours of the cursor are decoded, so that they start at once."""


class StatusReady(Message):
    """The counts of the library."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class SpaceReady(Message):
    """The name of the space in use."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class MapReady(Message):
    """The map.

    Attributes:
        points: Ids and coordinates.
        colours: uint8, shape (n,), places in the palette of the categories.
    """

    def __init__(self, points: MapPoints, colours: NDArray[np.uint8]) -> None:
        super().__init__()
        self.points = points
        self.colours = colours


class ScopeReady(Message):
    """Which points of the map are in the list: bool, shape (n,); None where all are."""

    def __init__(self, within: NDArray[np.bool_] | None) -> None:
        super().__init__()
        self.within = within


class TakeReady(Message):
    """One step of a morph with its audio, or the reason why it cannot be heard."""

    def __init__(self, take: Take, sound: Sound | None, reason: str) -> None:
        super().__init__()
        self.take = take
        self.sound = sound
        self.reason = reason


class ExamplesReady(Message):
    """The words that were taught, with their examples.

    Attributes:
        examples: By word.
        written: What has just been said, by sample: True, False, or None for taken back.
    """

    def __init__(self, examples: list[Examples], written: dict[int, bool | None]) -> None:
        super().__init__()
        self.examples = examples
        self.written = written


class ProposalsReady(Message):
    """Samples to be listed while a word is taught; `what` says which they are."""

    def __init__(self, rows: list[SampleRow], what: str) -> None:
        super().__init__()
        self.rows = rows
        self.what = what


class ChoicesReady(Message):
    """What a space may be learned from.

    Attributes:
        query: The query of the samples.
        samples: How many there are.
        known: Share of them in which each measured attribute is known, of a random choice.
        examples: The words that were taught.
        names: Of the spaces that are there, the one in use first.
        codec: Name of the base codec in use.
    """

    def __init__(
        self,
        query: str,
        samples: int,
        known: dict[str, float],
        examples: list[Examples],
        names: list[str],
        codec: str,
    ) -> None:
        super().__init__()
        self.query = query
        self.samples = samples
        self.known = known
        self.examples = examples
        self.names = names
        self.codec = codec


class SpacesReady(Message):
    """The spaces of the library.

    Attributes:
        spaces: The house space first.
        forgot_used: Whether the space in use was forgotten just now.
    """

    def __init__(self, spaces: list[SpaceRow], forgot_used: bool = False) -> None:
        super().__init__()
        self.spaces = spaces
        self.forgot_used = forgot_used


class SpaceChosen(Message):
    """The user chose another space to be used, and it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Told(Message):
    """Something was written that no screen shows; `what` says so to the user."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what


class JobMessage(Message):
    """What all messages of a job have in common.

    Attributes:
        name: What the job does, in a word or two.
        number: Its number in the queue; 0 where it has none.
    """

    def __init__(self, name: str, number: int = 0) -> None:
        super().__init__()
        self.name = name
        self.number = number


class JobWanted(JobMessage):
    """A screen wants a job to be run.

    Attributes:
        begin: Makes the job; called in its thread.
        then: Called by the application with the report.
        changes: Whether it changes the library, which is then shown anew.
        light: Whether it may run beside one that is not: it makes sounds or files and reads the
            library only. The others run one after another.
        show: Opens the screen that shows how it goes; None where there is none.
    """

    def __init__(
        self,
        name: str,
        begin: Callable[[], Job[T]],
        then: Callable[[T], object],
        changes: bool = True,
        light: bool | None = None,
        show: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(name)
        self.begin: Callable[[], Job[Any]] = begin
        self.then: Callable[[Any], object] = then
        self.changes = changes
        self.light = not changes if light is None else light
        self.show = show


class StopWanted(JobMessage):
    """A screen wants the job of a name to be stopped."""


class JobProgress(JobMessage):
    """A step of a running job. A burst collapses to the newest step; figures are never lost."""

    def __init__(self, name: str, step: Progress, number: int = 0) -> None:
        super().__init__(name, number)
        self.step = step

    def can_replace(self, message: Message) -> bool:
        """Replace an older step of the same job and stage that has not been handled yet."""
        return (
            isinstance(message, JobProgress)
            and (message.name, message.number) == (self.name, self.number)
            and message.step.stage == self.step.stage
            and not message.step.figures
        )


class JobDone(JobMessage):
    """The job came to its end; `report` is what it returned."""

    def __init__(self, name: str, report: object, number: int = 0) -> None:
        super().__init__(name, number)
        self.report = report


class JobStopped(JobMessage):
    """The job was stopped by the user; its work so far is kept."""


class JobFailed(JobMessage):
    """The job ended with an error the user can act on."""

    def __init__(self, name: str, error: UserError, number: int = 0) -> None:
        super().__init__(name, number)
        self.error = error
