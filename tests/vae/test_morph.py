"""Morphs: the ends are the originals, and what lies between them lies between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.clip import Clip
from library.decode import read
from library.descriptors import describe
from library.wav import write_wav
from tests.audio_cases import click, noise, pluck, seconds, silence, tone
from tests.audio_cases import clip as audio
from vae.attributes import ATTRIBUTES
from vae.matching import matched
from vae.morph import Morph, path_weights
from vae.morph_parent import played, speed_to
from vae.synth import random_patch, render

PAIRS = (("kick", "bell"), ("snare", "pad"), ("hat", "bass"), ("voice", "noise"))


def sounds(first: str, second: str, seed: int = 3) -> tuple[Clip, Clip]:
    rng = np.random.default_rng(seed)
    return render(random_patch(rng, first)), render(random_patch(rng, second))


def ratio_db(wanted: Clip, found: Clip) -> float:
    """The level of a clip over that of what another has different."""
    assert wanted.frames.shape == found.frames.shape
    lost = np.square(wanted.frames - found.frames, dtype=np.float64).sum()
    return float(10 * np.log10(np.square(wanted.frames, dtype=np.float64).sum() / max(lost, 1e-30)))


def stereo(rate: int) -> Clip:
    left, right = tone(300, 0.4, rate).frames[0], tone(455, 0.4, rate).frames[0]
    return audio(np.stack([left, 0.5 * right]), rate)


def test_the_ends_are_the_originals_bit_by_bit() -> None:
    first, second = sounds("snare", "pad")
    morph = Morph([first, second])
    assert np.array_equal(morph.mix((1.0, 0.0)).frames, first.frames)
    assert np.array_equal(morph.mix((0.0, 1.0)).frames, second.frames)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (tone(220, 0.3, 22_050), stereo(48_000)),
        (stereo(22_050), tone(220, 0.3, 48_000)),
        (pluck(200, 0.3), stereo(44_100)),
    ],
    ids=["rising rate", "falling rate", "same rate"],
)
def test_the_ends_survive_the_disk_at_any_rate_and_channels(
    first: Clip, second: Clip, tmp_path: Path
) -> None:
    rate = max(first.sample_rate, second.sample_rate)
    morph = Morph([first, second])
    for original, weights in ((first, (1.0, 0.0)), (second, (0.0, 1.0))):
        path = tmp_path / f"{weights[0]}.wav"
        write_wav(morph.mix(weights), path, exact=True)
        again = read(path)
        assert (again.sample_rate, again.channels) == (rate, 2)
        assert ratio_db(original.at_rate(rate).with_channels(2), again) > 80


@pytest.mark.parametrize("kinds", PAIRS)
def test_in_betweens_are_sound_and_of_a_level_between(kinds: tuple[str, str]) -> None:
    first, second = sounds(*kinds)
    first = Clip((first.frames * np.float32(0.25)).astype(np.float32), first.sample_rate)
    low, high = sorted(describe(clip).loudness for clip in (first, second))
    morph = Morph([first, second])
    for share in (0.02, 0.25, 0.5, 0.75, 0.98):
        mixed = morph.mix((1 - share, share))
        assert np.isfinite(mixed.frames).all()
        assert low - 1.0 <= describe(mixed).loudness <= high + 1.0


@pytest.mark.parametrize("kinds", PAIRS)
def test_near_an_end_the_sound_is_nearly_the_original(kinds: tuple[str, str]) -> None:
    first, second = sounds(*kinds)
    morph = Morph([first, second])
    near = morph.mix((1 - 1e-5, 1e-5))
    length = min(near.length, first.length)
    assert ratio_db(first.padded_to(length), near.padded_to(length)) > 15
    half = morph.mix((0.5, 0.5)).padded_to(length)
    assert ratio_db(first.padded_to(length), half) < 10


def test_a_mixture_keeps_what_both_have_and_is_no_cross_fade() -> None:
    t = seconds(0.4)

    def chord(*partials_hz: int) -> Clip:
        return audio(0.2 * sum(np.sin(2 * np.pi * hz * t) for hz in partials_hz))

    mixed = Morph([chord(400, 1_000), chord(400, 2_500)]).mix((0.5, 0.5)).frames[0]
    spectrum = np.abs(np.fft.rfft(mixed[2_000:15_230] * np.hanning(13_230)))
    common, first, second = (spectrum[round(hz * 0.3)] for hz in (400, 1_000, 2_500))
    assert first == pytest.approx(second, rel=0.3)
    # A cross-fade would have the common partial 6 dB above the others.
    assert 20 * np.log10(common / first) > 12


def test_onsets_meet_halfway() -> None:
    early, late = np.zeros(20_000), np.zeros(20_000)
    early[2_000:2_040], late[10_000:10_040] = 0.5, 0.5
    morph = Morph([audio(early), audio(late)])
    for share, wanted in ((0.25, 4_000), (0.5, 6_000), (0.75, 8_000)):
        mixed = morph.mix((1 - share, share))
        energy = np.square(mixed.frames[0])
        assert energy[wanted - 600 : wanted + 640].sum() > 0.98 * energy.sum()


def test_sounds_are_matched_to_the_best_of_them() -> None:
    found = matched([tone(220, 0.3, 22_050), stereo(48_000), tone(220, 0.1, 8_000)])
    assert {(clip.sample_rate, clip.channels) for clip in found} == {(48_000, 2)}
    assert [clip.length for clip in found] == [14_400, 19_200, 4_800]


@pytest.mark.parametrize(
    "odd", [silence(0.1), audio([0.5]), click(0.1), audio(np.full(20, 1e-9))],
    ids=["silence", "one frame", "click", "next to nothing"],
)  # fmt: skip
def test_odd_sounds_can_be_mixed(odd: Clip) -> None:
    for other in (pluck(200, 0.2), odd):
        mixed = Morph([odd, other]).mix((0.4, 0.6))
        assert np.isfinite(mixed.frames).all()
        assert np.abs(mixed.frames).max() <= max(2 * np.abs(other.frames).max(), 1e-4)


def test_three_and_four_sounds() -> None:
    clips = [tone(200, 0.2), noise(0.2), pluck(300, 0.2), click(0.2)]
    for count in (3, 4):
        morph = Morph(clips[:count])
        last = (0.0,) * (count - 1) + (1.0,)
        assert np.array_equal(morph.mix(last).frames, clips[count - 1].frames)
        assert np.isfinite(morph.mix((1 / count,) * count).frames).all()
    # A parent without a share is not heard.
    two = Morph(clips[:2]).mix((0.5, 0.5))
    assert np.allclose(Morph(clips[:3]).mix((0.5, 0.5, 0.0)).padded_to(two.length).frames,
                       two.frames, atol=1e-5)  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 5])
def test_other_numbers_of_sounds_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"2 to 4 sounds, not {count}"):
        Morph([tone(200, 0.1)] * count)


@pytest.mark.parametrize(
    "weights",
    [(0.5, 0.6), (1.5, -0.5), (1.0,), (0.3, 0.3, 0.4), (), (float("nan"), float("nan"))],
)
def test_weights_that_are_none_are_refused(weights: tuple[float, ...]) -> None:
    morph = Morph([tone(200, 0.05), tone(300, 0.05)])
    with pytest.raises(ValueError, match="weights must be"):
        morph.mix(weights)


@pytest.mark.parametrize("parents", [2, 3, 4])
def test_the_path_visits_every_parent(parents: int) -> None:
    for i in range(parents):
        weights = path_weights(parents, i / (parents - 1))
        assert weights == pytest.approx([float(i == j) for j in range(parents)])
    for position in np.linspace(-0.1, 1.1, 41):
        weights = path_weights(parents, float(position))
        assert sum(weights) == pytest.approx(1)
        assert min(weights) >= 0
        assert sum(weight > 0 for weight in weights) <= 2


def harmonic(hz: float, rate: int = 44_100, tau: float = 0.4) -> Clip:
    t = seconds(0.6, rate)
    wave = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 9))
    return audio(0.2 * wave * np.exp(-t / tau), rate)


def energy_near(clip: Clip, hz: float) -> float:
    """The share of energy within half a semitone of a frequency."""
    spectrum = np.square(np.abs(np.fft.rfft(clip.mono())))
    at = np.fft.rfftfreq(clip.length, 1 / clip.sample_rate)
    near = np.abs(12 * np.log2(at[1:] / hz)) < 0.5
    return float(spectrum[1:][near].sum() / spectrum.sum())


@pytest.mark.parametrize("at", [0.25, 0.5, 0.75])
def test_a_pitch_glides_from_one_to_the_other(at: float) -> None:
    low, high = harmonic(220.0), harmonic(220.0 * 2 ** (7 / 12), 48_000)
    morph = Morph([low, high])
    assert morph.glides
    made = morph.mix((1 - at, at))
    assert describe(made).pitch == pytest.approx(57 + 7 * at, abs=0.1)
    between = 220.0 * 2 ** (7 * at / 12)
    assert energy_near(made, between) > 0.4
    for hz in (220.0, 220.0 * 2 ** (7 / 12)):
        assert energy_near(made, hz) < 0.02
    both = Morph([low, high], glide=False).mix((0.5, 0.5))
    assert min(energy_near(both, hz) for hz in (220.0, 220.0 * 2 ** (7 / 12))) > 0.02


def test_a_sound_without_a_pitch_lets_none_glide() -> None:
    assert not Morph([harmonic(220.0), noise(0.5)]).glides
    assert not Morph([harmonic(220.0), harmonic(330.0), noise(0.5)]).glides
    mixtures = [
        Morph([harmonic(220.0), noise(0.5)], glide=glide).mix((0.4, 0.6)) for glide in (True, False)
    ]
    assert mixtures[0].frames.tobytes() == mixtures[1].frames.tobytes()


def test_gliding_starts_at_the_original() -> None:
    low, high = harmonic(220.0), harmonic(330.0)
    morph = Morph([low, high])
    assert morph.mix((1.0, 0.0)).frames.tobytes() == low.frames.tobytes()
    near = morph.mix((0.999, 0.001))
    assert np.abs(near.frames[:, low.length :]).max(initial=0.0) < 1e-3
    assert describe(near).pitch == pytest.approx(57.0, abs=0.05)


def test_three_pitches_meet_in_their_mean() -> None:
    made = Morph([harmonic(110.0), harmonic(220.0), harmonic(440.0)]).mix((0.25, 0.25, 0.5))
    assert describe(made).pitch == pytest.approx(45 + 12 * 1.25, abs=0.1)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_brightness_low_end_and_length_lie_on_the_line(at: float) -> None:
    white = noise(0.5).frames[0]
    low = audio(np.convolve(white, np.hanning(40) / 10)[: len(white)])
    high = audio(noise(0.2, seed=1).frames[0] * np.exp(-seconds(0.2) / 0.05))
    ends = [describe(clip) for clip in (low, high)]
    made = Morph([low, high]).mix((1 - at, at))
    found = describe(made)
    for name, close in (("brightness", 0.2), ("low_end", 0.4), ("loudness", 0.1)):
        scale = ATTRIBUTES[name].to_scale
        first, last = (scale(getattr(end, name)) for end in ends)
        assert scale(getattr(found, name)) == pytest.approx(first + at * (last - first), abs=close)
    assert made.duration == pytest.approx(0.5 - 0.3 * at, abs=0.002)


def test_spectra_and_what_lies_on_the_line_can_be_mixed_apart() -> None:
    first, second = sounds("hat", "bass")
    morph = Morph([first, second])
    made = [describe(morph.mix((0.5, 0.5), line)) for line in ((0.9, 0.1), (0.1, 0.9))]
    ends = [describe(clip) for clip in (first, second)]
    for name in ("brightness", "low_end"):
        order = [getattr(each, name) for each in (ends[0], *made, ends[1])]
        assert order in (sorted(order), sorted(order, reverse=True))


def test_no_attack_is_slower_than_the_slowest() -> None:
    slow = 0
    for pair in PAIRS:
        for seed in (3, 4, 5):
            clips = sounds(*pair, seed=seed)
            slowest = max(describe(clip).attack or 0.0 for clip in clips)
            for at in (0.3, 0.5, 0.7):
                found = describe(Morph(clips).mix((1 - at, at))).attack or 0.0
                slow += found > slowest + 2.0
    assert slow <= 1


def test_a_long_sound_is_mixed_in_pieces_as_a_short_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = sounds("snare", "pad")
    whole = Morph([first, second]).mix((0.4, 0.6))
    monkeypatch.setattr("vae.long_spectra.BLOCK", 37)
    pieced = Morph([first, second]).mix((0.4, 0.6))
    assert ratio_db(whole, pieced) > 80


def test_what_is_not_heard_of_a_long_sound_does_not_colour_a_mixture() -> None:
    hit = audio(noise(0.2).frames[0] * np.exp(-seconds(0.2) / 0.03))
    hum = tone(80, 8.0)
    cut = Clip(hum.frames[:, :44_100].copy(), hum.sample_rate)
    found = [describe(Morph([hit, long]).mix((0.95, 0.05))) for long in (hum, cut)]
    assert found[0].brightness == pytest.approx(found[1].brightness, rel=0.1)


def test_a_note_that_is_slowed_far_down_is_played_no_longer_than_it_is_heard() -> None:
    low, high = harmonic(55.0), harmonic(880.0)
    morph = Morph([low, high])
    assert morph.glides
    lengths = []
    for parent in morph.parents:
        speed = speed_to(parent, 40.0)
        clip, at = played(parent, speed, 5_000)
        lengths.append(clip.length - at)
    assert lengths == pytest.approx([5_000, 5_000], abs=20)
