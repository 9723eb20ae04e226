"""The ear: blocks on spheres, the same for the same sound, near for sounds alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from library.clip import Clip
from tests.audio_cases import RATE_HZ, clip, noise, pluck, silence, tone
from tests.vae.conftest import Sounds
from vae.auditory_image import BANDS, LOG_COLUMNS, auditory_image
from vae.ear import BLOCKS, PITCH, Ear, block_slices, pitch_numbers, reduced, unit
from vae.ear_data import HeardViews
from vae.ear_training import whole_of
from vae.ear_windows import WINDOW_DIMS, window_features
from vae.onset import from_onset

ON_SPHERES = ("ear", "shape", "mfcc", "envelope", "spectrum")
SOME = range(0, 200, 4)


@pytest.fixture(scope="module")
def wholes(small_ear: Ear, synthesised: Sounds) -> NDArray[np.float32]:
    return np.stack([
        small_ear.hear(from_onset(synthesised.clips[i]), synthesised.described[i]["pitch"]).whole
        for i in SOME
    ])  # fmt: skip


def test_blocks_cover_the_whole() -> None:
    parts = block_slices()
    assert list(parts) == list(BLOCKS)
    ends = [0, *np.cumsum(list(BLOCKS.values()))]
    assert [(p.start, p.stop) for p in parts.values()] == list(pairwise(ends))


def test_blocks_are_on_unit_spheres_and_no_two_sounds_are_the_same(
    wholes: NDArray[np.float32],
) -> None:
    assert wholes.shape == (len(SOME), sum(BLOCKS.values()))
    assert wholes.dtype == np.float32
    for name in ON_SPHERES:
        block = wholes[:, block_slices()[name]]
        assert np.linalg.norm(block, axis=1) == pytest.approx(np.ones(len(SOME)), abs=1e-4), name
        assert len(np.unique(block.round(4), axis=0)) == len(SOME), name
        # Around the middle of all sounds, not on one side of it.
        assert np.linalg.norm(block.mean(axis=0)) < 0.6, name


def test_a_gain_changes_nothing_at_all(small_ear: Ear) -> None:
    sound = pluck()
    quieter = Clip((0.125 * sound.frames).astype("f4"), RATE_HZ)
    first, second = (small_ear.hear(from_onset(s), 69.0) for s in (sound, quieter))
    assert np.array_equal(first.whole, second.whole)
    assert np.array_equal(first.windows, second.windows)


def test_the_same_sound_otherwise_stored_is_nearer_than_all_others(
    small_ear: Ear, wholes: NDArray[np.float32], synthesised: Sounds
) -> None:
    """After silence, at half the rate, in two channels."""
    right = []
    for n, i in enumerate(SOME):
        original = synthesised.clips[i]
        mono = original.mono()
        for other in (
            Clip(np.pad(mono, (7_000, 0))[None], RATE_HZ),
            Clip(mono[None], RATE_HZ).at_rate(22_050),
            Clip(np.stack([mono, mono]), RATE_HZ),
        ):
            heard = small_ear.hear(from_onset(other), synthesised.described[i]["pitch"]).whole
            right.append(np.linalg.norm(wholes - heard, axis=1).argmin() == n)
    assert np.mean(right) > 0.9


def test_what_is_heard_is_what_was_learned_from(
    small_ear: Ear, few_views: list[HeardViews]
) -> None:
    """The point of a training sound is that of the same sound, heard."""
    sound = few_views[7]
    parts = block_slices()
    point = whole_of(small_ear, sound)
    assert np.array_equal(point[parts["rhythm"]], sound.rhythm)
    assert np.array_equal(point[parts["pitch"]], pitch_numbers(sound.pitch))
    again = small_ear.point(sound.images[0].astype("f4"), sound.shape, sound.pitch, sound.rhythm)
    assert np.array_equal(again, point)


def test_windows_are_scaled(small_ear: Ear) -> None:
    sound = from_onset(noise(1.3))
    heard = small_ear.hear(sound, None)
    plain = window_features(auditory_image(sound))
    assert heard.windows.shape == (len(plain), WINDOW_DIMS)
    assert np.allclose(heard.windows * small_ear.measures.window_scale, plain, rtol=1e-4)


@pytest.mark.parametrize("sound", [silence(), clip([0.5]), tone(40, 0.01), clip(np.full(999, 0.3))])
def test_odd_sounds_are_heard_too(small_ear: Ear, sound: Clip) -> None:
    heard = small_ear.hear(from_onset(sound), None)
    assert np.isfinite(heard.whole).all()
    assert np.isfinite(heard.windows).all()
    assert np.abs(heard.whole).max() <= 1.001


def test_pitch_is_a_height_and_a_circle() -> None:
    assert not pitch_numbers(None).any()
    a, b, octave, fifth = (pitch_numbers(note) for note in (57.0, 57.5, 69.0, 64.0))
    assert a.shape == (PITCH,)
    near, over, far = (np.linalg.norm(a - other) for other in (b, octave, fifth))
    assert near < over < far
    assert np.allclose(a[2:], octave[2:], atol=1e-6)
    assert np.linalg.norm(a) > 0.9, "clear of the sounds without a pitch"


def test_units_have_length_one_and_none_stays_none() -> None:
    found = unit(np.array([[3.0, 4.0], [0.0, 0.0], [1e-3, 0.0]]))
    assert found == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0], [1.0, 0.0]]))
    assert found.dtype == np.float32


def test_reduced_images_are_means_of_four() -> None:
    image = np.full((LOG_COLUMNS, BANDS), -80, np.float32)
    image[:2, :2] = [[-10, -20], [-30, -40]]
    found = reduced(image).reshape(LOG_COLUMNS // 2, BANDS // 2)
    assert found[0, 0] == -25
    assert (found.ravel()[1:] == -60).all()
