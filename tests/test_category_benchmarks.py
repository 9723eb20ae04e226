"""The benchmarks of categories: measures are right where the answer is known."""

from __future__ import annotations

import csv
from pathlib import Path, PurePath

import numpy as np
import pytest

from benchmarks import category_teaching
from benchmarks.categories import by_rule, logistic, report
from benchmarks.category_measures import (
    NAMES,
    Bin,
    best,
    calibration_error,
    elsewhere,
    judge,
    out_of_source,
    reliability,
    told,
)
from benchmarks.category_teaching import corrections, measure
from benchmarks.manifest import Labelled, read_manifest
from tests.category_heads import KINDS, NearestKind, sounds_of
from vae.category_head import Features, Probabilities

CLAP, TOM = KINDS.index("clap"), KINDS.index("tom")


def given(*rows: tuple[str, float]) -> Probabilities:
    """Return probabilities: one category each, and how sure of it."""
    probabilities = np.zeros((len(rows), len(NAMES)), np.float32)
    for place, (name, sure) in enumerate(rows):
        probabilities[place] = (1 - sure) / (len(NAMES) - 1)
        probabilities[place, KINDS.index(name)] = sure
    return probabilities


def test_guesses_are_judged_by_sound_and_by_label() -> None:
    labels = np.array(["kick", "kick", "kick", "hat"])
    said = judge(np.array(["kick", "tom", "", "hat"]), labels)
    assert said.accuracy == 0.5
    assert said.by_label == {"hat": 1.0, "kick": pytest.approx(1 / 3)}
    assert said.balanced == pytest.approx(2 / 3)
    assert said.confusion.sum() == 3
    assert said.confusion[KINDS.index("kick"), KINDS.index("tom")] == 1


def test_a_head_is_as_right_as_it_is_sure() -> None:
    probabilities = given(("kick", 0.95), ("hat", 0.95), ("tom", 0.45), ("tom", 1.0))
    labels = np.array(["kick", "kick", "tom", "tom"])
    bins = reliability(probabilities, labels)
    assert [(each.count, round(each.right, 3)) for each in bins] == [(1, 1.0), (3, 0.667)]
    assert [each.sure for each in bins] == pytest.approx([0.45, 2.9 / 3])
    assert calibration_error(bins) == pytest.approx((0.55 + 0.9) / 4, abs=1e-6)
    assert calibration_error([Bin(5, 0.7, 0.7)]) == 0
    assert told(probabilities, labels, 0.9) == (0.75, pytest.approx(2 / 3))
    assert told(probabilities, labels, 0.4) == (1.0, 0.75)
    assert np.isnan(told(probabilities[2:3], labels[2:3], 0.9)[1])


def test_no_head_sees_the_source_that_it_is_judged_on() -> None:
    sources = np.repeat(["a", "b", "c"], 20)
    features = np.arange(60, dtype=np.float32)[:, None]
    labels = np.tile(["hat", "kick"], 30)
    taught: list[set[float]] = []

    class Remembers:
        def __init__(self, seen: set[float]) -> None:
            self.seen = seen

        def probabilities(self, asked: Features) -> Probabilities:
            assert not self.seen & set(asked[:, 0].tolist())
            return given(*[("hat", 0.9 if int(x) % 4 else 0.6) for x in asked[:, 0]])

    def train(some: Features, _: np.ndarray) -> Remembers:
        taught.append(set(some[:, 0].tolist()))
        return Remembers(taught[-1])

    raw, calibrated = out_of_source(features, labels, sources, train)
    assert [len(each) for each in taught] == [40, 40, 40]
    assert (best(raw) == "hat").all()
    # Right of half of them: it must become less sure, and never of anything else.
    assert (best(calibrated) == "hat").all()
    assert calibrated.max() < 0.75 < raw.max()


def test_labels_of_one_source_alone_are_told() -> None:
    labels = np.array(["kick", "kick", "foley", "foley"])
    assert elsewhere(labels, np.array(["a", "b", "a", "a"])).tolist() == [True, True, False, False]


def test_names_and_folders_are_judged_apart() -> None:
    paths = [PurePath("Claps/kick.wav"), PurePath("Claps/1.wav"), PurePath("x/1.wav")]
    assert by_rule(paths, "name").tolist() == ["kick", "", ""]
    assert by_rule(paths, "folder").tolist() == ["clap", "clap", ""]


def test_a_manifest_may_say_where_a_sound_lay(tmp_path: Path) -> None:
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [("a.wav", "kick", "s", "f", "d", "kit/bd.wav"), ("b.wav", "hat", "s", "f", "d", "")]
        header = ("path", "label", "source", "family", "detail", "orig_path")
        csv.writer(file).writerows([header, *rows])
    assert [sound.original for sound in read_manifest(tmp_path)] == ["kit/bd.wav", ""]


@pytest.fixture
def library() -> tuple[Features, list[Labelled]]:
    """Forty sounds of every kind by two makers, each a family of its own."""
    features = np.concatenate([sounds_of(kind, 40) for kind in range(len(KINDS))])
    sounds = [
        Labelled(Path(f"{kind}/{n}.wav"), kind, f"maker {n % 2}", f"{kind} {n}", "")
        for kind in KINDS
        for n in range(40)
    ]
    return features, sounds


def test_the_plainest_head_learns_what_it_is_shown(
    library: tuple[Features, list[Labelled]], capsys: pytest.CaptureFixture[str]
) -> None:
    features, sounds = library
    labels = np.array([sound.label for sound in sounds])
    sources = np.array([sound.source for sound in sounds])
    raw, calibrated = out_of_source(features, labels, sources, logistic)
    assert judge(best(raw), labels).balanced > 0.95
    assert calibration_error(reliability(calibrated, labels)) < calibration_error(
        reliability(raw, labels)
    )
    report("plain", raw, calibrated, labels, labels != "foley")
    printed = capsys.readouterr().out
    assert printed.startswith("\nplain: 520 sounds\n")
    assert "told at 0.5" in printed


def test_what_words_change_is_measured(
    library: tuple[Features, list[Labelled]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(category_teaching, "VARIANCES", (2.0,))
    features, sounds = library
    head = NearestKind(takes={TOM: CLAP}, sharpness=0.2)
    found = measure(features, sounds, lambda *_: head)
    assert set(found) == {(2.0, 5), (2.0, 10)}
    before, after, others, others_after, broken = np.mean(found[2.0, 10], axis=0)
    assert before < 0.1 < 0.8 < after
    assert others_after > others - 0.03
    assert broken < 0.03


def test_takes_of_what_was_said_are_not_looked_at() -> None:
    labels, sources = np.zeros(40, np.int64), np.repeat(["a"], 40)
    families = np.repeat([f"family {n}" for n in range(20)], 2)
    cases = list(corrections(labels, sources, families, labels + 1))
    assert [len(said) for _, said, _, _ in cases] == [5, 5, 5, 10, 10, 10]
    for _, said, alike, others in cases:
        assert not set(families[said]) & set(families[alike])
        assert len(alike) == 40 - 2 * len(set(families[said]))
        assert len(others) == 0
    assert not list(corrections(labels, sources, families, labels)), "nothing is wrong"
