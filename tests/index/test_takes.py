"""Takes: files that replace nothing, whose ends are the originals and whose steps sound even."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.answers import Take
from index.morphing import morph
from index.sounds import Sound
from index.take_files import new_wav
from index.variations import variations
from library.clip import Clip
from library.decode import read
from library.descriptors import describe
from library.errors import UserError
from library.progress import drive
from library.take_rows import Origin
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, tone
from tests.fake_codec import FakeCodec
from tests.index.conftest import ping
from vae.space import Space


def sound(clip: Clip, name: str) -> Sound:
    """A sound that lies nowhere."""
    return Sound(name, clip, "0" * 32, Origin(Path(name), None))


def heard(take: Take) -> bytes:
    """The audio of a take, without what its file says of it."""
    return read(take.path).frames.tobytes()


class Maker:
    """Makes takes with the fake codec."""

    def __init__(self, space: Space, codec: FakeCodec, out: Path) -> None:
        self.space, self.codec, self.out = space, codec, out

    def morph(self, *clips: Clip, steps: int = 3, names: tuple[str, ...] = ()) -> list[Take]:
        names = names or tuple(f"sound {n}.wav" for n in range(len(clips)))
        sounds = [sound(*pair) for pair in zip(clips, names, strict=True)]
        return drive(morph(sounds, steps, self.out))

    def vary(
        self,
        clip: Clip,
        n: int = 1,
        amount: float | None = None,
        settings: Mapping[str, str] | None = None,
        seed: int = 0,
        name: str = "ping.wav",
        hold: Sequence[str] = (),
    ) -> list[Take]:
        job = variations(
            sound(clip, name),
            n,
            self.out,
            self.space,
            self.codec,
            amount,
            settings or {},
            seed,
            hold=hold,
        )
        return drive(job)


def slow_noise() -> Clip:
    """Noise of which the fake codec hears all."""
    return Clip(noise(0.3).frames, 11_025)


@pytest.fixture
def maker(space: Space, codec: FakeCodec, tmp_path: Path) -> Maker:
    return Maker(space, codec, tmp_path / "out")


def test_a_morph_is_files_from_one_sound_to_the_other(maker: Maker) -> None:
    first, second = ping(1), ping(2)
    takes = maker.morph(first, second, steps=5, names=("kick.wav", "bell.flac"))
    assert [take.path.name for take in takes] == [f"kick_to_bell_{n:02d}.wav" for n in range(5)]
    assert sorted(maker.out.iterdir()) == [take.path for take in takes]
    for original, take in ((first, takes[0]), (second, takes[-1])):
        # 24 bits are all that is lost.
        assert np.abs(read(take.path).frames - original.frames).max() < 2**-23
    weights = [take.weights for take in takes]
    assert weights[0] == (1.0, 0.0)
    assert weights[-1] == (0.0, 1.0)
    assert all(w is not None and sum(w) == pytest.approx(1) for w in weights)
    shares = [w[1] for w in weights if w is not None]
    assert shares == sorted(shares)
    assert [take.z for take in takes] == [None] * 5


def test_ends_louder_than_full_scale_are_exact_too(maker: Maker) -> None:
    loud = Clip(3 * ping(1).frames / np.abs(ping(1).frames).max(), 44_100)
    takes = maker.morph(loud, ping(2))
    assert np.array_equal(read(takes[0].path).frames, loud.frames)


def test_rates_and_channels_are_matched_in_every_file(maker: Maker) -> None:
    stereo = audio(np.stack([tone(300, 0.1).frames[0], noise(0.1).frames[0]]), 48_000)
    takes = maker.morph(tone(220, 0.1, 22_050), stereo, ping(3), steps=4)
    found = [read(take.path) for take in takes]
    assert {(clip.sample_rate, clip.channels) for clip in found} == {(48_000, 2)}
    assert {len(take.weights or ()) for take in takes} == {3}


def test_no_file_is_ever_replaced(maker: Maker) -> None:
    maker.out.mkdir()
    mine = maker.out / "sound 0_to_sound 1_00.wav"
    mine.write_bytes(b"mine")
    first = maker.morph(ping(1), ping(2))
    second = maker.morph(ping(1), ping(2))
    assert mine.read_bytes() == b"mine"
    paths = [take.path for take in first + second]
    assert len(set(paths)) == len(paths) == 6
    assert first[0].path.name == "sound 0_to_sound 1_00_2.wav"
    assert {path.stat().st_size > 100 for path in paths} == {True}
    varied = [maker.vary(ping(1))[0].path.name for _ in range(3)]
    assert varied == ["ping_var_01.wav", "ping_var_01_2.wav", "ping_var_01_3.wav"]


@pytest.mark.parametrize("length", [90, 150, 240])
def test_long_names_are_shortened(maker: Maker, length: int) -> None:
    names = ("å" * (length // 2) + ".wav", "m" * length + ".wav")
    takes = maker.morph(ping(1), ping(2), names=names) + maker.vary(ping(1), name=names[1])
    assert all(take.path.is_file() for take in takes)
    assert "_to_m" in takes[0].path.name


@pytest.mark.parametrize("steps", [-1, 0, 1, 1001])
def test_a_number_of_steps_that_is_none_is_told(maker: Maker, steps: int) -> None:
    with pytest.raises(UserError, match=f"cannot have {steps} steps: choose 2 to 1000"):
        maker.morph(ping(1), ping(2), steps=steps)
    assert not maker.out.exists()


@pytest.mark.parametrize("count", [1, 5])
def test_a_number_of_sounds_that_is_none_is_told(maker: Maker, count: int) -> None:
    with pytest.raises(UserError, match=f"takes 2 to 4 sounds, not {count}"):
        maker.morph(*[ping(1)] * count)


def test_a_folder_that_cannot_be_made_is_told(maker: Maker) -> None:
    maker.out.write_text("a file")
    maker.out = maker.out / "inside"
    with pytest.raises(UserError, match="cannot make the folder"):
        maker.morph(ping(1), ping(2))
    with pytest.raises(UserError, match="cannot make the folder"):
        maker.vary(ping(1))


def test_variations_are_seeded(maker: Maker) -> None:
    first, again, other = (maker.vary(ping(1), 3, seed=seed) for seed in (1, 1, 2))
    bits = [[take.path.read_bytes() for take in takes] for takes in (first, again, other)]
    assert bits[0] == bits[1]
    assert len({*bits[0], *bits[2]}) == 6
    assert [take.z for take in first] == [take.z for take in again]
    assert all(len(take.z or ()) == maker.space.dims for take in first)
    assert first[0].weights is None


def test_more_amount_goes_further(maker: Maker) -> None:
    def away(amount: float) -> float:
        takes = maker.vary(ping(1), 6, amount=amount)
        lost = [np.square(read(take.path).frames - ping(1).frames).sum() for take in takes]
        return float(np.mean(lost))

    assert away(0.1) < away(0.5) < away(2.0)


def test_settings_alone_move_nothing_else_and_are_the_same_every_time(maker: Maker) -> None:
    takes = [maker.vary(ping(1), settings={"brightness": "+1"}, seed=seed)[0] for seed in (1, 2)]
    assert heard(takes[0]) == heard(takes[1])
    still = maker.vary(ping(1), amount=0.0)[0]
    assert np.abs(read(still.path).frames - ping(1).frames).max() < 2**-23
    moved = np.subtract(takes[0].z or (), still.z or ())
    assert moved == pytest.approx([1, *[0] * (maker.space.dims - 1)], abs=1e-5)


@pytest.mark.parametrize(("plain", "line"), [("+1", "+1:+1"), ("-0.5", "-0.5@0,-0.5@0.1s")])
def test_a_level_line_is_the_very_same_as_its_step(maker: Maker, plain: str, line: str) -> None:
    takes = [maker.vary(ping(1), settings={"brightness": text})[0] for text in (plain, line)]
    assert heard(takes[0]) == heard(takes[1])
    assert takes[0].z == takes[1].z


@pytest.mark.parametrize("nothing", ["0:0", "0@0,0@50%,0@100%", "depth1"])
@pytest.mark.parametrize("name", ["brightness", "noisiness"])
def test_a_course_of_nothing_is_the_sound_itself(maker: Maker, name: str, nothing: str) -> None:
    still = maker.vary(ping(1), amount=0.0)[0]
    take = maker.vary(ping(1), settings={name: nothing})[0]
    assert heard(take) == heard(still)
    assert take.z == still.z


def test_a_line_is_a_take_of_its_mean_in_a_file_of_a_safe_name(maker: Maker) -> None:
    still = maker.vary(ping(1), amount=0.0)[0]
    take = maker.vary(ping(1), settings={"brightness": "0@0,+2@50%,0@100%", "noisiness": "1:-2"})[0]
    assert take.path.name == "ping_brightness0at0_+2at50pc_0at100pc_noisiness1_to_-2.wav"
    moved = np.subtract(take.z or (), still.z or ())
    wanted = np.zeros(maker.space.dims)
    wanted[[maker.space.position(name) for name in ("brightness", "noisiness")]] = 1, -0.5
    assert moved == pytest.approx(wanted, abs=1e-5)
    long = maker.vary(ping(1), settings={"brightness": ":".join(["0", "-1"] * 60)})[0]
    assert long.path.is_file()


def test_random_variations_take_a_course_too(maker: Maker) -> None:
    still = maker.vary(slow_noise(), 2, amount=0.5, seed=3)
    drawn = maker.vary(slow_noise(), 2, amount=0.5, seed=3, settings={"brightness": "0:-3"})
    for first, second in zip(still, drawn, strict=True):
        falls = []
        for take in (first, second):
            halves = np.array_split(read(take.path).frames, 2, axis=1)
            early, late = (describe(audio(half)).brightness or 0.0 for half in halves)
            falls.append(early / late)
        assert falls[1] > 1.3 * falls[0]


def test_what_is_held_does_not_move(maker: Maker) -> None:
    clip = ping(3)
    free = maker.vary(clip, 4, amount=1.5)
    kept = maker.vary(clip, 4, amount=1.5, hold=("brightness", "length", "loudness"))
    at = maker.space.position("brightness")
    still = maker.vary(clip, amount=0.0)[0]
    away = [
        float(np.mean([abs(np.log2((t.attributes["brightness"] or 0) /
                                   (still.attributes["brightness"] or 1))) for t in takes]))
        for takes in (free, kept)
    ]  # fmt: skip
    assert away[1] < 0.6 * away[0]
    for take in kept:
        assert (take.z or ())[at] == pytest.approx((still.z or ())[at], abs=1e-5)
        assert take.attributes["loudness"] == pytest.approx(still.attributes["loudness"], abs=0.05)


def test_what_is_held_can_still_be_set(maker: Maker) -> None:
    takes = [
        maker.vary(slow_noise(), 1, 1.0, settings, hold=["brightness"])[0]
        for settings in ({"brightness": "-2"}, {"brightness": "-1"}, {})
    ]
    found = [take.attributes["brightness"] or 0 for take in takes]
    assert found[0] < 0.95 * found[1]
    assert found[1] < 0.95 * found[2]


@pytest.mark.parametrize(
    ("amount", "settings", "hold", "told"),
    [
        (1.0, {}, ["warmth"], "no attribute 'warmth' to hold"),
        (0.0, {}, ["pitch"], "nothing to hold: add --amount"),
        (None, {"brightness": "+1"}, ["pitch"], "nothing to hold: add --amount"),
        (None, {"brightness": "0:up"}, [], "brightness=up is not a step"),
        (None, {"decay": "0:+1"}, [], "decay has no course over time"),
        (None, {"brightness": "depth"}, [], "is not a depth"),
    ],
)
def test_what_cannot_be_held_or_drawn_is_told_before_anything_is_made(
    maker: Maker, amount: float | None, settings: dict[str, str], hold: list[str], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        maker.vary(ping(1), 1, amount, settings, hold=hold)
    assert not maker.out.exists()


def test_what_is_said_of_a_take_is_true_of_its_file(maker: Maker) -> None:
    loud = Clip(0.95 * ping(1).frames / np.abs(ping(1).frames).max(), 44_100)
    takes = maker.morph(loud, ping(2)) + maker.vary(loud, 2, amount=2.0)
    for take in takes:
        found = describe(read(take.path))
        assert take.attributes["loudness"] == pytest.approx(found.loudness, abs=0.01)
        assert take.attributes["brightness"] == pytest.approx(found.brightness, rel=1e-2)


@pytest.mark.parametrize(
    ("n", "amount", "settings", "told"),
    [
        (0, None, {}, "0 variations cannot be made: choose 1 to 1000"),
        (1001, None, {}, "1001 variations cannot be made"),
        (1, -1.0, {}, "an amount of -1.0 is out of range"),
        (1, 6.5, {}, "an amount of 6.5 is out of range"),
        (1, float("nan"), {}, "an amount of nan is out of range"),
        (2, 0.0, {}, "all variations are the same"),
        (2, None, {"brightness": "+1"}, "all variations are the same"),
        (1, None, {"brightness": "up"}, "brightness=up is not a step"),
        (1, None, {"warmth": "+1"}, "no attribute 'warmth'"),
    ],
)
def test_what_cannot_be_made_is_told_before_anything_is(
    maker: Maker, n: int, amount: float | None, settings: dict[str, str], told: str
) -> None:
    with pytest.raises(UserError, match=told):
        maker.vary(ping(1), n, amount, settings)
    assert not maker.out.exists()


def test_a_job_closed_halfway_keeps_its_files(maker: Maker) -> None:
    pinged = sound(ping(1), "ping.wav")
    job = variations(pinged, 5, maker.out, maker.space, maker.codec, 1.0, {}, seed=0)
    steps = [next(job), next(job)]
    job.close()
    assert [(s.stage, s.done, s.total, s.note) for s in steps] == [
        ("vary", 1, 5, "ping_var_01.wav"),
        ("vary", 2, 5, "ping_var_02.wav"),
    ]
    assert len(list(maker.out.iterdir())) == 2


def test_a_name_that_no_disk_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot write"):
        new_wav(tmp_path / (300 * "x" + ".wav"))
