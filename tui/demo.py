"""`crate demo`: a small library of synthesised sounds, and everything done with it once."""

from __future__ import annotations

import shlex
from pathlib import Path

from index.map_file import save_map
from index.sound_query import SoundQuery
from index.workspace import Workspace
from library.errors import UserError
from library.wav import write_wav
from tui.cli_output import print_table, say, with_progress

SOUNDS = 240
SPACE = "demo"
VARIATIONS = 4


def demo(folder: Path) -> Path:
    """Make sounds, index them, train, find, morph, vary, and print where everything is.

    Run again, it keeps the sounds and the library, and adds a new folder of takes.

    Args:
        folder: For all of it; made where it is not there.

    Returns:
        The library made.
    """
    sounds = folder / "sounds"
    say(f"1. {SOUNDS} sounds in {sounds}")
    _synthesise(sounds)
    with Workspace.open(folder / "library.sqlite") as workspace:
        say("2. list and analyse them")
        report = with_progress(workspace.add([sounds]))
        say(f"   {report.found} found, {report.analysed} analysed in {report.seconds:.1f} s")
        say("3. learn a space of them")
        learned = with_progress(workspace.train(SPACE))
        known = (f"{n} {facts['spearman']}" for n, facts in learned.attributes.items())
        say(f"   {learned.seconds:.1f} s; rank correlation on held-out sounds: {', '.join(known)}")
        kick, bell = (_first(workspace, query) for query in ("category:kick", "folder:bells"))
        say("4. what is most like the first kick")
        found = workspace.similar(SoundQuery(str(kick), 5))
        print_table((f"{n.score:.2f}", n.row.path) for n in found)
        say("5. from the kick to a bell, and variations of the kick")
        takes = _fresh_folder(folder / "takes")
        made = with_progress(workspace.morph([str(kick), str(bell)], 7, takes))
        made += with_progress(workspace.vary(str(kick), VARIATIONS, takes))
        made += with_progress(workspace.vary(str(kick), 1, takes, settings={"brightness": "+1.5"}))
        print_table((take.path.absolute(),) for take in made)
        say("6. the map")
        with_progress(workspace.project())
        points = workspace.map_points()
        rows = workspace.rows(points.ids)
        for name in ("map.png", "map.html"):
            with_progress(save_map(points, rows, folder / name))
            print_table([((folder / name).absolute(),)])
    library = (folder / "library.sqlite").absolute()
    say(f"Look around: crate --library {shlex.quote(str(library))}")
    return library


def _synthesise(sounds: Path) -> None:
    from vae.synth import demo_sounds, render

    for relative, patch in demo_sounds(SOUNDS):
        path = sounds / relative
        if not path.exists():
            write_wav(render(patch), path)


def _first(workspace: Workspace, query: str) -> int:
    ids = workspace.ids(query)
    if not len(ids):
        raise UserError(f"the demo has no sound for {query}", "choose an empty folder with --dir")
    return int(ids[0])


def _fresh_folder(parent: Path) -> Path:
    number = 1
    while (parent / f"run-{number:02d}").exists():
        number += 1
    return parent / f"run-{number:02d}"
