"""A head corrected by the user's words: the same without any, and changed where they speak."""

from __future__ import annotations

import numpy as np
import pytest

from tests.category_heads import KINDS, NearestKind, sounds_of
from vae.category_head import Features, TaughtHead, teach

CLAP, FX, TOM = (KINDS.index(kind) for kind in ("clap", "fx", "tom"))


@pytest.fixture
def library() -> Features:
    """Forty sounds of every kind."""
    return np.concatenate([sounds_of(kind, 40) for kind in range(len(KINDS))])


@pytest.fixture
def head() -> NearestKind:
    """Takes every tom for a clap, and is right about most others."""
    return NearestKind(takes={TOM: CLAP})


def guesses(head: NearestKind | TaughtHead, features: Features) -> np.ndarray:
    return head.probabilities(features).argmax(axis=1)


def test_without_words_it_is_the_very_head(head: NearestKind, library: Features) -> None:
    assert teach(head, library[:0], np.zeros(0, np.int64), library) is head


def test_five_corrections_change_the_sounds_that_are_alike_and_no_others(
    head: NearestKind, library: Features
) -> None:
    toms = sounds_of(TOM, 200, seed=1)
    others = np.concatenate([sounds_of(k, 50, seed=1) for k in range(len(KINDS)) if k != TOM])
    assert (guesses(head, toms) == CLAP).mean() > 0.9
    taught = teach(head, sounds_of(TOM, 5, seed=2), np.full(5, TOM), library)
    assert (guesses(taught, toms) == TOM).mean() > 0.8
    assert (guesses(taught, others) == guesses(head, others)).mean() > 0.98


def test_more_words_are_surer(head: NearestKind, library: Features) -> None:
    toms = sounds_of(TOM, 100, seed=1)

    def sure(count: int) -> float:
        taught = teach(head, sounds_of(TOM, count, seed=2), np.full(count, TOM), library)
        return float(taught.probabilities(toms)[:, TOM].mean())

    assert sure(1) < sure(5) < sure(40)


def test_words_that_agree_with_the_head_change_no_category(
    head: NearestKind, library: Features
) -> None:
    said = np.repeat([CLAP, FX], 5)
    sounds = np.concatenate([sounds_of(CLAP, 5, seed=3), sounds_of(FX, 5, seed=3)])
    taught = teach(head, sounds, said, library)
    assert (guesses(taught, library) == guesses(head, library)).mean() > 0.99


def test_the_same_words_give_the_same_head(head: NearestKind, library: Features) -> None:
    one, other = (
        teach(head, sounds_of(TOM, 7), np.full(7, TOM), library).probabilities(library)
        for _ in range(2)
    )
    assert (one == other).all()


def test_what_it_gives_are_probabilities(head: NearestKind, library: Features) -> None:
    taught = teach(head, sounds_of(TOM, 3), np.full(3, TOM), library)
    given = taught.probabilities(library * 1e6)
    assert given.dtype == np.float32
    assert given.shape == (len(library), len(KINDS))
    assert np.allclose(given.sum(axis=1), 1, atol=1e-5)
    assert given.min() >= 0
    assert taught.probabilities(library[:0]).shape == (0, len(KINDS))


def test_the_unit_of_a_feature_does_not_matter(head: NearestKind, library: Features) -> None:
    class Scaled:
        def probabilities(self, features: Features) -> Features:
            return head.probabilities((features - 3) / 1_000)

    toms = sounds_of(TOM, 5)
    one = teach(head, toms, np.full(5, TOM), library).probabilities(library)
    other = teach(Scaled(), toms * 1_000 + 3, np.full(5, TOM), library * 1_000 + 3)
    assert np.allclose(other.probabilities(library * 1_000 + 3), one, atol=2e-3)


def test_a_feature_that_never_changes_says_nothing(head: NearestKind, library: Features) -> None:
    class Wider:
        def probabilities(self, features: Features) -> Features:
            return head.probabilities(features[:, :-1])

    def wider(features: Features) -> Features:
        return np.concatenate([features, np.full((len(features), 1), 5, np.float32)], axis=1)

    toms = sounds_of(TOM, 5)
    one = teach(head, toms, np.full(5, TOM), library).probabilities(library)
    other = teach(Wider(), wider(toms), np.full(5, TOM), wider(library))
    assert np.allclose(other.probabilities(wider(library)), one, atol=1e-5)


def test_a_head_that_is_certain_can_be_corrected(library: Features) -> None:
    class Certain:
        def probabilities(self, features: Features) -> Features:
            return np.eye(len(KINDS), dtype=np.float32)[np.full(len(features), CLAP)]

    said = np.full(60, TOM)
    taught = teach(Certain(), sounds_of(TOM, 60), said, library)
    assert (guesses(taught, sounds_of(TOM, 50, seed=1)) == TOM).mean() > 0.8
