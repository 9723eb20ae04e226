"""What workers tell the screens. Widgets declare their own messages inside their classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from library.errors import UserError
from library.progress import Job, Progress

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.answers import SpaceRow, Take
    from index.workspace import Workspace
    from library.catalog import SampleRow, Status
    from library.word_examples import Examples
    from tui.completion import Vocabulary
    from tui.growing_sound import Sound
    from tui.looks import Look
    from tui.places import Places
    from tui.playback import Player
    from tui.take_run import Run
    from tui.widgets.map_grid import PointGrid
    from tui.widgets.map_labels import Landmark
    from tui.widgets.map_marks import Paint

T = TypeVar("T")


class WorkspaceOpened(Message):
    """The library is open; `kept` is what the application was like when it was left."""

    def __init__(self, workspace: Workspace, kept: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.kept = kept or {}


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
        aspects: The same by aspect; NaN where one is not known.
    """

    def __init__(
        self,
        look: Look,
        ids: NDArray[np.int64],
        scores: NDArray[np.float32] | None,
        aspects: Mapping[str, NDArray[np.float32]] | None = None,
    ) -> None:
        super().__init__()
        self.look = look
        self.ids = ids
        self.scores = scores
        self.aspects = aspects or {}


class RowsReady(Message):
    """Rows for the list, as asked for by their ids."""

    def __init__(self, rows: list[SampleRow]) -> None:
        super().__init__()
        self.rows = rows


class RowsChanged(Message):
    """Something was written of some samples.

    Attributes:
        ids: The samples; none where it is not known which.
        told: What was done, where it is to be said; otherwise empty.
        lists: Whether other samples may be in the list now.
    """

    def __init__(self, ids: Sequence[int], told: str = "", lists: bool = False) -> None:
        super().__init__()
        self.ids = ids
        self.told = told
        self.lists = lists


class PlacesReady(Message):
    """Where sounds can be looked for, and the words that a query takes."""

    def __init__(self, places: Places, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.places = places
        self.vocabulary = vocabulary


class SearchSaved(Message):
    """A search was saved or forgotten, which is to be told."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class PathsReady(Message):
    """The paths of samples, for the clipboard."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self.paths = paths


class Started(Message):
    """Another program has been given sounds, which is to be told."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


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


class RestReady(Message):
    """A sound is complete, or somebody else has the turn to complete it."""

    def __init__(self, sound: Sound) -> None:
        super().__init__()
        self.sound = sound


class SpectrumReady(Message):
    """The spectrum of a part of a sound.

    Attributes:
        sound: The sound.
        view: Its frames, from the first to the one after the last.
        levels: float32, shape (bands, columns), as `library.spectrogram` gives them.
    """

    def __init__(self, sound: Sound, view: tuple[int, int], levels: NDArray[np.float32]) -> None:
        super().__init__()
        self.sound = sound
        self.view = view
        self.levels = levels


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
        points: Where samples lie.
        paint: How they are drawn.
        landmarks: What lies where, the weightiest first.
    """

    def __init__(self, points: PointGrid, paint: Paint, landmarks: Sequence[Landmark]) -> None:
        super().__init__()
        self.points = points
        self.paint = paint
        self.landmarks = landmarks


class PaintReady(Message):
    """How the points of the map are drawn, after its colours or the list have changed."""

    def __init__(self, points: PointGrid, paint: Paint) -> None:
        super().__init__()
        self.points = points
        self.paint = paint


class LassoReady(Message):
    """What lies within the lasso: ids, int64, shape (n,)."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        super().__init__()
        self.ids = ids


class Collected(Message):
    """So many samples were put into a collection."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__()
        self.name = name
        self.count = count


class ColourChoices(Message):
    """What the map can be coloured by: words for a dialog."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.words = words


class TakeArrived(Message, bubble=False):
    """A take was just made.

    Attributes:
        run: Of what.
        take: The take.
        sound: Its audio; None where there is a reason instead.
        reason: Why it cannot be heard; otherwise empty.
    """

    def __init__(self, run: Run, take: Take, sound: Sound | None, reason: str) -> None:
        super().__init__()
        self.run = run
        self.take = take
        self.sound = sound
        self.reason = reason


class RunOver(Message, bubble=False):
    """No more takes come of a run; `done` if it came to its end."""

    def __init__(self, run: Run, done: bool) -> None:
        super().__init__()
        self.run = run
        self.done = done


class TakeHeard(Message, bubble=False):
    """A take that was asked for by its number, with its audio or the reason why there is none."""

    def __init__(self, number: int, sound: Sound | None, reason: str) -> None:
        super().__init__()
        self.number = number
        self.sound = sound
        self.reason = reason


class TakesKept(Message, bubble=False):
    """Takes were copied into a folder of the user's.

    Attributes:
        kept: Number of each, with its new file.
        error: Why it went no further, if so.
    """

    def __init__(self, kept: dict[int, Path], error: UserError | None) -> None:
        super().__init__()
        self.kept = kept
        self.error = error


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
        over: Called by the application at last, also where it was stopped, failed or could not
            begin, with whether it came to its end.
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
        over: Callable[[bool], object] = lambda _: None,
        light: bool | None = None,
        show: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(name)
        self.begin: Callable[[], Job[Any]] = begin
        self.then: Callable[[Any], object] = then
        self.changes = changes
        self.over = over
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
