"""`crate forget` and `crate space`: what they answer, and what they refuse in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


def facts(crate: Crate) -> object:
    """What the user said of samples, and what samples there are."""
    samples = crate("ls", "--json").json["samples"]
    return samples, crate("alike", "--json").out


def kept_file(library: MadeLibrary) -> Path:
    (path,) = (library.path.with_name("library.crate") / "spaces").glob("*.safetensors")
    return path


def test_a_space_is_forgotten_and_nothing_else(crate: Crate, library_copy: MadeLibrary) -> None:
    ids = [each["id"] for each in crate("ls", "is:analysed", "--json").json["samples"]]
    crate("tag", "crunchy", *ids[:3])
    crate("rate", 5, ids[0])
    crate("alike", ids[0], ids[1])
    before = facts(crate)
    file = kept_file(library_copy)
    told = crate("forget", "mine")
    assert (told.code, told.out) == (0, "")
    assert told.err == "mine was in use: search and the map use the house space again\n"
    assert not file.exists()
    assert facts(crate) == before
    assert [row[:2] for row in crate("spaces").table] == [["*", "house"]]
    assert crate("similar", ids[0], "--json").json["query"]["space"] == "house"
    assert "there is no space 'mine'" in one_line(crate("forget", "mine"))
    crate("train", "again")
    crate("use", "house")
    answer = crate("forget", "again", "--json")
    assert answer.json == {"space": "again", "in_use": "house"}
    assert answer.err == ""


def test_the_house_space_stays(crate: Crate) -> None:
    assert "the house space cannot be forgotten" in one_line(crate("forget", "house"))


def test_a_space_goes_to_another_library_and_is_used_there(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    out = tmp_path / "mine.safetensors"
    answer = crate("space", "export", "mine", "--out", out, "--json")
    assert answer.json == {"space": "mine", "path": str(out), "codec": "house"}
    first = crate("vectors", "--out", tmp_path / "first.npz", "--json")
    assert first.code == 0
    assert "is there already" in one_line(crate("space", "export", "mine", "--out", out))
    assert "the library has this space" in one_line(crate("space", "import", out))
    crate("forget", "mine")
    told = crate("space", "import", out, "--name", "back again")
    assert (told.code, told.table[0][0]) == (0, "back again")
    assert told.err == "To use it: crate use 'back again'\n"
    crate("use", "back again")
    found = crate("similar", 5, "--json").json
    assert found["query"]["space"] == "back again"
    assert len(found["results"]) == 10
    crate("forget", "back again")
    again = crate("space", "import", out, "--json").json["space"]
    assert (again["name"], again["codec"], again["in_use"]) == ("mine", "house", False)
    assert again["report"]["samples"] == 40
    assert again["report"]["attributes"]["brightness"]["unit"] == "Hz"


def test_a_file_that_is_no_space_is_one_line(crate: Crate, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"no space")
    assert "x.safetensors is no space" in one_line(crate("space", "import", path))
    assert "cannot be read" in one_line(crate("space", "import", tmp_path / "nowhere"))
    assert [row[1] for row in crate("spaces").table] == ["house", "mine"]


def test_two_spaces_are_compared(crate: Crate) -> None:
    answer = crate("space", "compare", "house", "mine", "-k", 5, "-n", 3, "--json")
    found = answer.json
    assert (found["a"], found["b"], found["k"]) == ("house", "mine", 5)
    assert (found["samples"], found["compared"]) == (40, 40)
    assert found["chance"] == round(5 / 39, 4)
    assert found["chance"] < found["kept"] < 1
    assert 1 <= len(found["moved"]) <= 3
    first = found["moved"][0]
    assert set(first) == {"id", "path", "name", "kept", "nearest"}
    ours = crate("similar", first["id"], "--space", "house", "-k", 5, "--json").json["results"]
    theirs = crate("similar", first["id"], "--space", "mine", "-k", 5, "--json").json["results"]
    assert first["nearest"]["a"]["id"] == ours[0]["id"]
    assert first["nearest"]["b"]["id"] == theirs[0]["id"]
    shared = {each["id"] for each in ours} & {each["id"] for each in theirs}
    assert first["kept"] == round(len(shared) / 5, 4)
    plain = crate("space", "compare", "house", "mine", "-k", 5, "-n", 3)
    assert [row[0] for row in plain.table] == [str(each["id"]) for each in found["moved"]]
    assert f"of the 5 nearest, {found['kept']:.0%} are the same in house and mine" in plain.err
    same = crate("space", "compare", "mine", "mine")
    assert (same.code, same.out) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("house", "nosuch"), "there is no space 'nosuch'"),
        (("house", "mine", "-k", "0"), "-k 0 asks for nothing"),
        (("house", "mine", "--where", "nosuch"), "needs 3 samples"),
        (("house",), "see crate space compare --help"),
    ],
)
def test_what_cannot_be_compared_is_told(
    crate: Crate, arguments: tuple[str, ...], says: str
) -> None:
    answer = crate("space", "compare", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err.splitlines()[-1]
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("how", ["lost", "short", "changed"])
def test_search_falls_back_on_the_house_space(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path, how: str
) -> None:
    out = tmp_path / "mine.safetensors"
    crate("space", "export", "mine", "--out", out)
    well = crate("similar", 5, "--space", "house", "--json").json
    path = kept_file(library_copy)
    data = path.read_bytes()
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(data[:-50] if how == "short" else data[:-1] + bytes([data[-1] ^ 1]))
    answer = crate("similar", 5, "--json")
    assert answer.code == 0
    assert answer.json == well
    assert answer.err.startswith("The house space is searched, as the file of the space 'mine' ")
    assert answer.err.count("\n") == 1
    assert "the file of the space 'mine'" in one_line(crate("similar", 5, "--space", "mine"))
    assert crate("duplicates", "--near").code in (0, 1)
    assert crate("vectors", "--out", tmp_path / "v.npz").code == 0
    checks = {each["check"]: each for each in crate("doctor", "--json").json["checks"]}
    assert checks["space mine"]["state"] == "broken"
    assert "train it again, or crate space import" in checks["space mine"]["about"]
    assert crate("space", "import", out).code == 0
    assert path.read_bytes() == data
    assert crate("similar", 5, "--json").json["query"]["space"] == "mine"
    assert crate("doctor").code == 0
