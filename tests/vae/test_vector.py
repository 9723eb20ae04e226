"""Vectors: near for sounds alike, the same at every level, in blocks of known weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from tests.vae.conftest import Sounds
from vae.alike import learn_alike
from vae.ear import BLOCKS, block_slices
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import house_space
from vae.vector import (
    ATTRIBUTES,
    ATTRIBUTES_WEIGHT,
    MOST_DEVIATIONS,
    TYPICAL_DISTANCE,
    WEIGHTS,
    WORDS,
    blocks,
    distance_of,
    scales,
    score,
    vector_and_hearing,
    vector_of,
    vectors,
)
from vae.words import learn_words

CODEC = house_codec()
SOME = range(0, 200, 5)
TOTALS = {aspect: sum(weights.values()) for aspect, weights in WEIGHTS.items()}


@pytest.fixture(scope="module", params=["house", "small"])
def space(request: pytest.FixtureRequest, small_space: Space) -> Space:
    return house_space() if request.param == "house" else small_space


@pytest.fixture(scope="module")
def matrix(space: Space, synthesised: Sounds, heard: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors(space, synthesised.latents, heard, CODEC)


def distances(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Between all pairs, the diagonal infinite."""
    found = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
    np.fill_diagonal(found, np.inf)
    return found


def of_clips(space: Space, synthesised: Sounds, clips: list[Clip]) -> NDArray[np.float32]:
    """The vectors of clips that are some of the synthesised ones, changed."""
    pitches = [synthesised.described[i]["pitch"] for i in SOME]
    return np.stack([
        vector_of(clip, pitch, space, CODEC) for clip, pitch in zip(clips, pitches, strict=True)
    ])  # fmt: skip


def test_the_nearest_sound_is_often_of_the_same_kind(
    matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    kinds = np.array(synthesised.kinds)
    right = (kinds[distances(matrix).argmin(axis=1)] == kinds).mean()
    chance = np.mean([(kinds == kind).mean() for kind in kinds])
    assert chance < 0.05
    assert right > 0.47


def test_a_gain_changes_nothing(space: Space, synthesised: Sounds) -> None:
    clips = [synthesised.clips[i] for i in SOME]
    plain = of_clips(space, synthesised, clips)
    for gain in (10 ** (-12 / 20), 10 ** (12 / 20)):
        louder = [Clip((clip.frames * gain).astype("f4"), 44_100) for clip in clips]
        moved = np.linalg.norm(of_clips(space, synthesised, louder) - plain, axis=1)
        assert moved.max() < 5e-3


def test_channels_that_cancel_are_alike_to_one_of_them(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    clips = [synthesised.clips[i] for i in SOME]
    opposite = [Clip(np.concatenate([c.frames[:1], -c.frames[:1]]), 44_100) for c in clips]
    left = [Clip(c.frames[:1], 44_100) for c in clips]
    found = of_clips(space, synthesised, opposite)
    assert np.array_equal(found, of_clips(space, synthesised, left))
    resampled = [clip.at_rate(48_000) for clip in opposite]
    moved = np.linalg.norm(of_clips(space, synthesised, resampled) - found, axis=1)
    assert moved.max() < np.median(distances(matrix).min(axis=1))


def test_silence_around_a_sound_changes_next_to_nothing(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    clips = [synthesised.clips[i] for i in SOME]
    plain = of_clips(space, synthesised, clips)
    nearest = np.median(distances(matrix).min(axis=1))
    for around in ((5_000, 0), (0, 6_000)):
        padded = [Clip(np.pad(clip.frames, ((0, 0), around)), 44_100) for clip in clips]
        moved = np.linalg.norm(of_clips(space, synthesised, padded) - plain, axis=1)
        assert np.median(moved) < 0.01
        assert moved.max() < 0.2 * nearest


def test_blocks_cover_the_whole_width(space: Space, matrix: NDArray[np.float32]) -> None:
    parts = list(blocks(space).values())
    assert list(blocks(space)) == [*WEIGHTS, ATTRIBUTES]
    assert [part.start for part in parts] == [0, *(part.stop for part in parts)][:-1]
    assert parts[-1].stop == matrix.shape[1]
    assert matrix.dtype == np.float32
    assert {name for weights in WEIGHTS.values() for name in weights} == set(BLOCKS)


def test_blocks_weigh_what_they_should(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds
) -> None:
    square = {name: np.square(matrix[:, part]).sum(axis=1) for name, part in blocks(space).items()}
    for name in ("ear", "timbre", "spectrum", "envelope"):
        assert square[name] == pytest.approx(np.full(200, TOTALS[name]), rel=1e-3), name
    assert 0.6 < square[ATTRIBUTES].mean() / ATTRIBUTES_WEIGHT < 1.4
    # Sounds without a pitch, or a rhythm, are at the origin there.
    pitched = np.array([row["pitch"] is not None for row in synthesised.described])
    assert 20 < pitched.sum() < 180
    assert np.array_equal(square["pitch"] > 0, pitched)
    assert (square["pitch"][pitched] >= TOTALS["pitch"]).all()
    rhythmic = square["rhythm"] > 0
    assert square["rhythm"][rhythmic] == pytest.approx(TOTALS["rhythm"], rel=1e-3)
    assert rhythmic.mean() < 0.2, "one-shots have none"


def test_without_words_and_pairs_a_vector_is_what_the_ear_keeps_weighed(
    space: Space, matrix: NDArray[np.float32], heard: NDArray[np.float32]
) -> None:
    places, at = block_slices(), 0
    for weights in WEIGHTS.values():
        for name, weight in weights.items():
            wanted = (np.sqrt(weight) * heard[:, places[name]]).astype(np.float32)
            assert np.array_equal(matrix[:, at : at + BLOCKS[name]], wanted), name
            at += BLOCKS[name]
    assert at == blocks(space)[ATTRIBUTES].start


def test_pairs_move_vectors_and_leave_the_attributes(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    together, apart = [(0, 50), (50, 100), (100, 150), (150, 199)], [(2, 3), (4, 5)]
    taught = replace(space, alike=learn_alike(heard * scales(), together, apart))
    moved = vectors(taught, synthesised.latents, heard, CODEC)
    assert blocks(taught) == blocks(space)
    part = blocks(space)[ATTRIBUTES]
    assert np.array_equal(moved[:, part], matrix[:, part])
    before, after = distances(matrix), distances(moved)
    assert all(after[pair] < 0.9 * before[pair] for pair in together)
    assert all(after[pair] > 1.02 * before[pair] for pair in apart)


def test_a_word_counts_what_it_says(
    space: Space, synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    words = learn_words(heard, {"a": range(0, 200, 9), "b": range(0, 200, 8)}, scales())
    light, heavy = (
        vectors(replace(space, words=each), synthesised.latents, heard, CODEC)
        for each in (words, replace(words, weight=4 * words.weight))
    )
    part = blocks(replace(space, words=words))[WORDS]
    assert heavy[:, part] == pytest.approx(2 * light[:, part], rel=1e-5)
    assert np.array_equal(heavy[:, : part.start], light[:, : part.start])


def test_each_aspect_tells_sounds_apart(space: Space, matrix: NDArray[np.float32]) -> None:
    for name, part in blocks(space).items():
        if name not in ("pitch", "rhythm"):
            assert len(np.unique(matrix[:, part].round(4), axis=0)) > 190, name


def test_loudness_is_in_no_block(space: Space) -> None:
    names = [a.name for a in space.attributes]
    part = blocks(space)[ATTRIBUTES]
    assert "loudness" in names
    assert part.stop - part.start == len(names) - 1


def test_one_odd_number_hides_no_other(
    space: Space, synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    latents = synthesised.latents[0]
    odd = latents.values.copy()
    odd[:, 5] *= 1e4
    plain, found = (
        vectors(space, [Latents(values)], heard[:1], CODEC)[0] for values in (latents.values, odd)
    )
    assert np.isfinite(found).all()
    part = blocks(space)[ATTRIBUTES]
    assert np.square(found[part]).sum() <= MOST_DEVIATIONS**2 * ATTRIBUTES_WEIGHT * 1.001
    assert np.array_equal(np.delete(found, part), np.delete(plain, part))


def test_a_batch_is_its_sounds_one_by_one(
    space: Space, matrix: NDArray[np.float32], synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    for i in (0, 77, 199):
        alone = vectors(space, [synthesised.latents[i]], heard[[i]], CODEC)[0]
        assert np.allclose(alone, matrix[i], atol=1e-4)


def test_a_clip_has_the_vector_of_what_is_cached_of_it(space: Space, synthesised: Sounds) -> None:
    for i in (3, 50, 121):
        clip = Clip(np.pad(synthesised.clips[i].frames, ((0, 0), (3_000, 0))), 44_100)
        pitch = synthesised.described[i]["pitch"]
        sound = from_onset(clip)
        latents, hearing = CODEC.encode(sound), house_ear().hear(sound, pitch)
        whole = np.frombuffer(hearing.to_bytes()[0], "<f2").astype("f4")
        kept = Latents.from_bytes(latents.to_bytes(), latents.dims)
        wanted = vectors(space, [kept], whole[None], CODEC)[0]
        found, heard = vector_and_hearing(clip, pitch, space, CODEC)
        assert np.array_equal(found, wanted)
        assert np.array_equal(vector_of(clip, pitch, space, CODEC), wanted)
        assert np.array_equal(heard.whole, whole)
        assert heard.windows == pytest.approx(hearing.windows, rel=1e-3, abs=1e-3)


def test_a_score_is_one_for_the_sound_itself_and_falls() -> None:
    assert score(0.0) == 1.0
    assert score(TYPICAL_DISTANCE) == pytest.approx(0.5)
    grades = [score(d) for d in (0.1, 0.5, 2.0, 9.0)]
    assert grades == sorted(grades, reverse=True)
    assert all(0 < grade < 1 for grade in grades)
    assert [distance_of(grade) for grade in grades] == pytest.approx([0.1, 0.5, 2.0, 9.0])


def test_near_sounds_are_about_the_typical_distance_apart(matrix: NDArray[np.float32]) -> None:
    tenth = np.sort(distances(matrix), axis=1)[:, 9]
    assert 0.25 < score(float(np.median(tenth))) < 0.75
