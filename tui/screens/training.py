"""A space while it is learned, and what came of it: before and after, and which one to use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from library.names import displayable
from tui import reports, teaching_questions
from tui.colours import ACCENT, QUIET
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.messages import JobWanted, SpaceChosen, StopWanted, Trouble
from tui.widgets import space_facts
from tui.widgets.course_plot import CoursePlot
from tui.widgets.job_bar import JobBar

if TYPE_CHECKING:
    from index.answers import SpaceComparison, TrainReport
    from index.workspace import Workspace

NO_STEPS = "Losses are drawn here; on the house codec a space is solved at once, without any"


def job_name(space: str) -> str:
    """Return what the job is called that learns a space."""
    return f"training {displayable(space)}"


def tell(app: App[Any], space: str, report: TrainReport) -> None:
    """Show what came of learning where it is watched, or say it in a sentence."""
    for screen in app.screen_stack:
        if isinstance(screen, Training) and screen.space == space:
            screen.show_report(report)
            return
    app.notify(displayable(reports.trained(report)), markup=False)


class Training(Asking, Screen[None]):
    """Watches a space being learned, and then says what it is worth.

    Args:
        workspace: The library.
        space: Name of the space.
        before: Name of the one that was in use before.
    """

    key_scope: ClassVar[Scope] = "training"
    BINDINGS = bindings("training")

    def __init__(self, workspace: Workspace, space: str, before: str) -> None:
        super().__init__()
        self.space = space
        self._before = before
        self._workspace = workspace
        self._report: TrainReport | None = None
        self._uses = Questions(self, "use")

    def compose(self) -> ComposeResult:
        """Lay out the course over what came of it."""
        yield Static(self._heading("is being learned; you may go on browsing"), id="training-head")
        yield CoursePlot(job_name(self.space), NO_STEPS)
        with VerticalScroll(id="training-result"):
            yield Static("", id="training-report")
            yield Static("", id="training-compared")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Leave the room to the course until there is a result."""
        self.query_one("#training-result").display = False

    def _heading(self, what: str) -> Text:
        text = Text(f"{displayable(self.space)}  ", style=f"bold {ACCENT}")
        return text.append(what, style=f"not bold {QUIET}")

    def show_report(self, report: TrainReport) -> None:
        """Show what came of it, and compare it with the space before."""
        self._report = report
        self.query_one("#training-head", Static).update(
            self._heading(
                f"learned from {report.samples:,} sounds in {report.seconds:.0f} s, and is in use"
            )
        )
        self.query_one("#training-result").display = True
        told = space_facts.attributes(report.attributes) + Text("\n")
        told += space_facts.losses(report.error)
        if report.taught:
            told += Text(f"your words: {space_facts.names(list(report.taught))}", style=QUIET)
        self.query_one("#training-report", Static).update(told)
        if self._before != self.space:
            begin = partial(self._workspace.compare_spaces, self._before, self.space)
            self.post_message(JobWanted("comparing", begin, self.show_comparison, False))

    def show_comparison(self, found: SpaceComparison) -> None:
        """Show what is near now, and was not before."""
        if self.is_attached:
            self.query_one("#training-compared", Static).update(space_facts.comparison(found))

    def _use(self, name: str) -> None:
        if self._report is None:
            self.notify("It is being learned still")
        else:
            self._uses.ask(partial(teaching_questions.use, self._workspace, name))

    def action_use(self) -> None:
        """Use the new space."""
        self._use(self.space)

    def action_before(self) -> None:
        """Use the space that was in use before."""
        self._use(self._before)

    def on_space_chosen(self, event: SpaceChosen) -> None:
        """Say at the head which one is used; the application shows the library anew."""
        used = "is in use" if event.name == self.space else f"is kept; {event.name} is in use"
        self.query_one("#training-head", Static).update(self._heading(displayable(used)))

    def action_stop(self) -> None:
        """Stop learning."""
        self.post_message(StopWanted(job_name(self.space)))

    def action_close(self) -> None:
        """Go back to the library."""
        self.dismiss()

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        self.notify(displayable(str(event.error)), severity="warning", markup=False)
