"""The spaces of the library: which is used, what each is worth, and which to forget."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from library.names import displayable
from tui import teaching_questions
from tui.colours import QUIET
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.messages import JobWanted, SpaceChosen, SpacesReady, Trouble
from tui.screens.ask import Ask
from tui.widgets import space_facts
from tui.widgets.job_bar import JobBar

if TYPE_CHECKING:
    from index.answers import SpaceComparison, SpaceRow
    from index.workspace import Workspace


class Spaces(Asking, Screen[None]):
    """Lists the spaces.

    Args:
        workspace: The library.
    """

    key_scope: ClassVar[Scope] = "spaces"
    BINDINGS = bindings("spaces")

    lines = getters.query_one(OptionList)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._spaces: list[SpaceRow] = []
        self._asked = Questions(self, "spaces")
        self._writing = Questions(self, "write")

    def compose(self) -> ComposeResult:
        """Lay out the list over what is known of the space under the cursor."""
        head = Text("Spaces  ", style="bold")
        yield Static(head.append("what search and the map hear by", style=QUIET), id="spaces-head")
        yield OptionList(id="spaces-list", markup=False)
        with VerticalScroll(id="spaces-about"):
            yield Static("", id="spaces-facts")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the spaces."""
        self.lines.focus()
        self._ask()

    def _ask(self) -> None:
        self._asked.ask(partial(teaching_questions.spaces, self._workspace))

    @property
    def current(self) -> SpaceRow | None:
        """The space under the cursor."""
        place = self.lines.highlighted
        return self._spaces[place] if place is not None and place < len(self._spaces) else None

    def on_spaces_ready(self, event: SpacesReady) -> None:
        """Show the spaces, the cursor on the one it was on, or on the one in use."""
        names = [space.name for space in event.spaces]
        current = self.current
        used = next((space.name for space in event.spaces if space.in_use), names[0])
        self._spaces = event.spaces
        self.lines.set_options(Option(space_facts.space_line(space)) for space in event.spaces)
        wanted = current.name if current is not None and current.name in names else used
        self.lines.highlighted = names.index(wanted)
        if event.forgot_used:
            self.post_message(SpaceChosen(used))

    def on_option_list_option_highlighted(self) -> None:
        """Show what is known of the space."""
        if self.current is not None:
            about = space_facts.about_space(self.current.report)
            self.query_one("#spaces-facts", Static).update(about)

    def on_option_list_option_selected(self) -> None:
        """Use the space by enter or a click."""
        self.action_use()

    def action_move(self, lines: int) -> None:
        """Move to another space."""
        if lines < 0:
            self.lines.action_cursor_up()
        else:
            self.lines.action_cursor_down()

    def action_use(self) -> None:
        """Use the space."""
        if self.current is not None:
            self._writing.ask(partial(teaching_questions.use, self._workspace, self.current.name))

    def on_space_chosen(self, event: SpaceChosen) -> None:
        """Show which one is used; the application shows the library anew."""
        self._ask()

    def action_compare(self) -> None:
        """Compare the space with the one in use."""
        used = next((space.name for space in self._spaces if space.in_use), None)
        if self.current is None or used is None or used == self.current.name:
            self.notify("Put the cursor on a space that is not in use")
            return
        begin = partial(self._workspace.compare_spaces, used, self.current.name)
        self.post_message(JobWanted("comparing", begin, self._compared, False))

    def _compared(self, found: SpaceComparison) -> None:
        if self.is_attached:
            self.query_one("#spaces-facts", Static).update(space_facts.comparison(found))

    def action_forget(self) -> None:
        """Ask whether the space is to be forgotten."""
        if self.current is not None:
            name = self.current.name
            about = "The sounds lose nothing. Enter forgets it, escape keeps it."
            ask = Ask(f"Forget the space {displayable(name)}?", about, name)
            self.app.push_screen(ask, partial(self._forget, name))

    def _forget(self, name: str, line: str | None) -> None:
        if line is not None:
            self._writing.ask(partial(teaching_questions.forget_space, self._workspace, name))

    def action_close(self) -> None:
        """Go back to the library."""
        self.dismiss()

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        self.notify(displayable(str(event.error)), severity="warning", markup=False)
