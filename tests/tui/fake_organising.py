"""What the user says of samples, in memory, and the way back through it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from library.catalog import SampleRow
from library.collecting import CollectionRow
from library.counts import Counts
from library.exporting import Copy, ExportReport
from library.progress import Progress
from library.saved_searches import SearchRow

NOON = datetime(2025, 1, 2, 12, tzinfo=UTC)
State = tuple[dict[int, SampleRow], dict[str, list[int]], dict[str, str]]


class FakeOrganising:
    """The verbs of `index.organising.Organising`. Each is one step of the way back."""

    samples: int

    def __init__(self) -> None:
        self.changed: dict[int, SampleRow] = {}
        self.collected: dict[str, list[int]] = {}
        self.searches: dict[str, str] = {}
        self._past: list[tuple[str, State]] = []
        self._future: list[tuple[str, State]] = []
        self.counted = 0

    def _note(self, *call: object) -> None:
        raise NotImplementedError

    def _row(self, sample_id: int) -> SampleRow:
        raise NotImplementedError

    def rows(self, ids: Sequence[int]) -> list[SampleRow]:
        raise NotImplementedError

    def _state(self) -> State:
        collected = {name: list(ids) for name, ids in self.collected.items()}
        return dict(self.changed), collected, dict(self.searches)

    def _says(self, about: str, *call: object) -> None:
        self._note(*call)
        self._past.append((about, self._state()))
        self._future.clear()

    def _retrace(
        self, stack: list[tuple[str, State]], other: list[tuple[str, State]]
    ) -> str | None:
        if not stack:
            return None
        about, state = stack.pop()
        other.append((about, self._state()))
        self.changed, self.collected, self.searches = state
        return about

    def undo(self) -> str | None:
        self._note("undo")
        return self._retrace(self._past, self._future)

    def redo(self) -> str | None:
        self._note("redo")
        return self._retrace(self._future, self._past)

    def tag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        self._says("tag " + " ".join(words), "tag", tuple(ids), tuple(words))
        for row in self.rows(ids):
            self.changed[row.id] = replace(row, tags=tuple(sorted({*row.tags, *words})))

    def untag(self, ids: Sequence[int], words: Sequence[str]) -> None:
        self._says("untag " + " ".join(words), "untag", tuple(ids), tuple(words))
        for row in self.rows(ids):
            left = tuple(word for word in row.tags if word not in words)
            self.changed[row.id] = replace(row, tags=left)

    def set_category(self, ids: Sequence[int], category: str | None) -> None:
        self._says("category", "category", tuple(ids), category)
        for row in self.rows(ids):
            told = self._row(row.id)
            category_now, source = (
                (category.lower(), "user") if category else (told.category, told.category_source)
            )
            self.changed[row.id] = replace(row, category=category_now, category_source=source)

    def rate(self, ids: Sequence[int], rating: int | None) -> None:
        self._says(f"rate {rating}", "rate", tuple(ids), rating)
        for row in self.rows(ids):
            self.changed[row.id] = replace(row, rating=rating)

    def mark_used(self, ids: Sequence[int], used: bool = True) -> None:
        self._says("used", "used", tuple(ids), used)
        for row in self.rows(ids):
            self.changed[row.id] = replace(row, used=used)

    def collect(self, ids: Sequence[int], name: str) -> int:
        self._says(f"collect {name}", "collect", tuple(ids), name)
        there = self.collected.setdefault(name, [])
        new = [each for each in ids if each not in there]
        there += new
        return len(new)

    def uncollect(self, ids: Sequence[int], name: str) -> int:
        self._says(f"uncollect {name}", "uncollect", tuple(ids), name)
        there = self.collected.get(name, [])
        gone = [each for each in ids if each in there]
        self.collected[name] = [each for each in there if each not in gone]
        return len(gone)

    def collections(self) -> list[CollectionRow]:
        return [CollectionRow(name, len(ids), NOON) for name, ids in sorted(self.collected.items())]

    def save_search(self, name: str, query: str) -> None:
        self._says(f"save {name}", "save_search", name, query)
        self.searches[name] = query

    def forget_search(self, name: str) -> None:
        self._says(f"forget {name}", "forget_search", name)
        del self.searches[name]

    def saved_searches(self) -> list[SearchRow]:
        return [SearchRow(name, query, NOON) for name, query in sorted(self.searches.items())]

    def counts(self) -> Counts:
        self.counted += 1
        folders: dict[str, int] = {}
        categories: dict[str, int] = {}
        for number in range(1, min(self.samples, 700) + 1):
            row = self._row(number)
            folders[row.folder] = folders.get(row.folder, 0) + 1
            if row.category is not None:
                categories[row.category] = categories.get(row.category, 0) + 1
        return Counts(dict(sorted(folders.items())), dict(sorted(categories.items())))

    def tag_counts(self) -> dict[str, int]:
        words = [word for row in self.changed.values() for word in row.tags]
        return {word: words.count(word) for word in sorted(set(words))}

    def export_samples(
        self, ids: Sequence[int], out: Path, pattern: str = "{name}"
    ) -> Generator[Progress, None, ExportReport]:
        self._note("export", tuple(ids), out, pattern)
        yield Progress("exporting", 0, len(ids))
        copies = tuple(Copy(row.id, row.path, out / row.name) for row in self.rows(ids))
        return ExportReport(copies, ())
