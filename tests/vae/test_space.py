"""A space on real latents: it follows its attributes, moves sounds by them, and becomes bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.torch import load, save
from scipy.stats import spearmanr
from torch import Tensor

from library.errors import ModelError, UserError
from library.progress import drive
from tests.fake_codec import FakeCodec
from tests.vae.conftest import QUICK, Sounds
from vae.alike import learn_alike
from vae.attributes import DEFAULT_ATTRIBUTES
from vae.house_codec import house_codec
from vae.latents import Latents
from vae.personal_training import FEWEST
from vae.space import Space
from vae.space_file import from_bytes, house_space, to_bytes
from vae.space_training import train_space
from vae.vary import settings_shift
from vae.vector import scales, vectors
from vae.words import learn_words

CODEC = house_codec()


def rank_correlation(space: Space, sounds: Sounds, name: str) -> float:
    z = space.encode(sounds.latents, CODEC)[:, space.position(name)]
    known = [i for i, row in enumerate(sounds.described) if row[name] is not None]
    return float(spearmanr(z[known], [sounds.described[i][name] for i in known]).statistic)


def test_held_out_sounds_follow_the_attributes(small_space: Space) -> None:
    found = dict(zip([a.name for a in small_space.attributes], small_space.spearman, strict=True))
    assert list(found) == list(DEFAULT_ATTRIBUTES)
    assert found["brightness"] > 0.85
    assert all(found[name] > 0.6 for name in ("loudness", "noisiness", "attack", "decay"))


@pytest.mark.parametrize("base", [None, house_space()])
def test_shuffled_attributes_are_not_followed(synthesised: Sounds, base: Space | None) -> None:
    order = np.random.default_rng(0).permutation(200)
    shuffled = [synthesised.described[i] for i in order]
    data, _ = drive(train_space(synthesised.latents, shuffled, CODEC, recipe=QUICK, base=base))
    space = from_bytes(data)
    assert np.abs(space.spearman).max() < 0.25
    assert not space.learned.any()
    for name in ("brightness", "noisiness", "attack", "decay"):
        with pytest.raises(UserError, match=f"has not learned {name}"):
            settings_shift(space, {name: "+1"})


def test_sounds_lie_apart(small_space: Space, synthesised: Sounds) -> None:
    z = small_space.encode(synthesised.latents, CODEC)
    assert z.shape == (200, small_space.dims)
    assert z[:, :6].std(axis=0) == pytest.approx(np.ones(6), abs=0.25)
    assert (z[:, 6:].std(axis=0) > 0.1).all()
    assert len(np.unique(z[:, 0])) > 190


def test_the_house_space_knows_sounds_it_was_not_learned_on(synthesised: Sounds) -> None:
    space = house_space()
    assert space.codec_digest == CODEC.digest
    assert len(space.spearman) == len(space.attributes) == 7
    assert space.spearman.min() > 0.7
    assert space.samples > 1_000
    for name in ("brightness", "loudness", "noisiness", "decay", "low_end"):
        assert rank_correlation(space, synthesised, name) > 0.85
    assert house_space() is space


def test_it_keeps_more_of_sounds_than_their_mean(
    small_space: Space, learned: tuple[bytes, tuple[int, ...]], synthesised: Sounds
) -> None:
    unseen = [synthesised.latents[i] for i in learned[1]]
    assert small_space.reconstruction_error(unseen, CODEC) < 0.7
    assert small_space.reconstruction_error(synthesised.latents, CODEC) < 0.4
    assert house_space().reconstruction_error(unseen, CODEC) < 0.55


def test_a_move_is_read_back(small_space: Space, synthesised: Sounds) -> None:
    sounds = synthesised.latents[:40]
    z = small_space.encode(sounds, CODEC)
    for name in ("brightness", "loudness", "noisiness"):
        at = small_space.position(name)
        shift = np.zeros(small_space.dims, np.float32)
        shift[at] = 1.0
        moved = [small_space.move(latents, CODEC, shift) for latents in sounds]
        assert [m.values.shape for m in moved] == [s.values.shape for s in sounds]
        change = small_space.encode(moved, CODEC) - z
        assert (change[:, at] > 0).mean() > 0.9
        assert np.median(change[:, at]) > 0.4
        others = np.delete(np.abs(change[:, :6]), at, axis=1)
        assert np.median(others) < 0.7 * np.median(change[:, at])


def test_no_shift_is_no_move(small_space: Space, synthesised: Sounds) -> None:
    long = Latents(np.concatenate([s.values for s in synthesised.latents[:6]]))
    assert long.steps > 64
    still = small_space.move(long, CODEC, np.zeros(small_space.dims, np.float32))
    assert np.array_equal(still.values, long.values)


def test_an_attribute_has_a_place(small_space: Space) -> None:
    assert small_space.position("noisiness") == 2
    with pytest.raises(ModelError, match="no attribute 'low_end': it has brightness, loudness"):
        small_space.position("low_end")


def test_bytes_are_the_space(
    small_space: Space, learned: tuple[bytes, tuple[int, ...]], synthesised: Sounds
) -> None:
    again = from_bytes(to_bytes(small_space))
    assert to_bytes(again) == to_bytes(small_space)
    assert again.digest == from_bytes(to_bytes(again)).digest
    ours, theirs = (s.encode(synthesised.latents[:9], CODEC) for s in (small_space, again))
    assert np.array_equal(ours, theirs)
    for name in ("centre", "deviation", "spearman"):
        assert np.array_equal(getattr(again, name), getattr(small_space, name), equal_nan=True)
    assert (again.samples, again.codec_digest) == (200, CODEC.digest)


def older(data: bytes) -> bytes:
    """A space's file as it was before spaces learned from pairs, with a word."""
    tensors = {k: t for k, t in load(data).items() if not k.startswith("alike.")}
    size = int.from_bytes(data[:8], "little")
    facts = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["space"])
    del facts["words_weight"]
    return save(tensors, metadata={"space": json.dumps(facts)})


def test_what_was_learned_of_words_and_pairs_is_kept(
    small_space: Space, synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    words = learn_words(heard, {"mine": range(0, 200, 7)}, scales())
    alike = learn_alike(heard * scales(), [(0, 7), (7, 14), (3, 9)], [(1, 2)])
    taught = replace(small_space, words=words, alike=alike)
    again = from_bytes(to_bytes(taught))
    assert again.words.names == ("mine",)
    assert again.words.weight == words.weight
    ours, theirs = (vectors(s, synthesised.latents, heard, CODEC) for s in (taught, again))
    assert np.array_equal(ours, theirs)
    assert not np.array_equal(ours, vectors(small_space, synthesised.latents, heard, CODEC))


def test_a_file_from_before_pairs_gives_the_vectors_it_gave(
    small_space: Space, synthesised: Sounds, heard: NDArray[np.float32]
) -> None:
    words = learn_words(heard, {"mine": range(0, 200, 7)})
    taught = replace(small_space, words=words, alike=learn_alike(heard * scales(), [(0, 7)], []))
    found = from_bytes(older(to_bytes(taught)))
    assert found.alike.maps == {}
    ours = vectors(found, synthesised.latents, heard, CODEC)
    plain = vectors(small_space, synthesised.latents, heard, CODEC)
    assert np.array_equal(ours[:, :-1], plain), "all but the word"
    # What a word counted then.
    assert np.array_equal(ours[:, -1:], (np.sqrt(0.5) * words.scores(heard)).astype(np.float32))


def test_the_same_sounds_are_the_same_bytes(synthesised: Sounds) -> None:
    def learn() -> bytes:
        job = train_space(synthesised.latents[:40], synthesised.described[:40], CODEC, recipe=QUICK)
        return drive(job)[0]

    assert learn() == learn()


@pytest.mark.parametrize("kept", [0, 3, 8, 100, 5_000, -100, None])
def test_damaged_bytes_are_told(learned: tuple[bytes, tuple[int, ...]], kept: int | None) -> None:
    data = learned[0][:kept] if kept is not None else learned[0] + b"more"
    with pytest.raises(ModelError, match="the space cannot be read: train it again"):
        from_bytes(data)


@pytest.mark.parametrize("at", [0, 9, 40, 200])
def test_a_header_that_is_not_one_is_told(learned: tuple[bytes, tuple[int, ...]], at: int) -> None:
    data = bytearray(learned[0])
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(ModelError, match="the space cannot be read"):
        from_bytes(bytes(data))


def rewritten(data: bytes, facts: dict[str, object], tensors: dict[str, Tensor]) -> bytes:
    """A space's file with other facts and tensors."""
    size = int.from_bytes(data[:8], "little")
    known = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["space"])
    return save({**load(data), **tensors}, metadata={"space": json.dumps({**known, **facts})})


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["mean", "basis", "read", "free", "encoder.0.weight", "scale"])
def test_weights_that_are_no_numbers_are_told(
    learned: tuple[bytes, tuple[int, ...]], name: str, value: float
) -> None:
    tensor = load(learned[0])[name].clone()
    tensor.view(-1)[-1] = value
    with pytest.raises(ModelError, match="the space cannot be read: train it again"):
        from_bytes(rewritten(learned[0], {}, {name: tensor}))


WRONG: list[dict[str, object]] = [
    {"centre": [0.0]},
    {"centre": [float("nan")] * 6},
    {"deviation": [0.0] * 6},
    {"spearman": [float("inf")] * 6},
    {"attributes": ["brightness"]},
    {"codec": 3},
    {"samples": "many"},
    {"words": ["no axis"]},
    {"words_weight": float("nan")},
    {"config": {"window": 2**40, "components": 2**40, "attributes": 6, "free": 26}},
    {"config": {"window": -1, "components": 64, "attributes": 6, "free": 26}},
]


@pytest.mark.parametrize("facts", WRONG, ids=lambda facts: "-".join(facts))
def test_facts_that_do_not_fit_are_told(
    learned: tuple[bytes, tuple[int, ...]], facts: dict[str, object]
) -> None:
    assert from_bytes(rewritten(learned[0], {}, {})).samples == 200
    with pytest.raises(ModelError, match="the space cannot be read: train it again"):
        from_bytes(rewritten(learned[0], facts, {}))


def test_too_few_sounds_are_told(synthesised: Sounds) -> None:
    few = FEWEST - 1
    with pytest.raises(ModelError, match="too few"):
        drive(train_space(synthesised.latents[:few], synthesised.described[:few], CODEC))
    with pytest.raises(UserError, match="no attribute 'warmth'"):
        drive(train_space(synthesised.latents, synthesised.described, CODEC, ("warmth",)))


def test_an_attribute_that_is_the_same_in_all_is_not_learned(synthesised: Sounds) -> None:
    described = [{**row, "loudness": -6.0} for row in synthesised.described]
    names = ("loudness", "brightness")
    data, _ = drive(train_space(synthesised.latents, described, CODEC, names, QUICK))
    space = from_bytes(data)
    assert np.isnan(space.spearman[0])
    assert space.spearman[1] > 0.85
    assert (space.centre[0], space.deviation[0]) == (0, 1)


def test_any_codec_can_have_spaces(synthesised: Sounds, fake_codec: FakeCodec) -> None:
    latents = [fake_codec.encode(clip) for clip in synthesised.clips[:120]]
    described = synthesised.described[:120]
    data, held = drive(train_space(latents, described, fake_codec, ("brightness",), QUICK))
    space = from_bytes(data)
    assert space.codec_digest == "fake-0"
    assert len(held) == 12
    assert space.spearman[0] > 0.8
    assert space.encode(latents, fake_codec).shape == (120, space.dims)
    assert space.mean_step.shape == (fake_codec.dims,)
