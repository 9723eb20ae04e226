"""From a folder of sounds to a morph that can be heard: every step on what the one before made."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from library.decode import read
from library.descriptors import describe
from library.wav import write_wav
from tui.cli import main
from vae.synth import random_patch, render

KINDS = ("kick", "snare", "hat", "bass", "bell", "pad")
EACH = 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six sounds of each of six kinds, in folders, and a file that is no sound."""
    rng = np.random.default_rng(21)
    for kind in KINDS:
        for n in range(EACH):
            write_wav(render(random_patch(rng, kind)), tmp_path / "s" / kind / f"{kind}_{n}.wav")
    (tmp_path / "s" / "notes.wav").write_text("call the drummer")
    return tmp_path / "s"


def contents(folder: Path) -> dict[Path, tuple[str, int]]:
    return {
        path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*.wav"))
    }


def test_the_whole_path(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def crate(*arguments: object) -> dict:  # type: ignore[type-arg]
        library = str(tmp_path / "library.sqlite")
        assert main(["--library", library, *map(str, arguments), "--json"]) == 0
        found: dict = json.loads(capfd.readouterr().out)  # type: ignore[type-arg]
        return found

    before = contents(folder)

    # Every sound is analysed; the text is told apart.
    added = crate("add", folder)
    assert (added["found"], added["analysed"], len(added["failed"])) == (37, 36, 1)
    assert crate("scan")["analysed"] == 0

    # What is measured is true of the files: hats are brighter than basses.
    rows = crate("ls", "is:analysed")["samples"]
    bright = {
        kind: np.median([r["attributes"]["brightness"] for r in rows if f"/{kind}/" in r["path"]])
        for kind in KINDS
    }
    assert bright["hat"] > 4 * bright["bass"]

    # A space of these sounds follows their brightness.
    trained = crate("train", "mine", "--attributes", "brightness,loudness,decay")
    assert trained["samples"] == 36
    assert trained["error"]["this space"] < 1.0

    # The nearest sound is often of the same kind, which chance does one time in seven.
    right = 0
    for row in rows:
        nearest = crate("similar", row["id"], "-k", 1)["results"][0]
        assert nearest["id"] != row["id"]
        right += Path(nearest["path"]).parent == Path(row["path"]).parent
    assert right / len(rows) > 0.33

    # A morph between the two most unlike, and its ends are these files.
    first = next(row for row in rows if "/kick/" in row["path"])
    unlike = crate("similar", first["id"], "-k", 35)["results"][-1]
    out = tmp_path / "takes"
    files = crate("morph", first["id"], unlike["id"], "--steps", 5, "--out", out)["files"]
    ends = [read(Path(each["path"])) for each in (files[0], files[-1])]
    for original, end in zip((first, unlike), ends, strict=True):
        assert np.abs(read(Path(original["path"])).frames - end.frames).max() < 2**-23
    loud = [describe(end).loudness for end in ends]
    for each in files[1:-1]:
        made = read(Path(each["path"]))
        assert np.isfinite(made.frames).all()
        assert min(loud) - 1 < describe(made).loudness < max(loud) + 1
        assert each["attributes"]["loudness"] == pytest.approx(describe(made).loudness, abs=0.01)

    # Each step is a step: the sounds on the way are further and further from the first.
    away = [crate("similar", each["path"], "-k", 36) for each in files]
    distances = [
        next(r["distance"] for r in found["results"] if r["id"] == first["id"]) for found in away
    ]
    assert distances[0] < 0.02
    assert distances[-1] == pytest.approx(unlike["distance"], abs=0.02)
    assert distances[0] < distances[2] < distances[-1] * 1.1

    # Variations differ from their sound and from each other, and are as loud.
    varied = crate("vary", first["id"], "-n", 3, "--out", out)["files"]
    plain = read(Path(first["path"]))
    bits = {Path(each["path"]).read_bytes() for each in (*varied, files[0])}
    assert len(bits) == 4
    for each in varied:
        assert read(Path(each["path"])).length == plain.length
        assert each["attributes"]["loudness"] <= describe(plain).loudness + 0.01

    # Every take is a plain WAV file that other programs read.
    takes = sorted(out.iterdir())
    assert len(takes) == 8
    assert {(soundfile.info(path).format, soundfile.info(path).subtype) for path in takes} == {
        ("WAV", "PCM_24")
    }

    # And no sample was touched.
    assert contents(folder) == before
