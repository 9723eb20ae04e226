"""The benchmark of dreams: measures are right where the answer is known, and the command runs."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dream as dream_benchmark
from benchmarks.dream_measures import diversity, movement, precision_recall
from benchmarks.dream_rivals import from_aggregate, from_normal, shuffled
from library.wav import write_wav
from tests.audio_cases import pluck
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.space_file import house_space
from vae.synth import random_patch, render


def cloud(n: int, spread: float = 1.0, at: float = 0.0, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(at, spread, (n, 6))


def test_precision_and_recall_are_one_of_the_same_cloud_and_nought_of_another() -> None:
    real = cloud(300)
    assert min(precision_recall(real, cloud(300, seed=1))) > 0.85
    assert precision_recall(real, cloud(300, at=20.0, seed=1)) == (0, 0)
    assert precision_recall(real, real) == (1, 1)


def test_a_narrow_cloud_is_precise_and_a_wide_one_recalls() -> None:
    real = cloud(300)
    precision, recall = precision_recall(real, cloud(300, 0.3, seed=1))
    assert precision > 0.95
    assert recall < 0.4
    precision, recall = precision_recall(real, cloud(300, 3.0, seed=1))
    assert precision < 0.3
    assert recall > 0.9


def test_diversity_grows_with_the_cloud() -> None:
    assert diversity(3 * cloud(50)) == pytest.approx(3 * diversity(cloud(50)))


def test_movement_is_late_over_early() -> None:
    rng = np.random.default_rng(0)
    steps = np.concatenate([rng.normal(0, 1, (900, 4)), rng.normal(0, 2, (900, 4))])
    values = np.concatenate([np.full((1800, 1), 5.0), steps], axis=1).astype(np.float32)
    found = movement([Latents(values), Latents(values[:3])], np.ones(4), 1)
    assert found == pytest.approx(4, rel=0.2)
    assert movement([Latents(values[::-1].copy())], np.ones(4), 1) == pytest.approx(1 / found)


def test_rivals_make_sounds_of_the_codec() -> None:
    space, rng = house_space(), np.random.default_rng(0)
    level = np.array([-1.5], np.float32)
    made = from_normal(space, level, 3, rng)
    if space.usual is not None:
        made += from_aggregate(space, level, 3, rng)
    for each in made:
        assert each.dims == house_codec().dims
        assert (each.values[:, 0] == -1.5).all()
    ordered = Latents(np.arange(40, dtype=np.float32).reshape(20, 2))
    (mixed,) = shuffled([ordered], 1, rng)
    assert not np.array_equal(mixed.values, ordered.values)
    assert np.array_equal(np.sort(mixed.values, axis=0), ordered.values)


@pytest.mark.slow
def test_the_command_prints_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(11)
    rows = []
    for number in range(50):
        label = ("kick", "snare", "hat")[number % 3]
        name = f"{label}{number}.wav"
        clip = pluck(80.0 * 1.05**number, 0.3) if number % 5 else render(random_patch(rng, label))
        write_wav(clip, tmp_path / name)
        rows.append((name, label, "made", str(number), ""))
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "label", "source", "family", "detail"), *rows])
    monkeypatch.setattr(dream_benchmark, "TEMPERATURES", (0.7,))
    options = ["--train", "30", "--count", "6", "--drawn", "12"]
    monkeypatch.setattr(sys, "argv", ["dream", "--sounds", str(tmp_path), *options])
    dream_benchmark.main()
    out = capsys.readouterr().out
    told = (
        "through the codec",
        "prior, T 0.7 ",
        "0.875:1.15",
        "N(0, I)",
        "told no place",
        "untrained",
        "movement",
    )
    for each in (
        *told,
        "N(0, I)",
        "movement",
        "ranking: ",
        "chosen as varied",
        "seconds: training",
    ):
        assert each in out
    assert out.count(" mfcc P ") == 8 + 2
