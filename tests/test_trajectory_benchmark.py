"""The benchmark of trajectories: its measures are right where the answer is known."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import trajectories
from benchmarks.trajectories import courses_of, deviations, judged, played_at, windows_of
from library.clip import Clip
from library.wav import write_wav
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, pluck, seconds, tone
from vae.courses import COURSED
from vae.space_file import house_space

SPACE = house_space()


def test_what_follows_has_rank_and_slope_1_and_no_leak() -> None:
    asked = np.linspace(-1, 2, 10)
    change = np.zeros((10, 5))
    change[:, 2] = asked
    assert judged(change, asked, 2) == pytest.approx((1, 1, 0))
    change[:, 0] = 0.5 * np.abs(asked)
    rank, slope, leak = judged(0.5 * change, asked, 2) or (0, 0, 0)
    assert (rank, slope) == pytest.approx((1, 0.5))
    assert leak == pytest.approx(0.125)


def test_what_stays_or_cannot_be_measured_is_no_success() -> None:
    asked = np.linspace(-1, 2, 10)
    assert (judged(np.zeros((10, 5)), asked, 0) or (1, 1))[:2] == (0, 0)
    unknown = np.full((10, 5), np.nan)
    unknown[:3] = 0
    assert judged(unknown, asked, 0) is None


def test_places_are_heard_when_a_sampler_plays_them() -> None:
    places = np.array([[0.0, 0.5], [0.5, 1.0]])
    down = played_at(places, lambda at: np.full_like(at, -12.0))
    assert down == pytest.approx(2 * places)
    glide = played_at(places, lambda at: -12 * at)
    assert glide[1, 1] == pytest.approx(1 / np.log(2), abs=1e-4)


def test_windows_that_are_quiet_do_not_count() -> None:
    t = seconds(0.5)
    clip = audio(np.concatenate([tone(440, 0.5).mono(), 1e-4 * np.sin(2 * np.pi * 440 * t)]))
    found = courses_of(clip, windows_of(clip, "brightness"), SPACE)
    heard = ~np.isnan(found[:, 0])
    assert heard[:4].all()
    assert not heard[-4:].any()
    loudness = COURSED.index("loudness")
    louder = courses_of(Clip(clip.frames * 2, 44_100), windows_of(clip, "brightness"), SPACE)
    change = (louder - found)[heard, loudness] * deviations(SPACE)[loudness]
    assert change == pytest.approx(np.full(heard.sum(), 6.02), abs=0.01)


def test_it_runs_on_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for i, clip in enumerate((pluck(220, 0.4), Clip(0.5 * noise(0.3, seed=1).frames, 44_100))):
        write_wav(clip, tmp_path / f"{i}.wav")
        rows.append([f"{i}.wav", "synth", "somebody", f"family {i}", ""])
    with (tmp_path / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["path", "label", "source", "family", "detail"], *rows])
    monkeypatch.setattr(trajectories, "SHAPES", {"ramp": dict.fromkeys(COURSED, "-1:+1")})
    monkeypatch.setattr(trajectories, "DEPTHS", (0.0,))
    monkeypatch.setattr(sys, "argv", ["trajectories", "--sounds", str(tmp_path), "--test", "2"])
    trajectories.main()
    lines = capsys.readouterr().out.splitlines()
    ours = [line.split() for line in lines if line.startswith("ours")]
    assert [line[2] for line in ours] == list(COURSED)
    loudness = next(line for line in ours if line[2] == "loudness")
    assert float(loudness[3]) > 0.9
    assert "depth    attribute" in "\n".join(lines)
