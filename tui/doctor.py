"""`crate doctor`: is everything well, and if not, what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from index.workspace import Workspace
from library.database import SCHEMA_HEAD, open_database, reading
from library.errors import UserError
from library.locations import default_library, library_folder
from library.progress import Job, drive


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        check: What was looked at.
        state: "well", "note" for what is not perfect but works, "broken", or "mended".
        about: What was found, and what to do.
    """

    check: str
    state: str
    about: str


def examine(
    path: Path | None, mend: bool = False, run: Callable[[Job[int]], int] = drive
) -> list[Finding]:
    """Check library, models, index and audio device.

    Args:
        path: The library; the default one where None.
        mend: Also mend what can be.
        run: Runs a job that mends.
    """
    path = path if path is not None else default_library()
    found = [*_library(path), *_models()]
    if all(finding.state != "broken" for finding in found):
        found += [*_codecs(path), *_index(path, mend, run)]
    return [*found, *_audio()]


def _library(path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("library", "note", f"{path} is not there yet: crate add makes it")
        return
    backups = library_folder(path) / "backups"
    try:
        engine = open_database(path)
        with reading(engine) as session:
            sound = session.execute(text("PRAGMA quick_check(3)")).scalars().all()
            orphans = session.execute(text("PRAGMA foreign_key_check")).all()
        engine.dispose()
        with Workspace.open(path) as workspace:
            status = workspace.status()
    except UserError as error:
        yield Finding("library", "broken", f"{error}; copies, if any, lie in {backups}")
        return
    if list(sound) != ["ok"]:
        yield Finding("library", "broken", f"{sound[0]}; copies, if any, lie in {backups}")
        return
    if orphans:
        yield Finding("library", "broken", f"{len(orphans)} rows belong to nothing")
        return
    yield Finding("library", "well", f"{path}, schema {SCHEMA_HEAD}")
    yield Finding("samples", "well", f"{status.samples}, of them {status.analysed} analysed")
    if status.listed:
        yield Finding("samples", "note", f"{status.listed} wait for analysis: crate scan")
    if status.missing:
        yield Finding("samples", "note", f"{status.missing} are missing: is a disk unplugged?")
    if status.failed:
        yield Finding("samples", "note", f"{len(status.failed)} failed: crate status tells why")


def _models() -> Iterator[Finding]:
    from vae.house_codec import house_codec
    from vae.space_file import house_space

    try:
        codec, space = house_codec(), house_space()
    except (UserError, OSError) as error:
        yield Finding("models", "broken", str(error))
        return
    if space.codec_digest != codec.digest:
        yield Finding(
            "models", "broken", "the house space is of another codec: reinstall latentcrate"
        )
    else:
        yield Finding("models", "well", f"house codec {codec.digest[:12]}, {codec.dims} dimensions")


def _codecs(path: Path) -> Iterator[Finding]:
    """Look at the codecs of a library beside the house codec; nothing of them runs."""
    if not path.exists():
        return
    with Workspace.open(path) as workspace:
        for codec in workspace.codecs.rows()[1:]:
            check = f"codec {codec.name}"
            wrong = workspace.codecs.trouble(codec.name)
            if wrong is not None:
                yield Finding(check, "broken", ": ".join(wrong))
            elif not codec.trusted:
                why = str(codec.report.get("failed", "")) or "it has never run"
                about = f"not trusted ({why}): crate codec trust {codec.digest[:12]}"
                yield Finding(check, "note", about)
            else:
                yield Finding(check, "well", f"{codec.kind}, {codec.samples} sounds encoded")


def _index(path: Path, mend: bool, run: Callable[[Job[int]], int]) -> Iterator[Finding]:
    if not path.exists():
        return
    with Workspace.open(path) as workspace:
        for space in workspace.spaces():
            try:
                lacking = left = workspace.lacking_vectors(space.name)
                if lacking and mend:
                    run(workspace.embed(space.name))
                    left = workspace.lacking_vectors(space.name)
            except UserError as error:
                yield Finding(f"space {space.name}", "broken", str(error))
                continue
            if left:
                about = f"{left} sounds have no vector in it"
                if mend:
                    about += ", and their files cannot be encoded: crate scan"
                yield Finding(f"space {space.name}", "note", about)
            elif lacking:
                about = f"{lacking} sounds had no vector in it"
                yield Finding(f"space {space.name}", "mended", about)
            else:
                yield Finding(f"space {space.name}", "well", f"of {space.samples} sounds")


def _audio() -> Iterator[Finding]:
    from tui.playback import SilentPlayer, open_player

    player = open_player()
    try:
        if isinstance(player, SilentPlayer):
            yield Finding("audio", "note", f"{player.note}; everything but listening works")
        else:
            yield Finding("audio", "well", "a device plays")
    finally:
        player.close()
