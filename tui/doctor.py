"""`crate doctor`: is everything well, and if not, what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from index.workspace import Workspace
from library.errors import UserError
from library.locations import default_library
from library.names import displayable
from library.progress import Job, drive
from tui.doctor_index import look_at_spaces
from tui.doctor_library import Finding, look_at_library


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
    found = [*look_at_library(path, mend), *_models()]
    if path.exists() and all(finding.state != "broken" for finding in found):
        with Workspace.open(path) as workspace:
            found += [*_codecs(workspace), *look_at_spaces(workspace, mend, run)]
    return [*found, *_settings(), *_audio()]


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


def _codecs(workspace: Workspace) -> Iterator[Finding]:
    """Look at the codecs of a library beside the house codec; nothing of them runs."""
    try:
        rows = workspace.codecs.rows()[1:]
    except UserError as error:  # the list of what the user trusts
        yield Finding("codecs", "broken", str(error))
        return
    for codec in rows:
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


def _settings() -> Iterator[Finding]:
    from tui.settings import read_settings, settings_file

    file = settings_file()
    troubles = read_settings(file).troubles
    for trouble in troubles:
        yield Finding("settings", "note", trouble)
    if not troubles:
        about = displayable(str(file))
        yield Finding("settings", "well", about if file.exists() else f"none in {about}")


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
