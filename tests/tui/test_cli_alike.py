"""`crate alike`: said, listed, taken back, and learned from."""

from __future__ import annotations

import pytest

from tests.tui.answers import Crate, one_line


def listed(crate: Crate) -> list[tuple[list[int], bool]]:
    found = crate("alike", "--json").json["pairs"]
    return [([sound["id"] for sound in pair["sounds"]], pair["alike"]) for pair in found]


def test_it_is_said_listed_and_taken_back(crate: Crate) -> None:
    samples = crate("ls", "is:analysed", "--json").json["samples"]
    one, two, three = sorted(samples, key=lambda each: each["id"])[:3]
    assert crate("alike").code == 1
    answer = crate("alike", three["id"], one["path"], "--json")
    assert answer.code == 0
    (pair,) = answer.json["pairs"]
    assert pair["alike"] is True
    assert pair["sounds"] == [{key: s[key] for key in ("id", "path", "name")} for s in (one, three)]
    assert pair["said_at"].startswith("20")
    told = crate("alike", "--not", one["id"], two["id"], three["id"])
    assert (told.code, told.out) == (0, "")
    assert "3 pairs" in told.err
    assert listed(crate) == [
        ([one["id"], two["id"]], False),
        ([one["id"], three["id"]], False),
        ([two["id"], three["id"]], False),
    ]
    crate("alike", one["id"], two["id"])
    assert [line[:3] for line in crate("alike").table] == [
        ["together", str(one["id"]), str(two["id"])],
        ["apart", str(one["id"]), str(three["id"])],
        ["apart", str(two["id"]), str(three["id"])],
    ]
    gone = crate("alike", "--forget", one["id"], "--json")
    assert [[s["id"] for s in pair["sounds"]] for pair in gone.json["pairs"]] == [
        [one["id"], two["id"]],
        [one["id"], three["id"]],
    ]
    assert listed(crate) == [([two["id"], three["id"]], False)]
    assert crate("alike", "--forget", one["id"]).code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("1", "nothing.wav"), "there is no sample nothing.wav in the library"),
        (("1", "999"), "there is no sample 999"),
        (("--not", "1", "2", "999"), "there is no sample 999"),
        (("1",), "not said of one sound alone: name two sounds or more"),
        (("1", "1"), "not said of one sound alone"),
        (("--not",), "no sound is given"),
        (("--forget",), "no sound is given"),
        (("--not", "--forget", "1", "2"), "not allowed with argument"),
    ],
)
def test_what_cannot_be_said_is_told_in_one_line(
    crate: Crate, arguments: tuple[str, ...], says: str
) -> None:
    assert says in one_line(crate("alike", *arguments))
    assert listed(crate) == []


def test_training_tells_from_how_many_pairs_it_learned(crate: Crate) -> None:
    ids = [each["id"] for each in crate("ls", "is:analysed", "--json").json["samples"]][:5]
    crate("alike", *ids[:3])
    crate("alike", "--not", *ids[3:])
    answer = crate("train", "ours", "--json")
    assert answer.json["pairs"] == {"together": 3, "apart": 1}
    assert "3 pairs together, 1 apart" in crate("train", "ours").err
