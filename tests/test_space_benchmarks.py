"""The benchmarks of spaces: measures are right where the answer is known, rivals learn."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import asdict, astuple, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import space_trials, spaces
from benchmarks.manifest import Labelled, read_manifest
from benchmarks.space_cost import cost, read_sounds, write_sounds
from benchmarks.space_measures import (
    SHIFTS,
    control,
    encoder_metrics,
    mean_leak,
    mean_of,
)
from benchmarks.space_report import Report
from benchmarks.space_rivals import anywhere, differential, ridge
from benchmarks.space_sounds import LIBRARIES, Sound, Sounds, drawn, of_library
from benchmarks.space_vaes import finer, malt, midime
from library.clip import Clip
from library.descriptors import describe
from library.progress import drive
from library.wav import write_wav
from tests.audio_cases import noise, pluck, tone
from tests.fake_codec import FakeCodec
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.onset import from_onset
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.synth import random_patch, render

COUNT = 60
STEPS = 20


def moved(
    sounds: int, own: Callable[[float], float], others: Callable[[float], float] = lambda _: 0.0
) -> np.ndarray:
    """Return what a slider of the first of three attributes makes of sounds."""
    start = np.random.default_rng(0).normal(size=(sounds, 1, 3))
    change = np.array([[own(x), others(x), -others(x)] for x in SHIFTS])
    return start + change


def test_a_perfect_slider_keeps_its_promise_and_does_not_leak() -> None:
    found = control(moved(5, lambda x: x), 0)
    assert found.rank == pytest.approx(1)
    assert found.slope_1 == pytest.approx(1)
    assert found.slope_2 == pytest.approx(1)
    assert found.leak == pytest.approx(0, abs=1e-9)
    assert found.sounds == 5


def test_a_slider_the_wrong_way_round_and_one_that_does_too_little() -> None:
    assert control(moved(5, lambda x: -x), 0).rank == pytest.approx(-1)
    soon_full = control(moved(5, lambda x: float(np.clip(x, -1, 1))), 0)
    assert soon_full.slope_1 == pytest.approx(1)
    assert soon_full.slope_2 == pytest.approx(0.5)


def test_a_slider_that_does_nothing_scores_nothing() -> None:
    found = control(moved(5, lambda _: 0.0), 0)
    assert (found.rank, found.slope_1, found.slope_2) == (0, 0, 0)
    assert found.leak == np.inf


def test_half_of_the_sounds_unmoved_is_half_the_rank() -> None:
    scores = np.concatenate([moved(4, lambda x: x), moved(4, lambda _: 0.0)])
    assert control(scores, 0).rank == pytest.approx(0.5)


def test_a_random_slider_scores_about_nothing() -> None:
    scores = np.random.default_rng(1).normal(size=(2000, len(SHIFTS), 3))
    found = control(scores, 0)
    assert abs(found.rank) < 0.05
    assert abs(found.slope_2) < 0.05
    assert found.leak == pytest.approx(1, abs=0.05)


def test_a_leaking_slider_leaks() -> None:
    assert control(moved(5, lambda x: x, lambda x: 0.5 * x), 0).leak == pytest.approx(0.5)
    assert control(moved(5, lambda x: x, lambda x: 0.5 * x), 1).leak == pytest.approx(1.5)


def test_a_sound_without_the_attribute_is_left_out_and_one_that_loses_it_is_not() -> None:
    scores = moved(3, lambda x: x)
    scores[0, :, 0] = np.nan
    assert control(scores, 0).sounds == 2
    scores[1, [0, 1, 3], 0] = np.nan
    found = control(scores, 0)
    assert found.sounds == 2
    assert found.rank == pytest.approx(0.5)
    assert found.slope_1 == pytest.approx(1)
    scores[:, 2, 0] = np.nan
    assert control(scores, 0).sounds == 0


def test_means_leave_out_what_no_sound_has() -> None:
    good = control(moved(4, lambda x: x), 0)
    leaking = control(moved(2, lambda x: x, lambda x: 0.5 * x), 0)
    none = control(np.full((3, len(SHIFTS), 3), np.nan), 0)
    mean = mean_of([good, leaking, none])
    assert mean.rank == pytest.approx(1)
    assert mean.leak == pytest.approx(0.25)
    assert mean.sounds == 2
    assert mean_leak([good, leaking, none]) == pytest.approx(0.25)


def test_an_encoder_that_is_the_attributes_is_found_out() -> None:
    rng = np.random.default_rng(2)
    attributes = rng.normal(size=(300, 3))
    z = np.concatenate([attributes, rng.normal(size=(300, 2))], axis=1)
    found = encoder_metrics(z, attributes)
    assert found.interpretability == pytest.approx(1)
    assert found.scc == pytest.approx(1)
    assert found.sap > 0.9
    assert found.mig > 0.9
    assert found.modularity > 0.5


def test_an_encoder_that_knows_nothing_is_found_out() -> None:
    rng = np.random.default_rng(3)
    found = encoder_metrics(rng.normal(size=(300, 5)), rng.normal(size=(300, 3)))
    assert found.interpretability < 0.05
    assert found.sap < 0.05
    assert found.scc < 0.25
    assert found.mig < 0.1


def test_two_dimensions_with_the_same_attribute_leave_no_gap() -> None:
    attributes = np.random.default_rng(4).normal(size=(300, 2))
    found = encoder_metrics(np.concatenate([attributes, attributes], axis=1), attributes)
    assert found.scc == pytest.approx(1)
    assert found.sap == pytest.approx(0, abs=1e-9)
    assert found.mig == pytest.approx(0, abs=0.05)


def test_one_dimension_of_two_attributes_is_no_module() -> None:
    rng = np.random.default_rng(5)
    one = rng.normal(size=(300, 1))
    attributes = np.concatenate([one, 2 * one], axis=1)
    mixed = encoder_metrics(np.concatenate([one, -one], axis=1), attributes)
    assert mixed.modularity < 0.1


def test_an_encoder_is_judged_on_sounds_that_have_the_attribute() -> None:
    attributes = np.random.default_rng(6).normal(size=(200, 2))
    z = attributes.copy()
    z[:50, 0] = 100 * np.random.default_rng(7).normal(size=50)
    attributes[:50, 0] = np.nan
    assert encoder_metrics(z, attributes).scc == pytest.approx(1)


def labelled(number: int) -> list[Labelled]:
    """Return sounds of two labels, each in three takes."""
    return [
        Labelled(Path(f"{i}.wav"), ("kick", "voice")[i % 2], "made", f"f{i // 6}", "")
        for i in range(number)
    ]


def test_no_take_of_what_is_judged_is_trained_on() -> None:
    rows = labelled(60)
    learn, judge = drawn(rows, 7, np.random.default_rng(0))
    takes = {(row.label, row.family) for row in judge}
    assert len(judge) == len(takes) == 7
    assert takes.isdisjoint((row.label, row.family) for row in learn)
    assert len(learn) == 60 - 3 * 7
    again, _ = drawn(rows, 7, np.random.default_rng(0))
    other, _ = drawn(rows, 7, np.random.default_rng(1))
    assert learn == again
    assert learn != other


def test_libraries_are_made_from_labels() -> None:
    rows = labelled(12)
    assert {row.label for row in of_library(rows, "drums")} == {"kick"}
    assert {row.label for row in of_library(rows, "pitched")} == {"voice"}
    assert of_library(rows, "foley") == []
    assert of_library(rows, "all") == rows
    assert tuple(LIBRARIES) == ("drums", "foley", "pitched", "all")


def test_sounds_that_are_too_short_long_or_quiet_are_passed_over(tmp_path: Path) -> None:
    quiet = noise(0.5)
    sounds = {
        "short": noise(0.05),
        "long": noise(6.0),
        "quiet": Clip(quiet.frames * np.float32(1e-4), quiet.sample_rate),
        "fine": tone(440, 0.5),
        "more": tone(880, 0.5),
    }
    for name, sound in sounds.items():
        write_wav(sound, tmp_path / f"{name}.wav")
    rows = [Labelled(tmp_path / f"{name}.wav", "tom", "made", name, "") for name in sounds]
    found = Sounds(FakeCodec()).usable(rows, 1)
    assert len(found) == 1
    assert found[0].described["brightness"] == pytest.approx(440, rel=0.05)
    assert len(Sounds(FakeCodec()).usable(rows, 5)) == 2


def ordered_latents() -> tuple[list[Latents], np.ndarray]:
    """Return latents whose third dimension follows an attribute, and the attributes."""
    rng = np.random.default_rng(8)
    scores = rng.normal(size=(COUNT, 2)).astype(np.float32)
    scores[0, 1] = np.nan
    latents = []
    for first, second in np.nan_to_num(scores):
        values = 0.1 * rng.normal(size=(STEPS, FakeCodec.dims))
        values[:, 2] += first
        values[:, 3] += second
        latents.append(Latents(values.astype(np.float32)))
    return latents, scores


@pytest.mark.parametrize("rival", ["MidiMe", "MALT"])
def test_rivals_find_what_is_plain_to_see(rival: str) -> None:
    latents, scores = ordered_latents()
    if rival == "MidiMe":
        change = midime(latents, scores, FakeCodec(), seed=0, epochs=100)
    else:
        change = malt(latents, scores, seed=0, epochs=60)
    sound = latents[5]
    assert not change(sound, 0, 0.0).any()
    for attribute in (0, 1):
        steps = [change(sound, attribute, x).mean(axis=0) for x in (-1.0, 1.0)]
        assert steps[0].shape == (FakeCodec.dims,)
        apart = steps[1] - steps[0]
        assert int(np.abs(apart).argmax()) == 2 + attribute
        assert apart[2 + attribute] > 0.3


def test_a_rival_trained_twice_is_the_same() -> None:
    latents, scores = ordered_latents()
    first, second = (malt(latents, scores, seed=3, epochs=2) for _ in range(2))
    assert np.array_equal(first(latents[0], 0, 1.0), second(latents[0], 0, 1.0))


def test_finer_steps_pass_through_the_given_ones() -> None:
    values = np.random.default_rng(9).normal(size=(7, 3)).astype(np.float32)
    made = finer(values)
    assert made.shape == (25, 3)
    np.testing.assert_allclose(made[::4], values, atol=1e-5)
    assert np.array_equal(finer(values[:1]), values[:1])


@pytest.fixture(scope="module")
def made() -> list[Sound]:
    """Thirty short sounds."""
    codec = FakeCodec()
    rng = np.random.default_rng(10)
    kinds = ("kick", "snare", "hat", "tom", "clap")
    clips = [from_onset(render(random_patch(rng, kinds[i % 5]))) for i in range(30)]
    return [Sound(clip, codec.encode(clip), asdict(describe(clip))) for clip in clips]


def learned_from(made: list[Sound], space: Space) -> tuple[list[Latents], NDArray[np.float32]]:
    """Return what rivals learn from."""
    scores = space_trials.scores_of(space, [sound.described for sound in made])
    return [sound.latents for sound in made], scores


@pytest.fixture(scope="module")
def space(made: list[Sound]) -> Space:
    recipe = PersonalRecipe(steps=50)
    latents, described = [s.latents for s in made], [s.described for s in made]
    return from_bytes(
        drive(train_space(latents, described, FakeCodec(), space_trials.NAMES, recipe))[0]
    )


def test_a_random_direction_is_as_long_as_that_of_the_regression(
    made: list[Sound], space: Space
) -> None:
    codec = FakeCodec()
    latents, scores = learned_from(made, space)
    straight, wild = ridge(latents, scores, codec), anywhere(latents, scores, codec, seed=0)
    # A whole window, of which no step is cut off.
    whole = Latents(np.resize(made[0].latents.values, (64, codec.dims)))
    other = Latents(np.resize(made[1].latents.values, (64, codec.dims)))
    lengths = [np.linalg.norm(change(whole, 0, 1.5)) for change in (straight, wild)]
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-3)
    np.testing.assert_allclose(wild(whole, 0, -2.0), -2 * wild(whole, 0, 1.0), rtol=1e-4, atol=1e-6)
    assert not np.allclose(wild(whole, 0, 1.0), wild(other, 0, 1.0))


def test_judging_takes_the_sound_itself_where_nothing_moves(
    made: list[Sound], space: Space
) -> None:
    slider = differential(FakeCodec(), ridge(*learned_from(made, space), FakeCodec()))
    found = space_trials.judged(slider, made[:2], space, [0, 6])
    assert found.shape == (2, 2, len(SHIFTS), len(space_trials.NAMES))
    still = space_trials.scores_of(space, [sound.described for sound in made[:2]])
    for each in found:
        np.testing.assert_array_equal(each[:, len(SHIFTS) // 2], still)
    assert np.ptp(found[0][0, :, 0]) > 0


def test_attributes_in_deviations_of_the_space_have_deviation_one(
    made: list[Sound], space: Space
) -> None:
    scores = space_trials.scores_of(space, [sound.described for sound in made])
    assert float(np.std(scores[:, 0])) == pytest.approx(1, abs=0.01)


def test_too_few_sounds_are_taken_again_with_noise(made: list[Sound], tmp_path: Path) -> None:
    path = tmp_path / "sounds.npz"
    write_sounds(made[:3], path)
    latents, described = read_sounds(path, 5)
    for sound, read in zip(made[:3], latents[:3], strict=True):
        assert np.array_equal(sound.latents.values, read.values)
    assert described[4] == made[1].described
    again = latents[4].values - latents[1].values
    assert 0 < np.abs(again).mean() < 0.1 * np.abs(latents[1].values).mean()
    assert [each.steps for each in read_sounds(path, 2)[0]] == [
        sound.latents.steps for sound in made[:2]
    ]


@pytest.mark.slow
def test_training_is_timed_in_a_process_of_its_own(made: list[Sound], tmp_path: Path) -> None:
    path = tmp_path / "sounds.npz"
    codec = house_codec()
    write_sounds([replace(sound, latents=codec.encode(sound.clip)) for sound in made[:20]], path)
    took = cost(path, 20)
    assert took.seconds > 0
    assert took.peak_mib >= took.before_mib > 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of sixty drums."""
    rng = np.random.default_rng(11)
    rows = []
    for number in range(60):
        label = ("kick", "snare", "hat")[number % 3]
        name = f"{label}{number}.wav"
        clip = pluck(80.0 * 1.05**number, 0.3) if number % 5 else render(random_patch(rng, label))
        write_wav(clip, tmp_path / name)
        rows.append((name, label, "made", str(number), ""))
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "source", "family", "detail"), *rows])
    return tmp_path


@pytest.mark.slow
def test_the_command_prints_every_part(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = "--seeds 1 --train 40 --test 1 --libraries drums --rivals ridge,random"
    arguments = [*options.split(), "--only", "sliders,metrics,house"]
    monkeypatch.setattr(sys, "argv", ["spaces", "--sounds", str(folder), *arguments])
    spaces.main()
    lines = capsys.readouterr().out.splitlines()
    for start in ("drums    ours    brightness", "drums    ridge   mean", "mean     random  mean"):
        assert len([line for line in lines if line.startswith(start)]) == 1
    ours = next(line.split() for line in lines if line.startswith("drums    ours    loudness"))
    assert ours[3:7] == ["1.00", "1.00", "1.00", "0.00"]


def test_a_shuffled_space_knows_nothing_of_sounds_held_out_of_it(folder: Path) -> None:
    codec = FakeCodec()
    found = Sounds(codec)
    rows = read_manifest(folder)
    train, held = found.usable(rows[::2], 30), found.usable(rows[1::2], 30)
    told = [sound.described for sound in train]
    recipe = PersonalRecipe(steps=50)
    true = space_trials.trained(train, told, codec, recipe)
    trial = space_trials.Trial("drums", recipe, train, held, true)
    report = Report(["broken"], 1, [])
    report.add(trial, codec)
    right, shuffled, constant = (report.broken["drums", name][0] for name in space_trials.BROKEN)
    place = space_trials.NAMES.index("brightness")
    assert right[1][place] > 0.7
    assert set(shuffled[2].split()) == set(space_trials.NAMES)
    assert np.nanmax(np.abs(shuffled[0])) < 0.6
    assert np.isnan(constant[0][place])
    assert "brightness" in constant[2].split()
    assert "brightness" not in right[2].split()
    assert sum(line.startswith("drums") for line in report.lines()) == 3


def test_a_part_that_does_not_exist_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["spaces", "--sounds", str(folder), "--only", "everything"])
    with pytest.raises(SystemExit):
        spaces.main()
    assert "'everything' is none of sliders" in capsys.readouterr().err


def test_every_attribute_of_the_house_space_is_judged() -> None:
    assert {each.name for each in house_space().attributes} <= set(space_trials.NAMES)


def test_an_encoder_is_not_judged_by_what_all_sounds_have_alike(folder: Path) -> None:
    """Sounds of one channel are all as narrow as each other."""
    codec = FakeCodec()
    found = Sounds(codec)
    sounds = found.usable(read_manifest(folder), 40)
    recipe = PersonalRecipe(steps=50)
    space = space_trials.trained(sounds, [sound.described for sound in sounds], codec, recipe)
    assert not space.learned[space_trials.NAMES.index("width")]
    metrics = space_trials.metrics_of(
        space_trials.Trial("drums", recipe, sounds, sounds, space), codec
    )
    assert np.isfinite(astuple(metrics)).all()
