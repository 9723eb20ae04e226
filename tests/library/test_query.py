from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from library.catalog import ids
from library.collecting import collect
from library.database import writing
from library.descriptors import DESCRIPTORS
from library.errors import QueryError
from library.labels import mark_used, tag
from library.query import parse
from library.query_terms import folded
from library.tables import Descriptor, Root, Sample

DOCS = Path(__file__).parents[2] / "docs" / "query.md"
EXAMPLES = [
    line.split("|")[1].strip().strip("`")
    for line in DOCS.read_text(encoding="utf-8").split("## Terms")[0].splitlines()
    if line.startswith("| `")
]


def by_name(category: str) -> dict[str, object]:
    return {"category": category, "category_source": "name"}


def by_sound(category: str, probability: float) -> dict[str, object]:
    return {
        "category": category,
        "category_source": "sound",
        "category_probability": probability,
    }


# id, folder, name, columns, descriptors
ROWS: list[tuple[int, str, str, dict[str, object], dict[str, float]]] = [
    (1, "drums/808", "Kick.wav", {"duration": 0.4, **by_name("kick"), "rating": 5}, {"low": 0.9}),
    (
        2,
        "drums/909",
        "kick low tom.wav",
        {"duration": 1.0, **by_sound("kick", 0.8)},
        {"bright": 90.0},
    ),
    (
        3,
        "drums/loops",
        "100%_kick.wav",
        {"duration": 8.0, **by_sound("loop", 0.6)},
        {"bright": 5000.0},
    ),
    (4, "fx", "a ÉCLAT.wav", {"duration": 2.5, "rating": 3, "state": "analysed"}, {"pitch": 48.0}),
    (5, "fx", "hat.wav", {**by_name("hat"), "state": "failed"}, {}),
    (6, "gone", "kick gone.wav", {"missing": True, "duration": 1.0}, {}),
]
LONG = {"low": "low_end", "rough": "roughness", "bright": "brightness", "pitch": "pitch"}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with writing(engine) as session:
        session.add(Root(id=1, path="/r"))
        session.flush()
        for number, folder, name, columns, descriptors in ROWS:
            session.add(
                Sample(
                    id=number,
                    root_id=1,
                    path=f"/r/{folder}/{name}",
                    name=name,
                    folder=folder,
                    search_text=folded(f"{folder}\n{name}"),
                    size=1,
                    mtime_ns=1,
                    **columns,
                )
            )
            session.flush()
            values = {LONG[word]: value for word, value in descriptors.items()}
            if values:
                session.add(Descriptor(sample_id=number, **values))
    tag(engine, [1, 2], ["dark"])
    tag(engine, [2], ["very dark", "used"])
    mark_used(engine, [2, 4], True)
    collect(engine, [3, 2], "Kit")
    collect(engine, [4, 1], "night drums")
    return engine


def chosen(engine: Engine, query: str) -> list[int]:
    found = ids(engine, query)
    assert found.dtype == np.int64
    return [int(i) for i in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("   ", [1, 2, 3, 4, 5]),
        ("kick", [1, 2, 3]),
        ("KICK 808", [1]),
        ("drums", [1, 2, 3]),
        ('"low tom"', [2]),
        ('"tom low"', []),
        ("éclat", [4]),
        ("e\u0301clat", [4]),
        ("%", [3]),
        ("_", [3]),
        ("0%_k", [3]),
        ("k%k", []),
        ("'", []),
        ("-", []),
        ("-kick", [4, 5]),
        ('-"low tom" kick', [1, 3]),
        ("folder:drums", [1, 2, 3]),
        ("folder:kick", []),
        ("folder:808", [1]),
        ("-folder:drums", [4, 5]),
        ("category:kick", [1, 2]),
        ("category:KICK", [1, 2]),
        ("-category:kick", [3, 4, 5]),
        ("category_by:name", [1, 5]),
        ("category_by:SOUND", [2, 3]),
        ("-category_by:sound", [1, 4, 5]),
        ("category_by:none", [4]),
        ("probability<0.7", [3]),
        ("category_by:sound sort:probability", [3, 2]),
        ("tag:dark", [1, 2]),
        ("tag:DARK", [1, 2]),
        ('tag:"very dark"', [2]),
        ("tag:very", []),
        ("kick -tag:used", [1, 3]),
        ("tag:dark tag:used", [2]),
        ("len<0.5", [1]),
        ("len<=0.4", [1]),
        ("len>2", [3, 4]),
        ("len>=2.5", [3, 4]),
        ("len:0.4..1", [1, 2]),
        ("len:2.5..", [3, 4]),
        ("len:..1", [1, 2]),
        ("len:8", [3]),
        ("LEN<.5", [1]),
        ("-len>2", [1, 2]),
        ("bright>1e2", [3]),
        ("brightness<=90", [2]),
        ("-bright>100", [2]),
        ("low>0.5", [1]),
        ("low_end>0.5", [1]),
        ("pitch:47.5..48.5", [4]),
        ("rating>3", [1]),
        ("rating:3..5", [1, 4]),
        ("is:failed", [5]),
        ("is:analysed", [4]),
        ("-is:failed", [1, 2, 3, 4]),
        ("is:used", [2, 4]),
        ("-is:used kick", [1, 3]),
        ("in:kit", [3, 2]),
        ('in:"Night Drums" -is:used', [1]),
        ("-in:kit", [1, 4, 5]),
        ("is:missing", [6]),
        ("is:missing kick", [6]),
        ("-is:missing", [1, 2, 3, 4, 5]),
        ("sort:len", [1, 2, 4, 3, 5]),
        ("sort:-len", [3, 4, 2, 1, 5]),
        ("sort:name", [3, 4, 5, 2, 1]),
        ("sort:-bright", [3, 2, 1, 4, 5]),
        ("sort:-folder sort:len", [4, 5, 3, 2, 1]),
        ("sort:folder sort:-len", [1, 2, 3, 4, 5]),
        ("sort:-rating", [1, 4, 2, 3, 5]),
        ("sort:-added sort:-len kick", [3, 2, 1]),
        ("kick sort:-len -tag:used", [3, 1]),
    ],
)
def test_a_query_finds(filled: Engine, query: str, expected: list[int]) -> None:
    assert chosen(filled, query) == expected


@pytest.mark.parametrize("field", [fact.name for fact in DESCRIPTORS])
def test_every_descriptor_can_be_asked_and_sorted_by(filled: Engine, field: str) -> None:
    chosen(filled, f"{field}>0 {field}:0..1 -{field}<5 sort:{field}")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('kick "low', "not closed"),
        ("colour:red", "colour"),
        ("colour<3", "colour"),
        ("len<abc", "abc"),
        ("len<", "not a number"),
        ("len:0.1..x", "x"),
        ("len:..", "no bound"),
        ("len:nan", "nan"),
        ("len<1e999", "1e999"),
        ("tag:", "nothing after"),
        ('tag:""', "nothing after"),
        ("is:nice", "is:nice"),
        ("category_by:me", "category_by:me"),
        ("sort:colour", "colour"),
        ("sort:", "nothing"),
        ("tag<3", "tag"),
        ("12:30", ""),
    ],
)
def test_a_wrong_term_is_named_with_a_hint(query: str, says: str) -> None:
    if not says:
        assert parse(query).where  # a number is no field, so this is text
        return
    with pytest.raises(QueryError, match=re.escape(says)) as caught:
        parse(query)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_control_characters_of_a_query_are_not_sent_to_the_terminal() -> None:
    with pytest.raises(QueryError) as caught:
        parse("a\x1bb:1 c:\x1b[2J")
    assert "\x1b" not in str(caught.value)


def test_the_documentation_has_examples() -> None:
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize("query", EXAMPLES)
def test_an_example_of_the_documentation_works(filled: Engine, query: str) -> None:
    chosen(filled, query)


def test_the_documentation_tells_of_every_number() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for fact in DESCRIPTORS:
        assert re.search(rf"^\| `{fact.name}`.*\| {re.escape(fact.unit)} \| ", text, re.MULTILINE)
        assert fact.about in text
