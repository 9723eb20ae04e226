"""Pairs: what belongs together comes nearer, what does not goes apart, and others follow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from vae.alike import GROUPS, NOT_SAID, Alike, learn_alike
from vae.ear import BLOCKS, block_slices

Points = NDArray[np.float64]
COUNT = 240


@pytest.fixture(scope="module")
def kinds() -> NDArray[np.int64]:
    """Of which of four kinds each of the points is."""
    return np.arange(COUNT) % 4


@pytest.fixture(scope="module")
def points(kinds: NDArray[np.int64]) -> Points:
    """Points whose kinds show little beside three things that sounds of every kind differ in."""
    rng = np.random.default_rng(2)
    points = 0.1 * rng.standard_normal((COUNT, sum(BLOCKS.values())))
    points[:, :4] += 0.45 * np.eye(4)[kinds]
    ear, spectrum = block_slices()["ear"], block_slices()["spectrum"]
    for column in (ear.start + 10, ear.start + 20, spectrum.start + 5):
        points[:, column] += 1.5 * rng.standard_normal(COUNT)
    return points


def distances(points: Points, pairs: list[tuple[int, int]]) -> Points:
    one, other = np.array(pairs).T
    return np.asarray(np.linalg.norm(points[one] - points[other], axis=1))


def right(points: Points, kinds: NDArray[np.int64], asked: NDArray[np.int64]) -> float:
    """How many of the five nearest are of the same kind, only the asked ones among each other."""
    own = points[asked]
    found = np.linalg.norm(own[:, None] - own[None], axis=2)
    np.fill_diagonal(found, np.inf)
    near = np.argsort(found, axis=1)[:, :5]
    return float((kinds[asked][near] == kinds[asked][:, None]).mean())


def together(kinds: NDArray[np.int64], among: int) -> list[tuple[int, int]]:
    """Neighbours in the list of each kind."""
    return [
        (int(one), int(other))
        for kind in range(4)
        for one, other in pairwise(np.flatnonzero(kinds[:among] == kind))
    ]


def apart(points: Points, kinds: NDArray[np.int64], among: int) -> list[tuple[int, int]]:
    """Each of the first points with the nearest of another kind."""
    found = np.linalg.norm(points[:among, None] - points[None, :among], axis=2)
    found[kinds[:among, None] == kinds[:among]] = np.inf
    return [(i, int(near)) for i, near in enumerate(found.argmin(axis=1))]


def test_sounds_of_which_nothing_was_said_follow(points: Points, kinds: NDArray[np.int64]) -> None:
    unsaid = np.arange(24, COUNT)
    learned = learn_alike(points, together(kinds, 24), apart(points, kinds, 24))
    before, after = (right(each, kinds, unsaid) for each in (points, learned.moved(points)))
    assert before < 0.55
    assert after > before + 0.2
    said = learn_alike(points, together(kinds, 24), [])
    assert right(said.moved(points), kinds, unsaid) > before + 0.15


def test_pairs_come_nearer_and_go_apart(points: Points, kinds: NDArray[np.int64]) -> None:
    near, far = together(kinds, 24), apart(points, kinds, 24)
    moved = learn_alike(points, near, far).moved(points)
    assert distances(moved, near).mean() < 0.85 * distances(points, near).mean()
    assert (distances(moved, far) / distances(points, far)).min() > 1.1


def test_what_is_far_apart_anyway_comes_no_nearer(points: Points, kinds: NDArray[np.int64]) -> None:
    """Although what the pairs that belong together differ in shrinks."""
    far = [(i, i + 1 + 2 * (i % 2)) for i in range(0, 24, 3)]
    assert all(kinds[one] != kinds[other] for one, other in far)
    without = learn_alike(points, together(kinds, 24), []).moved(points)
    assert (distances(without, far) / distances(points, far)).min() < 0.95
    moved = learn_alike(points, together(kinds, 24), far).moved(points)
    assert (distances(moved, far) / distances(points, far)).min() > 1.03


@pytest.mark.parametrize("pair", [(0, 1), (5, 200)])
def test_a_single_pair_moves_as_it_should(points: Points, pair: tuple[int, int]) -> None:
    plain = distances(points, [pair])[0]
    nearer = learn_alike(points, [pair], []).moved(points)
    farther = learn_alike(points, [], [pair]).moved(points)
    assert distances(nearer, [pair])[0] < 0.75 * plain
    assert distances(farther, [pair])[0] > 1.04 * plain


def test_what_is_near_and_should_not_be_is_pushed_the_most(points: Points) -> None:
    random = np.random.default_rng(4).integers(COUNT, size=(400, 2)).tolist()
    pairs = sorted((p for p in random if p[0] != p[1]), key=lambda p: distances(points, [p])[0])
    grown = [
        distances(learn_alike(points, [], [pair]).moved(points), [pair])[0]
        / distances(points, [pair])[0]
        for pair in (pairs[0], pairs[len(pairs) // 2], pairs[-1])
    ]
    assert grown[0] > grown[1] > grown[2]
    assert grown[0] > 1.15


def test_few_pairs_without_meaning_move_little(points: Points, kinds: NDArray[np.int64]) -> None:
    everything = np.arange(COUNT)
    before = right(points, kinds, everything)
    for seed in range(5):
        drawn = np.random.default_rng(seed).permutation(COUNT)[:16].reshape(-1, 2).tolist()
        moved = learn_alike(points, drawn[:4], drawn[4:]).moved(points)
        assert right(moved, kinds, everything) > before - 0.06


def test_more_pairs_of_the_same_sounds_say_little_more(points: Points) -> None:
    """Nine sounds that belong together are thirty-six pairs, and eight things said."""
    sounds = list(range(0, 36, 4))
    chain = list(pairwise(sounds))
    every = [(a, b) for i, a in enumerate(sounds) for b in sounds[i + 1 :]]
    moved = [learn_alike(points, pairs, []).moved(points) for pairs in (chain, every)]
    shrunk = [distances(each, every).mean() / distances(points, every).mean() for each in moved]
    assert shrunk[1] == pytest.approx(shrunk[0], abs=0.1)
    assert shrunk[1] < 0.8


def test_all_sounds_together_spread_as_before(points: Points, kinds: NDArray[np.int64]) -> None:
    moved = learn_alike(points, together(kinds, 80), apart(points, kinds, 40)).moved(points)
    assert moved.var(axis=0).sum() == pytest.approx(points.var(axis=0).sum(), rel=1e-4)


def test_groups_are_not_mixed(points: Points, kinds: NDArray[np.int64]) -> None:
    """What has no pitch has none afterwards."""
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(BLOCKS)
    learned = learn_alike(points, together(kinds, 40), apart(points, kinds, 40))
    for blocks in GROUPS.values():
        only = np.zeros_like(points)
        for block in blocks:
            only[:, block_slices()[block]] = points[:, block_slices()[block]]
        moved = learned.moved(only)
        assert np.array_equal(moved != 0, only != 0)


def test_nothing_said_moves_nothing(points: Points) -> None:
    assert learn_alike(points, [], []) is NOT_SAID
    assert NOT_SAID.moved(points) is points
    assert Alike().maps == {}


def test_the_same_audio_twice_is_no_trouble(points: Points) -> None:
    twice = points.copy()
    twice[1] = twice[0]
    for pairs in (([(0, 1)], []), ([], [(0, 1)])):
        assert np.isfinite(learn_alike(twice, *pairs).moved(twice)).all()
    same = np.ones((3, points.shape[1]))
    assert np.isfinite(learn_alike(same, [(0, 1)], [(1, 2)]).moved(same)).all()
