"""A folder of labelled sounds, as the benchmarks read it.

The folder holds `manifest.csv` with at least the columns path, label, source, family and detail. It
is named by the environment variable LATENTCRATE_SOUNDS, or on the command line.
"""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path

# The house codec and space were trained on sounds of these sources; see docs/house-codec.md.
SEEN_SOURCES = frozenset(
    {
        "Calinou/kenney-interface-sounds",
        "Tonejs/audio",
        "freedoom/freedoom",
        "freepats/synth-bass-1",
        "freepats/upright-piano-KW",
        "sfzinstruments/GregSullivan.E-Pianos",
        "sfzinstruments/dsmolken.double-bass",
        "sfzinstruments/karoryfer.swagbass",
        "sfzinstruments/karoryfer.weresax",
        "tidalcycles/uzu-drumkit",
    }
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row of the manifest.

    Attributes:
        path: The file.
        label: What it is.
        source: Who made it.
        family: Same-family sounds are takes of one another.
        detail: A finer label.
        original: Where it lay at its source, which tells more of names and folders; may be empty.
    """

    path: Path
    label: str
    source: str
    family: str
    detail: str
    original: str = ""


def read_manifest(folder: Path, without: frozenset[str] = frozenset()) -> list[Labelled]:
    """Return the labelled sounds of a folder, those of some labels left out."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return [
            Labelled(
                folder / r["path"],
                r["label"],
                r["source"],
                r["family"],
                r["detail"],
                r.get("orig_path") or "",
            )
            for r in csv.DictReader(file)
            if r["label"] not in without
        ]


def sounds_folder(named: Path | None) -> Path:
    """Return the folder to read, or end the program with what to do."""
    folder = named or (Path(p) if (p := os.environ.get("LATENTCRATE_SOUNDS")) else None)
    if folder is None or not (folder / "manifest.csv").exists():
        sys.exit("name a folder with a manifest.csv: --sounds FOLDER, or LATENTCRATE_SOUNDS")
    return folder
