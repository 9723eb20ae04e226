"""One run of `crate add` that is killed, and what must hold of the library afterwards.

The run is a forked child of a process that has everything loaded: starting Python takes longer than
the run. While it works, rows are read over a connection of another process, and tags are put on
what is there; then it gets SIGKILL, and the library is opened again.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from index.sound_query import SoundQuery
from index.workspace import Workspace
from library.clip import Clip
from library.locations import library_folder
from library.progress import drive
from library.wav import write_wav
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.space_file import house_space

_ORDER = {"listed": 0, "failed": 1, "analysed": 1}
_TAG_EVERY_S = 0.05
_POLL_S = 0.002


@dataclass
class Seen:
    """What another process saw committed before the kill.

    Attributes:
        rows: Path and state of each sample, by id.
        tags: The samples that were tagged.
        files: Names that were seen in the library's folder.
        stage: How far the run had come.
    """

    rows: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    tags: set[int] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    stage: str = ""


def make_sounds(folder: Path, count: int, seed: int = 7) -> Path:
    """Write short decaying sounds in two folders, two of them alike, and a file that is none."""
    rng = np.random.default_rng(seed)
    t = np.arange(6_000) / 44_100
    for n in range(count):
        tone = np.sin(2 * np.pi * rng.uniform(60, 5_000) * t) + rng.uniform(0, 1) * rng.normal(
            size=len(t)
        )
        wave = 0.3 * tone * np.exp(-t * rng.uniform(10, 60))
        clip = Clip(wave[None].astype(np.float32), 44_100)
        kind = "kicks" if n % 2 else "odd names \u266b"
        write_wav(clip, folder / kind / f"sound {n:04d}.wav")
    (folder / "kicks" / "copy.wav").write_bytes((folder / "kicks" / "sound 0001.wav").read_bytes())
    (folder / "broken.wav").write_bytes(b"RIFF no sound")
    return folder


def warm_up() -> None:
    """Load in this process what a run needs, without starting a thread."""
    torch.set_num_threads(1)
    house_codec()
    house_ear()
    house_space()
    import faiss  # noqa: F401
    from alembic import command  # noqa: F401

    import index.scanning  # noqa: F401


def added(library: Path, folder: Path) -> None:
    """Do what `crate add` does."""
    with Workspace.open(library) as crate:
        drive(crate.add([folder]))


def forked(work: Callable[[], None]) -> int:
    """Start some work in a child process; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a child must never go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def ended_well(child: int) -> bool:
    """Wait for a child, and return whether all went well."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@contextmanager
def started_program(library: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the real command line on a folder."""
    command = [sys.executable, "-m", "tui.cli", "--library", str(library), "add", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process


def watched_and_killed(
    child: int, library: Path, after_s: float, at_file: str = "", seed: int = 0
) -> Seen:
    """Look on while a child works on a library, tag what is there, and kill the child.

    Args:
        child: Its process id.
        library: The library file.
        after_s: When to kill it, seconds from now.
        at_file: Kill it as soon as a file with this ending is seen in the library's folder, too.
        seed: Of which samples are tagged.
    """
    rng, seen = random.Random(seed), Seen()
    began = last_tag = time.monotonic()
    connection: sqlite3.Connection | None = None
    try:
        while time.monotonic() - began < after_s:
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                break
            names = {path.name for path in library_folder(library).glob("*/*")}
            seen.files |= names
            if at_file and any(name.endswith(at_file) for name in names):
                break
            if connection is None and library.exists():
                connection = sqlite3.connect(library, timeout=5, isolation_level=None)
            if connection is not None:
                # The table is there only once the migrations are committed.
                with suppress(sqlite3.OperationalError):
                    rows = connection.execute("SELECT id, path, state FROM sample").fetchall()
                    seen.rows.update((i, (path, state)) for i, path, state in rows)
                    if rows and time.monotonic() - last_tag > _TAG_EVERY_S:
                        seen.tags.add(_tagged(connection, rng.choice(rows)[0]))
                        last_tag = time.monotonic()
            time.sleep(_POLL_S)
    finally:
        os.kill(child, signal.SIGKILL)
        if connection is not None:
            connection.close()
    return seen


def _tagged(connection: sqlite3.Connection, sample_id: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR IGNORE INTO tag (id, word) VALUES (1, 'mine')")
    connection.execute("INSERT OR IGNORE INTO sample_tag VALUES (?, 1)", (sample_id,))
    connection.execute("COMMIT")
    return sample_id


def wrong_after_kill(library: Path, seen: Seen) -> list[str]:
    """Return what is wrong with a library whose process was killed; what all should find empty."""
    if not library.exists():
        return ["the library is gone"] if seen.rows else []
    with closing(sqlite3.connect(library)) as connection:
        wrong = [
            f"{pragma}: {row[0]}"
            for pragma in ("integrity_check", "foreign_key_check")
            for row in connection.execute(f"PRAGMA {pragma}")
            if row[0] != "ok"
        ]
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sample'").fetchone():
            return wrong + (["every row is lost"] if seen.rows else [])
        now = {i: (path, state) for i, path, state in connection.execute(
            "SELECT id, path, state FROM sample"
        )}  # fmt: skip
        tagged = {i for (i,) in connection.execute("SELECT sample_id FROM sample_tag")}
    for sample_id, (path, state) in seen.rows.items():
        if sample_id not in now:
            wrong.append(f"row lost: {path!r}")
        elif now[sample_id][0] != path or _ORDER[now[sample_id][1]] < _ORDER[state]:
            wrong.append(f"row changed: {path!r} {state} {now[sample_id]}")
    wrong += [f"tag lost: {sample_id}" for sample_id in seen.tags - tagged]
    if len({path for path, _ in now.values()}) < len(now):
        wrong.append("a file twice")
    return wrong


@dataclass(frozen=True)
class Contents:
    """What analysis and search make of a folder, whatever the ids are.

    Attributes:
        samples: State, digest, category, descriptors, latents and hearing of each, by path.
        vectors: The vector of each, by path.
        found: How far the nearest to some are, by path.
    """

    samples: dict[str, tuple[object, ...]]
    vectors: dict[str, list[float]]
    found: dict[str, list[float]]


def contents(library: Path) -> Contents:
    """Read what is in a library, with what search answers."""
    with Workspace.open(library) as crate:
        table = crate.vectors()
        found = {
            str(path): [n.distance for n in crate.similar(SoundQuery(sound=str(i), k=5))]
            for i, path in zip(table.ids[:8], table.paths[:8], strict=True)
        }
    with closing(sqlite3.connect(library)) as connection:
        rows = connection.execute(
            "SELECT s.path, s.state, s.missing, s.content_hash, s.category, d.brightness, "
            "d.loudness, d.attack, d.decay, d.pitch, l.data, h.whole, h.windows FROM sample s "
            "LEFT JOIN descriptor d ON d.sample_id = s.id "
            "LEFT JOIN latents l ON l.sample_id = s.id LEFT JOIN hearing h ON h.sample_id = s.id"
        ).fetchall()
    samples = {os.fsdecode(row[0]): tuple(row[1:]) for row in rows}
    if len(samples) != len(rows):
        raise AssertionError("a file twice")
    vectors = {str(path): row.tolist() for path, row in zip(table.paths, table.matrix, strict=True)}
    return Contents(samples, vectors, found)


def differences(one: Contents, other: Contents) -> list[str]:
    """Return how what two libraries hold of the same folder differs."""
    wrong = []
    if one.samples != other.samples:
        keys = {
            k for k in one.samples | other.samples if one.samples.get(k) != other.samples.get(k)
        }
        wrong.append(f"{len(keys)} samples differ, such as {min(keys)}")
    if one.vectors.keys() != other.vectors.keys():
        wrong.append("other sounds have vectors")
    # How many were embedded at once may change the last bit.
    elif any(not np.allclose(v, other.vectors[k], atol=1e-5) for k, v in one.vectors.items()):
        wrong.append("vectors differ")
    elif any(not np.allclose(d, other.found[k], atol=1e-4) for k, d in one.found.items()):
        wrong.append("search answers differ")
    return wrong
