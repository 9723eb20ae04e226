"""TorchScript codecs: near to the sound, the same every time, whatever the export is like."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.errors import ModelError
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, seconds, silence, tone
from tests.vae.rave_standins import Memory, Standin, digest, scripted, standin, written
from vae import torchscript_codec
from vae.channels import through
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.resynthesis import resynthesise
from vae.spectrum import BINS, stft
from vae.torchscript_codec import TorchScriptCodec, load_torchscript
from vae.torchscript_delay import delay_between, probe_sound
from vae.torchscript_program import open_program

EXPORTS: dict[str, dict[str, object]] = {
    "version 1": {"says": "sampling_rate", "hop": 2048, "dims": 128, "spread": 0.02},
    "version 1 stereo": {"says": "sampling_rate", "decoded": 2},
    "version 1 with prior": {"says": "sampling_rate", "within": "combined"},
    "version 2": {"spread": 0.02, "noise": 0.003},
    "version 3": {"says": "asked", "spread": 0.02},
    "streaming": {"streaming": True},
    "streaming, random": {"streaming": True, "spread": 0.02, "noise": 0.003},
    "streaming, late": {"streaming": True, "late": 3},
    "streaming, long steps": {"streaming": True, "hop": 2048, "dims": 128},
    "discrete": {"codes": True, "hop": 1024, "dims": 96},
    "deterministic": {},
    "stereo": {"channels": 2, "decoded": 2},
    "48 kHz": {"rate": 48_000},
    "no sizes": {"params": False},
    "no sizes, stereo": {"params": False, "channels": 2, "decoded": 2},
    "no sizes, streaming": {"params": False, "streaming": True},
    "for Neutone": {"within": "neutone"},
    "memory of another name": {"fault": "drifts"},
    "writes into its input": {"fault": "writes into its input", "spread": 0.02},
    "returns its memory": {"fault": "returns its memory"},
}

Load = Callable[..., TorchScriptCodec]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Load a stand-in with options, once unless it is to be fresh."""
    folder = tmp_path_factory.mktemp("models")
    kept: dict[str, TorchScriptCodec] = {}

    def loaded(
        sample_rate: int | None = None, fresh: bool = False, **options: object
    ) -> TorchScriptCodec:
        key = f"{sample_rate} {options}"
        if fresh or key not in kept:
            data = standin(**options)
            path = written(data, folder)
            kept[key] = load_torchscript(path, digest(data), "mine", sample_rate)
        return kept[key]

    return loaded


@pytest.fixture(scope="module")
def sound() -> Clip:
    """Two low notes that begin a little after the start."""
    t = seconds(0.7)
    notes = 0.5 * np.sin(2 * np.pi * 220 * t) * np.exp(-6 * t)
    notes += 0.2 * np.sin(2 * np.pi * 523 * t) * np.exp(-3 * t)
    return audio(np.pad(notes * (1 - np.exp(-200 * t)), (3000, 0)))


def nearness_db(wanted: Clip, found: Clip) -> float:
    """How far the difference of two clips is under the first."""
    assert (wanted.length, wanted.sample_rate) == (found.length, found.sample_rate)
    lost = np.square(wanted.mono() - found.mono()).sum()
    return float(10 * np.log10(np.square(wanted.mono()).sum() / max(lost, 1e-12)))


@pytest.mark.parametrize("export", EXPORTS)
def test_what_comes_back_is_the_sound(load: Load, sound: Clip, export: str) -> None:
    codec: BaseCodec = load(**EXPORTS[export])
    assert nearness_db(sound, through(codec, sound)) > 14
    latents = codec.encode(sound)
    assert latents.dims == codec.dims
    assert codec.level_dims == 0
    assert latents.steps * codec.hop * sound.sample_rate >= sound.length * codec.sample_rate
    # Of other latents another sound comes back.
    other = codec.decode(codec.encode(noise(0.7))).at_rate(sound.sample_rate)
    assert nearness_db(sound, other.padded_to(sound.length)) < 3


def test_a_codec_that_ignores_its_latents_is_far(load: Load, sound: Clip) -> None:
    codec = load(fault="deaf")
    assert nearness_db(sound, through(codec, sound)) < 3


@pytest.mark.parametrize("export", EXPORTS)
def test_the_same_clip_is_always_the_same(load: Load, sound: Clip, export: str) -> None:
    codec = load(**EXPORTS[export])
    latents = codec.encode(sound)
    decoded = codec.decode(latents).frames
    torch.manual_seed(99)
    state = torch.get_rng_state()
    # Other work in between leaves nothing behind.
    codec.decode(codec.encode(noise(0.4)))
    for other in (codec, load(fresh=True, **EXPORTS[export])):
        assert np.array_equal(other.encode(sound).values, latents.values)
        assert np.array_equal(other.decode(latents).frames, decoded)
    batch = codec.encode_batch([noise(0.2), sound, tone()])
    assert np.array_equal(batch[1].values, latents.values)
    assert torch.equal(torch.get_rng_state(), state)
    torch.set_num_threads(2)  # a fixture sets it back
    assert np.allclose(codec.encode(sound).values, latents.values, atol=1e-4)
    assert np.allclose(codec.decode(latents).frames, decoded, atol=1e-4)


@pytest.mark.parametrize("export", ["version 2", "streaming, random"])
def test_threads_at_once_do_not_disturb_each_other(load: Load, sound: Clip, export: str) -> None:
    codec = load(**EXPORTS[export])
    alone = codec.encode(sound).values
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(codec.encode, [sound] * 8):
            assert np.array_equal(found.values, alone)


@pytest.mark.parametrize(
    ("options", "random", "discrete", "late"),
    [
        ({}, False, False, 0),
        ({"spread": 0.05}, True, False, 0),
        ({"noise": 0.01}, False, False, 0),
        ({"streaming": True}, False, False, 512),
        ({"streaming": True, "late": 3}, False, False, 2048),
        ({"streaming": True, "hop": 2048, "dims": 128, "spread": 0.05}, True, False, 2048),
        ({"codes": True}, False, True, 0),
        ({"fault": "deaf"}, False, False, 0),
        ({"fault": "returns its memory", "spread": 0.05}, True, False, 0),
    ],
)
def test_what_the_program_is_like_is_found_out(
    load: Load, options: dict[str, object], random: bool, discrete: bool, late: int
) -> None:
    codec = load(**options)
    assert (codec.random, codec.discrete, codec.delay) == (random, discrete, late)


@pytest.mark.parametrize("params", [True, False])
@pytest.mark.parametrize(
    ("options", "channels", "decoded", "dims", "hop"),
    [
        ({}, 1, 1, 64, 512),
        ({"hop": 2048, "dims": 128}, 1, 1, 128, 2048),
        ({"hop": 600, "dims": 20}, 1, 1, 20, 600),
        ({"channels": 2, "decoded": 2}, 2, 2, 128, 512),
        ({"decoded": 2}, 1, 2, 64, 512),
    ],
)
def test_sizes_are_read_or_found(
    load: Load,
    params: bool,
    options: dict[str, object],
    channels: int,
    decoded: int,
    dims: int,
    hop: int,
) -> None:
    codec = load(params=params, **options)
    assert (codec.channels, codec.decoded_channels) == (channels, decoded)
    assert (codec.dims, codec.hop) == (dims, hop)
    assert codec.decode(codec.encode(tone(200, 0.1))).channels == decoded


@pytest.mark.parametrize("says", ["sr", "sampling_rate", "asked"])
@pytest.mark.parametrize("within", ["", "combined"])
def test_the_sample_rate_is_read(load: Load, says: str, within: str) -> None:
    assert load(rate=32_000, says=says, within=within).sample_rate == 32_000


def test_a_sample_rate_that_is_not_said_is_asked_for(load: Load) -> None:
    with pytest.raises(ModelError, match="'mine' does not say its sample rate: give it"):
        load(says="nothing")
    with pytest.raises(ModelError, match="sample rate"):
        load(says="asked", rate=-1)
    assert load(says="nothing", sample_rate=22_050).sample_rate == 22_050


def test_the_mean_of_several_draws_is_nearer_than_one(
    load: Load, sound: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = load().encode(sound).values
    codec = load(spread=0.2)
    mean = codec.encode(sound).values
    monkeypatch.setattr(torchscript_codec, "DRAWS", 1)
    one = codec.encode(sound).values
    assert np.abs(mean - exact).std() < 0.5 * np.abs(one - exact).std()


def test_silence_after_a_random_sound_does_not_change_it(load: Load) -> None:
    codec = load(spread=0.2)
    lengths = [codec.hop * steps for steps in (20, 21, 22)]
    values = [codec.encode(tone(200, 0.2).padded_to(length)).values[:20] for length in lengths]
    assert np.allclose(values[0], values[1], atol=1e-5)
    assert np.allclose(values[0], values[2], atol=1e-5)


def test_codes_are_whole_when_they_are_decoded(load: Load, sound: Clip) -> None:
    codec = load(codes=True)
    latents = codec.encode(sound)
    assert np.array_equal(latents.values, latents.values.round())
    kept = Latents.from_bytes(latents.to_bytes(), latents.dims)
    nudged = Latents(kept.values + np.float32(0.4))
    lower = Latents(kept.values - np.float32(0.4))
    for other in (kept, nudged, lower):
        assert np.array_equal(codec.decode(other).frames, codec.decode(latents).frames)


def test_silence_is_one_step_and_stays_silent(load: Load, sound: Clip) -> None:
    for options in EXPORTS.values():
        codec = load(**options)
        step = codec.silence_after(codec.encode(sound))
        assert step.shape == (codec.dims,)
        assert step.dtype == np.float32
        encoded = codec.encode(silence(0.5)).values
        assert np.allclose(encoded, step, atol=0.3)
        assert np.abs(step).min() > 0.4
        step[:] = 7.0
        assert not np.array_equal(codec.silence_after(codec.encode(sound)), step)


def test_the_silence_of_a_random_codec_is_a_mean_over_time(load: Load, sound: Clip) -> None:
    exact, found = (
        codec.silence_after(codec.encode(sound)) for codec in (load(), load(spread=0.2))
    )
    assert 0 < np.abs(found - exact).max() < 0.06


@pytest.mark.parametrize(
    "odd",
    [
        silence(0.2),
        audio(np.zeros((1, 0))),
        audio([0.5]),
        audio(np.linspace(1, -1, 20)),
        audio(np.full(500, 0.1), 1_000),
        audio([0.1] * 50, 192_000),
        noise(0.1, channels=2),
        noise(0.05, channels=6),
    ],
    ids=["silence", "nothing", "one frame", "click", "low rate", "high rate", "stereo", "six"],
)
def test_odd_clips_have_latents_all_the_same(load: Load, odd: Clip) -> None:
    for export in ("version 1", "streaming", "stereo", "discrete"):
        codec = load(**EXPORTS[export])
        latents = codec.encode(odd)
        assert latents.dims == codec.dims
        assert codec.decode(latents, 100).length == 100
        assert codec.decode(latents).length == latents.steps * codec.hop
        assert through(codec, odd).frames.shape == odd.frames.shape


def test_the_tail_is_not_lost(load: Load) -> None:
    for export in ("deterministic", "streaming", "streaming, late"):
        codec = load(**EXPORTS[export])
        for length in (codec.hop * 20 - 1, codec.hop * 20, codec.hop * 20 + 1):
            whole = tone(200, 1.0).padded_to(length)
            back = codec.decode(codec.encode(whole), length)
            end = slice(length - 300, length)
            assert nearness_db(audio(whole.frames[:, end]), audio(back.frames[:, end])) > 20


@pytest.mark.parametrize("export", ["deterministic", "streaming", "stereo"])
def test_long_sounds_are_coded_in_parts(
    load: Load, monkeypatch: pytest.MonkeyPatch, export: str
) -> None:
    codec = load(**EXPORTS[export])
    longest = []
    run = codec._program.run

    def spied(method: str, values: torch.Tensor, seed: int = 0) -> torch.Tensor:
        longest.append(values.shape[2] // (codec.hop if method == "encode" else 1))
        return run(method, values, seed)

    monkeypatch.setattr(codec._program, "run", spied)
    monkeypatch.setattr(torchscript_codec, "COLUMNS_AT_ONCE", 1000)
    t = seconds(8.0)
    long = audio(0.5 * np.sin(2 * np.pi * (200 + 20 * t) * t))
    latents = codec.encode(long)
    decoded = codec.decode(latents)
    magnitude = codec.decode_magnitudes(latents)
    assert len(longest) == 9
    assert max(longest) < 300
    monkeypatch.setattr(torchscript_codec, "CHUNK_STEPS", 100_000)
    monkeypatch.setattr(torchscript_codec, "COLUMNS_AT_ONCE", 100_000)
    whole = codec.encode(long)
    assert np.allclose(latents.values, whole.values, atol=1e-4)
    assert np.allclose(decoded.frames, codec.decode(whole).frames, atol=1e-4)
    assert np.allclose(magnitude, codec.decode_magnitudes(whole), atol=1e-4)
    assert nearness_db(long, codec.decode(latents, long.length)) > 25


def test_left_and_right_stay_apart(load: Load) -> None:
    left, right = tone(220, 0.4), tone(330, 0.4)
    both = Clip(np.concatenate([left.frames, right.frames]), 44_100)
    for export in ("deterministic", "stereo", "version 1 stereo"):
        back = through(load(**EXPORTS[export]), both)
        for channel, wanted in zip(back.frames, (left, right), strict=True):
            assert nearness_db(wanted, audio(channel)) > 15


def test_channels_are_mixed_and_rates_are_matched(load: Load) -> None:
    codec = load()
    both = Clip(np.concatenate([tone(220, 0.4).frames, tone(330, 0.4).frames]), 44_100)
    assert np.allclose(codec.encode(both).values, codec.encode(audio(both.mono())).values)
    left = tone(220, 0.4)
    opposite = Clip(np.concatenate([left.frames, -left.frames]), 44_100)
    assert np.array_equal(codec.encode(opposite).values, codec.encode(left).values)
    there, here = (codec.encode(tone(440, 0.5, rate)).values for rate in (48_000, 44_100))
    assert there.shape == here.shape
    assert np.abs(there[3:-4] - here[3:-4]).max() < 0.05


@pytest.mark.parametrize("export", ["version 2", "streaming, random", "stereo", "48 kHz"])
def test_magnitudes_are_those_of_the_sound(load: Load, sound: Clip, export: str) -> None:
    codec = load(**EXPORTS[export])
    latents = codec.encode(sound)
    magnitude = codec.decode_magnitudes(latents)
    assert magnitude.shape == (BINS, 1 + latents.steps * codec.hop // codec.spectrum_hop)
    assert magnitude.dtype == np.float32
    heard = torch.from_numpy(sound.at_rate(codec.sample_rate).frames)
    wanted = stft(heard, codec.spectrum_hop).abs()[0]

    def lost(found: np.ndarray) -> float:
        return float(
            (torch.from_numpy(found)[:, : wanted.shape[1]] - wanted).norm() / wanted.norm()
        )

    assert lost(magnitude) < 0.15
    backwards = Latents(latents.values[::-1].copy())
    assert lost(codec.decode_magnitudes(backwards)) > 0.5


@pytest.mark.parametrize("export", ["deterministic", "streaming", "48 kHz", "version 1"])
def test_a_move_of_the_latents_moves_the_sound_in_place(
    load: Load, sound: Clip, export: str
) -> None:
    codec = load(**EXPORTS[export])
    before = codec.encode(sound)
    assert resynthesise(sound, codec, before, before) is sound
    # The latents lie around those of silence: from the middle of the sound on, a quarter as loud.
    step = codec.silence_after(before)
    half = sound.length // 2
    at = round(half / sound.sample_rate * codec.sample_rate / codec.hop)
    values = before.values.copy()
    late = at + (codec.delay > 0)
    values[late:] = step + 0.25 * (values[late:] - step)
    changed = resynthesise(sound, codec, before, Latents(values))
    around = 2048
    first, last = slice(0, half - around), slice(half + around, None)
    kept = audio(changed.frames[:, first])
    quiet = audio(4 * changed.frames[:, last])
    assert nearness_db(audio(sound.frames[:, first]), kept) > 20
    assert nearness_db(audio(sound.frames[:, last]), quiet) > 10


def test_a_memory_is_silent_before_every_call(tmp_path: Path) -> None:
    used = Standin(streaming=True)
    fresh = scripted(used)
    for memory in (used.heard, used.spoken):
        assert isinstance(memory, Memory)
        memory.pad.fill_(0.7)  # as it is saved after a trial
    programs = [
        open_program(written(data, tmp_path), digest(data), "mine")
        for data in (fresh, scripted(used))
    ]
    x = torch.from_numpy(tone(200, 0.1).frames)[None]
    z = programs[0].run("encode", x)
    y = programs[0].run("decode", z[None])
    for program in programs:
        for _ in range(2):
            assert torch.equal(program.run("encode", x), z)
            assert torch.equal(program.run("decode", z[None]), y)


def test_a_delay_is_found_by_the_envelope_where_the_waveform_is_lost() -> None:
    hop = 1024
    sent = probe_sound(1, hop)[0]
    envelope = sent.abs().unfold(0, 65, 1).amax(dim=1)
    other = torch.randn(len(envelope), generator=torch.Generator().manual_seed(5))
    for late in (0, 700, 3000):
        heard = torch.nn.functional.pad(envelope * other, (32 + late, 32))[: len(sent)]
        assert abs(delay_between(sent, heard, hop) - late) <= 64
    assert delay_between(sent, torch.zeros(len(sent)), hop) == 0
    assert delay_between(sent, other.roll(500)[: len(sent)].repeat(2)[: len(sent)], hop) == 0


def test_a_memory_outside_of_buffers_is_forgotten_too(load: Load, sound: Clip) -> None:
    codec = load(fault="counts")
    first = codec.encode(sound).values
    assert np.array_equal(codec.encode(sound).values, first)
    assert np.array_equal(load(fresh=True, fault="counts").encode(sound).values, first)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"fault": "encode raises"}, "cannot encode this (ValueError: this sound"),
        ({"fault": "encode raises", "params": False}, "cannot encode this (ValueError: this"),
        ({"fault": "decode raises"}, "cannot decode this (RuntimeError: shape '[3, 5, 7]'"),
        ({"fault": "half as long"}, "decodes to other sizes than it says"),
        ({"fault": "half as long", "params": False}, "has steps that are not a fixed number"),
        ({"fault": "one step more"}, "encodes to other sizes than it says"),
        ({"fault": "encodes to no numbers"}, "returns values that are not numbers from encode"),
        ({"fault": "decodes to no numbers"}, "returns values that are not numbers from decode"),
        ({"fault": "no batch"}, "returns no tensor of three dimensions from encode"),
        ({"fault": "endless"}, "cannot encode this (it wants more memory than there is)"),
        ({"sizes": (64, float("nan"))}, "says sizes that cannot be (encode_params)"),
        ({"sizes": (float("inf"), 512)}, "says sizes that cannot be (encode_params)"),
        ({"sizes": (64, 1e30)}, "says sizes that cannot be (encode_params)"),
        ({"sizes": (64, 512.5)}, "says sizes that cannot be (encode_params)"),
        ({"sizes": (64, -512)}, "says sizes that cannot be (encode_params)"),
        ({"sizes": (64, 1 << 40)}, "has steps of 1,099,511,627,776 frames, where 16 to 65,536"),
        ({"sizes": (64, 65_537)}, "has steps of 65,537 frames"),
        ({"hop": 2, "dims": 1}, "has steps of 2 frames, where 16 to 65,536 can be"),
        ({"hop": 8, "dims": 1, "params": False}, "has steps of 8 frames"),
        (
            {"sizes": (1 << 40, 512)},
            "has 1,099,511,627,776 values in a step, where 1 to 4,096 can be",
        ),
        ({"channels": 4, "decoded": 4}, "is not for mono or stereo audio"),
    ],
)
def test_what_a_program_does_wrong_is_told_in_one_line(
    load: Load, options: dict[str, object], says: str
) -> None:
    with pytest.raises(ModelError) as raised:
        load(**options)
    assert f"the codec 'mine' {says}" in str(raised.value)
    assert str(raised.value).isprintable()
    assert raised.value.__cause__ is None


def test_a_sound_that_the_program_refuses_spoils_no_other(load: Load, sound: Clip) -> None:
    codec = load(fault="refuses loud sounds", streaming=True)
    values = codec.encode(sound).values
    with pytest.raises(ModelError, match="too loud"):
        codec.encode(audio(np.ones(3_000)))
    assert np.array_equal(codec.encode(sound).values, values)
    with pytest.raises(ModelError, match="too large to keep"):
        load().encode(audio(np.full(2_000, 1e6)))
    with pytest.raises(ModelError, match="too large to keep"):
        load(codes=True).encode(audio(np.full(2_000, 1e3)))


def test_a_file_that_has_changed_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file was loaded")

    data = standin()
    trusted = digest(data)
    path = written(standin(hop=1024), tmp_path)
    monkeypatch.setattr(torch.jit, "load", refuse)
    with pytest.raises(ModelError, match="'mine' has changed"):
        load_torchscript(path, trusted, "mine")
    with pytest.raises(ModelError, match="cannot be read"):
        load_torchscript(tmp_path / "none.ts", trusted, "mine")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no archive", "cannot be loaded"),
        (b"", "cannot be loaded"),
        (standin()[:-300], "cannot be loaded"),
        (scripted(torch.nn.Linear(2, 2)), "cannot encode and decode"),
    ],
    ids=["text", "empty", "cut", "no codec"],
)
def test_what_is_no_codec_is_told(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(ModelError, match=f"the codec 'mine' {says}") as raised:
        load_torchscript(written(data, tmp_path), digest(data), "mine")
    assert str(raised.value).isprintable()
