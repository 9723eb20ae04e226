"""What `crate similar` does: understand what is asked, ask the workspace, print."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.answers import Neighbour
from index.query_text import moves_of, point_of, region_of, weights_of
from index.sound_query import SoundQuery
from index.workspace import Workspace
from library.errors import DecodeError, UserError
from tui.cli_output import (
    encode_lacking,
    in_seconds,
    print_json,
    print_table,
    space_to_search,
)

Options = argparse.Namespace

STDIN = "-"
MOST_STDIN_BYTES = 2**29
_BLOCK_BYTES = 2**20


def run_similar(options: Options) -> bool:
    """`crate similar`."""
    query = _query(options)
    with Workspace.open(options.library) as workspace, _stdin_as_file(query) as readable:
        space = space_to_search(workspace, options.space)
        encode_lacking(workspace, space)
        found = workspace.similar(replace(readable, space=space))
        space = space or workspace.space_in_use()
    if options.json:
        results = [_facts(each) for each in found]
        print_json({"query": _asked(query, space), "results": results})
    else:
        print_table(
            (
                n.row.id,
                f"{n.score:.2f}",
                in_seconds(n.row.duration) + ("" if n.start is None else f" at {n.start:.2f} s"),
                n.row.path,
            )
            for n in found
        )
    return bool(found)


def _query(options: Options) -> SoundQuery:
    return SoundQuery(
        sound=options.sound,
        k=options.k,
        where=options.where,
        space=options.space,
        region=None if options.region is None else region_of(options.region),
        like=tuple(options.like),
        unlike=tuple(options.unlike),
        moves=moves_of(options.more, options.less),
        weights=weights_of(options.weight),
        at=None if options.at is None else point_of(options.at),
    )


def _asked(query: SoundQuery, space: str) -> dict[str, object]:
    """Return what JSON says of the query: all that was asked."""
    region = query.region
    return {
        "sound": query.sound,
        "region": None if region is None else [region.start, region.end],
        "like": list(query.like),
        "unlike": list(query.unlike),
        "moves": dict(query.moves),
        "at": None if query.at is None else list(query.at),
        "weights": dict(query.weights),
        "where": query.where,
        "space": space,
        "k": query.k,
    }


def _facts(found: Neighbour) -> dict[str, object]:
    """Return what JSON says of a result."""
    return {
        "id": found.row.id,
        "path": str(found.row.path),
        "name": found.row.name,
        "distance": round(found.distance, 6),
        "score": round(found.score, 4),
        "aspects": {name: round(grade, 4) for name, grade in found.aspects.items()},
        "start": found.start,
    }


@contextmanager
def _stdin_as_file(query: SoundQuery) -> Iterator[SoundQuery]:
    """Give the query as the workspace takes it: what comes in on stdin is a file there."""
    named = [*query.sounds, *query.unlike].count(STDIN)
    if not named:
        yield query
        return
    if named > 1:
        raise UserError("- is named twice, and stdin can be read once", "name it once")
    with tempfile.TemporaryDirectory(prefix="latentcrate-") as folder:
        path = Path(folder) / "stdin"
        _receive(path)

        def readable(sounds: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(str(path) if sound == STDIN else sound for sound in sounds)

        try:
            yield replace(
                query,
                sound=str(path) if query.sound == STDIN else query.sound,
                like=readable(query.like),
                unlike=readable(query.unlike),
            )
        except DecodeError as error:
            if not error.message.startswith(path.name):
                raise
            why = error.message.removeprefix(path.name).strip()
            raise DecodeError(
                f"what came on stdin is no sound that can be read ({why})", "send a WAV file"
            ) from error


def _receive(path: Path) -> None:
    """Write what comes on stdin to a file.

    Raises:
        UserError: Somebody types there, nothing comes, or more than any sound needs.
    """
    if sys.stdin.isatty():
        raise UserError("nothing is sent to stdin", "send a sound: crate similar - < kick.wav")
    size = 0
    try:
        with path.open("wb") as file:
            while block := sys.stdin.buffer.read(_BLOCK_BYTES):
                size += len(block)
                if size > MOST_STDIN_BYTES:
                    most = MOST_STDIN_BYTES // 2**20
                    raise UserError(f"more than {most} MiB came on stdin", "send a shorter sound")
                file.write(block)
    except OSError as error:
        raise UserError(
            f"what comes on stdin cannot be kept ({error.strerror})", f"make room in {path.parent}"
        ) from error
    if not size:
        raise UserError("nothing came on stdin", "send a sound: crate similar - < kick.wav")
