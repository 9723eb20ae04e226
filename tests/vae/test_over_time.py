"""Courses over time: attributes follow what is drawn, the rest stays, and nothing is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

from library.clip import Clip
from library.descriptors import describe, loudness_db
from library.errors import UserError
from library.pitch import pitch_of
from library.progress import drive
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from tests.fake_codec import FakeCodec
from tests.vae.conftest import QUICK, Sounds
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.courses import split_at_ends, without_courses
from vae.house_codec import house_codec
from vae.over_time import over_time
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.steering import deviations_of
from vae.trajectory import Drawn

CODEC = house_codec()


def moved(
    clip: Clip,
    settings: Mapping[str, str],
    space: Space | None = None,
    codec: BaseCodec = CODEC,
) -> Clip:
    space = space or house_space()
    plain, courses = without_courses(space, settings)
    assert not plain
    return over_time(clip, space, codec, courses)


def saw(hz: float = 220, duration: float = 1.2) -> Clip:
    t = seconds(duration)
    wave = sum(np.sin(2 * np.pi * hz * n * t) / n for n in range(1, int(15_000 / hz)))
    return audio(0.2 * wave)


def coloured(duration: float = 1.2) -> Clip:
    """Noise with slopes on both sides, fading a little."""
    length = round(duration * 44_100)
    hz = np.fft.rfftfreq(length, 1 / 44_100)
    shape = (hz / (hz + 100)) ** 2 / (1 + (hz / 3_000) ** 2)
    wave = np.fft.irfft(np.fft.rfft(noise(duration, seed=4).mono()) * shape, length)
    return audio(wave * np.exp(-seconds(duration)))


def drum() -> Clip:
    """A hit of noise that rings on over a tone that falls."""
    t = seconds(0.5)
    body = np.sin(2 * np.pi * (150 * t + 5 * (1 - np.exp(-30 * t)))) * np.exp(-9 * t)
    return audio(0.3 * body + 2 * coloured(0.5).mono() * np.exp(-6 * t))


SOUNDS = {"saw": saw(), "noise": coloured(), "drum": drum()}


def courses(clip: Clip, count: int = 10) -> NDArray[np.float64]:
    """Brightness, noisiness and low end of pieces of a clip, in standard deviations."""
    pieces = [np.ascontiguousarray(p) for p in np.array_split(clip.frames, count, axis=1)]
    rows = [asdict(describe(Clip(piece, clip.sample_rate))) for piece in pieces]
    attributes = [ATTRIBUTES[name] for name in STEERED]
    return scaled(attributes, rows) / deviations_of(house_space())


def follows(clip: Clip, made: Clip, name: str, wanted: NDArray[np.float64]) -> tuple[float, float]:
    """Return the rank correlation and the slope of what changed over what was asked."""
    change = (courses(made) - courses(clip))[:, STEERED.index(name)]
    away = wanted - wanted.mean()
    return float(spearmanr(change, wanted)[0]), float(away @ change / (away @ away))


@pytest.mark.parametrize("sound", SOUNDS)
def test_brightness_follows_a_ramp_and_the_others_stay(sound: str) -> None:
    clip = SOUNDS[sound]
    made = moved(clip, {"brightness": "-1:+1"})
    rank, slope = follows(clip, made, "brightness", np.linspace(-0.9, 0.9, 10))
    assert rank > 0.9
    assert 0.5 < slope < 1.3
    change = np.abs(courses(made) - courses(clip))
    assert np.nanmean(change[:, 1:]) < 0.6 * change[:, 0].mean()


@pytest.mark.parametrize(
    ("sound", "name", "last"),
    [("drum", "low_end", -2), ("noise", "low_end", 2), ("drum", "noisiness", -2),
     ("noise", "noisiness", -2)],
)  # fmt: skip
def test_low_end_and_noisiness_follow_a_ramp(sound: str, name: str, last: float) -> None:
    clip = SOUNDS[sound]
    made = moved(clip, {name: f"0:{last}"})
    rank, slope = follows(clip, made, name, np.linspace(0.05, 0.95, 10) * last)
    assert rank > 0.75
    assert slope > 0.3


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_hill_is_highest_in_its_middle(sound: str) -> None:
    clip = SOUNDS[sound]
    change = courses(moved(clip, {"brightness": "0:-1.5:0"})) - courses(clip)
    assert change[4:6, 0].mean() < min(change[0, 0], change[-1, 0]) - 0.5


def test_a_ramp_is_another_sound_than_its_mean_or_its_reverse() -> None:
    clip = SOUNDS["noise"]
    wanted = np.linspace(-0.9, 0.9, 10)
    assert follows(clip, moved(clip, {"brightness": "+1:-1"}), "brightness", wanted)[0] < -0.9
    assert follows(clip, moved(clip, {"brightness": "-1:+1"}), "brightness", wanted)[0] > 0.9


def test_a_course_of_its_own_is_flattened_and_deepened() -> None:
    t = seconds(1.2)
    swept = sum(np.sin(2 * np.pi * 220 * n * t) / n ** (0.5 + t) for n in range(1, 60))
    clip = audio(0.2 * swept)
    own, flat, deep = (
        float(np.std(courses(each)[:, 0]))
        for each in (
            clip,
            moved(clip, {"brightness": "depth0"}),
            moved(clip, {"brightness": "depth1.8"}),
        )
    )
    assert own > 0.4
    assert flat < 0.4 * own
    assert deep > 1.3 * own


def test_several_courses_go_together() -> None:
    clip = SOUNDS["noise"]
    made = moved(clip, {"brightness": "-1:+1", "low_end": "0:-1.5", "loudness": "0dB:-12dB"})
    change = courses(made) - courses(clip)
    wanted = np.linspace(0, 1, 10)
    assert spearmanr(change[:, 0], wanted)[0] > 0.85
    assert spearmanr(change[:, 2], -wanted)[0] > 0.7
    ends = [
        loudness_db(each.frames[:, -4_000:], 44_100) - loudness_db(each.frames[:, :4_000], 44_100)
        for each in (made, clip)
    ]
    assert ends[0] - ends[1] == pytest.approx(-11.4, abs=1.5)


def test_loudness_is_a_gain_even_in_decibels() -> None:
    clip = tone(440, 1.0)
    made = moved(clip, {"loudness": "0dB:-20dB"})
    start, end = (int(part.length) for part in (split_at_ends(clip)[0], clip))
    places = np.array([start + 1_000, (start + end) // 2, end - 1_000])
    for at in places:
        part = slice(at - 500, at + 500)
        ratio = np.linalg.norm(made.frames[0, part]) / np.linalg.norm(clip.frames[0, part])
        asked = -20 * (at - start) / (end - start)
        assert 20 * np.log10(ratio) == pytest.approx(asked, abs=0.15)


def test_the_level_is_flattened_and_deepened() -> None:
    fading = audio(tone(440, 1.0).mono() * 10 ** (-seconds(1.0)))  # 20 dB

    def fall(clip: Clip) -> float:
        first, last = clip.frames[:, 2_000:6_000], clip.frames[:, -6_000:-2_000]
        return 20 * float(np.log10(np.linalg.norm(first) / np.linalg.norm(last)))

    own = fall(fading)
    for depth in (0, 0.5, 1.4):
        made = moved(fading, {"loudness": f"depth{depth}"})
        assert fall(made) == pytest.approx(depth * own, abs=0.5)
        assert describe(made).loudness == pytest.approx(describe(fading).loudness, abs=0.7)


def test_pitch_begins_and_ends_where_it_is_asked() -> None:
    clip = saw(220, 2.0)
    made = moved(clip, {"pitch": "0st:-12st"}).mono()
    ends = [pitch_of(part, 44_100) for part in (made[:4_000], made[-4_000:])]
    assert ends == pytest.approx([57, 45], abs=0.5)


def test_a_glide_is_flattened() -> None:
    t = seconds(1.5)
    phase = np.cumsum(220 * 2 ** (3 * np.sin(2 * np.pi * t) / 12)) / 44_100
    clip = audio(0.2 * sum(np.sin(2 * np.pi * phase * n) / n for n in range(1, 20)))

    def wander(sound: Clip) -> float:
        cut = [sound.mono()[at : at + 4_000] for at in range(2_000, sound.length - 6_000, 4_000)]
        notes = [pitch_of(piece, 44_100) for piece in cut]
        return float(np.std([note for note in notes if note is not None]))

    assert wander(clip) > 1.5
    assert wander(moved(clip, {"pitch": "depth0"})) < 0.35 * wander(clip)


def test_noise_has_no_pitch_to_flatten() -> None:
    with pytest.raises(UserError, match="no clear pitch of its own over time: draw one"):
        moved(noise(0.5), {"pitch": "depth0"})


def test_no_course_is_the_sound_itself() -> None:
    clip = SOUNDS["drum"]
    assert over_time(clip, house_space(), CODEC, {}) is clip


@pytest.mark.parametrize("name", ["brightness", "noisiness", "low_end"])
def test_where_nothing_is_asked_next_to_nothing_changes(name: str) -> None:
    clip = SOUNDS["noise"]
    _, found = without_courses(house_space(), {name: "0:0:0:-2"})
    assert isinstance(found[name], Drawn)
    made = moved(clip, {name: "0:0:0:-2"})
    first = slice(2_000, clip.length // 2)
    away = made.frames[:, first] - clip.frames[:, first]
    assert np.square(away).mean() < 1e-3 * np.square(clip.frames[:, first]).mean()


@pytest.mark.parametrize("depth", ["depth0.999999", "depth1.000001"])
def test_next_to_no_depth_is_next_to_no_change(depth: str) -> None:
    clip = SOUNDS["drum"]
    made = moved(clip, {"brightness": depth, "loudness": depth})
    assert np.abs(made.frames - clip.frames).max() < 1e-3


def test_an_attack_stays_sharp() -> None:
    clip = audio(np.pad(SOUNDS["drum"].frames, ((0, 0), (3_000, 0))))
    made = moved(clip, {"brightness": "-1:+1"})
    lead = split_at_ends(clip)[0].length
    assert np.array_equal(made.frames[:, :lead], clip.frames[:, :lead])
    first = slice(lead, lead + 441)
    change = np.linalg.norm(made.frames[:, first]) / np.linalg.norm(clip.frames[:, first])
    assert abs(20 * np.log10(change)) < 2


def test_the_same_twice_is_the_same() -> None:
    clip = SOUNDS["drum"]
    made = [moved(clip, {"brightness": "-1:+1"}).frames for _ in range(2)]
    assert np.array_equal(made[0], made[1])


ODD = {
    "stereo": audio(np.stack([noise(0.3).mono(), 0.1 * noise(0.3, seed=1).mono()])),
    "odd length": audio(noise(0.3).mono()[:-3]),
    "low rate": Clip(noise(0.1).frames, 8_000),
    "very low rate": Clip(noise(0.02).frames, 900),
    "high rate": noise(0.3).at_rate(96_000),
    "silence": silence(0.1),
    "nothing": audio(np.zeros((2, 0))),
    "one frame": audio([0.5]),
    "two frames": audio([0.5, -0.5]),
    "click": click(0.1),
    "tone": tone(440, 0.3),
    "pluck": pluck(220, 0.3),
    "faint": audio(noise(0.2).frames * 1e-9),
    "loud": audio(noise(0.2).frames * 1e9),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "settings",
    [
        {"brightness": "-1:+2"},
        {"noisiness": "depth2", "low_end": "0@0.01s,2@0.2s"},
        {"loudness": "depth0.5"},
        {"loudness": "0dB:-12dB:3dB"},
    ],
)
def test_any_sound_goes(name: str, settings: Mapping[str, str]) -> None:
    clip = ODD[name]
    made = moved(clip, settings)
    assert made.frames.shape == clip.frames.shape
    assert made.sample_rate == clip.sample_rate
    assert np.isfinite(made.frames).all()


@pytest.mark.parametrize("name", ODD)
def test_any_sound_can_be_played_at_changing_speed(name: str) -> None:
    clip = ODD[name]
    made = moved(clip, {"pitch": "0st:-12st"})
    assert (made.channels, made.sample_rate) == (clip.channels, clip.sample_rate)
    # Half as fast at the end: the mean of one over the speed is 1 / ln 2.
    assert made.length <= 2 * clip.length + 1
    assert made.length >= clip.length
    assert np.isfinite(made.frames).all()


@pytest.mark.parametrize("duration", [0.02, 0.1, 0.3, 1.2])
def test_a_codec_of_few_columns(
    synthesised: Sounds, fake_codec: FakeCodec, duration: float
) -> None:
    names = ("brightness", "noisiness")
    latents = [fake_codec.encode(each) for each in synthesised.clips[:40]]
    job = train_space(latents, synthesised.described[:40], fake_codec, names, QUICK)
    space = from_bytes(drive(job)[0])
    clip = Clip(SOUNDS["noise"].frames[:, : round(duration * 44_100)], 44_100)
    made = moved(clip, {"brightness": "-2:0", "noisiness": "0:-1:0"}, space, fake_codec)
    assert made.length == clip.length
    assert np.isfinite(made.frames).all()
    if duration > 1:
        change = (courses(made) - courses(clip))[:, 0]
        assert spearmanr(change, np.arange(10))[0] > 0.8
