"""Tuning: better on the user's own sounds or nothing, the best kept when it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.errors import UserError
from library.progress import drive
from library.wav import write_wav
from tests.audio_cases import noise
from vae import house_tuning
from vae.house_codec import from_bytes, house_codec
from vae.house_tuning import CROP_STEPS, TuneReport, divided, pieces_of, tune
from vae.synth import random_patch, render


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve sounds of one odd kind, 2.5 s each: bells through a comb."""
    out = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(3)
    paths = []
    for i in range(12):
        sound = render(random_patch(rng, "bell")).padded_to(110_000).frames[0]
        combed = sound + 0.9 * np.roll(sound, 331)
        paths.append(out / f"{i}.wav")
        write_wav(Clip((combed / 2).astype(np.float32)[None], 44_100), paths[-1])
    return paths


def test_a_tuned_codec_is_nearer_to_what_it_did_not_hear(
    folder: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_tuning, "SYNTHESISED", 8)
    kept: list[TuneReport] = []
    report = drive(tune(folder, 60.0, threads=1, keep=kept.append, most_steps=14))
    assert report.improved
    assert report.after_db < report.before_db
    assert report.data == kept[-1].data
    assert (report.steps, report.sounds, report.held_out) == (14, 8, 4)
    assert report.seconds >= kept[-1].seconds > 0
    tuned = from_bytes(report.data)
    assert tuned.digest != house_codec().digest
    assert tuned.dims == house_codec().dims
    assert [k.after_db for k in kept]


def test_stopping_keeps_the_best(folder: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house_tuning, "SYNTHESISED", 8)
    kept: list[TuneReport] = []
    job = tune(folder, 60.0, threads=1, keep=kept.append, most_steps=60)
    threads = torch.get_num_threads()
    for step in job:
        if step.stage == "tune":
            break
    for _ in range(60):
        if kept:
            break
        assert "dB" in next(job).note
    job.close()
    assert torch.get_num_threads() == threads
    assert kept
    assert from_bytes(kept[-1].data).dims == house_codec().dims


def test_a_codec_that_got_worse_is_not_kept(
    folder: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_tuning, "SYNTHESISED", 8)
    monkeypatch.setattr(house_tuning, "RATE", 10.0)
    kept: list[TuneReport] = []
    report = drive(tune(folder, 60.0, threads=1, keep=kept.append, most_steps=4))
    assert not report.improved
    assert report.data == b""
    assert report.after_db == report.before_db
    assert (report.steps, kept) == (4, [])
    assert report.seconds > 0


def test_without_time_nothing_is_learned_and_nothing_claimed(
    folder: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_tuning, "SYNTHESISED", 8)
    errors = iter([9.0, 9.0, 1.0, 1.0, 1.0])  # as chance might have it
    monkeypatch.setattr(house_tuning, "error_db", lambda *_: next(errors))
    kept: list[TuneReport] = []
    report = drive(tune(folder, 1e-6, threads=1, keep=kept.append))
    assert (report.steps, report.improved, report.data, kept) == (0, False, b"", [])


def test_no_file_is_in_two_parts(folder: Sequence[Path]) -> None:
    parts = divided([pieces_of(path) for path in folder], np.random.default_rng(0))
    files = [{s.source for s in part} for part in (parts.learned, parts.watched, parts.judged)]
    assert all(files)
    assert sum(len(part) for part in files) == len(set().union(*files)) == 12
    assert (parts.sounds, parts.held_out) == (len(files[0]), len(files[1]) + len(files[2]))


def test_one_long_file_is_divided_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    write_wav(noise(70.0), path)
    pieces = pieces_of(path)
    assert len(pieces) == 12
    parts = divided([pieces], np.random.default_rng(0))
    assert len(parts.learned) == 8
    assert len(parts.watched) == len(parts.judged) == 2
    assert (parts.sounds, parts.held_out) == (8, 4)


@pytest.mark.parametrize("seconds", [0.2, 19.0])
def test_too_little_is_told(tmp_path: Path, seconds: float) -> None:
    for i in range(8):
        write_wav(noise(seconds / 8), tmp_path / f"{i}.wav")
    (tmp_path / "broken.wav").write_bytes(b"?")
    with pytest.raises(UserError, match="too little"):
        drive(tune(sorted(tmp_path.iterdir())))


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), 1e9])
def test_odd_times_are_told(minutes: float) -> None:
    with pytest.raises(UserError, match="minutes"):
        drive(tune([], minutes))


def test_measured_crops_hold_what_is_measured(folder: Sequence[Path]) -> None:
    crops = house_tuning._crops(pieces_of(folder[0]))
    assert crops.shape == (24, 513, 8 * CROP_STEPS)
    net = house_codec().net
    assert house_tuning.error_db(net, crops) == house_tuning.error_db(net, crops)
