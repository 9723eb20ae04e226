"""A sound is moved along a word until the ear hears more of it, or less."""

from __future__ import annotations

import numpy as np
import pytest

from library.progress import drive
from tests.vae.conftest import QUICK, Sounds
from vae.ear_file import house_ear
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes
from vae.space_training import train_space
from vae.vary import free_shift, settings_shift, vary
from vae.vector import blocks, scales
from vae.word_moves import word_moved
from vae.words import Taught, learn_words

CODEC = house_codec()


def heard(clip: object, pitch: float | None) -> np.ndarray:  # type: ignore[type-arg]
    return house_ear().hear(from_onset(clip), pitch).whole  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def taught_space(synthesised: Sounds) -> Space:
    """A space that follows a word whose examples are noisy and tonal sounds."""
    wholes = np.stack(
        [
            heard(c, d["pitch"])
            for c, d in zip(synthesised.clips, synthesised.described, strict=True)
        ]
    )
    order = np.argsort([row["noisiness"] or 0.0 for row in synthesised.described])
    taught = Taught(tuple(order[-60::4].tolist()), tuple(order[:60:4].tolist()))
    words = learn_words(wholes, {}, scales(), {"hissy": taught})
    amounts = words.amounts(wholes)[:, 0]
    described = [
        {**row, "hissy": float(a)} for row, a in zip(synthesised.described, amounts, strict=True)
    ]
    made = train_space(
        synthesised.latents, described, CODEC, ("brightness", "loudness"), QUICK, words,
        followed_words=("hissy",),
    )  # fmt: skip
    return from_bytes(drive(made)[0])


def test_a_space_keeps_the_words_that_it_follows(taught_space: Space) -> None:
    assert [a.name for a in taught_space.attributes] == ["brightness", "loudness", "hissy"]
    assert taught_space.learned.all()
    assert taught_space.spearman[2] > 0.5
    part = blocks(taught_space)["attributes"]
    assert part.stop - part.start == 1, "a word has a block of its own"


def test_more_and_less_of_a_word_is_heard(synthesised: Sounds, taught_space: Space) -> None:
    at = taught_space.position("hissy")
    right, near = [], []
    for i in range(0, 60, 7):
        clip = from_onset(synthesised.clips[i])
        latents = CODEC.encode(clip)

        def amount(sound: object) -> float:
            whole = heard(sound, synthesised.described[i]["pitch"])  # noqa: B023
            return float(taught_space.words.amounts(whole[None])[0, 0])

        less, more = (
            amount(word_moved(clip, latents, taught_space, CODEC, "hissy", steps))
            for steps in (-0.7, 0.7)
        )
        assert less <= amount(clip) + 0.3
        right.append(more > less)
        near.append((more - less) / (1.4 * taught_space.deviation[at]))
    assert np.mean(right) > 0.85
    assert np.median(near) > 0.3


def test_a_word_is_set_like_an_attribute_and_chance_leaves_it(
    synthesised: Sounds, taught_space: Space
) -> None:
    clip, latents = synthesised.clips[0], synthesised.latents[0]
    shift = settings_shift(taught_space, {"hissy": "+1"})
    made = vary(clip, latents, taught_space, CODEC, shift)
    assert made.frames.shape == clip.frames.shape
    assert not np.array_equal(made.frames, clip.frames)
    again = vary(clip, latents, taught_space, CODEC, shift)
    assert np.array_equal(made.frames, again.frames)
    free = free_shift(taught_space, 1.0, np.random.default_rng(0))
    assert free[taught_space.position("hissy")] == 0
