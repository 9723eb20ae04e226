"""Vectors: near for sounds alike, the same at every level, in three blocks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from tests.vae.conftest import Sounds
from vae.house_codec import house_codec
from vae.space import Space, house_space
from vae.vector import TYPICAL_DISTANCE, WEIGHTS, blocks, score, vectors

CODEC = house_codec()
SOME = range(0, 200, 5)


@pytest.fixture(scope="module", params=["house", "small"])
def space(request: pytest.FixtureRequest, small_space: Space) -> Space:
    return house_space() if request.param == "house" else small_space


@pytest.fixture(scope="module")
def matrix(space: Space, synthesised: Sounds) -> NDArray[np.float32]:
    return vectors(space, synthesised.latents, CODEC)


def distances(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Between all pairs, the diagonal infinite."""
    found = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
    np.fill_diagonal(found, np.inf)
    return found


def encoded(space: Space, clips: list[Clip]) -> NDArray[np.float32]:
    return vectors(space, [CODEC.encode(clip) for clip in clips], CODEC)


def test_the_nearest_sound_is_often_of_the_same_kind(
    matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    kinds = np.array(synthesised.kinds)
    right = (kinds[distances(matrix).argmin(axis=1)] == kinds).mean()
    chance = np.mean([(kinds == kind).mean() for kind in kinds])
    assert chance < 0.05
    assert right > 0.36


def test_a_gain_changes_nothing(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    for gain in (10 ** (-12 / 20), 10 ** (12 / 20)):
        clips = [Clip((synthesised.clips[i].frames * gain).astype("f4"), 44_100) for i in SOME]
        moved = np.linalg.norm(encoded(space, clips) - matrix[SOME], axis=1)
        assert moved.max() < 1e-3


def test_channels_that_cancel_are_alike_to_one_of_them(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    clips = [synthesised.clips[i] for i in SOME]
    opposite = [Clip(np.concatenate([c.frames[:1], -c.frames[:1]]), 44_100) for c in clips]
    left = [Clip(c.frames[:1], 44_100) for c in clips]
    assert np.array_equal(encoded(space, opposite), encoded(space, left))
    resampled = [clip.at_rate(48_000) for clip in opposite]
    moved = np.linalg.norm(encoded(space, resampled) - matrix[SOME], axis=1)
    assert moved.max() < np.median(distances(matrix).min(axis=1))


def test_silence_before_a_sound_leaves_it_nearer_than_others(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    silence = np.zeros((1, 6 * CODEC.hop), np.float32)
    clips = [synthesised.clips[i] for i in SOME]
    late = [Clip(np.concatenate([silence, clip.frames], axis=1), 44_100) for clip in clips]
    to_all = np.linalg.norm(encoded(space, late)[:, None] - matrix[None], axis=2)
    assert (to_all.argmin(axis=1) == np.array(SOME)).mean() > 0.6


def test_silence_after_a_sound_changes_next_to_nothing(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    clips = [synthesised.clips[i] for i in SOME]
    longer = [clip.padded_to(clip.length + 6_000) for clip in clips]
    moved = np.linalg.norm(encoded(space, longer) - matrix[SOME], axis=1)
    assert moved.max() < 0.1 * np.median(distances(matrix).min(axis=1))


def test_blocks_weigh_what_they_should(space: Space, matrix: NDArray[np.float32]) -> None:
    parts = blocks(space)
    assert list(parts) == list(WEIGHTS)
    assert [part.start for part in parts.values()] == [0, *(p.stop for p in parts.values())][:3]
    assert parts["free"].stop == matrix.shape[1]
    assert matrix.dtype == np.float32
    for name, part in parts.items():
        square = float(np.square(matrix[:, part]).sum(axis=1).mean())
        assert 0.6 * WEIGHTS[name] < square < 1.4 * WEIGHTS[name], name


def test_loudness_is_in_no_block(space: Space) -> None:
    names = [a.name for a in space.attributes]
    part = blocks(space)["attributes"]
    assert "loudness" in names
    assert part.stop - part.start == len(names) - 1


def test_one_odd_number_hides_no_other(space: Space, synthesised: Sounds) -> None:
    latents = synthesised.latents[0]
    odd = latents.values.copy()
    odd[:, 5] *= 1e4
    found = vectors(space, [type(latents)(odd)], CODEC)[0]
    assert np.isfinite(found).all()
    assert np.square(found).sum() <= 25 * sum(WEIGHTS.values()) * 1.001


def test_a_batch_is_its_sounds_one_by_one(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    for i in (0, 77, 199):
        alone = vectors(space, [synthesised.latents[i]], CODEC)[0]
        assert np.allclose(alone, matrix[i], atol=1e-4)


def test_a_score_is_one_for_the_sound_itself_and_falls() -> None:
    assert score(0.0) == 1.0
    assert score(TYPICAL_DISTANCE) == pytest.approx(0.5)
    grades = [score(d) for d in (0.1, 0.5, 2.0, 9.0)]
    assert grades == sorted(grades, reverse=True)
    assert all(0 < grade < 1 for grade in grades)
