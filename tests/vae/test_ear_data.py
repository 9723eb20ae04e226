"""Training sounds of the ear: who made them, what they are, and changes that leave them that."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from library.category import CATEGORIES
from library.wav import write_wav
from tests.audio_cases import RATE_HZ, noise, pluck, silence, tone
from vae.auditory_image import BANDS, LOG_COLUMNS
from vae.ear import shape_numbers
from vae.ear_data import (
    KIND_CATEGORIES,
    SOURCE_CATEGORIES,
    VIEWS,
    HeardViews,
    changed,
    named_sounds,
    real_views,
    reduced_images,
    synthesised_views,
    views_of,
)
from vae.ear_windows import WINDOW_DIMS
from vae.house_data import SYNTHESISER
from vae.rhythm import RHYTHM
from vae.sound_shape import MFCC_STATISTICS, SPECTRAL, TEMPORAL
from vae.synth import KINDS

ROWS = [
    ("a/kick 01.wav", "one", "CC0-1.0", "", ""),
    ("a/x7.wav", "one", "CC-BY-3.0", "snare", "rim shot"),
    ("a/thing.wav", "TodePond/samples", "CC0-1.0", "", ""),
    ("a/share.wav", "two", "CC-BY-SA-4.0", "", ""),
    ("a/tom.wav", "three", "CC0-1.0", "", ""),
    ("a/broken.wav", "one", "CC0-1.0", "", ""),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, *_ in ROWS:
        write_wav(pluck(220.0, 0.2), tmp_path / name)
    (tmp_path / "a" / "broken.wav").write_bytes(b"no sound")
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("path", "source", "licence", "label", "detail"), *ROWS])
    return tmp_path


def test_categories_are_those_of_the_library() -> None:
    known = {name for name, _ in CATEGORIES}
    assert set(KIND_CATEGORIES) == set(KINDS)
    assert set(KIND_CATEGORIES.values()) | set(SOURCE_CATEGORIES.values()) <= known


def test_sounds_are_named_by_label_source_or_path(folder: Path) -> None:
    found = list(named_sounds(folder, frozenset({"three"})))
    assert [path for path, *_ in found] == [folder / ROWS[n][0] for n in (0, 1, 2, 5)]
    assert [tuple(rest) for _, *rest in found] == [
        ("one", "kick", "kick"),
        ("one", "snare", "rim shot"),
        ("TodePond/samples", "fx", "thing"),
        ("one", "", "broken"),
    ]


def test_the_original_path_tells_more_than_the_file(tmp_path: Path) -> None:
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [("path", "source", "licence", "orig_path"), ("1.wav", "s", "MIT", "Hats/open.wav")]
        csv.writer(file).writerows(rows)
    assert next(named_sounds(tmp_path, frozenset()))[2] == "hat"


def test_real_views_leave_out_what_cannot_be_read(folder: Path) -> None:
    found = list(real_views(folder, frozenset({"three"})))
    assert [(s.source, s.category, s.detail) for s in found] == [
        ("one", "kick", "one:kick:kick"),
        ("one", "snare", "one:snare:rim shot"),
        ("TodePond/samples", "fx", "TodePond/samples:fx:thing"),
    ]
    assert all(2 <= len(s.images) <= 1 + VIEWS for s in found)


def one_of(mono: np.ndarray, views: int = 4, seed: int = 0) -> HeardViews:
    (found,) = views_of(mono, "s", "perc", "s:perc:x", views, np.random.default_rng(seed))
    return found


def test_a_sound_has_its_views_and_its_numbers() -> None:
    found = one_of(pluck(440.0).mono())
    assert found.images.shape == (5, LOG_COLUMNS, BANDS)
    assert found.images.dtype == np.float16
    assert len(np.unique(found.images, axis=0)) >= 4
    assert found.shape.shape == (SPECTRAL + MFCC_STATISTICS + TEMPORAL,)
    assert found.pitch == pytest.approx(69.0, abs=0.2)
    assert found.rhythm.shape == (RHYTHM,)
    assert found.window.shape == (WINDOW_DIMS,)
    again, other = one_of(pluck(440.0).mono()), one_of(pluck(440.0).mono(), seed=1)
    assert np.array_equal(again.images, found.images)
    assert np.array_equal(other.images[0], found.images[0]), "the first one is unchanged"
    assert not np.array_equal(other.images[1:], found.images[1:])


def test_silence_before_a_sound_changes_none_of_its_numbers() -> None:
    late = np.pad(pluck(440.0).mono(), (5_000, 0))
    found, wanted = one_of(late), one_of(pluck(440.0).mono())
    assert found.shape == pytest.approx(wanted.shape, abs=0.1)
    assert found.pitch == pytest.approx(wanted.pitch, abs=0.1)


@pytest.mark.parametrize("mono", [silence().mono(), np.zeros(0, np.float32)])
def test_silence_is_nothing_to_learn_from(mono: np.ndarray) -> None:
    assert not list(views_of(mono, "s", "", "", 2, np.random.default_rng(0)))


def test_a_changed_sound_is_still_that_sound() -> None:
    """Its views are nearer to it than to another sound, far more often than not."""
    sounds = [pluck(220.0).mono(), noise(0.5).mono(), tone(90.0, 0.15).mono()]
    numbers = [one_of(s, views=12) for s in sounds]
    own = reduced_images(numbers)
    assert own.shape[0] == 3
    right = [
        np.linalg.norm(own - view, axis=1).argmin() == n
        for n, each in enumerate(numbers)
        for view in np.stack(
            [i.astype("f4").reshape(24, 2, 32, 2).mean(axis=(1, 3)).ravel() for i in each.images]
        )
    ]
    assert np.mean(right) > 0.85


def test_changes_are_many_and_sane() -> None:
    mono = pluck(330.0, 0.3).mono()
    found = [changed(mono, np.random.default_rng(seed)) for seed in range(30)]
    assert all(c.dtype == np.float32 and np.isfinite(c).all() and len(c) > 20 for c in found)
    assert len({c.tobytes() for c in found}) > 25
    lengths = np.array([len(c) for c in found]) / len(mono)
    assert lengths.min() < 0.8
    assert lengths.max() > 1.1
    assert lengths.max() < 5
    assert np.array_equal(found[3], changed(mono, np.random.default_rng(3)))


def test_the_synthesiser_gives_every_kind() -> None:
    found = list(synthesised_views(len(KINDS), seed=4))
    assert [s.detail for s in found] == [f"{SYNTHESISER}:{kind}" for kind in KINDS]
    assert {s.source for s in found} == {SYNTHESISER}
    assert [s.category for s in found] == [KIND_CATEGORIES[kind] for kind in KINDS]
    other = next(synthesised_views(1, seed=5))
    assert not np.array_equal(other.images[0], found[0].images[0])


def test_shapes_are_those_of_the_unchanged_sound() -> None:
    from library.clip import Clip
    from vae.auditory_image import auditory_image, beginning
    from vae.onset import from_onset

    mono = pluck(440.0).mono()
    start = beginning(auditory_image(from_onset(Clip(mono[None], RATE_HZ))))
    assert np.array_equal(one_of(mono).shape, shape_numbers(start))
