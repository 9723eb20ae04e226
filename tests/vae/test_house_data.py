"""Training sounds: only what may be learned from, cut and changed in plausible ways."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from library.wav import write_wav
from tests.audio_cases import RATE_HZ, noise, pluck, tone
from vae.house_codec import LEVEL_UNIT_DB
from vae.house_data import (
    SYNTHESISER,
    Crops,
    Sound,
    ahead,
    real_sounds,
    sound_of,
    synthesised,
)
from vae.house_model import FLOOR_DB
from vae.spectrum import BINS


def a_folder(folder: Path) -> Path:
    rows = [
        ("free.wav", "one", "CC0-1.0"),
        ("named.wav", "one", "CC-BY-3.0"),
        ("share.wav", "two", "CC-BY-SA-4.0"),
        ("held.wav", "three", "CC0-1.0"),
        ("broken.wav", "one", "CC0-1.0"),
    ]
    for name, _, _ in rows:
        write_wav(pluck(220.0, 0.2), folder / name)
    (folder / "broken.wav").write_bytes(b"no sound")
    (folder / "unlisted.wav").write_bytes((folder / "free.wav").read_bytes())
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([("path", "source", "licence"), *rows])
    return folder


def test_only_free_licences_are_learned_from(tmp_path: Path) -> None:
    found = list(real_sounds(a_folder(tmp_path), frozenset({"three"})))
    assert [sound.source for sound in found] == ["one", "one"]
    assert len(list(real_sounds(tmp_path))) == 3


def test_a_folder_without_a_manifest_is_taken_whole(tmp_path: Path) -> None:
    (a_folder(tmp_path) / "manifest.csv").unlink()
    assert len(list(real_sounds(tmp_path))) == 5


def test_silence_is_no_sound_and_quiet_sounds_keep_their_resolution() -> None:
    assert not list(sound_of("x", np.zeros(100, np.float32)))
    (quiet,) = sound_of("x", tone(440, 0.1).mono() * 1e-4)
    assert np.abs(quiet.frames).max() == 32767


def test_the_synthesiser_does_not_repeat_itself() -> None:
    made = list(islice(synthesised(np.random.default_rng(1)), 4))
    assert {sound.source for sound in made} == {SYNTHESISER}
    assert len({sound.frames.tobytes() for sound in made}) == 4


def some_sounds() -> list[Sound]:
    clips = [pluck(330.0, 0.6), noise(2.0), tone(110.0, 0.05)]
    real = [sound for clip in clips for sound in sound_of("real", clip.mono())]
    return [*real, *islice(synthesised(np.random.default_rng(2)), 3)]


def test_crops_are_repeatable_spectra_in_range() -> None:
    batches = [Crops(some_sounds(), 6, seed, endless=True).batch(5) for seed in (1, 1, 2)]
    assert batches[0].shape == (5, BINS, 48)
    assert torch.equal(batches[0], batches[1])
    assert not torch.equal(batches[0], batches[2])
    assert batches[0].min() >= -1e-3
    assert batches[0].max() <= FLOOR_DB / LEVEL_UNIT_DB + 1e-3


def test_an_unspread_crop_is_the_sound_itself() -> None:
    (sound,) = sound_of("real", tone(1_000.0, 3.0).mono())
    crops = Crops([sound], 6, 0, spread=0.0).batch(4)
    assert torch.allclose(crops.amax(dim=(1, 2)), torch.tensor(FLOOR_DB / LEVEL_UNIT_DB), atol=1e-3)
    assert (crops[..., 20].argmax(dim=1) == round(1_000 * 1024 / RATE_HZ)).all()


def test_batches_ahead_are_those_of_the_crops() -> None:
    batches = ahead(Crops(some_sounds(), 6, 3), 2)
    plain = Crops(some_sounds(), 6, 3)
    for batch in islice(batches, 3):
        assert torch.equal(batch.level, plain.batch(2))
        assert batch.wanted.shape == batch.level.shape
    batches.close()
