"""`crate similar` and `crate duplicates` on the command line."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tui.answers import Answer, Crate, one_line
from tui import cli_similar
from tui.cli import parse_arguments


class Stdin:
    """What is sent to the program."""

    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


Send = Callable[..., None]


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    return lambda data, **facts: monkeypatch.setattr(sys, "stdin", Stdin(data, **facts))


def kick(crate: Crate) -> dict[str, Any]:
    found: dict[str, Any] = crate("ls", "category:kick", "--json").json["samples"][0]
    return found


def ids(answer: Answer) -> list[int]:
    return [each["id"] for each in answer.json["results"]]


def test_json_tells_all_that_was_asked(crate: Crate) -> None:
    arguments = ["similar", 5, "--json", "-k", 4, "--region", ":0.1", "--like", 6, "--like", 7]
    arguments += ["--unlike", 8, "--more", "brighter=0.5", "--less", "decay", "--where", "-kick"]
    arguments += ["--weight", "timbre=2", "--weight", "pitch=0", "--space", "house"]
    answer = crate(*arguments)
    assert answer.json["query"] == {
        "sound": "5",
        "region": [None, 0.1],
        "like": ["6", "7"],
        "unlike": ["8"],
        "moves": {"brightness": "+0.5", "decay": "-1"},
        "at": None,
        "weights": {"timbre": 2.0, "pitch": 0.0},
        "where": "-kick",
        "space": "house",
        "k": 4,
    }
    assert not {6, 7, 8} & set(ids(answer))
    assert crate("similar", 5, "--json").json["query"]["space"] == "mine"


def test_a_sound_is_not_needed_where_another_is_named(crate: Crate) -> None:
    assert ids(crate("similar", "--like", 5, "--json")) == ids(crate("similar", 5, "--json"))
    crate("map")
    at = crate("similar", "--at", "0.5,0.5", "-k", 3, "--json")
    assert len(at.json["results"]) == 3
    assert at.json["query"]["at"] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "region"), [("-0.1:", "--region=-0.1:"), ("0:0.1", "--region=0:0.1")]
)
def test_a_region_may_begin_with_a_dash(text: str, region: str) -> None:
    separate = parse_arguments(["similar", "5", "--region", text])
    assert separate == parse_arguments(["similar", "5", region])
    assert separate.region == text


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_any_sound_may_come_on_stdin(
    crate: Crate,
    send: Send,
    tmp_path: Path,
    ending: str,
) -> None:
    from library.decode import read
    from tests.audio_cases import write

    row = kick(crate)
    coding = {"ogg": "VORBIS", "mp3": "MPEG_LAYER_III"}.get(ending, "PCM_16")
    sent = write(tmp_path / f"kick.{ending}", read(Path(row["path"])), coding)
    send(sent.read_bytes())
    answer = crate("similar", "-", "-k", 1, "--json")
    assert ids(answer) == [row["id"]]
    assert answer.json["query"]["sound"] == "-"


def test_stdin_may_stand_for_any_of_the_sounds(crate: Crate, send: Send) -> None:
    row = kick(crate)
    data = Path(row["path"]).read_bytes()
    send(data)
    liked = crate("similar", "--like", "-", "-k", 1, "--json")
    assert ids(liked) == [row["id"]]
    assert liked.json["query"]["like"] == ["-"]
    send(data)
    unlike = crate("similar", row["id"], "--unlike", "-", "-k", 3, "--json")
    assert unlike.code == 0
    assert unlike.json["query"]["unlike"] == ["-"]
    send(data)
    assert crate("similar", "-", "--region", ":0.05", "-k", 3).code == 0


@pytest.mark.parametrize(
    ("data", "terminal", "told"),
    [
        (b"", False, "nothing came on stdin: send a sound"),
        (b"", True, "nothing is sent to stdin: send a sound: crate similar - < kick.wav"),
        (b"not audio", False, "what came on stdin is no sound that can be read"),
        (b"RIFF\x24\0\0\0WAVEfm", False, "what came on stdin is no sound that can be read"),
        (bytes(5000), False, "more than 0 MiB came on stdin: send a shorter sound"),
    ],
)
def test_what_comes_on_stdin_may_be_wrong(
    crate: Crate,
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    terminal: bool,
    told: str,
) -> None:
    monkeypatch.setattr(cli_similar, "MOST_STDIN_BYTES", 4096)
    send(data, terminal=terminal)
    line = one_line(crate("similar", "-"))
    assert told in line
    assert "tmp" not in line, "where it was kept is nobody's business"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["similar"], "no SOUND is named"),
        (["similar", "--unlike", "5"], "no SOUND is named"),
        (["similar", "-", "--like", "-"], "- is named twice"),
        (["similar", "5", "--region", "2:1"], "ends before it starts"),
        (["similar", "5", "--region", "x"], "x is not a region: write seconds"),
        (["similar", "5", "--region", "99:"], "is outside"),
        (["similar", "--like", "5", "--region", "0:1"], "a region is of SOUND"),
        (["similar", "5", "--weight", "timbre"], "is not a weight"),
        (["similar", "5", "--weight", "colour=1"], "the aspects are ear, timbre, "),
        (["similar", "5", "--more", "warmth"], "no attribute 'warmth'"),
        (["similar", "5", "--more", "bright", "--less", "bright"], "moved twice"),
        (["similar", "5", "--more", "bright=5dB"], "is not a step"),
        (["similar", "--at", "2,0"], "2,0 is not on the map"),
        (["similar", "--at", "0.5,0.5"], "no map yet: crate map"),
        (["similar", "5", "--like", "nosuch"], "no sample nosuch"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    crate: Crate,
    arguments: list[str],
    told: str,
) -> None:
    assert told in one_line(crate(*arguments))


def test_duplicates(crate: Crate, tmp_path: Path) -> None:
    from library.decode import read
    from tests.audio_cases import write

    row = kick(crate)
    original = Path(row["path"])
    folder = tmp_path / "more"
    folder.mkdir()
    assert crate("duplicates", "--json").json == {"groups": []}
    assert crate("duplicates").code == 1
    shutil.copy(original, folder / "same.wav")
    write(folder / "coded.ogg", read(original), "VORBIS")
    crate("add", folder)
    exact = crate("duplicates", "--json")
    assert exact.code == 0
    (group,) = exact.json["groups"]
    assert group["same"] == "bytes"
    assert {each["name"] for each in group["samples"]} == {original.name, "same.wav"}
    assert set(group["samples"][0]) == {
        *("id", "path", "name", "duration", "sample_rate", "channels", "format", "size")
    }
    assert group["keep"] == row["id"]
    assert group["spare"] == original.stat().st_size
    (near,) = crate("duplicates", "--near", "--json").json["groups"]
    assert near["same"] == "audio"
    assert {each["name"] for each in near["samples"]} == {original.name, "same.wav", "coded.ogg"}
    answer = crate("duplicates", "--near", "--where", "-coded")
    assert [line[:3] for line in answer.table] == [["1", "bytes", "keep"], ["1", "bytes", ""]]
    assert "one group; all but one of each take" in answer.err
