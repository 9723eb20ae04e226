"""Steps of a morph that sound evenly far apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from library.clip import Clip
from library.progress import drive
from tests.audio_cases import click, noise, pluck, silence, tone
from vae.even_steps import evenly
from vae.morph import Morph, path_weights
from vae.onset import from_onset
from vae.spectrum import mel_filters, stft


def steps_of(clips: list[Clip]) -> np.ndarray:
    """How far apart clips are, by images that are not those of the steps; (n - 1,)."""
    length = max(clip.length for clip in clips)
    images = []
    for clip in clips:
        mono = torch.from_numpy(from_onset(clip).padded_to(length).mono().copy())
        power = mel_filters(40, 44_100) @ stft(mono[None], 256)[0].abs().square()
        images.append(10 * torch.log10(power + 1e-12).numpy())
    floor = max(image.max() for image in images) - 70
    images = [np.maximum(image, floor) for image in images]
    return np.array([np.abs(a - b).mean() for a, b in pairwise(images)])


def uneven(clips: list[Clip]) -> float:
    steps = steps_of(clips)
    return float(steps.std() / steps.mean())


@pytest.mark.parametrize(
    "pair", [(pluck(220, 0.4), noise(0.2)), (noise(0.3), pluck(90, 0.5))], ids=["pluck", "noise"]
)
def test_steps_are_more_even_than_equal_weights(pair: tuple[Clip, Clip]) -> None:
    mixer = Morph(pair)
    places = drive(evenly(mixer, 7))
    ours = uneven([mixer.mix(*place) for place in places])
    plain = uneven([mixer.mix(path_weights(2, at)) for at in np.linspace(0, 1, 7)])
    assert ours < 0.8 * plain


@pytest.mark.parametrize("sounds", [2, 3, 4])
@pytest.mark.parametrize("steps", [2, 3, 6, 30])
def test_a_path_begins_and_ends_at_its_ends_and_never_turns_back(sounds: int, steps: int) -> None:
    clips = [pluck(200, 0.1), noise(0.05), tone(300, 0.1), click(0.05)][:sounds]
    places = drive(evenly(Morph(clips), steps))
    assert len(places) == steps
    assert places[0].weights == places[0].line == path_weights(sounds, 0)
    assert places[-1].weights == places[-1].line == path_weights(sounds, 1)
    for name in ("weights", "line"):
        along = [np.dot(getattr(place, name), np.arange(sounds)) for place in places]
        assert (np.diff(along) > 0).all()
    # The line bends at corners alone, and lies on one where the mixture does.
    for place in places:
        assert (np.array(place.weights) > 0).sum() <= 2
        heard = np.flatnonzero(np.array(place.line) > 1e-9)
        assert set(heard) <= set(np.flatnonzero(np.array(place.weights) > 1e-12)) | {*heard[:2]}


def test_attributes_go_on_evenly_between_two_sounds() -> None:
    places = drive(evenly(Morph([pluck(220, 0.2), noise(0.1)]), 5))
    assert [place.line[1] for place in places] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert [place.weights[1] for place in places] != pytest.approx([0, 0.25, 0.5, 0.75, 1])


@pytest.mark.parametrize("clip", [silence(0.1), tone(200, 0.1)], ids=["silence", "tone"])
def test_where_nothing_changes_the_steps_are_plain(clip: Clip) -> None:
    places = drive(evenly(Morph([clip, clip]), 4))
    assert [place.weights[1] for place in places] == pytest.approx([0, 1 / 3, 2 / 3, 1], abs=0.02)
