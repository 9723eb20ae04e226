"""`crate tempo` and `crate key`: what is printed, exit codes, and one line for a mistake."""

from __future__ import annotations

import pytest

from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


@pytest.fixture
def ids(crate: Crate, library_copy: MadeLibrary) -> list[int]:
    """Three sounds."""
    found = crate("ls", "is:analysed", "--json").json["samples"]
    return [each["id"] for each in found[:3]]


def of(crate: Crate, sample_id: int, what: str) -> tuple[object, object]:
    samples = crate("ls", "--json").json["samples"]
    (found,) = (each for each in samples if each["id"] == sample_id)
    return found[what], found[f"{what}_source"]


def test_a_tempo_is_said_and_taken_back(crate: Crate, ids: list[int]) -> None:
    before = of(crate, ids[0], "tempo")
    answer = crate("tempo", ids[0], ids[1], 120)
    assert answer.code == 0
    assert [line[:3] for line in answer.table] == [[str(i), "120", "user"] for i in ids[:2]]
    assert of(crate, ids[1], "tempo") == (120.0, "user")
    assert of(crate, ids[2], "tempo")[1] != "user"
    assert crate("ls", "bpm_by:user", "bpm:110..130").table
    assert crate("tempo", ids[0], "--double").table[0][1] == "240"
    assert crate("tempo", ids[0], "--half").table[0][1] == "120"
    assert crate("tempo", ids[0], "--forget").code == 0
    assert of(crate, ids[0], "tempo") == before


def test_a_key_is_said_and_taken_back(crate: Crate, ids: list[int]) -> None:
    before = of(crate, ids[0], "key")
    answer = crate("key", ids[0], "Bbm", "--json")
    assert answer.json["samples"][0]["key"] == "A#m"
    assert of(crate, ids[0], "key") == ("A#m", "user")
    assert len(crate("ls", "key:a#m").table) == 1
    assert crate("key", ids[0], "--forget").code == 0
    assert of(crate, ids[0], "key") == before


def test_all_that_match_get_it(crate: Crate, ids: list[int]) -> None:
    kicks = crate("ls", "kick", "--json").json["samples"]
    assert len(crate("tempo", "--where", "kick", 99.5).table) == len(kicks) > 0
    assert len(crate("key", "--where", "kick", "C").table) == len(kicks)
    assert {of(crate, each["id"], "tempo") for each in kicks} == {(99.5, "user")}
    assert crate("tempo", "--where", "nothing-like-it", 100).code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tempo"], "no tempo is given"),
        (["tempo", "{id}"], "no tempo is given"),
        (["tempo", "{id}", "fast"], "fast is not a tempo"),
        (["tempo", "{id}", "nan"], "nan is not a tempo"),
        (["tempo", "{id}", "5"], "5 is not a tempo"),
        (["tempo", "--half"], "no sound is given"),
        (["tempo", "{id}", "120", "--where", "kick"], "sounds and --where are given"),
        (["tempo", "{id}", "--half", "--double"], "not allowed with"),
        (["key"], "no key is given"),
        (["key", "{id}"], "no key is given"),
        (["key", "{id}", "H"], "H is not a key"),
        (["key", "--forget"], "no sound is given"),
    ],
)
def test_a_mistake_is_one_line(crate: Crate, ids: list[int], words: list[str], says: str) -> None:
    answer = crate(*(word.format(id=ids[0]) for word in words))
    assert answer.code == 2
    assert says in one_line(answer)
    assert crate("ls", "bpm_by:user").code == 1
