"""Resynthesis: no move is no change, and a move changes what the decoder says it does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.descriptors import describe
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from tests.fake_codec import BANDS, FakeCodec
from vae.codec import BaseCodec
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.resynthesis import MOST_DB, changed, filtered, resynthesise
from vae.spectrum import BINS


@pytest.fixture(params=["house", "fake"])
def codec(request: pytest.FixtureRequest, fake_codec: FakeCodec) -> BaseCodec:
    return house_codec() if request.param == "house" else fake_codec


def stereo(rate: int = 48_000) -> Clip:
    t = seconds(0.5, rate)
    hiss = np.random.default_rng(1).normal(0, 0.05, len(t))
    return audio(np.stack([0.4 * np.sin(2 * np.pi * 220 * t), hiss]), rate)


CLIPS = {
    "pluck": pluck(220, 0.5),
    "noise": noise(0.4),
    "stereo": stereo(),
    "low rate": tone(300, 0.5, 8_000),
    "high rate": tone(300, 0.1, 96_000),
    "one frame": audio([0.5]),
    "click": click(0.1),
    "silence": silence(0.1),
    "nothing": audio(np.zeros((1, 0))),
}


def turned_up(latents: Latents, by: float) -> Latents:
    values = latents.values.copy()
    values[:, 0] += by
    return Latents(values)


@pytest.mark.parametrize("name", CLIPS)
def test_unmoved_latents_change_nothing(codec: BaseCodec, name: str) -> None:
    clip = CLIPS[name]
    latents = codec.encode(clip)
    same = resynthesise(clip, codec, latents, Latents(latents.values.copy()))
    assert np.array_equal(same.frames, clip.frames)


@pytest.mark.parametrize("name", [name for name in CLIPS if name not in {"nothing", "silence"}])
def test_a_faint_move_is_a_faint_change(codec: BaseCodec, name: str) -> None:
    clip = CLIPS[name]
    latents = codec.encode(clip)
    moved = resynthesise(clip, codec, latents, turned_up(latents, 1e-4))
    assert moved.frames.shape == clip.frames.shape
    # A move that is next to none also shows that taking apart and joining loses nothing.
    assert np.abs(moved.frames - clip.frames).max() < 2e-3 * np.abs(clip.frames).max()


@pytest.mark.parametrize("name", CLIPS)
def test_rate_length_channels_and_sense_are_kept(codec: BaseCodec, name: str) -> None:
    clip = CLIPS[name]
    latents = codec.encode(clip)
    rng = np.random.default_rng(0)
    values = latents.values + rng.normal(0, 0.7, latents.values.shape).astype(np.float32)
    moved = resynthesise(clip, codec, latents, Latents(values))
    assert moved.frames.shape == clip.frames.shape
    assert moved.sample_rate == clip.sample_rate
    assert moved.frames.dtype == np.float32
    assert np.isfinite(moved.frames).all()
    peak = np.abs(clip.frames).max(initial=0.0)
    assert np.abs(moved.frames).max(initial=0.0) <= peak * 10 ** (MOST_DB / 20)


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
def test_more_level_is_louder_by_that_much(codec: BaseCodec, gain_db: float) -> None:
    for clip in (CLIPS["pluck"], CLIPS["noise"], CLIPS["stereo"]):
        latents = codec.encode(clip)
        moved = resynthesise(clip, codec, latents, turned_up(latents, gain_db / 20))
        change = describe(moved).loudness - describe(clip).loudness
        assert change == pytest.approx(gain_db, abs=0.8)


def test_channels_stay_as_different_as_they_were(codec: BaseCodec) -> None:
    clip = CLIPS["stereo"]
    latents = codec.encode(clip)
    moved = resynthesise(clip, codec, latents, turned_up(latents, -0.3))
    assert describe(moved).width == pytest.approx(describe(clip).width, abs=0.02)
    left, right = moved.frames
    assert np.corrcoef(left, clip.frames[0])[0, 1] > 0.99
    assert np.corrcoef(right, clip.frames[1])[0, 1] > 0.95
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.1


def test_a_band_that_is_raised_is_raised(fake_codec: FakeCodec) -> None:
    clip = noise(0.5)
    latents = fake_codec.encode(clip)
    bands = latents.values[:, 1:] @ fake_codec._rotation.T
    bands[:, 8] += 0.5  # 10 dB
    moved_values = np.concatenate([latents.values[:, :1], bands @ fake_codec._rotation], axis=1)
    moved = resynthesise(clip, fake_codec, latents, Latents(moved_values.astype(np.float32)))
    change = 20 * np.log10(
        fake_codec.band_levels(moved).mean(axis=1) / fake_codec.band_levels(clip).mean(axis=1)
    )
    assert change[8] == pytest.approx(10, abs=1.5)
    far = [band for band in range(BANDS) if abs(band - 8) > 1]
    assert np.abs(change[far]).max() < 1.0


def test_hiss_in_a_room_is_not_raised_when_its_rumble_is_lowered() -> None:
    t = seconds(1.0)
    room = 0.1 * np.sin(2 * np.pi * 60 * t) + 2.2e-2 * noise(1.0).mono()
    clip = audio(room + np.sin(2 * np.pi * 440 * t) * (t >= 0.5))
    codec = house_codec()
    change = torch.full((BINS, 1), 30.0)
    change[:5] = -30.0
    made = changed(clip, codec, change)
    early = slice(0, round(0.4 * clip.sample_rate))

    def hiss(sound: Clip) -> float:
        return float(np.square(np.diff(sound.frames[0, early], 4)).mean())

    assert hiss(made) < 30 * hiss(clip)


def test_a_change_halfway_comes_halfway(codec: BaseCodec) -> None:
    clip = noise(1.0)
    latents = codec.encode(clip)
    values = latents.values.copy()
    values[:, 1:] = codec.silence_after(latents)[1:]
    values[: latents.steps // 2] = latents.values[: latents.steps // 2]
    moved = resynthesise(clip, codec, latents, Latents(values))

    def level(part: slice) -> float:
        return float(np.std(moved.frames[0, part]) / np.std(clip.frames[0, part]))

    assert level(slice(2_000, 16_000)) == pytest.approx(1.0, abs=0.15)
    assert level(slice(30_000, 42_000)) < 0.1


def test_a_long_sound_is_changed_in_pieces_as_a_short_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clip = noise(0.5)
    change = torch.linspace(-6, 6, BINS)[:, None].expand(-1, 200)
    whole = filtered(clip, change, 44_100, 128)
    monkeypatch.setattr("vae.long_spectra.BLOCK", 23)
    pieced = filtered(clip, change, 44_100, 128)
    assert np.allclose(whole.frames, pieced.frames, atol=1e-5)
    assert not np.allclose(whole.frames, clip.frames, atol=1e-2)
