"""Transfer: nearer to the sounds of a space, with what was to be kept; form and ends kept."""

from __future__ import annotations

import numpy as np
import pytest

from library.clip import Clip
from library.errors import UserError
from library.pitch import pitch_of
from tests.audio_cases import RATE_HZ, clip, noise, pluck, seconds, silence
from vae.house_codec import house_codec
from vae.pieces import pieces_of
from vae.space import Space
from vae.timbre import with_envelope_of, with_timbre_of
from vae.transfer import check_kept, transferred

CODEC = house_codec()


def beats() -> Clip:
    """Bursts of noise, two of them loud."""
    frames = noise(1.6, seed=3).mono()
    t = seconds(0.4)
    gates = np.concatenate([gain * np.exp(-t / 0.06) for gain in (1, 0.2, 1, 0.3)])
    return clip(frames * gates)


def level(sound: Clip) -> np.ndarray:  # type: ignore[type-arg]
    width = RATE_HZ // 50
    mono = sound.mono()
    parts = mono[: len(mono) // width * width].reshape(-1, width)
    return 10 * np.log10(np.square(parts).mean(axis=1) + 1e-9)


def alike(a: Clip, b: Clip) -> float:
    return float(np.corrcoef(level(a), level(b))[0, 1])


def test_the_envelope_is_kept_or_not(small_space: Space) -> None:
    t = seconds(1.2)
    swell = clip(noise(1.2, seed=2).mono() * np.exp(-np.square((t - 0.7) / 0.25)))
    sound = clip(np.concatenate([swell.mono(), beats().mono()]))
    kept = transferred(sound, small_space, CODEC)
    free = transferred(sound, small_space, CODEC, kept=())
    assert alike(sound, kept) > 0.97
    assert alike(sound, free) < alike(sound, kept) - 0.02
    assert not np.allclose(kept.frames, sound.frames, atol=0.01)


@pytest.mark.parametrize("hz", [110.0, 330.0, 523.25])
def test_pitch_is_kept_where_it_is_asked_for(small_space: Space, hz: float) -> None:
    sound = pluck(hz, 0.8, 0.3)
    made = transferred(sound, small_space, CODEC, kept=("envelope", "pitch"))
    pitch, found = (pitch_of(each.mono(), RATE_HZ) for each in (sound, made))
    assert pitch is not None
    assert found == pytest.approx(pitch, abs=0.5)
    assert alike(sound, made) > 0.95
    assert not np.allclose(made.frames, sound.frames, atol=0.003)


def test_what_comes_out_says_the_same_to_the_space_more_like_its_sounds(small_space: Space) -> None:
    usual = small_space.usual
    assert usual is not None
    spread = np.linalg.inv(usual.covariance + 0.1 * np.eye(small_space.dims))

    def strange(sound: Clip) -> float:
        z = small_space.encode([CODEC.encode(sound)], CODEC)[0] - usual.mean
        return float(z @ spread @ z)

    for sound in (noise(0.5, seed=1), pluck(1500, 0.5, 0.4)):
        made = [transferred(sound, small_space, CODEC, amount, ()) for amount in (0.0, 1.0)]
        assert strange(made[1]) < strange(made[0])


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_length_rate_and_channels_stay(small_space: Space, rate: int, channels: int) -> None:
    sound = Clip(noise(0.4, channels=channels).frames[:, :9_999], rate)
    made = transferred(sound, small_space, CODEC, kept=("pitch",))
    assert (made.frames.shape, made.sample_rate) == (sound.frames.shape, rate)
    assert np.isfinite(made.frames).all()


def test_channels_stay_where_they_are(small_space: Space) -> None:
    left = noise(0.4).frames
    made = transferred(Clip(np.concatenate([left, 0 * left]), RATE_HZ), small_space, CODEC)
    assert np.abs(made.frames[0]).max() > 0.01
    assert np.abs(made.frames[1]).max() < 1e-3 * np.abs(made.frames[0]).max()


def test_silence_stays_silence(small_space: Space) -> None:
    assert not transferred(silence(), small_space, CODEC).frames.any()
    empty = Clip(np.zeros((2, 0), np.float32), RATE_HZ)
    assert transferred(empty, small_space, CODEC).length == 0


def test_no_click_where_pieces_of_a_steady_sound_are_joined(small_space: Space) -> None:
    t = seconds(7.0)
    steady = clip(0.3 * np.sin(2 * np.pi * 220 * t) + 0.1 * np.sin(2 * np.pi * 440 * t))
    made = transferred(steady, small_space, CODEC, kept=("pitch",)).mono()
    joins = [piece.start for piece in pieces_of(steady, 3.0)[1:]]
    assert len(joins) == 2
    steps = np.abs(np.diff(made))[: -RATE_HZ // 10]
    near = np.zeros(len(steps), bool)
    for join in joins:
        near[join - RATE_HZ // 10 : join + RATE_HZ // 100] = True
    assert steps[near].max() <= 1.2 * steps[~near].max()


def test_what_cannot_be_kept_is_told() -> None:
    check_kept(("pitch", "envelope"))
    with pytest.raises(UserError, match="width cannot be kept"):
        check_kept(("width",))


def test_no_share_of_another_timbre_is_no_change() -> None:
    sound, other = pluck(220, 0.5), noise(0.5)
    assert np.abs(with_timbre_of(sound, other, 0.0).frames - sound.frames).max() < 1e-5
    near = with_timbre_of(sound, sound, 1.0)
    assert np.abs(near.frames - sound.frames).max() < 1e-3


def test_an_envelope_is_that_of_the_other() -> None:
    begun = [round(0.4 * n * RATE_HZ) for n in range(4)]
    made = with_envelope_of(noise(1.6, seed=8), beats(), begun)
    assert alike(made, beats()) > 0.99
    assert np.abs(level(made) - level(beats())).max() < 3
