"""Training the house codec: targets, a loss that falls, a run that goes on, dimensions in order."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.audio_cases import RATE_HZ, noise, tone
from tests.vae.codecs import skeleton_net
from vae.house_codec import LEVEL_UNIT_DB, from_bytes, scaled_level, spectrum_peak
from vae.house_data import Crops, Sound, sound_of, synthesised
from vae.house_loss import Objective, bin_weights, validate, with_targets
from vae.house_model import HouseConfig, HouseNet
from vae.house_order import LEAST_DB, carried_db, ordered
from vae.house_training import Recipe, fit_skeleton, learning_rate, train
from vae.spectrum import BINS, stft

SMALL = Recipe(synthesised=12, skeleton_batches=12, steps=4, batch=3, crop_steps=6)


def level_of(frames: np.ndarray) -> torch.Tensor:
    magnitude = stft(torch.from_numpy(frames), 256).abs()
    magnitude = magnitude[..., : magnitude.shape[-1] // 8 * 8]
    return scaled_level(magnitude, spectrum_peak(magnitude[0]))


@pytest.fixture(scope="module")
def sounds() -> list[Sound]:
    real = [s for clip in (noise(0.5), tone(440, 0.5)) for s in sound_of("real", clip.mono())]
    return [*real, *islice(synthesised(np.random.default_rng(5)), SMALL.synthesised)]


def test_low_bins_weigh_more() -> None:
    weights = bin_weights()
    assert weights.mean().item() == pytest.approx(1.0)
    assert (weights.diff() < 0).all()


def test_noise_is_asked_for_smooth_and_a_tone_as_it_is() -> None:
    hiss, hum = (
        with_targets(level_of(noise(1.0).frames)),
        with_targets(level_of(tone(440, 1).frames)),
    )
    rough, smooth = (x[0, 50:450, 16:-16].std() * LEVEL_UNIT_DB for x in (hiss.level, hiss.wanted))
    assert smooth < 0.75 * rough
    power_db = 10 * torch.log10((10 ** (2 * hiss.level[0, 50:450, 16:-16])).mean())
    wanted_db = LEVEL_UNIT_DB * hiss.wanted[0, 50:450, 16:-16].median()
    assert abs(wanted_db - power_db) < 1.0
    peak = round(440 * 1024 / RATE_HZ)
    steady = slice(16, -16)
    assert torch.allclose(hum.wanted[0, peak, steady], hum.level[0, peak, steady], atol=0.02)


def test_no_attack_is_blunted() -> None:
    frames = noise(1.0).frames
    frames[:, : RATE_HZ // 2] *= 1e-3
    batch = with_targets(level_of(frames))
    level, wanted = (x[0, 50:450].median(dim=0).values * LEVEL_UNIT_DB for x in (
        batch.level, batch.wanted
    ))  # fmt: skip
    at = RATE_HZ // 2 // 256
    assert level[at + 3] - level[at - 3] > 50
    # The median of noise lies 1.6 dB under its mean, before the attack, in it and after it.
    assert (wanted - level - 1.6)[at - 8 : at + 8].abs().max() < 2.5


def test_the_loss_falls_and_tells_what_is_far() -> None:
    torch.manual_seed(0)
    made = list(islice(synthesised(np.random.default_rng(6)), 6))
    batch = with_targets(Crops(made, 8, 0).batch(6))
    net, objective = skeleton_net().train(), Objective(3e-4, 0.05)
    objective.half = False
    optimiser = torch.optim.AdamW(net.parameters(), 3e-4)
    start, _ = objective(net, batch)
    for _ in range(8):
        loss, parts = objective(net, batch)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert parts["loss"] < 0.97 * start.item()
    untrained = HouseNet(net.config)
    good, bad = (validate(n.eval(), batch.level, objective)["error_db"] for n in (net, untrained))
    assert good < 5
    assert bad > 15


def test_the_skeleton_is_the_principal_components(sounds: list[Sound]) -> None:
    net = HouseNet(HouseConfig(dims=5, width=16, blocks=1))
    share = fit_skeleton(net, Crops(sounds, 6, 0), SMALL)
    assert 0.5 < share < 1
    # Analysis and synthesis undo one another on what they span.
    analysis = net.analysis.transpose(0, 1).flatten(1)
    synthesis = net.synthesis.flatten(0, 1)
    assert torch.allclose(analysis @ synthesis, torch.eye(5), atol=1e-3)


def test_the_rate_rises_and_falls() -> None:
    recipe = replace(SMALL, steps=1000)
    rates = [learning_rate(recipe, step) for step in range(1000)]
    top = int(np.argmax(rates))
    assert rates[0] < 0.02 * recipe.rate
    assert rates[top] > 0.9 * recipe.rate
    assert (np.diff(rates[:top]) > 0).all()
    assert (np.diff(rates[top:]) < 0).all()


def test_a_run_goes_on_where_it_was_stopped(sounds: list[Sound], tmp_path: Path) -> None:
    for recipe in (replace(SMALL, steps=2), SMALL):
        train(sounds, sounds[:3], recipe, tmp_path, 5.0, "cpu")
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[0]["recipe"]["seed"] == 1
    assert lines[0]["sounds"]["synthesiser"] == SMALL.synthesised
    assert [line["step"] for line in lines if "step" in line] == [2, 4]
    assert [line["resumed_at"] for line in lines if "resumed_at" in line] == [2]
    codec = from_bytes((tmp_path / "house-codec.safetensors").read_bytes())
    assert 1 < codec.dims <= 32
    assert np.isfinite(codec.encode(noise(0.2)).values).all()


def test_dimensions_come_in_the_order_of_what_they_carry() -> None:
    made = list(islice(synthesised(np.random.default_rng(7)), 6))
    level = Crops(made, 8, 0, spread=0.0).batch(6)
    net = skeleton_net().eval()
    idle = 3
    with torch.no_grad():  # a dimension that says nothing
        net.synthesis[..., idle] = 0
    carried = carried_db(net, level)
    assert carried[idle].abs() < LEAST_DB
    best, lost = ordered(net, level)
    assert best.config.dims < net.config.dims
    assert lost == sorted(lost, reverse=True)
    decoded, wanted = (n.decode(n.encode(level)[0])[0] for n in (best, net))
    assert (decoded - wanted).abs().mean() < 0.05
    assert level.shape[1] == BINS
