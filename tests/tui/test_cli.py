"""The command line: exit codes, JSON, one line for every mistake, and stdout for data alone."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete

from index.codec_rows import house_digest
from index.map_rows import write_map
from index.space_rows import find_space
from index.workspace import Workspace
from library import catalog
from library.database import open_database, writing
from library.decode import read
from library.descriptors import DESCRIPTORS, describe
from library.progress import Job, Progress
from library.tables import Vector
from library.version import __version__
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, tone, write
from tests.conftest import MadeLibrary
from tests.tui.answers import Answer, Crate, one_line
from tests.vae.rave_standins import standin, written
from tui import cli_codec, cli_commands
from tui.cli import build_parser, main, parse_arguments


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    """A library that is not there yet."""
    return tmp_path / "new" / "library.sqlite"


def mapped(library: Path, space: str) -> None:
    """Make a map by hand, on a diagonal."""
    engine = open_database(library)
    ids = [int(i) for i in catalog.ids(engine, "is:analysed")]
    row = find_space(engine, space)
    x = np.linspace(0, 1, len(ids), dtype=np.float32)
    write_map(engine, row.id, row.digest, np.array(ids), np.stack([x, 1 - x], axis=1), 10.0)
    engine.dispose()


# Start.


def test_the_version_is_told_without_loading_anything_heavy() -> None:
    code = (
        "import sys\nfrom tui.cli import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version == f"latentcrate {__version__}"
    heavy = {"torch", "faiss", "umap", "numpy", "sqlalchemy", "scipy", "textual", "soundfile"}
    assert not heavy & set(modules.split())


@pytest.mark.parametrize("command", ["ls", "status", "codec list"])
def test_commands_that_only_look_at_rows_load_no_model(
    made_library: MadeLibrary, command: str
) -> None:
    code = (
        f"import sys\nfrom tui.cli import main\n"
        f"assert main(['--library', {str(made_library.path)!r}, *{command.split()!r}]) == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "faiss", "umap", "scipy", "textual"} & set(done.stderr.split())


def test_the_program_runs_as_a_module(made_library: MadeLibrary) -> None:
    arguments = [sys.executable, "-m", "tui", "--library", str(made_library.path), "ls", "--json"]
    done = subprocess.run(arguments, capture_output=True, check=False)
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["samples"]) == 41
    assert done.stderr == b""


def test_a_closed_pipe_is_no_mistake(made_library: MadeLibrary) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [sys.executable, "-m", "tui", "--library", str(made_library.path), "ls"]
    done = subprocess.run(arguments, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert done.stderr == b""


def test_the_library_may_be_named_by_the_environment(
    made_library: MadeLibrary, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LATENTCRATE_LIBRARY", str(made_library.path))
    assert main(["status", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["samples"] == 41


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that has none of its own below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                below = list(commands(command))
                yield from [(f"{name} {each}", inner) for each, inner in below] or [(name, command)]


def test_every_command_that_answers_takes_json() -> None:
    found = dict(commands(build_parser()))
    assert {"ls", "resynth", "codec list", "codec add", "codec tune"} <= set(found)
    assert "codec" not in found
    without = {name for name, each in found.items() if "--json" not in each._option_string_actions}
    assert without == {"demo"}


# Files to rows.


def test_add_lists_and_analyses(crate: Crate, nothing: Path, tmp_path: Path) -> None:
    for name, sound in (("a", tone()), ("b", noise()), ("skip me", pluck())):
        write(tmp_path / "s" / f"{name}.wav", sound)
    (tmp_path / "s" / "broken.wav").write_bytes(b"not audio")
    answer = crate("add", tmp_path / "s", "--exclude", "skip*", "--json", library=nothing)
    assert answer.code == 0
    seconds = answer.json.pop("seconds")
    assert seconds > 0
    found = answer.json
    assert {key: found[key] for key in ("found", "new", "changed", "moved", "missing")} == {
        "found": 3, "new": 3, "changed": 0, "moved": 0, "missing": 0,
    }  # fmt: skip
    assert found["encoded"] == 0
    assert found["analysed"] == 2
    assert [each["path"] for each in found["failed"]] == [str(tmp_path / "s" / "broken.wav")]
    assert found["failed"][0]["reason"]
    assert "analyse: 3" in answer.err
    again = crate("scan", library=nothing)
    assert again.code == 0
    assert ["analysed", "0"] in again.table
    assert ["found", "3"] in again.table


def test_a_folder_without_sounds_is_nothing_found(
    crate: Crate, nothing: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert crate("add", tmp_path / "empty", library=nothing).code == 1
    assert crate("scan", "--json", library=nothing).json["found"] == 0


def test_a_folder_that_is_none_is_told(crate: Crate, tmp_path: Path) -> None:
    assert "is not a folder" in one_line(crate("add", tmp_path / "nowhere"))


def test_status_tells_what_failed(crate: Crate, made_library: MadeLibrary) -> None:
    answer = crate("status", "--json")
    assert answer.code == 0
    found = answer.json
    assert set(found) == {
        "samples", "listed", "analysed", "missing", "duration", "failed", "roots", "tags",
    }  # fmt: skip
    assert (found["samples"], found["analysed"], found["listed"], found["missing"]) == (
        41,
        40,
        0,
        0,
    )
    assert [each["path"] for each in found["failed"]] == [str(made_library.broken)]
    assert set(found["failed"][0]) == {"path", "reason"}
    assert found["roots"] == [str(made_library.sounds)]
    assert found["duration"] > 5
    assert ["samples", "41"] in crate("status").table


def test_an_empty_library_has_a_status_and_nothing_in_it(crate: Crate, nothing: Path) -> None:
    assert crate("status", "--json", library=nothing).json["samples"] == 0
    for arguments in (["ls"], ["scan"], ["map"], ["vectors", "--out", nothing.parent / "v.npz"]):
        assert crate(*arguments, library=nothing).code == 1, arguments


def test_another_file_is_no_library(crate: Crate, made_library: MadeLibrary) -> None:
    before = made_library.broken.read_bytes()
    assert "is not a library" in one_line(crate("ls", library=made_library.broken))
    assert made_library.broken.read_bytes() == before


# Looking.


def test_ls_lists_samples(crate: Crate) -> None:
    answer = crate("ls", "category:kick", "--json")
    assert answer.code == 0
    assert answer.err == ""
    samples = answer.json["samples"]
    assert len(samples) >= 2
    keys = {"id", "path", "name", "duration", "sample_rate", "channels", "category", "tags"}
    for each in samples:
        assert keys <= set(each)
        assert each["category"] == "kick"
        assert Path(each["path"]).is_file()
        assert set(each["attributes"]) == {fact.name for fact in DESCRIPTORS}
    clip = read(Path(samples[0]["path"]))
    assert samples[0]["duration"] == pytest.approx(clip.duration)
    assert samples[0]["attributes"]["loudness"] == pytest.approx(describe(clip).loudness, rel=1e-4)
    assert [line[0] for line in crate("ls", "category:kick").table] == [
        str(each["id"]) for each in samples
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ls", "kick", "len<2"], ["kick", "len<2"]),
        (["ls", "kick", "-tag:used", "--json"], ["kick", "-tag:used"]),
        (["ls", "-tag:used"], ["-tag:used"]),
        (["ls", "--json", '-"long tail"'], ['-"long tail"']),
        (["ls"], []),
    ],
)
def test_a_query_may_have_negated_terms(arguments: list[str], words: list[str]) -> None:
    options = parse_arguments(arguments)
    assert options.query == words
    assert options.json == ("--json" in arguments)


def test_negated_terms_are_looked_at(crate: Crate) -> None:
    everything = {each["id"] for each in crate("ls", "--json").json["samples"]}
    kicks = {each["id"] for each in crate("ls", "category:kick", "--json").json["samples"]}
    others = {each["id"] for each in crate("ls", "-category:kick", "--json").json["samples"]}
    assert kicks
    assert others == everything - kicks
    found = crate("similar", min(kicks), "-k", 50, "--where", "-category:kick", "--json")
    assert {each["id"] for each in found.json["results"]} < others


def test_a_query_that_finds_nothing(crate: Crate) -> None:
    answer = crate("ls", "nothingiscalledthis", "--json")
    assert answer.code == 1
    assert answer.json == {"samples": []}
    assert crate("ls", "nothingiscalledthis").out == ""


def test_a_query_that_is_wrong_is_told(crate: Crate) -> None:
    assert "len" in one_line(crate("ls", "len<<2"))
    assert one_line(crate("similar", 1, "--where", "len<<2"))


def test_similar_answers_with_the_nearest(crate: Crate) -> None:
    kick = crate("ls", "category:kick", "--json").json["samples"][0]
    answer = crate("similar", kick["id"], "-k", 5, "--json")
    assert answer.code == 0
    assert answer.json["query"]["sound"] == str(kick["id"])
    results = answer.json["results"]
    assert len(results) == 5
    for each in results:
        assert set(each) == {"id", "path", "name", "distance", "score", "aspects", "start"}
        assert set(each["aspects"]) == {
            "ear", "timbre", "spectrum", "envelope", "pitch", "rhythm", "attributes", "loudness",
        }  # fmt: skip
        assert each["start"] is None, "samples are compared as wholes"
        assert 0 < each["score"] < 1
    assert [each["distance"] for each in results] == sorted(each["distance"] for each in results)
    assert kick["id"] not in [each["id"] for each in results]
    table = crate("similar", kick["path"], "-k", 5).table
    assert [line[0] for line in table] == [str(each["id"]) for each in results]
    others = crate("similar", kick["id"], "-k", 5, "--space", "house", "--json").json["results"]
    assert [each["distance"] for each in others] != [each["distance"] for each in results]


def test_similar_reads_a_sound_from_stdin(crate: Crate, monkeypatch: pytest.MonkeyPatch) -> None:
    kick = crate("ls", "category:kick", "--json").json["samples"][0]

    class Stdin:
        buffer = io.BytesIO(Path(kick["path"]).read_bytes())

        @staticmethod
        def isatty() -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Stdin)
    answer = crate("similar", "-", "-k", 2, "--json")
    assert answer.code == 0
    assert answer.json["query"]["sound"] == "-"
    # From elsewhere, the sound itself is an answer.
    assert answer.json["results"][0]["id"] == kick["id"]
    assert answer.json["results"][0]["distance"] < 0.01
    assert answer.json["results"][1]["id"] != kick["id"]
    Stdin.buffer = io.BytesIO(b"not audio")
    one_line(crate("similar", "-"))
    Stdin.buffer = io.BytesIO(b"")
    one_line(crate("similar", "-"))


def test_similar_finds_nothing_where_nothing_is(crate: Crate) -> None:
    answer = crate("similar", 5, "--where", "nothingiscalledthis", "--json")
    assert answer.code == 1
    assert answer.json["query"]["where"] == "nothingiscalledthis"
    assert answer.json["results"] == []


# Words.


def test_tags_and_ratings_come_and_go(crate: Crate) -> None:
    ids = [each["id"] for each in crate("ls", "category:kick", "--json").json["samples"]][:2]
    answer = crate("tag", "Boomy", *ids, "--json")
    assert answer.code == 0
    assert [(each["id"], each["tags"]) for each in answer.json["samples"]] == [
        (i, ["boomy"]) for i in ids
    ]
    assert crate("status", "--json").json["tags"] == {"boomy": 2}
    assert len(crate("ls", "tag:boomy").table) == 2
    assert crate("untag", "boomy", ids[0]).code == 0
    assert len(crate("ls", "tag:boomy").table) == 1
    rated = crate("rate", 4, *ids, "--json").json["samples"]
    assert [each["rating"] for each in rated] == [4, 4]
    assert [each["rating"] for each in crate("rate", 0, ids[0], "--json").json["samples"]] == [None]
    assert len(crate("ls", "rating>3").table) == 1


def test_a_category_is_said_and_taken_back(crate: Crate) -> None:
    first, second = crate("ls", "category:kick", "--json").json["samples"][:2]
    assert (first["category_source"], first["category_probability"]) == ("name", None)
    answer = crate("category", first["id"], second["path"], "Tom", "--json")
    assert answer.code == 0
    said = [
        (each["id"], each["category"], each["category_source"], each["category_probability"])
        for each in answer.json["samples"]
    ]
    assert said == [(each["id"], "tom", "user", None) for each in (first, second)]
    assert [int(line[0]) for line in crate("ls", "category_by:user").table] == [
        first["id"],
        second["id"],
    ]
    back = crate("category", "--clear", first["id"], "--json").json["samples"]
    assert back == [first]
    assert len(crate("ls", "category_by:user").table) == 1


def test_a_category_is_said_of_all_that_a_query_finds(crate: Crate) -> None:
    kicks = len(crate("ls", "category:kick").table)
    answer = crate("category", "--where", "category:kick", "perc")
    assert (answer.code, answer.out) == (0, "")
    assert len(crate("ls", "category:perc category_by:user").table) == kicks
    assert crate("category", "--where", "category_by:user", "--clear").code == 0
    assert len(crate("ls", "category:kick category_by:name").table) == kicks
    assert crate("category", "--where", "nothingiscalledthis", "perc").code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("1", "kicks"), "kicks is not a category: use one of bass, clap, cymbal, foley, fx, hat"),
        (("kick", "1"), "1 is not a category"),
        (("kick",), "no sound is given"),
        ((), "no category is given"),
        (("--clear",), "no sound is given"),
        (("1", "kick", "--where", "snare"), "sounds and --where are given"),
        (("--where", "len<<2", "kick"), "len"),
        (("1", "99999", "tom"), "there is no sample 99999"),
    ],
)
def test_a_category_that_cannot_be_said_is_said_of_none(
    crate: Crate, arguments: tuple[str, ...], says: str
) -> None:
    assert says in one_line(crate("category", *arguments))
    assert crate("ls", "category_by:user").table == []


def test_nothing_is_tagged_when_one_sound_is_not_there(crate: Crate) -> None:
    assert "there is no sample 99999" in one_line(crate("tag", "x", 1, 99999))
    assert crate("status", "--json").json["tags"] == {}
    assert "cannot be a tag" in one_line(crate("tag", "a\x1b[2Jb", 1))


# Spaces.


def test_train_learns_and_reports(crate: Crate) -> None:
    answer = crate("train", "drums", "--where", "folder:drums", "--attributes",
                   "brightness, loudness", "--json")  # fmt: skip
    assert answer.code == 0
    found = answer.json
    assert found["space"] == "drums"
    assert found["samples"] == len(crate("ls", "folder:drums").table)
    assert found["seconds"] > 0
    assert list(found["attributes"]) == ["brightness", "loudness"]
    for facts in found["attributes"].values():
        assert {"spearman", "range"} <= set(facts)
        assert facts["range"][0] < facts["range"][1]
    spaces = crate("spaces", "--json").json["spaces"]
    assert [(each["name"], each["in_use"]) for each in spaces] == [
        ("house", False), ("mine", False), ("drums", True),
    ]  # fmt: skip
    assert spaces[2]["attributes"] == ["brightness", "loudness"]
    assert spaces[2]["report"]["samples"] == found["samples"]
    assert (found["codec"], spaces[2]["codec"]) == ("house", "house")
    assert crate("use", "house", "--json").json == {"space": "house"}
    assert crate("spaces").table[0][:2] == ["*", "house"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train", "house"], "there is one house space only"),
        (["train", "a/b"], "cannot be the name"),
        (["train", "x", "--where", "nothingiscalledthis"], "0 analysed sounds are too few"),
        (["train", "x", "--attributes", "warmth"], "no attribute 'warmth'"),
        (["train", "x", "--where", "len<<2"], "len"),
        (["use", "nosuch"], "no space 'nosuch'"),
        (["similar", "2", "--space", "nosuch"], "no space 'nosuch'"),
        (["similar", "99999"], "no sample 99999"),
        (["similar", "/no/such.wav"], "no sample /no/such.wav"),
        (["similar", "2", "-k", "0"], "-k 0 asks for nothing"),
        (["similar", "2", "-k", "-3"], "-k -3 asks for nothing"),
        (["morph", "2", "--out", "{out}"], "2 to 4 sounds, not 1"),
        (["morph", "2", "3", "4", "5", "6", "--out", "{out}"], "2 to 4 sounds, not 5"),
        (["morph", "2", "3", "--steps", "1", "--out", "{out}"], "cannot have 1 steps"),
        (["morph", "2", "nosuch", "--out", "{out}"], "no sample nosuch"),
        (["morph", "2", "3", "--within", "2", "--out", "{out}"], "no way through a morph"),
        (["morph", "2", "3", "--within", "", "--out", "{out}"], "no way through a morph"),
        (["morph", "2", "3", "--within", "--through", "codec", "--out", "{out}"], "its spectrum"),
        (
            ["morph", "2", "3", "--through", "spectrum", "--space", "house", "--out", "{out}"],
            "the spectrum takes no space",
        ),
        (["vary", "2", "-n", "0", "--out", "{out}"], "0 variations"),
        (["vary", "2", "--set", "brightness", "--out", "{out}"], "has no value"),
        (["vary", "2", "--set", "brightness=up", "--out", "{out}"], "is not a step"),
        (["vary", "2", "--set", "warmth=+1", "--out", "{out}"], "no attribute 'warmth'"),
        (["vary", "2", "--amount", "-1", "--out", "{out}"], "out of range"),
        (["vary", "2", "--set", "brightness=+1", "-n", "3", "--out", "{out}"], "are the same"),
        (
            ["vary", "2", "--set", "brightness=0:up", "--out", "{out}"],
            "brightness=up is not a step",
        ),
        (
            ["vary", "2", "--set", "brightness=0@0,1@9", "--out", "{out}"],
            "no time that can be read",
        ),
        (["vary", "2", "--set", "brightness=depthx", "--out", "{out}"], "is not a depth"),
        (["vary", "2", "--set", "attack=0:1", "--out", "{out}"], "attack has no course over time"),
        (
            ["vary", "2", "--set", "pitch=+1", "--set", "pitch=0:1", "--out", "{out}"],
            "pitch is set twice",
        ),
        (["vary", "2", "--hold", "warmth", "--out", "{out}"], "no attribute 'warmth' to hold"),
        (
            ["vary", "2", "--amount", "0", "-n", "1", "--hold", "pitch", "--out", "{out}"],
            "nothing to hold",
        ),
        (["map", "--out", "{out}/map.gif"], "cannot be written as map.gif"),
        (["resynth", "2", "--out", "{out}/a.mp3"], "cannot be written as a.mp3"),
        (["resynth", "2", "--out", "{out}/a.wav", "--codec", "nosuch"], "no codec 'nosuch'"),
        (["resynth", "99999", "--out", "{out}/a.wav"], "no sample 99999"),
        (["resynth", "2", "--out", "{out}/a.wav", "--through", "nothing"], "nothing"),
        (["resynth", "2", "--out", "{out}/a.wav", "--space", "nosuch"], "no space 'nosuch'"),
        (
            ["resynth", "2", "--out", "{out}/a.wav", "--space", "mine", "--codec", "house"],
            "its own codec",
        ),
        (["vary", "2", "--mine", "2", "--out", "{out}"], "cannot be pulled by 2"),
        (["codec"], "COMMAND"),
        (["codec", "nosuch"], "nosuch"),
        (["codec", "add", "{out}/a.ts"], "cannot be read"),
        (["codec", "add", "{out}/a.ts", "--name", "house"], "one house codec only"),
        (["codec", "trust", "abc"], "at least 8 digits"),
        (["codec", "trust", "abcdef0123"], "no codec with the digest"),
        (["codec", "trust", "abcdef0123", "--rate", "0"], "0 Hz cannot be the sample rate"),
        (["codec", "trust", "abcdef0123", "--rate", "-5"], "give one from 1000 to 768000"),
        (["codec", "trust", "abcdef0123", "--rate", "9" * 30], "cannot be the sample rate"),
        (["codec", "use", "nosuch"], "no codec 'nosuch'"),
        (["codec", "forget", "house"], "house codec cannot be forgotten"),
        (["codec", "forget", "nosuch"], "no codec 'nosuch'"),
        (["codec", "tune", "house"], "one house codec only"),
        (["codec", "tune", "a", "--where", "len<<2"], "len"),
        (["codec", "tune", "a", "--where", "nothingiscalledthis"], "too little to tune on"),
        (["codec", "tune", "a", "--minutes", "0"], "0 minutes cannot be spent"),
        (["tag", "", "1"], "cannot be a tag"),
        (["nosuch"], "nosuch"),
        (["rate", "9", "1"], "9"),
        (["similar"], "SOUND"),
        (["morph", "2", "2"], "--out"),
        (["vary", "2", "-n", "many", "--out", "{out}"], "many"),
        (["ls", "--nosuch"], "--nosuch"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    crate: Crate, tmp_path: Path, arguments: list[str], told: str
) -> None:
    out = tmp_path / "out"
    line = one_line(crate(*(each.format(out=out) for each in arguments)))
    assert told in line
    assert not out.exists()


def test_control_characters_never_reach_the_terminal(crate: Crate, tmp_path: Path) -> None:
    name = os.fsdecode(b"sn\xffare\x1b[31m.wav")
    write(tmp_path / "s" / "plain.wav", tone()).rename(tmp_path / "s" / name)
    (tmp_path / "s" / "bad\x1b]0;.wav").write_bytes(b"not audio")
    added = crate("add", tmp_path / "s")
    listed, status = crate("ls", "31m"), crate("status")
    (sample_id,) = [line[0] for line in listed.table]
    made = crate("vary", tmp_path / "s" / name, "-n", 1, "--out", tmp_path / "out")
    missing = crate("similar", "no\x1bsuch")
    for answer in (added, listed, status, made, missing):
        assert "\x1b" not in answer.out + answer.err
    assert r"sn\xffare\x1b[31m.wav" in listed.out
    in_json = crate("ls", "31m", "--json").json["samples"]
    assert [str(each["id"]) for each in in_json] == [sample_id]


# Sounds from sounds.


def test_morph_writes_files_whose_ends_are_the_originals(crate: Crate, tmp_path: Path) -> None:
    kick, bell = (crate("ls", q, "--json").json["samples"][0] for q in ("kick", "folder:bells"))
    answer = crate(
        "morph", kick["id"], bell["path"], "--steps", 4, "--out", tmp_path / "o", "--json"
    )
    assert answer.code == 0
    files = answer.json["files"]
    assert [set(each) for each in files] == [{"path", "weights", "attributes"}] * 4
    assert (files[0]["weights"], files[-1]["weights"]) == ([1, 0], [0, 1])
    for original, made in ((kick, files[0]), (bell, files[-1])):
        wanted, found = (read(Path(each["path"])).frames for each in (original, made))
        assert np.abs(wanted - found).max() < 2**-23
    assert all(Path(each["path"]).is_absolute() for each in files)
    assert set(files[1]["attributes"]) == {fact.name for fact in DESCRIPTORS}
    plain = crate("morph", kick["id"], bell["id"], "--steps", 2, "--out", tmp_path / "p")
    assert sorted(Path(line[0]) for line in plain.table) == sorted((tmp_path / "p").iterdir())
    assert "morph: 2" in plain.err


def test_vary_is_seeded_and_set_moves_one_attribute(crate: Crate, tmp_path: Path) -> None:
    sample = crate("ls", "category:snare", "--json").json["samples"][0]["id"]

    def made(*arguments: object) -> list[dict[str, Any]]:
        answer = crate("vary", sample, *arguments, "--out", tmp_path / "o", "--json")
        assert answer.code == 0
        files: list[dict[str, Any]] = answer.json["files"]
        return files

    def bits(files: list[dict[str, Any]]) -> list[bytes]:
        return [Path(each["path"]).read_bytes() for each in files]

    assert len(made("--amount", 0.5)) == 8
    first, again, other = (made("-n", 2, "--seed", seed) for seed in (1, 1, 2))
    assert bits(first) == bits(again)
    assert not set(bits(first)) & set(bits(other))
    assert {frozenset(each) for each in first} == {frozenset({"path", "z", "attributes"})}
    still, quieter, moved = (
        made("-n", 1, "--amount", 0)[0],
        made("--set", "loudness=-6dB"),
        made("--set", "brightness=+1"),
    )
    assert len(quieter) == len(moved) == 1
    assert quieter[0]["attributes"]["loudness"] == pytest.approx(
        still["attributes"]["loudness"] - 6, abs=0.01
    )
    change = np.subtract(moved[0]["z"], still["z"])
    assert change == pytest.approx([1, *[0] * (len(change) - 1)], abs=1e-4)
    assert bits(moved) == bits(made("--set", "brightness=+1", "--seed", 9))
    faded = made("--set", "loudness=0dB:-12dB")
    assert Path(faded[0]["path"]).name.endswith("_loudness0dB_to_-12dB.wav")
    assert bits(faded) != bits(quieter)
    kept = made("-n", 2, "--amount", 1, "--hold", "pitch, length")
    assert [len(each["z"]) for each in kept] == [len(still["z"])] * 2


def test_vary_says_what_was_not_reached(crate: Crate, tmp_path: Path) -> None:
    sample = crate("ls", "category:snare", "--json").json["samples"][0]["id"]

    def answer(setting: str) -> Answer:
        return crate("vary", sample, "--set", setting, "--out", tmp_path / "o", "--json")

    quieter, louder = answer("loudness=-6dB"), answer("loudness=+50dB")
    assert "asked for" not in quieter.err
    file = quieter.json["files"][0]
    assert file["wanted"] == {"loudness": pytest.approx(file["attributes"]["loudness"], abs=0.05)}
    assert "was reached" in louder.err
    assert "no peak is raised above full scale" in louder.err
    file = louder.json["files"][0]
    assert file["wanted"]["loudness"] > file["attributes"]["loudness"] + 15
    assert "wanted" not in crate(
        "vary", sample, "-n", 1, "--amount", 0.5, "--set", "attack=+1", "--out", tmp_path / "o",
        "--json",
    ).json["files"][0]  # fmt: skip


def test_the_map_is_data_and_a_picture(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    mapped(library_copy.path, "mine")
    answer = crate("map", "--json", "--out", tmp_path / "map.svg")
    assert answer.code == 0
    points = answer.json["points"]
    assert len(points) == 40
    assert set(points[0]) == {"id", "path", "name", "category", "x", "y"}
    assert points[0]["x"] + points[0]["y"] == pytest.approx(1, abs=1e-4)
    assert (tmp_path / "map.svg").read_text().startswith("<?xml")
    assert "map.svg" in answer.err
    for sounds, told in (
        ("embed", "the beginnings of 40 of 40 sounds"),
        ("link", "names where your files are"),
        ("none", "no sounds"),
    ):
        answer = crate("map", "--out", tmp_path / f"{sounds}.html", "--sounds", sounds)
        assert answer.code == 0
        assert told in answer.err
    answer = crate("map", "--out", tmp_path / "few.html", "--megabytes", 0.05)
    assert re.search(r"beginnings of ([1-9]|1\d) of 40 sounds; --sounds link", answer.err)


def test_vectors_are_what_search_uses(crate: Crate, tmp_path: Path) -> None:
    answer = crate("vectors", "--out", tmp_path / "v.npz", "--json")
    assert answer.code == 0
    assert answer.json == {"out": str(tmp_path / "v.npz"), "samples": 40, "dims": 216}
    with np.load(tmp_path / "v.npz", allow_pickle=False) as found:
        ids, rows = found["id"], found["vector"]
        assert all(Path(str(path)).is_file() for path in found["path"])
    distances = np.linalg.norm(rows - rows[0], axis=1)
    nearest = crate("similar", ids[0], "-k", 3, "--json").json["results"]
    assert [each["id"] for each in nearest] == ids[np.argsort(distances)[1:4]].tolist()


# Codecs.


def test_a_codec_comes_is_trusted_used_and_goes(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    export = written(standin(hop=1024, dims=24), tmp_path, "rave.ts")
    added = crate("codec", "add", export)
    assert added.code == 0
    digest = dict(line for line in added.table if len(line) == 2)["digest"]
    assert {("name", "rave"), ("kind", "torchscript"), ("program", "Standin"),
            ("methods", "decode, encode, forward"), ("size", str(export.stat().st_size)),
            ("warning", "none found")} <= {tuple(line) for line in added.table}  # fmt: skip
    to_type = added.err.splitlines()[-1].partition(": ")[2]
    assert shlex.split(to_type) == [
        "crate", "--library", str(library_copy.path), "codec", "trust", digest[:12],
    ]  # fmt: skip
    told = one_line(crate("codec", "use", "rave"))
    assert f"not trusted: crate codec trust {digest[:12]}" in told
    assert "rave" in one_line(crate("resynth", 2, "--out", tmp_path / "x.wav", "--codec", "rave"))
    listed = crate("codec", "list").table
    assert [line[:4] for line in listed] == [
        ["*", "house", "house", house_digest()[:12]],
        ["", "rave", "torchscript", digest[:12]],
    ]
    assert listed[0][4:] == ["44100 Hz", "32 dims", "21.5 steps/s", "trusted", "40 encoded"]
    assert listed[1][4:] == ["", "", "", "not trusted", "0 encoded"]
    trusted = crate("codec", "trust", digest[:8], "--json").json["codec"]
    assert (trusted["trusted"], trusted["facts"]["dims"], trusted["in_use"]) == (True, 24, False)
    used = crate("codec", "use", "rave", "--json")
    assert used.json == {"codec": "rave", "encoded": 40, "failed": []}
    assert "encode: 40" in used.err
    assert crate("train", "theirs", "--attributes", "brightness", "--json").json["codec"] == "rave"
    assert crate("spaces").table[-1][-1] == "rave"
    assert crate("similar", 2, "-k", 3).code == 0
    assert "the space 'theirs' uses" in one_line(crate("codec", "forget", "rave"))
    assert [line[0] for line in crate("codec", "list").table] == ["", "*"]
    assert crate("codec", "use", "house").table == [["encoded", "0"], ["failed", "0"]]
    assert [line[0] for line in crate("codec", "list").table] == ["*", ""]


def test_a_codec_in_json_says_what_it_is(crate: Crate, tmp_path: Path) -> None:
    bad = written(standin(fault="encode raises"), tmp_path, "bad\x1b[31m.ts")
    answer = crate("codec", "add", bad, "--json")
    assert answer.err == ""
    codec = answer.json["codec"]
    keys = {"name", "kind", "digest", "trusted", "in_use", "samples", "facts", "report",
            "steps_per_second", "created_at"}  # fmt: skip
    assert set(codec) == keys
    assert answer.json["to_trust"].endswith(f"codec trust {codec['digest'][:12]}")
    assert "cannot encode this" in one_line(crate("codec", "trust", codec["digest"]))
    house, listed = crate("codec", "list", "--json").json["codecs"]
    assert set(house) == keys
    assert house["steps_per_second"] == pytest.approx(21.533)
    assert not listed["trusted"]
    assert "cannot encode this" in listed["report"]["failed"]
    name = codec["name"]
    checks = {each["check"]: each for each in crate("doctor", "--json").json["checks"]}
    assert checks[f"codec {name}"]["state"] == "note"
    assert "cannot encode this" in checks[f"codec {name}"]["about"]
    assert crate("codec", "forget", name, "--json").json == {"codec": name}
    assert len(crate("codec", "list").table) == 1
    assert bad.exists()


def test_doctor_finds_a_codec_that_has_changed(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    digest = crate("codec", "add", written(standin(), tmp_path), "--json").json["codec"]["digest"]
    assert crate("codec", "trust", digest).code == 0
    (copy,) = (library_copy.path.with_name("library.crate") / "codecs").iterdir()
    copy.write_bytes(copy.read_bytes() + b"x")
    answer = crate("doctor", "--json")
    broken = {e["check"]: e["about"] for e in answer.json["checks"] if e["state"] == "broken"}
    assert list(broken) == ["codec model"]
    assert "has changed" in broken["codec model"]
    assert answer.code == 1
    assert "has changed" in one_line(crate("codec", "use", "model"))


def test_tuning_tells_whether_it_was_worth_it(
    crate: Crate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vae.house_codec import house_codec, to_bytes
    from vae.house_tuning import TuneReport

    heard: list[int] = []

    def tune(
        sounds: list[Path], minutes: float, keep: Callable[[TuneReport], None]
    ) -> Job[TuneReport]:
        yield Progress("tune", 1, 2, "error 1.8 dB, was 2.1")
        better = minutes > 1
        heard.append(len(sounds))
        tuned = to_bytes(house_codec().net, {"tuned": str(len(heard))}) if better else b""
        after, steps = (1.8 if better else 2.1), (0 if minutes < 0.1 else 40)
        report = TuneReport(tuned, 2.1, after, len(sounds), 3, 1.25, better, steps)
        if better:
            keep(report)
        yield Progress("tune", 2, 2)
        return report

    monkeypatch.setattr("index.tuning.tune", tune)
    none = crate("codec", "tune", "mine", "--where", "category:kick", "--minutes", 0.5, "--json")
    kicks = len(crate("ls", "category:kick").table)
    assert none.code == 1
    assert heard == [kicks]
    assert none.json == {
        "codec": None, "improved": False, "before_db": 2.1, "after_db": 2.1,
        "steps": 40, "sounds": kicks, "held_out": 3, "seconds": 1.2,
    }  # fmt: skip
    assert "No better than the house codec after 40 steps: nothing was kept." in none.err
    hasty = crate("codec", "tune", "mine", "--minutes", 0.01)
    assert hasty.code == 1
    assert hasty.table == [["steps", "0"], ["sounds", "0"], ["held_out", "3"], ["seconds", "1.2"]]
    assert "no time to learn anything, and nothing was kept" in hasty.err
    in_json = crate("codec", "tune", "mine", "--minutes", 0.01, "--json").json
    assert (in_json["improved"], in_json["before_db"], in_json["after_db"]) == (False, None, None)
    better = crate("codec", "tune", "mine", "--json")
    assert better.code == 0
    assert (better.json["codec"], better.json["improved"]) == ("mine", True)
    listed = crate("codec", "list", "--json").json["codecs"][1]
    assert (listed["name"], listed["kind"], listed["report"]["sounds"]) == ("mine", "tuned", 40)

    def stopped(job: Job[object]) -> None:
        try:
            while next(job).done < 2:
                pass
            raise KeyboardInterrupt
        finally:
            job.close()

    with monkeypatch.context() as patched:
        patched.setattr(cli_codec, "with_progress", stopped)
        answer = crate("codec", "tune", "other")
        at_once = crate("codec", "tune", "third", "--minutes", 0.5)
    for each, told in ((answer, "kept: crate"), (at_once, "Nothing better was found until now")):
        assert each.code == 130
        assert each.err.startswith(told)
        assert each.err.endswith("\ncrate: stopped; what is done is kept\n")
    assert [line[1] for line in crate("codec", "list").table] == ["house", "mine", "other"]


def test_resynth_writes_what_the_codec_makes_of_a_sound(crate: Crate, tmp_path: Path) -> None:
    kick = crate("ls", "category:kick", "--json").json["samples"][0]
    answer = crate("resynth", kick["id"], "--out", tmp_path / "o" / "kick.wav", "--json")
    assert answer.code == 0
    assert answer.json["codec"] == "house"
    (made,) = answer.json["files"]
    assert made["path"] == str(tmp_path / "o" / "kick.wav")
    original, heard = read(Path(kick["path"])), read(Path(made["path"]))
    assert heard.frames.shape == original.frames.shape
    assert not np.allclose(heard.frames, original.frames, atol=1e-3)
    assert made["attributes"]["loudness"] == pytest.approx(describe(heard).loudness, abs=0.01)
    before = (tmp_path / "o" / "kick.wav").read_bytes()
    again = crate("resynth", kick["id"], "--out", tmp_path / "o" / "kick.wav")
    assert "is there already" in one_line(again)
    assert (tmp_path / "o" / "kick.wav").read_bytes() == before
    plain = crate("resynth", kick["path"], "--out", tmp_path / "p.wav", "--through", "codec")
    assert plain.table == [[str(tmp_path / "p.wav")]]
    assert (tmp_path / "p.wav").read_bytes() == before


def test_resynth_writes_what_a_space_makes_of_a_sound(crate: Crate, tmp_path: Path) -> None:
    kick = crate("ls", "category:kick", "--json").json["samples"][0]
    crate("use", "mine")
    answers = [
        crate("resynth", kick["id"], "--out", tmp_path / f"{n}.wav", *options, "--json")
        for n, options in enumerate((["--through", "space"], ["--space", "house"], []))
    ]
    assert answers[0].json["space"] == "mine"
    assert answers[1].json["space"] == "house"
    assert "space" not in answers[2].json
    mine, house, codec = (read(Path(a.json["files"][0]["path"])) for a in answers)
    assert mine.frames.shape == house.frames.shape == codec.frames.shape
    assert not np.allclose(mine.frames, house.frames, atol=1e-3)
    assert not np.allclose(mine.frames, codec.frames, atol=1e-3)


def test_a_sound_is_pulled_towards_mine(crate: Crate, tmp_path: Path) -> None:
    kick = crate("ls", "category:kick", "--json").json["samples"][0]
    made = []
    for share in ("0.5", "1"):
        answer = crate("vary", kick["id"], "--mine", share, "--out", tmp_path, "--json")
        (file,) = answer.json["files"]
        assert f"_mine{share}" in file["path"]
        made.append(read(Path(file["path"])))
    original = read(Path(kick["path"]))
    apart = [float(np.square(each.frames - original.frames).mean()) for each in made]
    assert 0 < apart[0] < apart[1]


# Health.


def test_doctor_finds_a_library_well(crate: Crate) -> None:
    answer = crate("doctor", "--json")
    assert answer.code == 0
    checks = answer.json["checks"]
    assert {"library", "samples", "models", "space house", "space mine", "settings", "audio"} <= {
        each["check"] for each in checks
    }
    assert {each["state"] for each in checks} <= {"well", "note"}
    assert [set(each) for each in checks] == [{"check", "state", "about"}] * len(checks)
    assert any("failed" in each["about"] for each in checks), "the broken file is told"
    assert crate("doctor").code == 0


def test_doctor_mends_what_lacks_vectors(crate: Crate, library_copy: MadeLibrary) -> None:
    engine = open_database(library_copy.path)
    with writing(engine) as session:
        session.execute(delete(Vector).where(Vector.sample_id < 9))
    engine.dispose()

    def states() -> dict[str, str]:
        checks = crate("doctor", "--json").json["checks"]
        return {each["check"]: each["state"] for each in checks}

    assert states()["space house"] == "note"
    mended = crate("doctor", "--mend", "--json")
    assert mended.code == 0
    assert "mended" in [each["state"] for each in mended.json["checks"]]
    assert states()["space house"] == "well"


def test_doctor_tells_what_is_broken(crate: Crate, library_copy: MadeLibrary) -> None:
    spaces = library_copy.path.with_name("library.crate") / "spaces"
    for path in spaces.glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-50])
    answer = crate("doctor", "--json")
    broken = [each["check"] for each in answer.json["checks"] if each["state"] == "broken"]
    assert broken == ["space mine"]
    assert answer.code == 1
    one_line(crate("similar", 5, "--space", "mine"))
    assert crate("similar", 5, "--space", "house").code == 0


def test_doctor_knows_a_library_that_is_none(crate: Crate, tmp_path: Path, nothing: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("not a database at all")
    answer = crate("doctor", "--json", library=text)
    assert answer.code == 1
    assert "broken" in [each["state"] for each in answer.json["checks"]]
    assert crate("doctor", library=nothing).code == 0
    assert not nothing.exists()


def test_a_stopped_command_keeps_its_work(
    crate: Crate, nothing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        write(tmp_path / "s" / f"{n}.wav", audio(0.1 * np.arange(n + 50) / 100))

    def stopped_halfway(job: Job[object]) -> None:
        try:
            while (step := next(job)).stage != "analyse" or step.done < 2:
                pass
            raise KeyboardInterrupt
        finally:
            job.close()

    monkeypatch.setattr(cli_commands, "with_progress", stopped_halfway)
    answer = crate("add", tmp_path / "s", library=nothing)
    assert answer.code == 130
    assert answer.err == "crate: stopped; what is done is kept\n"
    monkeypatch.undo()
    found = crate("status", "--json", library=nothing).json
    assert (found["analysed"], found["listed"]) == (2, 2)
    with Workspace.open(nothing) as workspace:
        assert len(workspace.ids("is:analysed")) == 2
