"""Teaching a word: one sound after the other is heard, and is it, or is not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from library.names import displayable
from tui import teaching_questions
from tui.audition import Audition
from tui.colours import colour_of
from tui.jobs import Asking, Questions
from tui.keys import Scope, bindings
from tui.messages import ExamplesReady, ProposalsReady, SoundReady, Trouble
from tui.screens.ask import Ask
from tui.widgets import examples as drawn
from tui.widgets.job_bar import JobBar
from tui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from index.workspace import Workspace
    from library.catalog import SampleRow
    from library.word_examples import Examples
    from tui.playback import Player


class Teach(Asking, Screen[None]):
    """Teaches one word at a time; every answer is kept at once.

    Args:
        workspace: The library.
        player: What the sounds are heard on.
        ids: Samples to begin with.
        query: Scopes what is proposed.
    """

    key_scope: ClassVar[Scope] = "teach"
    BINDINGS = bindings("teach")

    sounds = getters.query_one(OptionList)

    def __init__(
        self, workspace: Workspace, player: Player, ids: Sequence[int], query: str
    ) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (92, "-wide")]
        self.word = ""
        self._workspace = workspace
        self._ids = list(ids)
        self._query = query
        self._what = "the marked sounds, and the list from the cursor on"
        self._rows: list[SampleRow] = []
        self._known: list[Examples] = []
        self._unsaid: dict[int, bool | None] = {}
        self._heard: int | None = None
        self._audition = Audition(self)
        self._audition.use_player(player)
        self._audition.use_workspace(workspace)
        self._lists = Questions(self, "list")
        self._writing = Questions(self, "write")

    def compose(self) -> ComposeResult:
        """Lay out the word over the sounds, and the words so far beside them."""
        yield Static("", id="teach-word")
        with Horizontal(id="teach-body"):
            yield OptionList(id="teach-sounds", markup=False)
            with Vertical(id="teach-side"):
                yield Waveform(id="teach-waveform")
                yield Static("", id="teach-known")
        yield JobBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Ask for the word."""
        self.sounds.focus()
        self._writing.ask(partial(teaching_questions.examples, self._workspace))
        self._list(partial(teaching_questions.these, self._workspace, self._ids, self._what))
        self.action_word()

    def on_unmount(self) -> None:
        """Fall silent."""
        self._audition.play(None)

    def _list(self, question: partial[ProposalsReady]) -> None:
        self._lists.ask(question)

    @property
    def said(self) -> dict[int, bool]:
        """What is said of samples: whether each is what the word means."""
        found: dict[int, bool | None] = {}
        for each in self._known:
            if each.word == self.word:
                found = {
                    **dict.fromkeys(each.fitting, True),
                    **dict.fromkeys(each.unfitting, False),
                }
        found.update(self._unsaid)
        return {sample_id: fits for sample_id, fits in found.items() if fits is not None}

    @property
    def current(self) -> SampleRow | None:
        """The sample under the cursor."""
        place = self.sounds.highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    # The word.

    def action_word(self) -> None:
        """Ask for the word; from now on it is taught."""
        about = (
            "A word of yours for what you hear, such as crunchy. Four sounds that are it and four "
            "that are not are the fewest it is learned from; eight and eight are better."
        )
        words = [each.word for each in self._known]
        check = teaching_questions.trouble_with_word
        self.app.push_screen(Ask("Teach a word", about, self.word, check, words=words), self._named)

    def _named(self, line: str | None) -> None:
        if line is not None:
            self._flush()
            self._unsaid = {}
            self.word = line.strip().casefold()
            self._show()
        elif not self.word:
            self.dismiss()

    def action_forget(self) -> None:
        """Ask whether the word is to be forgotten."""
        if any(each.word == self.word for each in self._known):
            about = "All its examples are taken back. Enter forgets it, escape keeps it."
            self.app.push_screen(Ask(f"Forget {self.word}?", about, self.word), self._forget)

    def _forget(self, line: str | None) -> None:
        if line is not None:
            self._unsaid = {}
            self._writing.ask(partial(teaching_questions.forget, self._workspace, self.word))

    # What is said.

    def action_say(self, fits: bool) -> None:
        """Say whether the sample is what the word means, and go to the next one."""
        row = self.current
        if row is not None and self.word:
            self._unsaid[row.id] = fits
            self._flush()
            self._show()
            if self.sounds.highlighted != len(self._rows) - 1:
                self.sounds.action_cursor_down()

    def action_clear(self) -> None:
        """Take back what was said of the sample."""
        row = self.current
        if row is not None and row.id in self.said:
            self._unsaid[row.id] = None
            self._flush()
            self._show()

    def _flush(self) -> None:
        """Write what was not written yet; what is asked last holds all of it."""
        if self._unsaid:
            said = dict(self._unsaid)
            self._writing.ask(partial(teaching_questions.say, self._workspace, self.word, said))

    def on_examples_ready(self, event: ExamplesReady) -> None:
        """Show the words so far."""
        self._known = event.examples
        for sample_id, fits in event.written.items():
            if self._unsaid.get(sample_id) is fits:
                self._unsaid.pop(sample_id, None)
        self._show()

    # What is listed and heard.

    def action_propose(self) -> None:
        """List the sounds that are most worth an answer."""
        propose = teaching_questions.proposals
        self._list(partial(propose, self._workspace, self.word, self._query))

    def action_review(self) -> None:
        """List the examples given so far."""
        ids = list(self.said)
        what = f"the examples of {self.word}"
        if ids:
            self._list(partial(teaching_questions.these, self._workspace, ids, what))

    def action_all(self) -> None:
        """List the sounds of the library again."""
        what = "the marked sounds, and the list from the cursor on"
        self._list(partial(teaching_questions.these, self._workspace, self._ids, what))

    def on_proposals_ready(self, event: ProposalsReady) -> None:
        """List samples; a list that changed by itself makes no sound."""
        self._rows, self._what = event.rows, event.what
        self._heard = event.rows[0].id if event.rows else None
        self.sounds.set_options(Option("") for _ in event.rows)
        self._show()
        self.sounds.highlighted = 0 if event.rows else None

    def _show(self) -> None:
        said = self.said
        yes = sum(said.values())
        head = self.query_one("#teach-word", Static)
        head.update(drawn.heading(self.word, yes, len(said) - yes, self._what))
        for place, row in enumerate(self._rows):
            line = drawn.line(row.name, row.category, row.duration, said.get(row.id))
            self.sounds.replace_option_prompt_at_index(place, line)
        counts = [(each.word, len(each.fitting), len(each.unfitting)) for each in self._known]
        self.query_one("#teach-known", Static).update(drawn.words(counts, self.word))

    def on_option_list_option_highlighted(self) -> None:
        """Play the sound that the cursor has come to."""
        row = self.current
        if row is not None and row.id != self._heard:
            self._heard = row.id
            self._audition.ask(row.id, True)

    def on_sound_ready(self, event: SoundReady) -> None:
        """Play and draw the sound, or say why not."""
        self._audition.take(event.row, event.sound)
        if event.wanted:
            self._audition.go_on(event.sound)
        if event.sound is None:
            self.notify(displayable(event.reason), severity="warning", markup=False)
            return
        wave = self.query_one(Waveform)
        wave.show(event.sound.overview, colour_of(event.row.category))

    def action_move(self, lines: int) -> None:
        """Move to another sound."""
        if lines < 0:
            self.sounds.action_cursor_up()
        else:
            self.sounds.action_cursor_down()

    def action_play(self) -> None:
        """Play the sound, or stop it."""
        row = self.current
        if self._audition.heard is not None:
            self._audition.play(None)
        elif row is not None:
            self._audition.ask(row.id, True)

    def action_close(self) -> None:
        """Go back to the library."""
        if self._unsaid:
            # The questions of this screen end with it.
            say = partial(teaching_questions.say, self._workspace, self.word, dict(self._unsaid))
            self.app.run_worker(say, thread=True, group="write")
        self.dismiss()

    def on_trouble(self, event: Trouble) -> None:
        """Say what is wrong."""
        event.stop()
        self.notify(displayable(str(event.error)), severity="warning", markup=False)
