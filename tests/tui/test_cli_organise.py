"""Collections, marks of use, searches, and what was said last, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.answers import Crate, one_line


def ids_of(crate: Crate, *query: str) -> list[int]:
    answer = crate("ls", *query, "--json")
    return [each["id"] for each in answer.json["samples"]]


def test_a_collection_is_filled_listed_and_emptied(crate: Crate) -> None:
    assert crate("collections").code == 1
    told = crate("collect", "Night Drums", 3, 1, "--json")
    assert (told.code, told.json["collection"], told.json["changed"]) == (0, "Night Drums", 2)
    assert [each["id"] for each in told.json["samples"]] == [3, 1]
    kicks = ids_of(crate, "kick")
    assert crate("collect", "kicks", "--where", "kick").code == 0
    assert crate("collect", "kicks", "--where", "nosuchsound").code == 1
    assert crate("collections").table == [["kicks", str(len(kicks))], ["Night Drums", "2"]]
    assert ids_of(crate, 'in:"night drums"') == [3, 1]
    told = crate("collect", "night drums", 3, "--remove")
    assert (told.code, told.out) == (0, "")
    assert "took 1 samples out of night drums" in told.err
    assert crate("collections", "--rename", "night drums", "Day").code == 0
    named = crate("collections", "--json").json["collections"]
    assert [(each["name"], each["samples"]) for each in named] == [
        ("Day", 1),
        ("kicks", len(kicks)),
    ]
    told = crate("collections", "--delete", "KICKS")
    assert (told.code, told.out) == (0, "")
    assert f"its {len(kicks)} samples stay" in told.err
    assert ids_of(crate, "kick") == kicks


def test_samples_are_marked_as_used(crate: Crate) -> None:
    assert crate("used", 1, 2).code == 0
    assert ids_of(crate, "is:used", "sort:added") == [1, 2]
    told = crate("used", 1, "--not", "--json").json["samples"]
    assert [(each["id"], each["used"]) for each in told] == [(1, False)]
    assert ids_of(crate, "is:used") == [2]
    assert 2 not in ids_of(crate, "-is:used")


def test_searches_are_saved_and_listed(crate: Crate) -> None:
    assert crate("searches").code == 1
    assert crate("searches", "--save", "Fresh", "-is:used").code == 0
    assert crate("searches", "--save", "short", "len<0.5 sort:-len").code == 0
    assert crate("searches").table == [["Fresh", "-is:used"], ["short", "len<0.5 sort:-len"]]
    assert crate("searches", "--rename", "fresh", "Unused").code == 0
    assert crate("searches", "--delete", "short").code == 0
    (left,) = crate("searches", "--json").json["searches"]
    assert (left["name"], left["query"]) == ("Unused", "-is:used")


def test_what_was_said_last_is_taken_back_and_said_again(crate: Crate) -> None:
    nothing = crate("undo")
    assert (nothing.code, nothing.err) == (1, "nothing can be taken back\n")
    assert crate("undo", "--list").code == 1
    crate("tag", "dark", 1, 2)
    crate("tag", "dark", 1, 3)
    told = crate("undo", "--json")
    assert told.json["taken_back"].endswith(": dark")
    assert ids_of(crate, "tag:dark", "sort:added") == [1, 2]
    listed = crate("undo", "--list", "--json").json["changes"]
    assert [(each["about"], each["taken_back"]) for each in listed] == [
        (told.json["taken_back"], True),
        ("tagged 2 samples: dark", False),
    ]
    assert [row[1:] for row in crate("undo", "--list").table] == [
        [told.json["taken_back"], "taken back"],
        ["tagged 2 samples: dark", ""],
    ]
    assert crate("undo", "--redo").err == f"said again: {told.json['taken_back']}\n"
    assert ids_of(crate, "tag:dark", "sort:added") == [1, 2, 3]
    assert crate("undo", "--redo").code == 1


def test_an_export_is_shown_and_made(crate: Crate, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kicks = ids_of(crate, "category:kick", "-is:used")
    arguments = ("export", "samples", "category:kick", "-is:used", "--out", out)
    shown = crate(*arguments, "--pattern", "{n:03}_{category}_{name}", "--dry-run", "--json").json
    assert shown["dry_run"]
    assert not out.exists()
    assert [each["id"] for each in shown["files"]] == kicks
    made = crate(*arguments, "--pattern", "{n:03}_{category}_{name}", "--json").json
    assert made == {**shown, "dry_run": False}
    for n, each in enumerate(made["files"], start=1):
        path = Path(each["path"])
        assert path.parent == out
        assert path.name.startswith(f"{n:03}_kick_")
        assert path.read_bytes() == Path(each["from"]).read_bytes()
    assert crate("export", "samples", "nosuchsound", "--out", out).code == 1


def test_a_collection_is_exported_in_its_order(crate: Crate, tmp_path: Path) -> None:
    ids = ids_of(crate, "is:analysed")[:3][::-1]
    crate("collect", "Night Drums", *ids)
    table = crate("export", "collection", "night drums", "--out", tmp_path / "o").table
    assert [crate("ls", f'"{Path(row[1]).name}"', "--json").json["samples"][0]["id"]
            for row in table] == ids  # fmt: skip
    assert [Path(row[0]).read_bytes() for row in table] == [
        Path(row[1]).read_bytes() for row in table
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("collect", "kit", "1", "999"), "there is no sample 999"),
        (("collect", "kit"), "no sound is given"),
        (("collect", "kit", "1", "--where", "kick"), "sounds and --where are given"),
        (("collect", 'a"b', "1"), "cannot name a collection"),
        (("collect", "kit", "1", "--remove"), "there is no collection kit"),
        (("collections", "--delete", "kit"), "there is no collection kit"),
        (("collections", "--rename", "kit", "b"), "there is no collection kit"),
        (("used",), "no sound is given"),
        (("ls", "in:kit"), "there is no collection kit: crate collect makes one"),
        (("searches", "--save", "a", "len>>1"), ">1 is not a number"),
        (("searches", "--delete", "a"), "there is no saved search a"),
        (("export", "samples", "--out", "o", "--pattern", "{x}"), "there is no field {x}"),
        (("export", "samples", "--out", "o", "--pattern", "../{name}"), "names no file"),
        (("export", "collection", "kit", "--out", "o"), "there is no collection kit"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    crate: Crate, arguments: tuple[str, ...], says: str
) -> None:
    assert says in one_line(crate(*arguments))
    assert crate("undo", "--list").code == 1
