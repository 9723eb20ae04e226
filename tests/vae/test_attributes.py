"""Attributes: their even scales, standard scores, and the steps that users write."""

from __future__ import annotations

import math

import numpy as np
import pytest

from library.descriptors import DESCRIPTORS
from library.errors import UserError
from vae.attributes import ATTRIBUTES, DEFAULT_ATTRIBUTES, chosen, parse_step, scaled, standardise

VALUES = {
    "brightness": [50.0, 440.0, 15_000.0],
    "loudness": [-90.0, -6.0, 0.0],
    "noisiness": [0.01, 0.5, 0.99],
    "attack": [0.5, 20.0, 1500.0],
    "decay": [0.01, 0.4, 9.0],
    "pitch": [21.0, 69.5, 108.0],
    "low_end": [0.001, 0.3, 0.95],
    "roughness": [0.02, 0.3, 0.7],
    "width": [0.004, 0.3, 0.95],
}


def test_every_attribute_follows_a_descriptor() -> None:
    names = {fact.name for fact in DESCRIPTORS}
    assert set(ATTRIBUTES) <= names
    assert set(DEFAULT_ATTRIBUTES) <= set(ATTRIBUTES)
    assert set(VALUES) == set(ATTRIBUTES)
    assert all(name == attribute.name for name, attribute in ATTRIBUTES.items())


@pytest.mark.parametrize("name", list(ATTRIBUTES))
def test_a_scale_rises_and_can_be_undone(name: str) -> None:
    attribute = ATTRIBUTES[name]
    at = [attribute.to_scale(value) for value in VALUES[name]]
    assert at == sorted(set(at))
    assert [attribute.from_scale(each) for each in at] == pytest.approx(VALUES[name], rel=1e-6)


def test_equal_steps_sound_equal() -> None:
    bright, noisy = ATTRIBUTES["brightness"].to_scale, ATTRIBUTES["noisiness"].to_scale
    assert bright(8_000) - bright(4_000) == pytest.approx(bright(4_000) - bright(2_000), abs=0.02)
    assert noisy(0.5) == pytest.approx(0)
    assert noisy(0.9) == pytest.approx(-noisy(0.1))


@pytest.mark.parametrize("name", list(ATTRIBUTES))
def test_values_at_the_edges_stay_finite(name: str) -> None:
    assert all(math.isfinite(ATTRIBUTES[name].to_scale(value)) for value in (0.0, 1.0))


def test_attributes_are_chosen_by_name() -> None:
    assert [a.name for a in chosen(())] == list(DEFAULT_ATTRIBUTES)
    assert [a.name for a in chosen(("pitch", "low_end"))] == ["pitch", "low_end"]
    with pytest.raises(UserError, match=r"no attribute 'warmth': choose from brightness, loud"):
        chosen(("warmth",))
    with pytest.raises(UserError, match="twice"):
        chosen(("pitch", "pitch"))


def test_what_is_unknown_is_not_a_number() -> None:
    values = scaled(chosen(("loudness", "pitch")), [{"loudness": -6.0, "pitch": None}])
    assert values.shape == (1, 2)
    assert values.dtype == np.float32
    assert values[0, 0] == -6
    assert np.isnan(values[0, 1])
    assert scaled(chosen(()), []).shape == (0, 6)


def test_standard_scores_are_of_the_sounds_that_have_the_attribute() -> None:
    values = np.full((20, 4), np.nan, np.float32)
    values[:, 0] = np.arange(20)
    values[:15, 1] = np.arange(15) * 3 + 7
    values[:5, 2] = np.arange(5)  # known of too few
    values[:, 3] = 4.0  # the same in all
    scores, centre, deviation = standardise(values, fewest=12)
    assert scores[:, 0].mean() == pytest.approx(0, abs=1e-6)
    assert scores[:, 0].std() == pytest.approx(1, rel=1e-5)
    assert centre[:2] == pytest.approx([9.5, 28.0])
    assert deviation[1] == pytest.approx(values[:15, 1].std(), rel=1e-5)
    assert np.isnan(scores[15:, 1]).all()
    assert np.isnan(scores[:, 2:]).all()
    assert centre[2:].tolist() == [0, 0]
    assert deviation[2:].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("brightness", "+1", 1.0),
        ("brightness", "-1.5", -1.5),
        ("brightness", " 2 ", 2.0),
        ("brightness", "+0.5oct", 0.25),
        ("brightness", "x0.5", -0.5),
        ("brightness", "x4", 1.0),
        ("loudness", "-6dB", -3.0),
        ("loudness", "+3db", 1.5),
        ("pitch", "+3st", 1.5),
        ("decay", "x2", 0.5),
    ],
)
def test_a_step_is_read_in_standard_deviations(name: str, text: str, wanted: float) -> None:
    assert parse_step(ATTRIBUTES[name], text, 2.0) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("brightness", ""),
        ("brightness", "more"),
        ("brightness", "+1st"),
        ("brightness", "nan"),
        ("brightness", "1e3"),
        ("brightness", "x0"),
        ("brightness", "x-2"),
        ("brightness", "x2oct"),
        ("noisiness", "1dB"),
        ("loudness", "x2"),
        ("pitch", "x2"),
        ("attack", "+1ms"),
    ],
)
def test_what_is_no_step_is_told(name: str, text: str) -> None:
    with pytest.raises(UserError, match=f"{name}=.* is not a step: write it like {name}=.1"):
        parse_step(ATTRIBUTES[name], text, 2.0)
