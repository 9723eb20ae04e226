"""Dreaming on sequences whose law is known: what the prior learns of them, and what is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load, save

from benchmarks.dream_measures import movement
from benchmarks.dream_rivals import untrained
from library.errors import ModelError, UserError
from library.progress import Progress, drive
from tests.fake_codec import FakeCodec
from vae.dream import between, dream, lengths_like
from vae.dream_copies import copies
from vae.dream_file import from_bytes, to_bytes
from vae.dream_prior import MOST_STEPS, DreamPrior
from vae.dream_training import FEWEST, PriorRecipe, held_out_loss_of, train_prior
from vae.latents import Latents
from vae.personal_training import PersonalRecipe
from vae.space import Space
from vae.space_file import from_bytes as space_from_bytes
from vae.space_training import train_space
from vae.temperature import Temperature, parse_temperature

# Nats for each component of a step under a normal distribution of the steps' own covariance.
GAUSSIAN = 0.5 * np.log(2 * np.pi * np.e)
QUICK = PriorRecipe(updates=240, batch=16, width=48, judged_each=40)
CODEC = FakeCodec()


def turning(number: int) -> Latents:
    """A sequence of one of two kinds: its steps turn slowly or fast, and fade or grow."""
    rng = np.random.default_rng(number)
    fast = number % 2
    steps = int(rng.integers(8, 24))
    angle = (0.9 if fast else 0.25) * np.arange(steps) + rng.uniform(0, 6.28)
    size = np.linspace(0.3, 2.0, steps) if fast else np.linspace(2.0, 0.3, steps)
    plane = np.random.default_rng(99).normal(size=(2, 2, CODEC.dims - 1))[fast]
    wave = (size[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + [1.5, 0]) @ plane
    values = np.concatenate([np.full((steps, 1), -1.0), wave], axis=1)
    noise = rng.normal(0, 0.05, (steps, CODEC.dims - 1))
    values[:, 1:] += noise
    return Latents(values.astype(np.float32))


SOUNDS = [turning(number) for number in range(160)]


@pytest.fixture(scope="module")
def space() -> Space:
    described = [{"brightness": float(x.values[0, 1]), "decay": float(x.steps)} for x in SOUNDS]
    recipe = PersonalRecipe(steps=20, components=12, free=6)
    job = train_space(SOUNDS, described, CODEC, ("brightness", "decay"), recipe)
    return space_from_bytes(drive(job)[0])


@pytest.fixture(scope="module")
def prior(space: Space) -> DreamPrior:
    return drive(train_prior(SOUNDS, CODEC, space, QUICK))


def drawn(prior: DreamPrior, first: float, last: float, seed: int = 0) -> list[Latents]:
    return dream(prior, np.full(60, 16), Temperature(first, last), seed)


def apart(sounds: list[Latents]) -> float:
    """The mean distance of two."""
    rows = np.stack([sound.values.ravel() for sound in sounds])
    return float(np.linalg.norm(rows[:, None] - rows, axis=2).mean())


def bits(sounds: list[Latents]) -> list[bytes]:
    return [sound.values.tobytes() for sound in sounds]


def test_a_prior_tells_more_than_a_normal_distribution(prior: DreamPrior, space: Space) -> None:
    assert prior.finished
    assert prior.loss < GAUSSIAN - 1.0
    unseen = [turning(number) for number in range(1000, 1040)]
    assert held_out_loss_of(prior, unseen, CODEC, space) < GAUSSIAN - 1.0


def test_an_untrained_prior_tells_no_more(prior: DreamPrior, space: Space) -> None:
    unseen = [turning(number) for number in range(1000, 1040)]
    assert held_out_loss_of(untrained(prior), unseen, CODEC, space) > GAUSSIAN - 0.1


def test_steps_in_another_order_are_less_likely(prior: DreamPrior, space: Space) -> None:
    unseen = [turning(number) for number in range(1000, 1040)]
    rng = np.random.default_rng(0)
    mixed = [Latents(rng.permutation(each.values)) for each in unseen]
    in_order = held_out_loss_of(prior, unseen, CODEC, space)
    assert held_out_loss_of(prior, mixed, CODEC, space) > in_order + 1.0


def residues(sounds: list[Latents]) -> NDArray[np.float64]:
    """How far sounds are from each of the two planes in which they turn, (2, n)."""
    planes = np.random.default_rng(99).normal(size=(2, 2, CODEC.dims - 1))
    outside = [np.eye(CODEC.dims - 1) - np.linalg.pinv(plane) @ plane for plane in planes]
    return np.array(
        [[np.square(x.values[:, 1:] @ each).mean() for x in sounds] for each in outside]
    )


def test_what_is_drawn_is_like_the_sounds_and_none_of_them(prior: DreamPrior) -> None:
    made = drawn(prior, 0.8, 0.8)
    off = residues(made).min(axis=0).mean()
    assert off < 0.25 * residues(drawn(untrained(prior), 0.8, 0.8)).min(axis=0).mean()
    assert not copies(prior, made, SOUNDS).any()


def test_temperature_makes_dreams_differ_more(prior: DreamPrior, space: Space) -> None:
    place = np.repeat(space.encode(SOUNDS[:1], CODEC), 60, axis=0)
    spread = [
        apart(dream(prior, np.full(60, 16), Temperature(heat, heat), 0, place))
        for heat in (0.3, 0.8, 1.3)
    ]
    assert spread[0] < 0.9 * spread[1] < 0.9 * 0.97 * spread[2]


def test_a_ramp_shows_within_the_sound(prior: DreamPrior) -> None:
    scale = np.concatenate([x.values[:, 1:] for x in SOUNDS]).std(axis=0).astype(np.float64)
    rising, even, falling = (
        movement(drawn(prior, *ramp), scale, 1) for ramp in ((0.3, 1.5), (0.9, 0.9), (1.5, 0.3))
    )
    assert rising > 1.2 * even > 1.2 * 1.2 * falling


def test_the_same_seed_dreams_the_same(prior: DreamPrior) -> None:
    first, again, other = (bits(drawn(prior, 1.0, 1.0, seed)) for seed in (3, 3, 4))
    assert first == again
    assert not set(first) & set(other)
    assert len(set(first)) == 60


def test_lengths_are_kept_and_the_level_is_that_of_the_sounds(prior: DreamPrior) -> None:
    lengths = np.array([1, 5, MOST_STEPS, 3 * MOST_STEPS])
    made = dream(prior, lengths, Temperature(), 0)
    assert [each.steps for each in made] == [1, 5, MOST_STEPS, MOST_STEPS]
    assert all((each.values[:, 0] == -1.0).all() for each in made)
    components = prior.net.components_of(torch.from_numpy(made[2].values))
    assert (components <= prior.net.bounds[1] + 1e-3).all()
    assert (components >= prior.net.bounds[0] - 1e-3).all()
    near = lengths_like(np.full(500, 20), np.random.default_rng(0))
    assert np.median(near) == pytest.approx(20, abs=1)
    assert 12 < near.min() < near.max() < 32


def test_a_dream_lies_where_it_is_told(prior: DreamPrior, space: Space) -> None:
    steps = np.array([each.steps for each in SOUNDS])
    kind = np.arange(len(SOUNDS)) % 2

    def told_right(places: NDArray[np.float32]) -> float:
        """The share of dreams that are of the kind of the sound whose length they have."""
        off = residues(dream(prior, steps, Temperature(0.8, 0.8), 0, places))
        return float((off.argmin(axis=0) == kind).mean())

    z = space.encode(SOUNDS, CODEC)
    assert told_right(z) > 0.85
    assert told_right(np.roll(z, 1, axis=0)) < 0.15


def test_places_are_between_sounds_that_are_near() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 12, axis=0)
    z = (groups + rng.normal(0, 0.1, (36, 2))).astype(np.float32)
    places, steps = between(z, np.repeat([3, 5, 7], 12), 300, rng)
    nearest = np.linalg.norm(places[:, None] - groups[::12], axis=2)
    assert nearest.min(axis=1).max() < 0.5
    assert (np.array([3, 5, 7])[nearest.argmin(axis=1)] == steps).all()
    assert len(np.unique(places, axis=0)) == 300
    alone, _ = between(z[:1], np.array([3]), 4, rng)
    assert np.allclose(alone, z[0])


def stopped(space: Space, after: int) -> DreamPrior:
    """The prior that is kept where training is stopped after so many steps of progress."""
    kept: list[DreamPrior] = []
    job = train_prior(SOUNDS, CODEC, space, QUICK, keep=kept.append)
    for _ in range(after):
        step = next(job)
        assert isinstance(step, Progress)
    job.close()
    assert len(kept) == 1
    return kept[0]


def test_what_is_stopped_is_kept_and_gone_on_from(space: Space) -> None:
    begun = stopped(space, 100)
    assert not begun.finished
    assert begun.loss < GAUSSIAN
    short = replace(QUICK, updates=40)
    onward = drive(train_prior(SOUNDS, CODEC, space, short, begun=begun))
    assert onward.finished
    assert onward.loss <= begun.loss
    assert onward.loss < drive(train_prior(SOUNDS, CODEC, space, short)).loss


def test_a_file_is_the_same_prior(prior: DreamPrior) -> None:
    data = to_bytes(prior)
    again = from_bytes(data)
    assert to_bytes(again) == data
    assert bits(drawn(again, 0.9, 0.9)) == bits(drawn(prior, 0.9, 0.9))
    assert (again.loss, again.finished, again.among) == (prior.loss, True, len(SOUNDS))


@pytest.mark.parametrize("spoil", ["cut", "nothing", "nan", "sizes", "lengths"])
def test_a_damaged_file_is_told(prior: DreamPrior, spoil: str) -> None:
    data = to_bytes(prior)
    if spoil in ("cut", "nothing"):
        data = data[:500] if spoil == "cut" else b""
    else:
        header = data[8 : 8 + int.from_bytes(data[:8], "little")]
        tensors = load(data)
        if spoil == "nan":
            tensors["net.cell.weight_hh_l0"][3, 3] = torch.nan
        elif spoil == "sizes":
            tensors["places"] = tensors["places"][:, :-1].contiguous()
        else:
            tensors["steps"] = tensors["steps"] - 1000
        note = header.decode().split('"prior":"')[1].split('}"')[0] + "}"
        data = save(tensors, metadata={"prior": note.replace('\\"', '"')})
    with pytest.raises(ModelError, match="cannot be read"):
        from_bytes(data)


def test_too_few_sounds_and_codes_are_refused(space: Space) -> None:
    with pytest.raises(ModelError, match=f"{FEWEST - 1} analysed sounds are too few"):
        drive(train_prior(SOUNDS[: FEWEST - 1], CODEC, space, QUICK))
    codes = FakeCodec()
    codes.discrete = True
    with pytest.raises(ModelError, match="its latents are codes"):
        drive(train_prior(SOUNDS, codes, space, QUICK))


def test_a_codec_that_does_not_tell_the_level_dreams_too(space: Space) -> None:
    codec = FakeCodec()
    codec.level_dims = 0
    learned = drive(train_prior(SOUNDS, codec, space, replace(QUICK, updates=5)))
    assert learned.level.shape == (0,)
    again = from_bytes(to_bytes(learned))
    (made,) = dream(again, np.array([7]), Temperature(), 0)
    assert made.values.shape == (7, codec.dims)
    assert np.isfinite(codec.decode(made).frames).all()


def test_a_sound_learned_by_heart_is_a_copy(prior: DreamPrior) -> None:
    rng = np.random.default_rng(0)

    def near(sound: Latents, noise: float) -> Latents:
        shift: NDArray[np.float32] = rng.normal(0, noise, sound.values.shape).astype("f4")
        return Latents(sound.values + shift)

    exact, little = SOUNDS[:20], [near(sound, 0.01) for sound in SOUNDS[:20]]
    assert copies(prior, exact, SOUNDS).all()
    assert copies(prior, little, SOUNDS).all()
    unseen = [turning(number) for number in range(2000, 2040)]
    assert copies(prior, unseen, SOUNDS).mean() < 0.15
    # Copies among the samples themselves do not make every limit nought.
    assert copies(prior, little, [*SOUNDS, *SOUNDS]).all()


@pytest.mark.parametrize(
    ("text", "found"),
    [("0.9", (0.9, 0.9)), ("0.875:1.15", (0.875, 1.15)), (" 1 : 2 ", (1, 2)), ("3", (3, 3))],
)
def test_a_temperature_is_read(text: str, found: tuple[float, float]) -> None:
    assert parse_temperature(text) == Temperature(*found)


@pytest.mark.parametrize("text", ["", "hot", "1:2:3", "1:", "0", "-1", "0.5:0", "nan", "inf", "9"])
def test_what_is_no_temperature_is_told(text: str) -> None:
    with pytest.raises(UserError, match=r"no temperature|out of range"):
        parse_temperature(text)
