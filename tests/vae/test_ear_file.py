"""The ear as a file, and the ear that ships."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from library.errors import ModelError
from tests.audio_cases import noise, pluck
from tests.vae.conftest import Sounds
from vae.ear import BLOCKS, Ear
from vae.ear_data import KIND_CATEGORIES
from vae.ear_file import from_bytes, house_ear, to_bytes
from vae.ear_model import CATEGORY_NAMES
from vae.onset import from_onset

REFUSAL = "the ear cannot be read: install latentcrate again"


@pytest.fixture(scope="module")
def data(small_ear: Ear) -> bytes:
    return to_bytes(small_ear, {"licence": "Apache-2.0"})


def test_bytes_are_the_ear(small_ear: Ear, data: bytes) -> None:
    again = from_bytes(data)
    for sound, pitch in ((pluck(), 69.0), (noise(), None)):
        first, second = (ear.hear(from_onset(sound), pitch) for ear in (small_ear, again))
        # The networks are kept in half precision.
        assert np.allclose(first.whole, second.whole, atol=5e-3)
        assert np.array_equal(first.windows, second.windows)
    assert to_bytes(again, {"licence": "Apache-2.0"}) == data
    assert not again.nets[0].training


def test_the_digest_is_of_the_bytes(small_ear: Ear, data: bytes) -> None:
    assert from_bytes(data).digest == from_bytes(data).digest
    assert from_bytes(data).digest != from_bytes(to_bytes(small_ear, {"licence": "x"})).digest
    assert len(from_bytes(data).digest) == 32


def test_the_metadata_tells_what_it_is(data: bytes) -> None:
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    facts = json.loads(header["__metadata__"]["ear"])
    assert facts["licence"] == "Apache-2.0"
    assert (facts["nets"], facts["config"]["dims"]) == (1, 64)


@pytest.mark.parametrize("kept", [0, 3, 8, 100, 50_000, -100, None])
def test_damaged_bytes_are_told(data: bytes, kept: int | None) -> None:
    with pytest.raises(ModelError, match=REFUSAL):
        from_bytes(data[:kept] if kept is not None else data + b"more")


@pytest.mark.parametrize("at", [0, 9, 40, 200])
def test_a_header_that_is_not_one_is_told(data: bytes, at: int) -> None:
    damaged = bytearray(data)
    damaged[at : at + 8] = b"\xff" * 8
    with pytest.raises(ModelError, match=REFUSAL):
        from_bytes(bytes(damaged))


@pytest.mark.parametrize("was", [b"net_axes", b"image_axes", b'\\"nets\\": 1', b"net0.out"])
def test_a_file_without_a_part_is_told(data: bytes, was: bytes) -> None:
    other = was.replace(b": 1", b": 2") if b":" in was else b"x" + was[1:]
    assert was in data[:30_000]
    with pytest.raises(ModelError, match=REFUSAL):
        from_bytes(data.replace(was, other))


def test_the_ear_that_ships_is_loaded_once(heard: NDArray[np.float32]) -> None:
    assert house_ear() is house_ear()
    assert heard.shape == (200, sum(BLOCKS.values()))
    assert len(house_ear().nets) > 1


def test_it_tells_what_sounds_are(heard: NDArray[np.float32], synthesised: Sounds) -> None:
    likely = house_ear().probabilities(heard)
    named = np.array([KIND_CATEGORIES[kind] for kind in synthesised.kinds])
    told = np.array(CATEGORY_NAMES)[likely.argmax(axis=1)]
    assert likely.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-4)
    assert max((named == each).mean() for each in CATEGORY_NAMES) < 0.3
    assert (told == named).mean() > 0.55
    sure = likely.max(axis=1) > 0.7
    assert (told == named)[sure].mean() > (told == named)[~sure].mean()


def test_sounds_of_a_kind_are_near_in_what_it_learned(
    heard: NDArray[np.float32], synthesised: Sounds
) -> None:
    points = heard[:, : BLOCKS["ear"]]
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    kinds = np.array(synthesised.kinds)
    right = (kinds[apart.argmin(axis=1)] == kinds).mean()
    assert np.mean([(kinds == kind).mean() for kind in kinds]) < 0.05
    assert right > 0.42
