"""How the command line prints: JSON and plain tables on stdout, progress on stderr."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from index.answers import Take
from index.space_rows import HOUSE
from library.catalog import SampleRow
from library.names import displayable
from library.progress import Job, Progress, drive
from library.repairs import REPAIRS
from tui.quiet import answers, only_we_draw

if TYPE_CHECKING:
    from pathlib import Path

    from index.workspace import Workspace

T = TypeVar("T")

_FAR_ENOUGH = 0.7

# What JSON itself leaves as it is: controls of 8 bits, marks that turn text around or break lines.
_STEERS = re.compile("[\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]")


def print_json(document: object) -> None:
    """Print one JSON document in UTF-8; what of a name is no text, or steers, becomes escapes."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    _write([_STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)])


def print_table(rows: Iterable[Sequence[object]]) -> None:
    """Print rows with a tab between the columns; nothing in them can steer the terminal."""
    _write("\t".join("" if c is None else displayable(str(c)) for c in row) for row in rows)


def _write(lines: Iterable[str]) -> None:
    stdout = answers().buffer
    for line in lines:
        stdout.write(line.encode("utf-8", "backslashreplace") + b"\n")
    stdout.flush()


def say(text: str) -> None:
    """Print a line of narration to stderr."""
    sys.stderr.write(displayable(text) + "\n")


def unreadable_line(folders: Sequence[Path]) -> str:
    """Return in a line which folders could not be read, and what became of their samples."""
    more = f" and {len(folders) - 1:,} more" if len(folders) > 1 else ""
    return (
        f"cannot read {folders[0]}{more}: their samples are missing, and kept; "
        "check the disk and the rights, then crate scan"
    )


class _Said(logging.Handler):
    """Says what is logged as narration."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


@contextmanager
def telling_repairs() -> Iterator[None]:
    """Say on stderr what is mended unasked."""
    said = _Said()
    REPAIRS.addHandler(said)
    try:
        yield
    finally:
        REPAIRS.removeHandler(said)


def sample_facts(row: SampleRow) -> dict[str, object]:
    """Return what JSON says of a sample."""
    return {
        "id": row.id,
        "path": str(row.path),
        "name": row.name,
        "folder": row.folder,
        "state": row.state,
        "missing": row.missing,
        "duration": row.duration,
        "sample_rate": row.sample_rate,
        "channels": row.channels,
        "format": row.format,
        "category": row.category,
        "category_source": row.category_source,
        "category_probability": row.category_probability,
        "tempo": row.tempo,
        "tempo_source": row.tempo_source,
        "key": row.key,
        "key_source": row.key_source,
        "rating": row.rating,
        "used": row.used,
        "tags": list(row.tags),
        "attributes": rounded(row.attributes),
    }


def take_facts(take: Take) -> dict[str, object]:
    """Return what JSON says of a take."""
    facts: dict[str, object] = {"path": str(take.path.absolute())}
    if take.weights is not None:
        facts["weights"] = [round(w, 6) for w in take.weights]
    if take.z is not None:
        facts["z"] = [round(v, 5) for v in take.z]
    if take.starts is not None:
        facts["starts"] = [round(v, 6) for v in take.starts]
    if take.temperature is not None:
        first, last = take.temperature
        facts["temperature"] = first if first == last else [first, last]
    facts["attributes"] = rounded(take.attributes)
    if take.asked:
        facts["wanted"] = rounded({each.name: each.wanted for each in take.asked})
    if (why := take.why) is not None:
        facts["why"] = {
            "nearest": {
                "id": why.nearest.id,
                "path": str(why.nearest.path),
                "distance": round(why.distance, 4),
            },
            "novelty": round(why.novelty, 3),
            "density": round(why.density, 3),
            "apart": None if why.apart is None else round(why.apart, 4),
        }
    return facts


def report_takes(takes: Sequence[Take], as_json: bool, **how: str) -> bool:
    """Print which takes were made, with what they were made by; return True, as some were.

    What fell short of what was asked of it is said on stderr.
    """
    for line in (shortfall for take in takes for shortfall in shortfalls(take)):
        say(line)
    if as_json:
        print_json({**how, "files": [take_facts(take) for take in takes]})
    else:
        print_table([(take.path,) for take in takes])
    return True


def shortfalls(take: Take) -> list[str]:
    """Return a line for each attribute that went less than 70 % of the way it was asked to go."""
    lines = []
    for asked in take.asked:
        if asked.share >= _FAR_ENOUGH:
            continue
        unit = f" {asked.unit}".rstrip()
        louder = asked.name == "loudness" and asked.wanted > asked.was
        lines.append(
            f"{asked.name}: {_short(asked.wanted)}{unit} was asked for, and "
            f"{_short(asked.reached)}{unit} was reached, from {_short(asked.was)}{unit}"
            + (": no peak is raised above full scale" if louder else "")
        )
    return lines


def _short(value: float) -> str:
    return f"{float(f'{value:.4g}'):.12g}"


def in_seconds(duration: float | None) -> str:
    """Return a duration as a table shows it."""
    return "" if duration is None else f"{duration:.2f}s"


def rounded(attributes: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return descriptors with as many digits as they are worth."""
    return {k: None if v is None else float(f"{v:.6g}") for k, v in attributes.items()}


def encode_lacking(workspace: Workspace, space: str | None) -> None:
    """Encode what a space lacks while somebody sees the progress."""
    if workspace.waiting_sounds(space):
        with_progress(workspace.embed(space))


def space_to_search(workspace: Workspace, space: str | None) -> str | None:
    """Return the space that search is to use; where the one in use cannot be, the house space."""
    if space is None and (trouble := workspace.space_trouble()):
        say(f"The house space is searched, as {trouble}")
        return HOUSE
    return space


def with_progress(job: Job[T]) -> T:
    """Run a job, its progress on stderr: a bar for each stage, or lines where nobody watches."""
    with only_we_draw():
        return _with_bars(job) if sys.stderr.isatty() else _with_lines(job)


def _with_bars(job: Job[T]) -> T:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", style="dim"),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, object] = {}

        def show(step: Progress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(step.stage, total=step.total, note="")
            note = escape(displayable(step.note))[:40]
            task = tasks[step.stage]
            bars.update(task, completed=step.done, total=step.total, note=note)  # type: ignore[arg-type]

        return drive(job, show)


def _with_lines(job: Job[T]) -> T:
    """Run a job with one line for each finished stage."""
    last: dict[str, Progress] = {}

    def show(step: Progress) -> None:
        for stage in [s for s in last if s != step.stage]:
            say(f"{stage}: {last.pop(stage).done}")
        last[step.stage] = step

    result = drive(job, show)
    for stage, step in last.items():
        say(f"{stage}: {step.done}")
    return result
