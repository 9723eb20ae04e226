"""The house codec that ships: near to the sound, level apart, and the same every time."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.errors import ModelError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, silence, tone
from tests.vae.codecs import (
    codec_error_db,
    error_db,
    mean_spectrum_error_db,
    random_codec,
    reference,
    skeleton_net,
)
from vae.channels import through
from vae.grain import BANDS
from vae.house_codec import HouseCodec, from_bytes, house_codec, to_bytes
from vae.house_model import HouseNet
from vae.latents import Latents
from vae.synth import random_patch, render

KINDS = ("kick", "snare", "hat", "clap", "cymbal", "bass", "pluck", "lead", "bell", "voice",
         "noise", "organ")  # fmt: skip


@pytest.fixture(scope="module")
def clips() -> list[Clip]:
    """Twelve sounds of different kinds."""
    rng = np.random.default_rng(2024)
    return [render(random_patch(rng, kind)) for kind in KINDS]


@pytest.fixture(scope="module")
def codec() -> HouseCodec:
    return house_codec()


def shipped() -> bytes:
    return resources.files("vae").joinpath("weights", "house-codec.safetensors").read_bytes()


def gained(clip: Clip, gain_db: float) -> Clip:
    return Clip((clip.frames * 10 ** (gain_db / 20)).astype(np.float32), clip.sample_rate)


def test_it_is_near_to_sounds_of_many_kinds(codec: HouseCodec, clips: list[Clip]) -> None:
    errors = [codec_error_db(codec, clip) for clip in clips]
    assert np.mean(errors) < 2.75
    assert np.median(errors) < 1.9
    assert max(errors) < 8.7


def test_what_has_learned_nothing_is_far_from_them(codec: HouseCodec, clips: list[Clip]) -> None:
    untrained = HouseCodec(HouseNet(codec.net.config), "untrained")
    for other in (random_codec(), untrained):
        assert np.mean([codec_error_db(other, clip) for clip in clips]) > 20
    assert np.mean([mean_spectrum_error_db(clip) for clip in clips]) > 10


def test_latents_say_which_sound_it_is(codec: HouseCodec, clips: list[Clip]) -> None:
    for clip, other in zip(clips, [*clips[1:], clips[0]], strict=True):
        right = codec.encode(clip)
        wrong = codec.encode(other).values
        swapped = Latents(np.resize(wrong, right.values.shape))
        assert codec_error_db(codec, clip, lambda _, s=swapped: s) > 8
        # Of the right latents every step counts: backwards they are another sound.
        backwards = Latents(right.values[::-1].copy())
        assert codec_error_db(codec, clip) < codec_error_db(codec, clip, lambda _, b=backwards: b)


@pytest.mark.parametrize("gain_db", [-48.0, -12.0, 6.0])
def test_a_gain_moves_the_first_dimension_alone(
    codec: HouseCodec, clips: list[Clip], gain_db: float
) -> None:
    for clip in clips[:6]:
        plain, louder = codec.encode(clip).values, codec.encode(gained(clip, gain_db)).values
        assert np.allclose(louder[:, 0] - plain[:, 0], gain_db / 20, atol=1e-5)
        assert np.allclose(louder[:, 1:], plain[:, 1:], atol=1e-4)


def test_the_first_dimension_is_a_gain_of_what_is_decoded(
    codec: HouseCodec, clips: list[Clip]
) -> None:
    latents = codec.encode(clips[1])
    louder = latents.values.copy()
    louder[:, 0] += 1.0
    plain = codec.decode_magnitudes(latents)
    assert np.allclose(codec.decode_magnitudes(Latents(louder)), 10 * plain, rtol=1e-3)


def test_the_level_is_that_of_the_loudest_bin(codec: HouseCodec, clips: list[Clip]) -> None:
    for clip in clips:
        level_db = 20 * np.log10(reference(clip).max().item())
        assert np.allclose(codec.encode(clip).values[:, 0] * 20, level_db, atol=1e-3)


@pytest.mark.parametrize("steps", [1, 5, 20])
def test_silence_around_a_sound_changes_nothing_in_it(
    codec: HouseCodec, clips: list[Clip], steps: int
) -> None:
    before, after = steps * codec.hop, 3 * codec.hop
    for sound in (*clips[:6], noise(0.3)):
        alone = codec.encode(sound).values
        frames = np.pad(sound.frames, ((0, 0), (before, after)))
        among = codec.encode(Clip(frames, sound.sample_rate)).values
        assert np.allclose(among[steps : steps + len(alone)], alone, atol=2e-3)


def test_threads_and_company_do_not_matter(codec: HouseCodec, clips: list[Clip]) -> None:
    sounds = [*clips[:4], noise(9.0)]
    alone = [codec.encode(clip).values for clip in sounds]
    torch.set_num_threads(2)  # a fixture sets it back
    for values, in_batch in zip(alone, codec.encode_batch(sounds), strict=True):
        assert np.array_equal(in_batch.values, values)


def test_a_long_sound_is_as_its_parts(codec: HouseCodec) -> None:
    loudest_first = np.linspace(1, 0.2, 60 * 44_100, dtype=np.float32)
    sound = audio(noise(60.0).frames * loudest_first)
    whole, start = codec.encode(sound), codec.encode(Clip(sound.frames[:, : 44_100 * 20], 44_100))
    shared = start.steps - 2 * codec.net.config.reach
    assert np.allclose(start.values[:shared, 1:], whole.values[:shared, 1:], atol=1e-3)
    magnitude = codec.decode_magnitudes(whole)
    assert magnitude.shape[1] == 8 * whole.steps
    one_piece = codec.magnitudes(torch.from_numpy(whole.values)[None])[0].numpy()
    assert np.allclose(magnitude, one_piece, rtol=1e-3, atol=1e-5)


def test_grain_tells_noise_from_tones(codec: HouseCodec) -> None:
    hiss, hum = (codec.decode_spectrum(codec.encode(c))[1] for c in (noise(1.0), tone(440, 1.0)))
    assert hiss.shape[0] == hum.shape[0] == BANDS
    assert np.median(hiss[:, 4:-4]) > 0.8
    assert np.median(hum[:8, 4:-4]) < 0.4


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_stereo_comes_back_as_stereo(codec: HouseCodec, clips: list[Clip], rate: int) -> None:
    left, right = clips[0].padded_to(30_000), clips[2].padded_to(30_000)
    both = Clip(np.concatenate([left.frames, right.frames]), 44_100).at_rate(rate)
    back = through(codec, both)
    assert (back.channels, back.length, back.sample_rate) == (2, both.length, rate)
    heard = [reference(audio(channel).padded_to(30_000)) for channel in back.at_rate(44_100).frames]
    for own, other, clip in ((0, 1, left), (1, 0, right)):
        assert error_db(clip, heard[own]) < 6.0 < error_db(clip, heard[other])
    centred = through(codec, Clip(np.repeat(left.frames, 2, axis=0), 44_100))
    assert np.array_equal(centred.frames[0], centred.frames[1])
    assert through(codec, Clip(np.zeros((2, 0), np.float32), rate)).length == 0


def test_channels_are_mixed_and_rates_are_matched(codec: HouseCodec) -> None:
    left, right = noise(0.4, seed=1), noise(0.4, seed=2)
    stereo = Clip(np.concatenate([left.frames, right.frames]), 44_100)
    mixed = audio((left.frames[0] + right.frames[0]) / 2)
    assert np.allclose(codec.encode(stereo).values, codec.encode(mixed).values, atol=1e-4)
    there, here = (codec.encode(tone(440, 0.5, rate)).values for rate in (48_000, 44_100))
    assert there.shape == here.shape
    assert np.abs(there[1:-1] - here[1:-1]).max() < 0.05


def test_channels_that_cancel_are_no_silence(codec: HouseCodec, clips: list[Clip]) -> None:
    for clip in clips[:3]:
        opposite = Clip(np.concatenate([clip.frames, -clip.frames]), clip.sample_rate)
        assert np.array_equal(codec.encode(opposite).values, codec.encode(clip).values)


@pytest.mark.parametrize(
    "odd",
    [
        silence(0.2),
        audio(np.zeros((1, 0))),
        audio([0.5]),
        audio(np.linspace(1, -1, 20)),
        audio(np.full(500, 0.1), 1_000),
        audio([0.1] * 50, 768_000),
        audio(np.full(2_000, 1e6)),
    ],
    ids=["silence", "nothing", "one frame", "click", "low rate", "high rate", "huge"],
)
def test_odd_clips_have_latents_all_the_same(codec: HouseCodec, odd: Clip) -> None:
    latents = codec.encode(odd)
    assert latents.dims == codec.dims <= 32
    assert np.isfinite(latents.values).all()
    assert np.isfinite(codec.decode_magnitudes(latents)).all()
    assert np.isfinite(Latents.from_bytes(latents.to_bytes(), codec.dims).values).all()


def test_silence_is_decoded_as_silence(codec: HouseCodec) -> None:
    latents = codec.encode(silence(0.3))
    assert np.allclose(latents.values[:, 0], -6.0)
    assert np.abs(codec.decode(latents).frames).max() < 1e-5


def test_what_follows_a_sound_is_its_level_and_silence(
    codec: HouseCodec, clips: list[Clip]
) -> None:
    latents = codec.encode(clips[0])
    step = codec.silence_after(latents)
    assert step.shape == (codec.dims,)
    assert step[0] == latents.values[0, 0]
    assert np.allclose(step[1:], codec.encode(silence(1.0)).values[8, 1:], atol=1e-5)
    longer = Latents(np.concatenate([latents.values, np.repeat(step[None], 6, axis=0)]))
    after = codec.decode_magnitudes(longer)[:, (latents.steps + 2) * 8 :]
    assert after.max() < 1e-3 * codec.decode_magnitudes(latents).max()


@pytest.mark.parametrize("kind", ["snare", "cymbal", "voice"])
def test_decoded_audio_sounds_like_the_original(
    codec: HouseCodec, clips: list[Clip], kind: str
) -> None:
    clip = clips[KINDS.index(kind)]
    decoded = codec.decode(codec.encode(clip), clip.length)
    assert (decoded.length, decoded.channels, decoded.sample_rate) == (clip.length, 1, 44_100)
    assert error_db(clip, reference(decoded)) < 3.0
    assert codec.decode(codec.encode(clip)).length == codec.encode(clip).steps * codec.hop


def test_gradients_pass_through_the_decoder(codec: HouseCodec, clips: list[Clip]) -> None:
    values = torch.from_numpy(codec.encode(clips[1]).values)[None].requires_grad_()
    magnitude = codec.magnitudes(values)
    magnitude.sum().backward()  # type: ignore[no-untyped-call]
    assert values.grad is not None
    assert (values.grad.abs().sum(dim=(0, 1)) > 0).all()
    plain = codec.decode_magnitudes(codec.encode(clips[1]))
    assert np.allclose(magnitude.detach()[0].numpy(), plain, atol=1e-6)


def test_weights_are_read_back(codec: HouseCodec, clips: list[Clip]) -> None:
    again = from_bytes(shipped())
    assert again.digest == codec.digest
    values = codec.encode(clips[0]).values
    assert np.array_equal(again.encode(clips[0]).values, values)
    skeleton = from_bytes(to_bytes(skeleton_net(), {"steps": "0"}))
    assert skeleton.digest != codec.digest
    # Half precision, and no residual: near, but not the same.
    assert 1e-3 < np.abs(skeleton.encode(clips[0]).values - values).max() < 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    net = skeleton_net()
    next(net.parameters()).data.view(-1)[7] = value
    with pytest.raises(ModelError, match="cannot be read"):
        from_bytes(to_bytes(net, {}))


@pytest.mark.parametrize(
    "data",
    [b"", b"abc", bytes(64), b"\xff" * 100, shipped()[:-100], shipped()[:2_000], shipped() + b"?"],
    ids=["empty", "short", "zeros", "ones", "cut", "cut early", "longer"],
)
def test_damaged_weights_are_told(data: bytes) -> None:
    with pytest.raises(ModelError, match="house codec"):
        from_bytes(data)
