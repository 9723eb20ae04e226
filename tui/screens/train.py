"""Learning a space: its name, the sounds it is learned from, and the attributes it follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from library.names import displayable
from tui import teaching_questions
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.messages import ChoicesReady, JobWanted, Trouble
from tui.screens.ask import Checked
from tui.screens.training import Training, job_name, tell
from tui.widgets import space_facts
from tui.widgets.examples import FEWEST
from tui.widgets.job_bar import JobBar
from vae.attributes import ATTRIBUTES, DEFAULT_ATTRIBUTES

if TYPE_CHECKING:
    from index.workspace import Workspace


class Train(Asking, Screen[None]):
    """Asks what is to be learned, and wants the job.

    Args:
        workspace: The library.
        query: Of the sounds to learn from, at first.
    """

    key_scope: ClassVar[Scope] = "train"
    BINDINGS = bindings("train")

    attributes = getters.query_one(OptionList)

    def __init__(self, workspace: Workspace, query: str) -> None:
        super().__init__()
        self._workspace = workspace
        self._query = query
        self._choices: ChoicesReady | None = None
        self._wanted: dict[str, bool] = {}
        self._next: Training | None = None
        self._asked = Questions(self, "choices")

    def compose(self) -> ComposeResult:
        """Lay out the fields over the attributes."""
        with Vertical(id="train") as box:
            box.border_title = "Learn a space"
            with Horizontal(classes="field"):
                yield Static("name", classes="label")
                yield Input("", id="train-name", compact=True)
            with Horizontal(classes="field"):
                yield Static("sounds", classes="label")
                yield Input(
                    self._query, placeholder="all sounds; a query", id="train-query", compact=True
                )
            yield Static("", id="train-about")
            yield OptionList(id="train-attributes", markup=False)
            yield Static("", id="train-trouble")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ask what there is to learn from."""
        self.query_one("#train-name").focus()
        self._ask()

    def _ask(self) -> None:
        self._asked.ask(partial(teaching_questions.choices, self._workspace, self._query))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Count the sounds of another query."""
        event.stop()
        self._say_wrong("")
        if event.input.id == "train-query" and event.value != self._query:
            self._query = event.value
            self._ask()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        event.stop()
        self.focus_next()

    def on_choices_ready(self, event: ChoicesReady) -> None:
        """Show what there is to learn from."""
        if self._choices is None:
            name = self.query_one("#train-name", Input)
            if not name.value:
                name.value = _free_name(event.names)
        self._choices = event
        self._say_wrong("")
        about = f"{event.samples:,} sounds · codec {event.codec} · {event.names[0]} is in use"
        self.query_one("#train-about", Static).update(Content(about))
        highlighted = self.attributes.highlighted
        self.attributes.set_options(Option("", id=name) for name in self._names())
        self._show()
        self.attributes.highlighted = highlighted or 0

    def _names(self) -> list[str]:
        words = [each.word for each in self._choices.examples] if self._choices else []
        return [*ATTRIBUTES, *(word for word in words if word not in ATTRIBUTES)]

    def _is_wanted(self, name: str) -> bool:
        return self._wanted.get(name, name in DEFAULT_ATTRIBUTES or name not in ATTRIBUTES)

    def _show(self) -> None:
        """Draw the attributes."""
        if self._choices is None:
            return
        counts = {e.word: (len(e.fitting), len(e.unfitting)) for e in self._choices.examples}
        for place, name in enumerate(self._names()):
            wanted = self._is_wanted(name)
            if name in ATTRIBUTES:
                note = space_facts.known_in(self._choices.known.get(name, 0.0))
                line = space_facts.choice(name, wanted, note)
            else:
                note = space_facts.taught_by(*counts[name])
                line = space_facts.choice(name, wanted, note, min(counts[name]) >= FEWEST)
            self.attributes.replace_option_prompt_at_index(place, line)

    def action_choose(self) -> None:
        """Choose the attribute under the cursor, or leave it out."""
        place = self.attributes.highlighted
        if self.attributes.has_focus and place is not None:
            name = self._names()[place]
            self._wanted[name] = not self._is_wanted(name)
            self._show()

    def on_option_list_option_selected(self) -> None:
        """Choose by enter or a click, too."""
        self.action_choose()

    def action_start(self) -> None:
        """Check the name, in a thread, and learn."""
        if self._choices is None:
            return
        line = self.query_one("#train-name", Input).value
        check = partial(teaching_questions.trouble_with_name, self._choices.names)

        def work() -> None:
            self.post_message(Checked(line, check(line)))

        self.run_worker(work, thread=True, group="check")

    def on_checked(self, event: Checked) -> None:
        """Want the job and watch it, or say what is wrong."""
        measured = [name for name in ATTRIBUTES if self._is_wanted(name)]
        trouble = event.trouble or ("" if measured else "choose one measured attribute at least")
        if trouble or self._choices is None or self._next is not None:
            self._say_wrong(trouble)
            return
        words = [
            each.word
            for each in self._choices.examples
            if self._is_wanted(each.word)
            and each.word not in ATTRIBUTES
            and min(len(each.fitting), len(each.unfitting)) >= FEWEST
        ]
        name, before = event.line.strip(), self._choices.names[0]
        app, workspace = self.app, self._workspace

        def show() -> None:
            app.push_screen(Training(workspace, name, before))

        begin = partial(workspace.train, name, self._query, measured, False, words)
        app.post_message(JobWanted(job_name(name), begin, partial(tell, app, name), show=show))
        self._next = Training(workspace, name, before)
        self._go_on()

    def _go_on(self) -> None:
        """Watch what was wanted, unless another screen is over this one."""
        if self._next is not None and self.is_current:
            self.app.switch_screen(self._next)

    def on_screen_resume(self) -> None:
        """Watch it when the other screen is gone."""
        self._go_on()

    def _say_wrong(self, text: str) -> None:
        self.query_one("#train-trouble", Static).update(Content(displayable(text)))

    def action_move(self, lines: int) -> None:
        """Move to another attribute."""
        if lines < 0:
            self.attributes.action_cursor_up()
        else:
            self.attributes.action_cursor_down()

    def action_close(self) -> None:
        """Go back to the library."""
        self.dismiss()

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong with the query."""
        event.stop()
        self._say_wrong(str(event.error))


def _free_name(names: list[str]) -> str:
    """Return a name that no space has."""
    number = 1
    while (name := "mine" if number == 1 else f"mine-{number}") in names:
        number += 1
    return name
