"""`crate recipe` and `crate splice`: what is printed, exit codes, and one line for a mistake."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from library.decode import read
from tests.audio_cases import tone, write
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


@pytest.fixture
def take(crate: Crate, library_copy: MadeLibrary, tmp_path: Path) -> Path:
    """A variation of the first kick."""
    answer = crate("vary", kicks(crate)[0]["path"], "-n", 1, "--amount", 0.5, "--seed", 7,
                   "--hold", "length", "--set", "brightness=+1", "--out", tmp_path / "o",
                   "--json")  # fmt: skip
    return Path(answer.json["files"][0]["path"])


def kicks(crate: Crate) -> list[dict]:  # type: ignore[type-arg]
    found: list[dict] = crate("ls", "kick", "--json").json["samples"]  # type: ignore[type-arg]
    return found


def test_a_recipe_is_told_in_lines(crate: Crate, take: Path) -> None:
    kick = kicks(crate)[0]
    answer = crate("recipe", take)
    assert answer.code == 0
    lines = {line[0]: line[1:] for line in answer.table}
    assert lines["made by"][0].startswith("latentcrate ")
    assert lines["command"] == [
        f"crate vary {kick['name']} -n 1 --amount 0.5 --set brightness=+1 --mine 0 --hold length"
        " --seed 7"
    ]
    assert lines["from"] == [kick["name"], str(kick["id"]), kick["path"]]
    assert (lines["space"], lines["codec"], lines["number"]) == (["mine"], ["house"], ["1"])
    assert "numpy " in lines["with"][0]
    assert {"audio", "kept in"}.isdisjoint(lines)


def test_a_recipe_is_told_in_json(crate: Crate, take: Path) -> None:
    kick = kicks(crate)[0]
    found = crate("recipe", take, "--json").json
    assert set(found) == {
        "path", "kept_in", "changed", "parents", "codec", "space", "recipe",
    }  # fmt: skip
    (parent,) = found["parents"]
    assert (parent["id"], parent["path"], parent["name"]) == (
        kick["id"], kick["path"], kick["name"],
    )  # fmt: skip
    recipe = found["recipe"]
    assert (recipe["verb"], recipe["seed"], recipe["options"]["amount"]) == ("vary", 7, 0.5)
    assert recipe["parents"] == [{"name": parent["name"], "content": parent["content"]}]


def test_again_is_the_same(crate: Crate, take: Path, tmp_path: Path) -> None:
    answer = crate("recipe", take, "--again", "--out", tmp_path / "p")
    assert answer.code == 0
    (line,) = answer.table
    assert line[1] == "the same"
    assert Path(line[0]).read_bytes() == take.read_bytes()
    found = crate("recipe", take, "--again", "--out", tmp_path / "p", "--json").json
    assert found["same"] is True
    assert found["versions"] == {}
    assert Path(found["files"][0]["path"]).name == f"{take.stem}_2.wav"
    assert set(found["files"][0]) == {"path", "z", "attributes"}


def test_again_that_is_not_the_same_says_why_and_exits_with_1(
    crate: Crate, take: Path, tmp_path: Path
) -> None:
    data = take.read_bytes()
    at = data.index(b'"audio":"') + len(b'"audio":"')
    take.write_bytes(data[:at] + b"0" * 32 + data[at + 32 :])
    answer = crate("recipe", take, "--again", "--out", tmp_path / "p")
    assert answer.code == 1
    assert answer.table[0][1] == "not the same"
    assert "by the same versions: was it made on another machine?" in answer.err
    assert "was changed since it was made" in answer.err
    assert ["audio", "changed since it was made"] in crate("recipe", take).table
    older = data.replace(b'"latentcrate":"0.', b'"latentcrate":"9.', 1)
    take.write_bytes(older[:at] + b"0" * 32 + older[at + 32 :])
    answer = crate("recipe", take, "--again", "--out", tmp_path / "p")
    assert "not the same: it was made with latentcrate 9." in answer.err


def test_what_is_missing_has_a_line_each(crate: Crate, tmp_path: Path) -> None:
    sounds = [write(tmp_path / f"{name}.wav", tone(hz, 0.2))
              for name, hz in (("one", 200), ("two", 300))]  # fmt: skip
    assert crate("splice", *sounds, "--out", tmp_path / "s.wav").code == 0
    sounds[0].unlink()
    told = one_line(crate("recipe", tmp_path / "s.wav", "--again", "--out", tmp_path / "p"))
    assert told.startswith("crate: one.wav is not there: plug its disk in, or crate add")
    sounds[1].unlink()
    answer = crate("recipe", tmp_path / "s.wav", "--again", "--out", tmp_path / "p")
    assert answer.code == 2
    assert [line.split(" is ")[0] for line in answer.err.splitlines()[:2]] == ["one.wav", "two.wav"]
    assert answer.err.splitlines()[2].startswith("crate: 2 things")
    lines = [line for line in crate("recipe", tmp_path / "s.wav").table if line[0] == "from"]
    assert lines == [["from", name, "", "not there now"] for name in ("one.wav", "two.wav")]


def test_a_file_without_a_recipe_is_told_and_exits_with_1(crate: Crate) -> None:
    kick = kicks(crate)[0]
    for asked in (kick["id"], kick["path"]):
        answer = crate("recipe", asked)
        assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
        assert "has no recipe" in answer.err


@pytest.mark.parametrize(
    "text",
    [
        b"not json \x1b[2J",
        b"[" * 100_000,
        b'{"recipe":1}',
        b" " * 2**21,
        b'{"recipe":1,"verb":"\\u001b[2J"}',
        b'{"recipe":1,"verb":"vary","options":{"settings":{"\\u009b2J":"x"}}}',
    ],
)
def test_a_hostile_recipe_is_one_line(crate: Crate, tmp_path: Path, text: bytes) -> None:
    path = write(tmp_path / "a.wav", tone(440, 0.1))
    body = b"INFOILCR" + struct.pack("<I", len(text)) + text
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", len(body)) + body)
    told = one_line(crate("recipe", path))
    assert "the recipe is damaged" in told
    assert told[:-1].isprintable()
    told = one_line(crate("recipe", path, "--again", "--out", tmp_path / "p"))
    assert not (tmp_path / "p").exists()


def test_a_parent_of_an_odd_name_does_not_steer_the_terminal(crate: Crate, tmp_path: Path) -> None:
    odd = write(tmp_path / "x" / "a.wav", tone(440, 0.2)).rename(tmp_path / "x" / "a\x1b[2J.wav")
    out = tmp_path / "s.wav"
    assert crate("splice", odd, odd, "--out", out).code == 0
    for answer in (crate("recipe", out), crate("recipe", out, "--json")):
        assert answer.code == 0
        assert "\x1b" not in answer.out + answer.err
    assert r"a\x1b[2J.wav" in crate("recipe", out).out
    assert crate("recipe", out, "--again", "--out", tmp_path / "p").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["recipe", "{sound}", "--again"], "--again needs a folder"),
        (["recipe", "{sound}", "--out", "{out}"], "without --again nothing is written"),
        (["recipe", "nosuch"], "no sample nosuch"),
        (["recipe", "{text}"], "text.wav"),
        (["splice", "{sound}", "--out", "{out}.wav"], "1 sounds cannot be joined: name 2 to 1000"),
        (["splice", "{sound}", "nosuch", "--out", "{out}.wav"], "no sample nosuch"),
        (["splice", "{sound}", "{text}", "--out", "{out}.wav"], "text.wav"),
        (["splice", "{sound}", "{sound}", "--out", "{out}.mp3"], "end in .wav"),
        (["splice", "{sound}", "{sound}", "--out", "{sound}"], "is there already"),
        (["splice", "{sound}", "{sound}", "--out", "{out}.wav", "--gap", "nan"], "a gap of nan s"),
        (["splice", "{sound}", "{sound}", "--out", "{out}.wav", "--bpm", "120"], "--beats"),
        (["splice", "{sound}", "{sound}", "--out", "{out}.wav", "--cut"], "nothing is cut"),
        (["splice", "{sound}", "{sound}", "--out", "{out}.wav", "--fade", "-1"], "a fade of -1"),
        (["vary", "{sound}", "--seed", "-1", "--out", "{out}"], "-1 is no seed"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(
    crate: Crate, tmp_path: Path, arguments: list[str], told: str
) -> None:
    sound = write(tmp_path / "sound.wav", tone(440, 0.1))
    text = tmp_path / "text.wav"
    text.write_text("not audio")
    before = sorted(tmp_path.iterdir())
    names = {"sound": sound, "text": text, "out": tmp_path / "out"}
    assert told in one_line(crate(*(each.format(**names) for each in arguments)))
    assert sorted(tmp_path.iterdir()) == before


def test_splice_joins_at_a_tempo(crate: Crate, tmp_path: Path) -> None:
    kick, other = kicks(crate)[:2]
    out = tmp_path / "loop.wav"
    answer = crate("splice", kick["id"], other["path"], kick["id"], "--bpm", 120, "--beats", 1,
                   "--out", out, "--json")  # fmt: skip
    assert answer.code == 0
    (file,) = answer.json["files"]
    assert file["path"] == str(out)
    assert file["starts"] == [0, 0.5, 1.0]
    assert soundfile.info(out).subtype == "PCM_24"
    made, first = read(out), read(Path(kick["path"]))
    alone = min(first.length, round(0.5 * made.sample_rate))
    loudest = max(1.0, float(np.abs(made.frames).max()))
    assert np.abs(made.frames[0, :alone] - first.frames[0, :alone]).max() <= 2**-23 * loudest
    remade = crate("recipe", out, "--again", "--out", tmp_path / "p", "--json").json
    assert remade["same"] is True
    assert json.dumps(remade["files"][0]["starts"]) == json.dumps(file["starts"])
    plain = crate("splice", kick["id"], other["id"], "--out", tmp_path / "b.wav")
    assert plain.table == [[str(tmp_path / "b.wav")]]
    lines = dict(line[:2] for line in crate("recipe", out).table)
    assert lines["command"].endswith("--bpm 120 --beats 1")


def test_a_splice_too_loud_is_turned_down_and_not_clipped(crate: Crate, tmp_path: Path) -> None:
    sounds = [write(tmp_path / f"{n}.wav", tone(110, 1.0)) for n in range(3)]
    out = tmp_path / "s.wav"
    assert crate("splice", *sounds, "--bpm", 6000, "--beats", 1, "--out", out).code == 2
    assert crate("splice", *sounds, "--bpm", 660, "--beats", 0.1, "--out", out).code == 0
    frames = read(out).frames[0]
    assert np.abs(frames).max() == pytest.approx(1.0, abs=1e-4)
    assert (np.abs(frames) > 0.9999).mean() < 0.05
