"""Training the ear: repeatable, fair to rare kinds and makers, and better than no training."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from library.wav import write_wav
from tests.audio_cases import noise
from tests.vae.ears import QUICK
from vae import ear_training
from vae.ear import Ear, unit
from vae.ear_data import HeardViews
from vae.ear_file import from_bytes
from vae.ear_model import CATEGORY_NAMES, EarConfig, EarNet
from vae.ear_training import (
    EarRecipe,
    categories_of,
    draw_weights,
    fit_head,
    fit_measures,
    main,
    train_net,
    whole_of,
)
from vae.house_data import SYNTHESISER
from vae.sound_shape import SPECTRAL


def test_categories_are_numbered_as_the_ear_tells_them(few_views: list[HeardViews]) -> None:
    found = categories_of([*few_views[:30], replace(few_views[0], category="")])
    assert [CATEGORY_NAMES[i] for i in found[:-1]] == [s.category for s in few_views[:30]]
    assert found[-1] == -1


def test_rare_kinds_and_small_makers_are_drawn_more(few_views: list[HeardViews]) -> None:
    one = few_views[0]
    named = [("kick", "big")] * 16 + [("kick", "small")] * 4 + [("hat", "big")] + [("", "big")] * 5
    sounds = [replace(one, category=kind, source=source) for kind, source in named]
    weight = draw_weights(sounds, 0.3)
    assert weight.sum() == pytest.approx(1.0)
    kick, hat, unnamed = weight[:20].sum(), weight[20], weight[21:].sum()
    assert hat == pytest.approx(kick)
    assert unnamed == pytest.approx(0.3 * hat)
    assert weight[16] == pytest.approx(2 * weight[0]), "as the root of how many there are"


def test_synthesised_sounds_have_their_share(few_views: list[HeardViews]) -> None:
    one = few_views[0]
    makers = [SYNTHESISER] * 30 + ["somebody"] * 3
    sounds = [replace(one, category="kick", source=source) for source in makers]
    weight = draw_weights(sounds, 0.3)
    assert weight[:30].sum() == pytest.approx(0.3)


def embedded(net: EarNet, sounds: list[HeardViews]) -> torch.Tensor:
    images = np.stack([s.images[0] for s in sounds]).astype("f4")
    with torch.inference_mode():
        return net(torch.from_numpy(images))


def test_training_is_seeded(few_views: list[HeardViews]) -> None:
    quick = replace(QUICK, steps=3)
    first, again, other = (train_net(few_views[:40], quick, seed) for seed in (1, 1, 2))
    same = zip(first.state_dict().values(), again.state_dict().values(), strict=True)
    assert all(torch.equal(a, b) for a, b in same)
    assert not torch.equal(embedded(first, few_views[:9]), embedded(other, few_views[:9]))
    assert not first.training
    assert not any(p.requires_grad for p in first.parameters())


def mean_average_precision(net: EarNet, sounds: list[HeardViews], groups: list[str]) -> float:
    """How far in front of all others those of a sound's own group come."""
    points = embedded(net, sounds).numpy()
    points = unit(points - points.mean(axis=0))
    near = points @ points.T
    group = np.array(groups)
    found = []
    for i, row in enumerate(near):
        order = np.argsort(-row)
        right = group[order[order != i]] == group[i]
        if right.any():
            precision = np.cumsum(right) / np.arange(1, len(right) + 1)
            found.append(precision[right].mean())
    return float(np.mean(found))


def test_a_trained_net_brings_kinds_together_more_than_untrained_ones_do(
    small_ear: Ear, few_views: list[HeardViews], other_views: list[HeardViews]
) -> None:
    """On sounds that it was not trained on."""
    images = torch.from_numpy(np.stack([s.images[0] for s in few_views]).astype("f4"))
    for groups, better in (
        ([s.category for s in other_views], 0.04),
        ([s.detail for s in other_views], 0.02),
    ):
        before = []
        for seed in range(3):
            torch.manual_seed(seed)
            untrained = EarNet(EarConfig()).train()
            with torch.no_grad():  # its statistics, which are no training
                for _ in range(10):
                    untrained(images)
            before.append(mean_average_precision(untrained.eval(), other_views, groups))
        trained = mean_average_precision(small_ear.nets[0], other_views, groups)
        assert trained > np.mean(before) + better


def test_measures_are_of_what_was_heard(few_views: list[HeardViews]) -> None:
    found = fit_measures(few_views)
    shapes = np.stack([s.shape for s in few_views])
    scaled = (shapes - found.centre) / found.deviation
    assert scaled.mean(axis=0) == pytest.approx(np.zeros(shapes.shape[1]), abs=1e-3)
    assert scaled[:, :SPECTRAL].std(axis=0) == pytest.approx(np.ones(SPECTRAL), abs=1e-2)
    for axes in (found.mfcc_axes, found.image_axes):
        assert np.allclose(axes.T @ axes, np.eye(axes.shape[1]), atol=1e-3)
    windows = np.stack([s.window for s in few_views])
    assert np.square(found.window_scale) == pytest.approx(windows.std(axis=0), rel=1e-3)


def test_the_head_tells_what_can_be_told() -> None:
    rng = np.random.default_rng(0)
    centre = rng.normal(size=(3, 6)).astype("f4")
    category = rng.integers(-1, 3, 400)
    points = centre[category] + 0.1 * rng.normal(size=(400, 6)).astype("f4")

    def told(head: NDArray[np.float32]) -> NDArray[np.float64]:
        logits = points @ head[:-1] + head[-1]
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        return likely / likely.sum(axis=1, keepdims=True)

    weight = np.full(400, 1 / 400)
    sharp, mild = (
        told(fit_head(points, category, weight, EarRecipe(head_temperature=t))) for t in (1.0, 3.0)
    )
    named = category >= 0
    assert (sharp.argmax(axis=1) == category)[named].mean() > 0.95
    assert np.array_equal(sharp.argmax(axis=1), mild.argmax(axis=1))
    assert sharp.max(axis=1).mean() > mild.max(axis=1).mean() + 0.05
    assert sharp[:, 3:].max() < 0.1, "what nobody was is not likely"


def test_an_ear_tells_the_categories_of_other_sounds(
    small_ear: Ear, other_views: list[HeardViews]
) -> None:
    wholes = np.stack([whole_of(small_ear, s) for s in other_views])
    likely = small_ear.probabilities(wholes)
    assert likely.sum(axis=1) == pytest.approx(np.ones(len(likely)), abs=1e-5)
    right = likely.argmax(axis=1) == categories_of(other_views)
    most_often = np.bincount(categories_of(other_views)).max() / len(other_views)
    assert most_often < 0.3
    assert right.mean() > most_often + 0.25


def test_the_command_writes_an_ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(60):
        write_wav(noise(0.1, seed=n), tmp_path / "s" / f"kick_{n}.wav")
    with (tmp_path / "s" / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [(f"kick_{n}.wav", f"maker {n % 3}", "CC0-1.0") for n in range(60)]
        csv.writer(file).writerows([("path", "source", "licence"), *rows])
    recipe = EarRecipe(nets=1, steps=1, pairs=8, synthesised=60)
    monkeypatch.setattr(ear_training, "EarRecipe", lambda seed=0: replace(recipe, seed=seed))
    monkeypatch.setattr(ear_training.torch, "set_num_threads", lambda _: None)
    out = tmp_path / "out" / "ear.safetensors"
    arguments = ["--sounds", str(tmp_path / "s"), "--without", "maker 2", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["ear_training", *arguments, "--threads", "1"])
    main()
    data = out.read_bytes()
    assert len(from_bytes(data).nets) == 1
    assert b"maker 1" in data[:4000]
    assert b"maker 2" not in data[:4000]
