"""The benchmarks of categories: measures are right where the answer is known."""

from __future__ import annotations

import csv
import sys
from pathlib import Path, PurePath

import numpy as np
import pytest

from benchmarks import categories, category_teaching, fold_ears
from benchmarks.category_measures import (
    NAMES,
    Bin,
    best,
    calibration_error,
    cross_fitted,
    elsewhere,
    judge,
    reliability,
    told,
)
from benchmarks.category_rival import logistic
from benchmarks.category_rules import by_product, by_rule, path_of, print_product
from benchmarks.category_teaching import corrections, measure
from benchmarks.manifest import Labelled, read_manifest
from index.categories import SURE
from library.descriptors import describe
from tests.audio_cases import noise, pluck
from tests.category_heads import KINDS, NearestKind, sounds_of
from vae.category_head import Features, Probabilities
from vae.ear import Ear, Measures
from vae.ear_file import house_ear, to_bytes
from vae.ear_model import EarConfig, EarNet
from vae.ear_training import EarRecipe
from vae.house_codec import house_codec
from vae.space_file import house_space
from vae.vector import vector_and_hearing

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


def test_no_fold_has_a_part_in_its_own_temperature() -> None:
    first = np.arange(40) < 20
    labels = np.array(["hat", "kick"] * 20)
    # Always hat: right of every second sound. Only the first fold's head is too sure of it.
    probabilities = given(*[("hat", 0.9 if here else 0.5) for here in first])
    tempered, (of_first, of_second) = cross_fitted(probabilities, labels, first)
    assert of_first == pytest.approx(cross_fitted(probabilities, labels, ~first)[1][1])
    assert of_second > of_first
    assert (best(tempered) == "hat").all()
    changed = np.where(np.arange(40) % 2, "hat", "kick")
    other, _ = cross_fitted(probabilities, np.where(first, changed, labels), first)
    assert np.array_equal(other[first], tempered[first])
    wrong, (_, warmer) = cross_fitted(probabilities, np.where(first, "kick", labels), first)
    assert warmer > of_second
    assert wrong[~first].max() < tempered[~first].max()


def test_labels_of_one_source_alone_are_told() -> None:
    labels = np.array(["kick", "kick", "foley", "foley"])
    assert elsewhere(labels, np.array(["a", "b", "a", "a"])).tolist() == [True, True, False, False]


def test_names_and_folders_are_judged_apart() -> None:
    paths = [PurePath("Claps/kick.wav"), PurePath("Claps/1.wav"), PurePath("x/1.wav")]
    assert by_rule(paths, "name").tolist() == ["kick", "", ""]
    assert by_rule(paths, "folder").tolist() == ["clap", "clap", ""]


def test_the_product_believes_name_then_folder_then_a_sure_sound(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = ("Claps/kick.wav", "Claps/1.wav", "x/1.wav", "x/2.wav")
    paths = [PurePath(name) for name in names]
    probabilities = given(("tom", 0.9), ("tom", 0.9), ("tom", SURE), ("tom", SURE - 0.01))
    said, teller = by_product(paths, probabilities)
    assert said.tolist() == ["kick", "clap", "tom", ""]
    assert teller.tolist() == ["name", "folder", "sound", ""]
    print_product("the product", paths, probabilities, np.array(["kick", "tom", "tom", "tom"]))
    printed = capsys.readouterr().out
    assert "the product: 4 sounds, 75% have a category, 0.67 of these the right one" in printed
    assert "a sure sound contradicts 1: the name is right of 1, the sound of 0" in printed
    assert "a sure sound contradicts 1: the folder is right of 0, the sound of 1" in printed
    assert "of the 2 of which only the sound could tell, 50% are told" in printed


def test_a_sound_lies_where_it_did_at_its_source() -> None:
    assert path_of(Labelled(Path("hat/a/b.wav"), "hat", "a", "b", "")) == PurePath("b.wav")
    moved = Labelled(Path("hat/a/b.wav"), "hat", "a", "b", "", "kit/closed.wav")
    assert path_of(moved) == PurePath("kit/closed.wav")


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
    library: tuple[Features, list[Labelled]],
) -> None:
    features, sounds = library
    labels = np.array([sound.label for sound in sounds])
    mine = np.array([sound.source == "maker 0" for sound in sounds])
    head = logistic(features[mine], labels[mine])
    assert judge(best(head.probabilities(features[~mine])), labels[~mine]).balanced > 0.95
    known = mine & (labels != "foley")
    partial = logistic(features[known], labels[known]).probabilities(features[~mine])
    assert partial.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert 0 < partial[:, KINDS.index("foley")].max() < 1e-3


@pytest.fixture
def ears(
    library: tuple[Features, list[Labelled]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder of labelled sounds that nobody has to hear: points and ears are made up."""
    features, sounds = library
    makers = ("sonic-pi-net/sonic-pi", "Tonejs/audio")
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [("path", "label", "source", "family", "detail", "orig_path")]
        for row, sound in enumerate(sounds):
            maker = makers[row % 2 or sound.label == "foley"]
            rows.append((f"{row}.wav", sound.label, maker, sound.family, "", f"x/{row}.wav"))
        csv.writer(file).writerows(rows)
    for module in (categories, category_teaching):
        monkeypatch.setattr(
            module, "clips_of", lambda sounds, _: [int(s.path.stem) for s in sounds]
        )
        monkeypatch.setattr(module, "wholes_of", lambda rows, _: features[list(rows)])
    monkeypatch.setattr(categories, "measured_numbers", lambda rows: features[list(rows)])
    monkeypatch.setattr(fold_ears, "fold_ear", lambda *_: NearestKind(takes={TOM: CLAP}))
    return tmp_path


def test_the_command_judges_each_fold(
    ears: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["categories", "--sounds", str(ears)])
    categories.main()
    printed = capsys.readouterr().out
    assert printed.startswith("560 sounds of 2 sources; of one source alone: foley\n")
    assert "by chance: 0.071" in printed
    sizes = {"the first fold": 260, "the second fold": 260, "both folds": 520}
    for name, size in sizes.items():
        assert f"\n{name}: {size} sounds\n" in printed
    assert "\nboth folds, and foley: 560 sounds\n" in printed
    assert "tom 0.00" in printed
    assert printed.count("<- the product") == 4
    assert "the product, both folds: 520 sounds" in printed


def test_the_command_teaches_in_each_fold(
    ears: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["category_teaching", "--sounds", str(ears)])
    monkeypatch.setattr(category_teaching, "VARIANCES", (2.0,))
    category_teaching.main()
    printed = capsys.readouterr().out
    cases = [line.split()[2] for line in printed.splitlines() if line.startswith("2.0")]
    assert len(cases) == 6
    assert [int(n) for n in cases[4:]] == [
        int(a) + int(b) for a, b in zip(cases[:2], cases[2:4], strict=True)
    ]


def test_sounds_are_heard_as_the_product_keeps_them() -> None:
    clips = [pluck(duration=0.3), noise(0.2)]
    points = fold_ears.wholes_of(iter(clips), house_ear())
    for clip, point in zip(clips, points, strict=True):
        pitch = describe(clip).pitch
        kept = vector_and_hearing(clip, pitch, house_space(), house_codec())[1]
        assert np.array_equal(point, kept.whole)
    assert house_ear().probabilities(points).shape == (2, len(NAMES))


def test_an_ear_that_has_heard_the_fold_is_refused(tmp_path: Path) -> None:
    net = EarNet(EarConfig())
    none = np.zeros(0, np.float32)
    ear = Ear("", Measures(none, none, none, none, none, none), (net,), none, none, none)
    (tmp_path / "ear-first.safetensors").write_bytes(to_bytes(ear, {"sounds": {"a": 1, "b": 2}}))
    recipe = EarRecipe()
    with pytest.raises(SystemExit, match="has heard b: name another folder"):
        fold_ears.fold_ear("first", frozenset({"b", "c"}), [], tmp_path, recipe)
    kept = fold_ears.fold_ear("first", frozenset({"c"}), [], tmp_path, recipe)
    assert len(kept.nets) == 1


def test_what_words_change_is_measured(
    library: tuple[Features, list[Labelled]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(category_teaching, "VARIANCES", (2.0,))
    features, sounds = library
    head = NearestKind(takes={TOM: CLAP}, sharpness=0.2)
    found = measure(head, features, sounds)
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
