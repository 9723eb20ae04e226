"""The verbs of a workspace with which the user says something of samples, and takes it back.

They delegate, as all verbs of :class:`index.workspace.Workspace` do, which inherits them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from library import (
    catalog,
    collecting,
    exporting,
    journal,
    labels,
    musical_rows,
    pairs,
    saved_searches,
    word_examples,
)
from library.catalog import SampleRow
from library.collecting import CollectionRow
from library.exporting import Copy, ExportReport
from library.journal import Change, Retraced
from library.journal_kinds import CATEGORY
from library.name_pattern import NAME
from library.pairs import Pair
from library.progress import Job, Progress, drive
from library.saved_searches import SearchRow
from library.word_examples import Examples

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Organising:
    """What the user says of samples. All of it can be taken back, the last first."""

    _engine: Engine

    # Samples.

    def tag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        """Put words on samples."""
        labels.tag(self._engine, ids, words)

    def untag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        """Take words off samples."""
        labels.untag(self._engine, ids, words)

    def rate(self, ids: Sequence[int], rating: int | None) -> None:
        """Rate samples 1 to 5; None takes the rating off."""
        labels.rate(self._engine, ids, rating)

    def mark_used(self, ids: Sequence[int], used: bool = True) -> None:
        """Say of samples that they are used in a piece, or that they are not."""
        labels.mark_used(self._engine, ids, used)

    def set_category(self, ids: Sequence[int], category: str | None) -> None:
        """Say of what category samples are; None takes back what was said.

        Samples of which only the sound tells are asked again, as a word teaches.
        """
        labels.set_category(self._engine, ids, category)
        self._categorise()

    def set_tempo(self, ids: Sequence[int], bpm: float | None) -> None:
        """Say what tempo samples have; None takes back what was said."""
        musical_rows.set_tempo(self._engine, ids, bpm)

    def multiply_tempo(self, ids: Sequence[int], factor: float) -> None:
        """Say that samples have a multiple of their tempo: 2 for the double, 0.5 for the half."""
        musical_rows.multiply_tempo(self._engine, ids, factor)

    def set_key(self, ids: Sequence[int], key: str | None) -> None:
        """Say what key samples have, such as ``Am``; None takes back what was said."""
        musical_rows.set_key(self._engine, ids, key)

    # Words by example, and what belongs together.

    def examples(self) -> list[Examples]:
        """Return the words that were taught, with their examples."""
        return word_examples.examples(self._engine)

    def teach(self, word: str, fitting: Sequence[int], unfitting: Sequence[int]) -> None:
        """Say of samples that they are what a word means, or are not; the last saying counts."""
        word_examples.teach(self._engine, word_examples.checked(word), fitting, unfitting)

    def forget_word(self, word: str, ids: Sequence[int] = ()) -> int:
        """Take back examples of a word, all of them where none is named; return how many."""
        return word_examples.forget(self._engine, word_examples.checked(word), ids)

    def propose_examples(self, word: str, where: str = "", count: int = 24) -> list[SampleRow]:
        """Return the samples whose answer would teach a word most, those to hear first first.

        Args:
            word: One with an example at least that is it.
            where: A query: only what matches is proposed.
            count: How many, at most.
        """
        from index.proposals import propose

        plain = word_examples.checked(word)
        known = next((each for each in self.examples() if each.word == plain), None)
        yes, no = (known.fitting, known.unfitting) if known is not None else ((), ())
        among = catalog.ids(self._engine, where)
        return catalog.rows(self._engine, propose(self._engine, yes, no, among, count))

    def pairs(self) -> list[Pair]:
        """Return of which samples the user said that they belong together, or do not."""
        return pairs.pairs(self._engine)

    def say_alike(self, ids: Sequence[int], alike: bool) -> list[Pair]:
        """Say of every two of some samples whether they belong together."""
        return pairs.say(self._engine, ids, alike)

    def forget_alike(self, ids: Sequence[int]) -> list[Pair]:
        """Take back what was said of every two of some samples, or of a single one."""
        return pairs.forget(self._engine, ids)

    # Collections.

    def collect(self, ids: Sequence[int], name: str) -> int:
        """Put samples at the end of a collection, new or not; return how many are new in it."""
        return collecting.collect(self._engine, ids, name)

    def uncollect(self, ids: Sequence[int], name: str) -> int:
        """Take samples out of a collection; return how many were in it."""
        return collecting.uncollect(self._engine, ids, name)

    def collections(self) -> list[CollectionRow]:
        """Return the collections, by name."""
        return collecting.collections(self._engine)

    def collections_of(self, sample_id: int) -> list[str]:
        """Return the names of the collections that a sample is in."""
        return collecting.collections_of(self._engine, sample_id)

    def rename_collection(self, old: str, new: str) -> None:
        """Give a collection another name."""
        collecting.rename_collection(self._engine, old, new)

    def forget_collection(self, name: str) -> int:
        """Forget a collection, but none of its samples; return how many were in it."""
        return collecting.forget_collection(self._engine, name)

    # Searches.

    def save_search(self, name: str, query: str) -> None:
        """Keep a query line under a name; one that has the name is replaced."""
        saved_searches.save_search(self._engine, name, query)

    def saved_searches(self) -> list[SearchRow]:
        """Return the saved searches, by name."""
        return saved_searches.saved_searches(self._engine)

    def rename_search(self, old: str, new: str) -> None:
        """Give a saved search another name."""
        saved_searches.rename_search(self._engine, old, new)

    def forget_search(self, name: str) -> None:
        """Forget a saved search."""
        saved_searches.forget_search(self._engine, name)

    # Copies.

    def plan_export(self, ids: Sequence[int], out: Path, pattern: str = NAME) -> list[Copy]:
        """Return the copies that an export would write."""
        return exporting.plan_export(self._engine, ids, out, pattern)

    def export_samples(
        self, ids: Sequence[int], out: Path, pattern: str = NAME
    ) -> Job[ExportReport]:
        """Copy samples into a folder, under names made from a pattern; a job.

        Args:
            ids: Of samples, in the order in which they are numbered.
            out: The folder; it is made where it is not there, and no file in it is replaced.
            pattern: Such as ``{n:03}_{category}_{name}``; see :mod:`library.name_pattern`.
        """
        yield Progress("exporting", 0, None)
        copies = self.plan_export(ids, out, pattern)
        return (yield from exporting.export(copies, out))

    # All that was said.

    def undo(self) -> str | None:
        """Take back what was said last; return what it was, None where there is nothing."""
        return self._retrace(journal.undo)

    def redo(self) -> str | None:
        """Say again what was taken back last; return what it was, None where there is nothing."""
        return self._retrace(journal.redo)

    def history(self) -> list[Change]:
        """Return what was said, the newest first, and what of it was taken back."""
        return journal.history(self._engine)

    def _retrace(self, step: Callable[[Engine], Retraced | None]) -> str | None:
        done = step(self._engine)
        if done is None:
            return None
        if CATEGORY in done.kinds:
            self._categorise()
        return done.about

    def _categorise(self) -> None:
        """Ask sounds again of what category they are, as the user's words teach that."""
        from index.categories import categorise
        from index.hearings import features_of
        from vae.ear_file import house_ear

        drive(categorise(self._engine, house_ear(), features_of(self._engine)))
