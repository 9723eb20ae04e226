"""Variations: attributes move as asked, loudness exactly, and nothing else by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from library.clip import Clip
from library.descriptors import Descriptors, describe
from library.errors import ModelError, UserError
from library.progress import drive
from tests.audio_cases import click, noise, seconds, tone
from tests.audio_cases import clip as audio
from tests.fake_codec import FakeCodec
from tests.vae.conftest import QUICK, Sounds
from vae.attributes import ATTRIBUTES
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.synth import random_patch, render
from vae.vary import free_shift, settings_shift, vary

CODEC = house_codec()
BROAD = ("snare", "noise", "hat", "open_hat", "cymbal", "stab", "string", "pad")


def moved(clip: Clip, settings: Mapping[str, str], space: Space | None = None) -> Clip:
    space = space or house_space()
    return vary(clip, CODEC.encode(clip), space, CODEC, settings_shift(space, settings))


def beginning(clip: Clip) -> Clip:
    """What is enough of a sound to be moved, and soon done."""
    return Clip(clip.frames[:, : clip.sample_rate // 2], clip.sample_rate)


def saw(hz: float, cut_hz: float) -> Clip:
    """A band-limited saw whose harmonics fall faster above a frequency."""
    t = seconds(0.6)
    wave = np.zeros(len(t))
    for n in range(1, int(18_000 / hz)):
        wave += np.sin(2 * np.pi * hz * n * t) / n / (1 + (hz * n / cut_hz) ** 2)
    return audio(0.3 * wave * np.exp(-4 * t))


def filtered_noise(cut_hz: float) -> Clip:
    spectrum = np.fft.rfft(noise(0.5, seed=4).mono())
    hz = np.fft.rfftfreq(22_050, 1 / 44_100)
    wave = np.fft.irfft(spectrum / (1 + (hz / cut_hz) ** 2), 22_050)
    return audio(wave * np.exp(-6 * seconds(0.5)))


@pytest.mark.parametrize(
    "clip",
    [saw(220, 1_500), saw(330, 3_000), saw(440, 3_000),
     filtered_noise(2_000), filtered_noise(6_000)],
    ids=["saw 220", "saw 330", "saw 440", "dull noise", "bright noise"],
)  # fmt: skip
def test_brightness_goes_up_and_down_while_loudness_stays(clip: Clip) -> None:
    plain = describe(clip)
    up, down = (describe(moved(clip, {"brightness": by})) for by in ("+1", "-1"))
    assert plain.brightness is not None
    assert up.brightness is not None
    assert down.brightness is not None
    assert up.brightness > 1.1 * plain.brightness
    assert down.brightness < 0.9 * plain.brightness
    for changed in (up, down):
        assert changed.loudness == pytest.approx(plain.loudness, abs=0.01)


def test_brightness_moves_most_broad_sounds_the_right_way() -> None:
    rng = np.random.default_rng(7)
    right = []
    for kind in BROAD * 2:
        clip = beginning(render(random_patch(rng, kind)))
        plain = describe(clip).brightness
        up, down = (describe(moved(clip, {"brightness": by})).brightness for by in ("+1", "-1"))
        assert plain is not None
        assert up is not None
        assert down is not None
        right += [up > plain, down < plain, up > down]
    assert np.mean(right) > 0.8


@pytest.mark.parametrize("name", ["noisiness", "attack", "low_end"])
def test_other_attributes_move_most_sounds_the_right_way(name: str) -> None:
    rng = np.random.default_rng(8)
    right = []
    for kind in ("snare", "lead", "stab", "string", "pad", "tom", "voice", "impact") * 2:
        clip = beginning(render(random_patch(rng, kind)))

        def value(found: Descriptors) -> float:
            return float(getattr(found, name) or 0.0)

        up, down = (value(describe(moved(clip, {name: by}))) for by in ("+1.5", "-1.5"))
        right.append(up > down)
    assert np.mean(right) > 0.7


@pytest.mark.parametrize("gain_db", [-6.0, -20.0, 4.5])
def test_loudness_is_a_gain_and_nothing_else(synthesised: Sounds, gain_db: float) -> None:
    for clip in synthesised.clips[:6]:
        louder = moved(clip, {"loudness": f"{gain_db:+}dB"})
        assert np.allclose(louder.frames, clip.frames * 10 ** (gain_db / 20), rtol=1e-4)
        change = describe(louder).loudness - describe(clip).loudness
        assert change == pytest.approx(gain_db, abs=1e-3)


def test_decibels_and_semitones_do_not_depend_on_the_space(small_space: Space) -> None:
    narrow = replace(small_space, deviation=np.full(6, 0.5, np.float32))
    clip = saw(220, 2_000)
    quiet = moved(clip, {"loudness": "-12dB"}, narrow)
    assert np.allclose(quiet.frames, clip.frames * 10 ** (-12 / 20), rtol=1e-4)
    assert moved(clip, {"pitch": "+12st"}, narrow).length == pytest.approx(clip.length / 2, abs=2)


def test_loudness_goes_with_another_attribute() -> None:
    clip = filtered_noise(4_000)
    both = describe(moved(clip, {"brightness": "+1", "loudness": "-6dB"}))
    assert both.loudness == pytest.approx(describe(clip).loudness - 6, abs=0.01)


@pytest.mark.parametrize(("step", "semitones"), [("+12st", 12), ("-7st", -7), ("x1", None)])
def test_pitch_is_the_speed_of_a_sampler(step: str, semitones: int | None) -> None:
    clip = tone(330, 0.5)
    if semitones is None:
        with pytest.raises(UserError, match="pitch=x1 is not a step"):
            moved(clip, {"pitch": step})
        return
    played = moved(clip, {"pitch": step})
    assert played.length == pytest.approx(clip.length * 2 ** (-semitones / 12), abs=2)
    before, after = describe(clip), describe(played)
    assert before.pitch is not None
    assert after.pitch == pytest.approx(before.pitch + semitones, abs=0.1)
    assert after.loudness == pytest.approx(before.loudness, abs=0.2)


def test_the_shortest_sound_can_be_played_at_any_speed() -> None:
    for step in ("+24st", "-24st"):
        for length in (1, 3):
            played = moved(audio(np.full(length, 0.5)), {"pitch": step})
            assert played.length >= 1
            assert np.isfinite(played.frames).all()


def test_settings_are_standard_deviations_of_the_space(small_space: Space) -> None:
    shift = settings_shift(small_space, {"brightness": "-2", "loudness": "+3dB"})
    assert shift.dtype == np.float32
    assert shift[0] == -2
    assert shift[1] == pytest.approx(3 / small_space.deviation[1])
    assert not shift[2:].any()
    assert not settings_shift(small_space, {}).any()


def test_what_cannot_be_set_is_told(small_space: Space) -> None:
    with pytest.raises(ModelError, match="no attribute 'warmth'"):
        settings_shift(small_space, {"warmth": "+1"})
    with pytest.raises(UserError, match="brightness=up is not a step"):
        settings_shift(small_space, {"brightness": "up"})
    with pytest.raises(UserError, match=r"brightness=-7 .*-7\.0 standard deviations"):
        settings_shift(small_space, {"brightness": "-7"})


def test_an_attribute_that_was_not_learned_cannot_be_set(
    synthesised: Sounds, fake_codec: FakeCodec
) -> None:
    described = [{**row, "decay": 1.0} for row in synthesised.described[:40]]
    latents = [fake_codec.encode(clip) for clip in synthesised.clips[:40]]
    names = ("brightness", "decay")
    space = from_bytes(drive(train_space(latents, described, fake_codec, names, QUICK))[0])
    with pytest.raises(UserError, match="decay"):
        settings_shift(space, {"decay": "+1"})


def test_chance_is_seeded_and_leaves_pitch_loudness_and_decay(small_space: Space) -> None:
    first, again, other = (
        free_shift(small_space, 1.0, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    kept = [small_space.position(name) for name in ("pitch", "loudness", "decay")]
    assert not first[kept].any()
    many = np.stack([free_shift(small_space, 0.5, np.random.default_rng(i)) for i in range(300)])
    unnamed = range(len(small_space.attributes), small_space.free_from)
    assert len(unnamed) == 1, "low end, of the house space"
    assert not many[:, unnamed].any()
    attack = small_space.position("attack")
    octaves = many[:, attack] * float(small_space.deviation[attack])
    assert octaves.std() <= 0.3, "half an octave for a standard deviation"
    assert octaves.std() > 0.05
    free = np.delete(many, [*kept, *unnamed, attack], axis=1)
    assert free.std(axis=0) == pytest.approx(np.full(free.shape[1], 0.5), abs=0.1)


@pytest.mark.parametrize(("step", "factor"), [("x2", 2.0), ("x0.5", 0.5)])
@pytest.mark.parametrize("word", ["length", "decay"])
def test_length_and_decay_are_set_as_factors(word: str, step: str, factor: float) -> None:
    for clip in (saw(220, 2_000), filtered_noise(3_000), tone(440, 0.4)):
        made = moved(clip, {word: step})
        before, after = describe(clip), describe(made)
        assert before.decay is not None
        assert after.decay == pytest.approx(factor * before.decay, rel=0.1)
        assert (made.length > clip.length) == (factor > 1)
        assert made.length != clip.length
        assert after.loudness == pytest.approx(before.loudness, abs=0.05)
        if before.pitch is not None:
            assert after.pitch == pytest.approx(before.pitch, abs=0.2)


def test_length_is_another_word_for_decay() -> None:
    clip = filtered_noise(3_000)
    made = [moved(clip, {word: "x1.5"}).frames for word in ("length", "decay")]
    assert np.array_equal(made[0], made[1])
    space = house_space()
    shift = settings_shift(space, {"length": "x2"})
    assert np.flatnonzero(shift).tolist() == [space.position("decay")]


def test_a_variation_is_as_long_as_the_sound() -> None:
    clip = saw(220, 2_000)
    space = house_space()
    for seed in range(3):
        shift = free_shift(space, 1.5, np.random.default_rng(seed))
        assert shift[space.position("decay")] == 0
        made = vary(clip, CODEC.encode(clip), space, CODEC, shift)
        assert made.length == clip.length


@pytest.mark.parametrize("seed", range(5))
def test_chance_turns_no_hit_into_a_swell(seed: int) -> None:
    space = house_space()
    clip = audio(3 * noise(0.15, seed=4).mono() * np.exp(-45 * seconds(0.15)))
    shift = free_shift(space, 1.5, np.random.default_rng(seed))
    made = vary(clip, CODEC.encode(clip), space, CODEC, shift)
    level = np.abs(made.frames[0])
    assert level[: made.length // 3].max() == level.max()
    assert level[-300:].max() < 0.02 * level.max()
    attack = describe(made).attack
    assert attack is not None
    assert attack < 15


def test_what_comes_before_the_sound_stays_before_it() -> None:
    clip = filtered_noise(3_000)
    late = audio(np.pad(clip.frames, ((0, 0), (5_000, 0))))
    for settings in ({"decay": "x2"}, {"decay": "x0.5"}, {"attack": "+1"}, {"brightness": "-1"}):
        made = vary(
            late, CODEC.encode(clip), house_space(), CODEC, settings_shift(house_space(), settings)
        )
        assert not made.frames[:, :4_900].any()
        plain = describe(moved(clip, settings))
        assert describe(made).decay == pytest.approx(plain.decay, rel=0.1)
        assert describe(made).brightness == pytest.approx(plain.brightness, rel=0.1)


@pytest.mark.parametrize("name", ["attack", "decay"])
def test_envelopes_go_from_low_to_high(name: str) -> None:
    scale, space = ATTRIBUTES[name], house_space()
    deviation = float(space.deviation[space.position(name)])
    for clip in (filtered_noise(3_000), tone(440, 0.4)):
        values = [
            scale.to_scale(getattr(describe(moved(clip, {name: f"{step:+}"})), name)) / deviation
            for step in (-1, -0.5, 0.5, 1, 2)
        ]
        assert np.diff(values).min() > -0.1
        plain = scale.to_scale(getattr(describe(clip), name)) / deviation
        assert values[3] - plain == pytest.approx(1.0, abs=0.25)


def test_a_variation_is_another_sound_as_loud_as_the_first(
    small_space: Space, synthesised: Sounds
) -> None:
    for i in (0, 1, 5, 9):
        clip, latents = synthesised.clips[i], synthesised.latents[i]
        shifts = [free_shift(small_space, 1.0, np.random.default_rng(seed)) for seed in (1, 1, 2)]
        made = [vary(clip, latents, small_space, CODEC, shift) for shift in shifts]
        assert np.array_equal(made[0].frames, made[1].frames)
        assert not np.array_equal(made[0].frames, made[2].frames)
        for each in made:
            assert each.frames.shape == clip.frames.shape
            assert np.isfinite(each.frames).all()
            assert describe(each).loudness == pytest.approx(describe(clip).loudness, abs=0.01)
            lost = np.square(each.frames - clip.frames).sum() / np.square(clip.frames).sum()
            assert lost > 1e-3


def test_no_shift_is_the_sound_itself(small_space: Space) -> None:
    t = seconds(0.3, 48_000)
    clip = audio(np.stack([np.sin(900 * t), 0.2 * np.sin(1_300 * t)]), 48_000)
    still = np.zeros(small_space.dims, np.float32)
    same = vary(clip, CODEC.encode(clip), small_space, CODEC, still)
    assert np.array_equal(same.frames, clip.frames)
    shift = settings_shift(small_space, {"brightness": "+1"})
    brighter = vary(clip, CODEC.encode(clip), small_space, CODEC, shift)
    assert brighter.frames.shape == clip.frames.shape
    assert brighter.sample_rate == 48_000


ODD = {
    "silence": audio(np.zeros(2_000)),
    "one frame": audio([0.5]),
    "click": audio(np.linspace(1, -1, 20)),
    "single frame in silence": click(0.2),
    "constant": audio(np.full(3_000, 0.3)),
    "low rate": Clip(noise(0.1).frames, 8_000),
    "high rate": tone(300, 0.1, 96_000),
    "very low rate": Clip(noise(0.01).frames, 1_000),
    "six channels": noise(0.1, channels=6),
}

FAR = [
    ("brightness", "+6"), ("brightness", "-6"), ("noisiness", "+6"),
    ("attack", "-6"), ("decay", "-6"), ("low_end", "-6"),
]  # fmt: skip


def test_a_sound_can_become_very_much_longer() -> None:
    low = ODD["low rate"]
    shift = settings_shift(house_space(), {"decay": "+6"})
    made = vary(low, CODEC.encode(from_onset(low)), house_space(), CODEC, shift)
    assert made.length > 20 * low.length
    assert np.isfinite(made.frames).all()
    assert describe(made).loudness == pytest.approx(describe(low).loudness, abs=0.5)


@pytest.mark.parametrize("name", ODD)
def test_odd_sounds_can_be_varied(small_space: Space, name: str) -> None:
    odd = ODD[name]
    latents = CODEC.encode(from_onset(odd))
    made = vary(
        odd, latents, small_space, CODEC, free_shift(small_space, 2.0, np.random.default_rng(0))
    )
    assert made.length == odd.length
    assert np.isfinite(made.frames).all()
    for attribute, step in FAR:
        shift = settings_shift(house_space(), {attribute: step})
        made = vary(odd, latents, house_space(), CODEC, shift)
        assert made.length > 0
        assert np.isfinite(made.frames).all()
        assert describe(made).loudness == pytest.approx(describe(odd).loudness, abs=0.5)
