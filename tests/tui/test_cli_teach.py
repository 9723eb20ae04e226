"""`crate teach`: said, listed, taken back, learned from, and moved along."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.answers import Crate, one_line


def ids_of(crate: Crate) -> list[int]:
    """Analysed samples, the brightest first."""
    return [s["id"] for s in crate("ls", "is:analysed sort:-brightness", "--json").json["samples"]]


def test_a_word_is_taught_listed_and_taken_back(crate: Crate) -> None:
    assert crate("teach").code == 1
    told = crate("teach", "Bright ", "--yes", "1", "2", "--no", "3")
    assert (told.code, told.out) == (0, "")
    assert "bright: 2 sounds are it, 1 are not" in told.err
    crate("teach", "bright", "--no", "4")
    assert crate("teach", "--json").json == {
        "words": [{"word": "bright", "yes": [1, 2], "no": [3, 4]}]
    }
    assert crate("teach").table == [["bright", "yes 1 2", "no 3 4"]]
    assert "took back 1 examples" in crate("teach", "bright", "--yes", "2", "--forget").err
    assert crate("teach", "bright", "--json").json["words"][0]["yes"] == [1]
    assert crate("teach", "bright", "--forget").code == 0
    assert crate("teach", "--json").json == {"words": []}


def test_stars_are_examples(crate: Crate) -> None:
    for ids, stars in ((("1", "2", "5"), "5"), (("3", "4"), "1"), (("6",), "3")):
        assert crate("rate", stars, *ids).code == 0
    told = crate(
        "teach", "keepers", "--yes-where", "rating>3", "--no-where", "rating<3", "--no", "7"
    )
    assert told.code == 0
    found = crate("teach", "keepers", "--json").json["words"][0]
    assert (sorted(found["yes"]), sorted(found["no"])) == ([1, 2, 5], [3, 4, 7])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("warm", "--yes", "1", "999"), "there is no sample 999"),
        (("a=b", "--yes", "1"), "no word to teach"),
        (("warm", "--yes", "1", "--no", "1"), "cannot be 'warm' and not be it"),
        (("--yes", "1"), "no word is given"),
        (("--yes-where", "kick"), "no word is given"),
        (("warm", "--yes-where", "nosuchthing"), "no sample fits 'nosuchthing'"),
        (("warm", "--yes", "1", "--no-where", "rating>>3"), ">3 is not a number"),
    ],
)
def test_what_cannot_be_taught_is_told_in_one_line(
    crate: Crate, arguments: tuple[str, ...], says: str
) -> None:
    assert says in one_line(crate("teach", *arguments))
    assert crate("teach", "--json").json == {"words": []}


def test_a_word_is_learned_followed_and_moved_along(crate: Crate, tmp_path: Path) -> None:
    ids = ids_of(crate)
    crate("teach", "glassy", "--yes", *ids[:8], "--no", *ids[-8:])
    learned = crate("train", "ours", "--json").json
    assert learned["words"] == ["glassy"]
    facts = learned["taught"]["glassy"]
    assert (facts["yes"], facts["no"]) == (8, 8)
    assert facts["auc"] > 0.85
    assert learned["attributes"]["glassy"]["learned"]
    assert "glassy: 8 yes, 8 no" in crate("train", "ours").err
    taken = [
        crate("vary", ids[len(ids) // 2], "--set", f"glassy={step}", "--out", tmp_path, "--json")
        for step in ("-1", "+1")
    ]
    darker, brighter = (each.json["files"][0]["attributes"]["brightness"] for each in taken)
    assert brighter > 1.1 * darker


def test_a_space_may_follow_some_words_or_none(crate: Crate) -> None:
    ids = ids_of(crate)
    crate("teach", "glassy", "--yes", *ids[:4], "--no", *ids[-4:])
    crate("tag", "shiny", *ids[:5])
    crate("teach", "rare", "--yes", ids[0], "--no", ids[1])
    both = crate("train", "ours", "--word", "Shiny", "--json").json
    assert "shiny" in both["attributes"]
    assert "glassy" not in both["attributes"]
    assert both["words"] == ["glassy", "shiny"]
    assert "rare is not known well enough" in one_line(crate("train", "ours", "--word", "rare"))
    assert "pitch is measured" in one_line(crate("train", "ours", "--word", "pitch"))
