"""Learning a personal network: from what can be learned, and not from what cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from library.errors import ModelError
from library.progress import Progress, drive
from vae.personal_training import FEWEST, PersonalRecipe, Trained, train_personal

N, STEPS, DIMS = 200, 6, 8
RECIPE = PersonalRecipe(steps=100, components=20, free=8)


def made(n: int = N, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Windows of four causes with noise; attributes that follow two of them, not linearly."""
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(n, 4)) * [2.0, 1.5, 1.0, 1.0]
    mixing = np.random.default_rng(9).normal(size=(4, STEPS * DIMS))
    windows = causes @ mixing + rng.normal(0, 0.3, (n, STEPS * DIMS))
    attributes = np.stack([np.exp(causes[:, 0] / 2), np.tanh(causes[:, 1])], axis=1)
    return windows.reshape(n, STEPS, DIMS).astype("f4"), attributes.astype("f4")


def learn(
    windows: NDArray[np.float32], attributes: NDArray[np.float32], recipe: PersonalRecipe = RECIPE
) -> Trained:
    return drive(train_personal(windows, attributes, recipe))


@pytest.fixture(scope="module")
def trained() -> Trained:
    return learn(*made())


def encoded(trained: Trained, windows: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = trained.net.encode(
        torch.from_numpy(windows.reshape(len(windows), -1))
    ).numpy()
    return found


def test_attributes_are_followed_by_sounds_never_seen(trained: Trained) -> None:
    assert (trained.spearman > 0.85).all()
    windows, attributes = made(seed=5)
    z = encoded(trained, windows)
    for i in range(2):
        order = np.argsort(np.argsort(z[:, i])), np.argsort(np.argsort(attributes[:, i]))
        assert np.corrcoef(*order)[0, 1] > 0.9
    assert z[:, :2].std(axis=0) == pytest.approx([1, 1], abs=0.25)


def test_what_is_shuffled_is_not_learned() -> None:
    windows, attributes = made()
    shuffled = attributes[np.random.default_rng(1).permutation(N)]
    found = learn(windows, shuffled)
    assert (np.abs(found.spearman) < 0.25).all()
    assert (found.net.read == 0).all()
    assert (encoded(found, windows)[:, :2] == 0).all()


def test_a_moved_attribute_is_read_back_and_the_other_is_not(trained: Trained) -> None:
    windows, _ = made(seed=5)
    z = torch.from_numpy(encoded(trained, windows))
    for i in range(2):
        moved = z.clone()
        moved[:, i] += 1
        again = trained.net.encode(trained.net.decode(moved))
        still = trained.net.encode(trained.net.decode(z))
        change = (again - still)[:, :2].median(dim=0).values
        assert change[i] > 0.5
        assert change[1 - i].abs() < 0.3


def test_it_loses_less_than_its_skeleton_or_no_more(trained: Trained) -> None:
    windows, attributes = made()
    skeleton = learn(windows, attributes, replace(RECIPE, steps=0))
    unseen = windows[list(trained.held_out)]

    def lost(found: Trained) -> float:
        flat = torch.from_numpy(unseen.reshape(len(unseen), -1))
        components = found.net.components_of(flat)
        decoded = found.net.decode_components(found.net.encode_components(components)[0])
        return float((decoded - components).square().mean() / components.square().mean())

    assert lost(trained) <= lost(skeleton) < 0.5
    flat = torch.from_numpy(unseen.reshape(len(unseen), -1))
    whole = (flat - flat.mean(dim=0)).square().mean()
    assert (trained.net.decode(trained.net.encode(flat)) - flat).square().mean() < 0.25 * whole


def test_the_same_seed_learns_the_same_bits(trained: Trained) -> None:
    again, other = learn(*made()), learn(*made(), replace(RECIPE, seed=1))
    assert again.held_out == trained.held_out != other.held_out
    for name, value in trained.net.state_dict().items():
        assert torch.equal(value, again.net.state_dict()[name]), name
    z = [encoded(each, made()[0]) for each in (trained, other)]
    assert not np.array_equal(z[0], z[1])


def test_learning_leaves_the_chance_of_others_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    learn(*made(40), replace(RECIPE, steps=2))
    assert torch.equal(torch.rand(4), expected)


def test_some_sounds_are_held_out(trained: Trained) -> None:
    assert len(set(trained.held_out)) == len(trained.held_out) == N // 10
    assert set(trained.held_out) <= set(range(N))


def test_a_constant_attribute_and_a_rare_one_are_not_learned() -> None:
    windows, attributes = made()
    odd = np.full((N, 3), np.nan, np.float32)
    odd[:, 0] = attributes[:, 0]
    odd[:, 1] = 7.0
    odd[: FEWEST - 1, 2] = attributes[: FEWEST - 1, 1]
    found = learn(windows, odd)
    assert found.spearman[0] > 0.85
    assert np.isnan(found.spearman[1:]).all()
    assert np.isfinite(encoded(found, windows)).all()


def test_an_attribute_known_of_half_the_sounds_is_learned() -> None:
    windows, attributes = made()
    attributes[::2, 1] = np.nan
    found = learn(windows, attributes)
    assert (found.spearman > 0.75).all()
    z, known = encoded(found, made(seed=5)[0])[:, 1], made(seed=5)[1][:, 1]
    assert np.corrcoef(z, known)[0, 1] > 0.8


@pytest.mark.parametrize("n", [0, 1, FEWEST - 1])
def test_too_few_sounds_are_told(n: int) -> None:
    windows, attributes = made()
    with pytest.raises(ModelError, match=f"{n} analysed sounds are too few .* at least {FEWEST}"):
        learn(windows[:n], attributes[:n])


def test_the_fewest_sounds_are_enough() -> None:
    windows, attributes = made(FEWEST)
    found = learn(windows, attributes)
    assert np.isfinite(encoded(found, windows)).all()


def test_sounds_that_are_all_the_same_do_not_break_it() -> None:
    windows = np.repeat(made(1)[0], 30, axis=0)
    found = learn(windows, np.ones((30, 2), np.float32))
    assert np.isfinite(encoded(found, windows)).all()
    assert np.isnan(found.spearman).all()


def test_a_recipe_may_be_stopped_halfway_and_reports_its_steps() -> None:
    job = train_personal(*made(), RECIPE)
    first = next(job)
    assert (first.stage, first.done, first.total) == ("train", 10, 100)
    losses = {"reconstruction", "divergence", "attributes", "consistency", "held out"}
    assert set(first.figures) == losses
    assert all(value >= 0 for value in first.figures.values())
    assert isinstance(first, Progress)
    job.close()
