"""The gallery: its table is of commands that there are, and what it draws is what is heard."""

from __future__ import annotations

import csv
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import gallery
from benchmarks.gallery_entries import ENTRIES, SETUP, Entry
from benchmarks.gallery_page import figures
from benchmarks.gallery_pictures import COLUMNS, ROWS, draw, frequencies, spectrogram
from benchmarks.gallery_sounds import EXAMPLES, Wanted, chosen, copied
from benchmarks.manifest import Labelled, read_manifest
from library.wav import write_wav
from tests.audio_cases import click, noise, pluck, silence, tone
from tui.cli import parse_arguments
from vae.synth import random_patch, render

PLACES = {name: f"{name}.wav" for name in (*EXAMPLES, "out", "sounds")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three kicks and three plucks, one of them silent, with a manifest."""
    out = tmp_path_factory.mktemp("labelled")
    rng = np.random.default_rng(3)
    rows = []
    for kind, label in (("kick", "kick"), ("pluck", "instrument")):
        for number in range(3):
            sound = silence() if (kind, number) == ("kick", 0) else render(random_patch(rng, kind))
            write_wav(sound, out / f"{label}/{number}.wav")
            rows.append((f"{label}/{number}.wav", label, "made", f"{label}{number}", ""))
    with (out / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "source", "family", "detail"), *rows])
    return out


@pytest.mark.parametrize("command", [*SETUP, *(c for e in ENTRIES for c in e.commands.values())])
def test_each_command_is_one_that_crate_knows(command: str) -> None:
    options = parse_arguments([word.format_map(PLACES) for word in shlex.split(command)])
    assert options.command == command.split()[0]


def test_every_entry_shows_what_there_is() -> None:
    assert all(entry.commands and set(entry.given) <= set(EXAMPLES) for entry in ENTRIES)
    verbs = [entry.verb for entry in ENTRIES]
    assert sorted(set(verbs), key=verbs.index) == [
        v for i, v in enumerate(verbs) if i == 0 or v != verbs[i - 1]
    ]


def test_an_example_is_the_same_each_time_and_fits(folder: Path) -> None:
    rows = read_manifest(folder)
    kick, other = (chosen(rows, Wanted("kick", place=place)) for place in (0, 1))
    assert kick != other
    assert kick == chosen(list(rows), Wanted("kick"))
    assert folder / "kick/0.wav" not in (kick.path, other.path)
    assert chosen(rows, Wanted("kick", longest_s=0.001)).label == "kick"
    with pytest.raises(ValueError, match="no sound of label"):
        chosen([r for r in rows if r.path == folder / "kick/0.wav"], Wanted("kick"))


def test_the_library_is_of_copies(folder: Path, tmp_path: Path) -> None:
    rows = [replace(row) for row in read_manifest(folder)]
    examples = copied(rows, tmp_path / "sounds")
    assert set(examples) == {"kick", "note"}
    assert all(path.is_relative_to(tmp_path) for path in examples.values())
    assert len(list((tmp_path / "sounds").rglob("*.wav"))) == 6
    assert isinstance(rows[0], Labelled)


def test_a_tone_is_drawn_at_its_frequency_and_a_click_when_it_comes() -> None:
    image = spectrogram(tone(1000.0), 1.0)
    assert image.shape == (ROWS, COLUMNS)
    row = int(image[:, COLUMNS // 2].argmax())
    assert frequencies()[row] == pytest.approx(1000, rel=0.03)
    assert 10 * np.log10(image[row, COLUMNS // 2]) == pytest.approx(-6, abs=1)  # half of full scale
    heard = np.flatnonzero(spectrogram(click(), 0.5).max(axis=0) > 1e-9)
    assert abs(heard.mean() / COLUMNS * 0.5 - 1000 / 44_100) < 0.005
    assert not spectrogram(silence(), 0.5).any()


def test_louder_is_brighter_on_one_scale(tmp_path: Path) -> None:
    loud, quiet = noise(0.5), noise(0.5, seed=1)
    quiet = replace(quiet, frames=0.01 * quiet.frames)
    draw([loud, quiet], ["loud", "quiet"], tmp_path / "p.png")
    with Image.open(tmp_path / "p.png") as picture:
        light = np.asarray(picture.convert("L"), np.float64)
    height, width = light.shape
    first, second = (
        light[height // 2 : -40, round(at * width) : round((at + 0.05) * width)].mean()
        for at in (0.1, 0.4)
    )
    assert first > second + 20


def test_figures_are_told_of_any_sound() -> None:
    assert "pitch 69.0" in figures(pluck(440.0))
    assert figures(silence()) == "no attack, -120.0 dB, no pitch, "


def test_the_page_names_every_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "gallery"
    commands = {"": "morph {kick} {note} --steps 3 --out {out}"}
    monkeypatch.setattr(gallery, "SETUP", ("add {sounds}",))
    monkeypatch.setattr(
        gallery,
        "ENTRIES",
        (
            Entry("morph", "kick to note", commands, ("kick", "note"), True),
            Entry("splice", "both", {"joined": "splice {kick} {note} --out {out}/b.wav"}),
        ),
    )
    assert gallery.main(["--sounds", str(folder), "--out", str(out)]) == 0
    page = (out / "index.html").read_text(encoding="utf-8")
    heard = re.findall(r"src='([^':]+\.wav)'", page)
    assert len(heard) == 5
    assert all((out / name).is_file() for name in heard)
    assert page.count("data:image/png") == 2
    assert "crate morph sounds/kick" in page
    assert str(tmp_path) not in page
    with pytest.raises(SystemExit):
        gallery.main(["--sounds", str(folder), "--out", str(out)])
    monkeypatch.setattr(
        gallery, "ENTRIES", (Entry("vary", "none", {"": "vary no-such-sound --out {out}"}),)
    )
    with pytest.raises(gallery.CommandError, match="crate vary no-such-sound"):
        gallery.main(["--sounds", str(folder), "--out", str(tmp_path / "other")])
