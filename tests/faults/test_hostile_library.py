"""A library that somebody else made leads no file outside its folder, and steers no terminal."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from library.names import displayable
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate

NAMES = [
    "../../evil.wav", "/etc/evil", "..", ".", "", "a/../../b.wav", "..\\..\\evil.wav", "x\0y.wav",
    "C:\\evil.wav", "\x1b]0;evil\x07.wav", "\u009b2J.wav", "\u202egnp.wav", "x\ny.wav", "-rf.wav",
    "e" * 400, "\udcff\udcfe.wav", "~/evil.wav", "%s%n.wav",
]  # fmt: skip

TAKES = [
    "morph {a} {b} --steps 3 --out {out}",
    "vary {a} -n 1 --out {out}",
    "robins {a} -n 1 --out {out}",
    "velocities {a} -n 2 --out {out}",
    "splice {a} {b} --out {out}/splice.wav",
    "resynth {a} --out {out}/resynth.wav",
    "recipe {out}/splice.wav --again --out {out}",
    "space export mine --out {out}/mine.space",
    "map --out {out}/map.json",
    "vectors --out {out}/v.npz",
]


@pytest.fixture
def hostile(library_copy: MadeLibrary) -> Path:
    """The library, whose rows say odd things of the samples; where they lie stays true."""
    with closing(sqlite3.connect(library_copy.path)) as library:
        ids = [i for (i,) in library.execute("SELECT id FROM sample WHERE state = 'analysed'")]
        for number, sample_id in enumerate(ids):
            name = NAMES[number % len(NAMES)].encode("utf-8", "surrogatepass")
            library.execute(
                "UPDATE sample SET name = CAST(? AS TEXT), folder = '../../..', category = 'kick' "
                "WHERE id = ?",
                (name.decode("utf-8", "replace"), sample_id),
            )
        library.commit()
    return library_copy.path


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "library." not in str(path)}


def test_no_name_in_a_library_leads_a_take_outside_its_folder(
    crate: Crate, hostile: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "er" / "out"
    before = files(tmp_path)
    ids = [each["id"] for each in crate("ls", "is:analysed", "--json").json["samples"]]
    for a, b in pairwise(ids[: len(NAMES) + 1]):
        line = TAKES[0].format(a=a, b=b, out=out)
        assert crate(*line.split()).code == 0
    for words in TAKES[1:]:
        answer = crate(*words.format(a=ids[0], b=ids[1], out=out).split())
        assert answer.code == 0, answer.err
    made = files(tmp_path) - before
    assert len(made) > len(NAMES)
    assert {path for path in made if not path.resolve().is_relative_to(out)} == set()


def steering(text: str) -> list[str]:
    """Characters that a terminal may obey, but for line breaks and tabs."""
    return [
        c for c in text if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c not in "\n\t"
    ] + [c for c in text if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]


@pytest.mark.parametrize("command", ["ls", "similar {a}", "duplicates", "status", "map", "spaces"])
@pytest.mark.parametrize("form", ["", " --json"])
def test_no_name_in_a_library_steers_the_terminal(
    crate: Crate, hostile: Path, command: str, form: str
) -> None:
    answer = crate(*(command.format(a=5) + form).split())
    assert answer.code in (0, 1)
    assert steering(answer.out + answer.err) == []


def test_a_name_on_disk_steers_no_terminal_and_json_says_it_exactly(
    crate: Crate, tmp_path: Path, made_library: MadeLibrary
) -> None:
    source = next(made_library.sounds.rglob("*kick*.wav"))
    folder = tmp_path / "odd \u009b2J"
    folder.mkdir()
    names = ["a\x1b[2J.wav", "b\u009b31m.wav", "c\u202e.wav", "d\x7f.wav", "e\n.wav", "f\u2028.wav"]
    for name in names:
        shutil.copy(source, folder / name)
    shutil.copy(source, os.fsencode(folder) + b"/g\xff.wav")
    (folder / "broken \u009b.wav").write_bytes(b"no sound")
    answer = crate("add", folder)
    assert answer.code == 0
    assert steering(answer.out + answer.err) == []
    for command in ("status", "ls", "ls --json", "status --json"):
        answer = crate(*command.split())
        assert steering(answer.out + answer.err) == [], command
    listed = {Path(s["path"]).name for s in json.loads(crate("ls", "--json").out)["samples"]}
    assert set(names) <= listed
    assert displayable("b\u009b") == "b\\x9b"
