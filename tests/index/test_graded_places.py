"""Places are graded by their audio where they are listened to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.graded_places import LEAST_CORRELATION, LISTENED_TO, GradedPlace, graded_places
from index.inside import Place, place_score
from index.workspace import Workspace
from library.clip import Clip
from library.progress import drive
from tests.audio_cases import clip as audio
from tests.audio_cases import write

RATE = 44_100
LEAD_S = 0.5


def steady(seed: int, seconds: float = 6.0) -> Clip:
    """Noise that is alike everywhere, after some silence."""
    rng = np.random.default_rng(seed)
    frames = 0.3 * rng.normal(size=round(seconds * RATE))
    frames[: round(LEAD_S * RATE)] = 0.0
    return audio(frames.astype("f4"))


@pytest.fixture(scope="module")
def noises(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("noises")
    for n in range(4):
        write(folder / "s" / f"noise_{n}.wav", steady(n), "PCM_24")
    with Workspace.open(folder / "l.sqlite") as workspace:
        drive(workspace.add([folder / "s"]))
        yield workspace


def id_of(workspace: Workspace, name: str) -> int:
    return next(row.id for row in workspace.rows(workspace.ids()) if row.path.stem == name)


def piece_of(seed: int, start: float, seconds: float = 0.5) -> Clip:
    first = round(start * RATE)
    frames = 0.2 * steady(seed).frames[:, first : first + round(seconds * RATE)]
    return Clip(frames.astype("f4"), RATE)


def test_the_true_place_comes_first_though_others_are_nearer(noises: Workspace) -> None:
    true = id_of(noises, "noise_2")
    places = [
        Place(id_of(noises, f"noise_{n}"), 2.0, distance)
        for n, distance in ((0, 0.1), (1, 0.2), (2, 0.9), (3, 0.3))
    ]
    # The ear was a second off.
    found = graded_places(noises._engine, places, piece_of(2, 3.6))
    assert [each.sample_id for each in found[:1]] == [true]
    assert found[0].grade > 0.99
    assert found[0].start == pytest.approx(3.6, abs=0.001), "from the beginning of the file"
    others = {p.sample_id: place_score(p.distance) for p in places if p.sample_id != true}
    assert {each.sample_id: each.grade for each in found[1:]} == others
    # Where the ear had it, from the beginning and not from the onset.
    assert all(each.start == pytest.approx(2.0 + LEAD_S, abs=0.01) for each in found[1:])


def test_a_piece_that_is_nowhere_is_graded_as_the_ear_did(noises: Workspace) -> None:
    places = [Place(id_of(noises, "noise_0"), 1.0, 0.4), Place(id_of(noises, "noise_1"), 1.0, 0.2)]
    found = graded_places(noises._engine, places, piece_of(9, 2.0))
    assert [each.grade for each in found] == [place_score(0.2), place_score(0.4)]
    assert all(each.grade != LEAST_CORRELATION for each in found)


def test_a_whole_sample_is_no_place(noises: Workspace) -> None:
    place = Place(id_of(noises, "noise_1"), 0.0, 0.4)
    found = graded_places(noises._engine, [place], piece_of(1, LEAD_S, 5.5))
    assert found[0].start is None
    assert found[0].grade > 0.99
    beginning = graded_places(noises._engine, [place], piece_of(1, LEAD_S, 1.0))
    assert beginning[0].start == pytest.approx(LEAD_S, abs=0.001)


def test_only_the_nearest_are_listened_to(noises: Workspace) -> None:
    true = id_of(noises, "noise_3")
    ahead = [Place(1_000 + n, 0.0, 0.5) for n in range(LISTENED_TO)]
    place = Place(true, 2.0, 0.6)
    late = graded_places(noises._engine, [*ahead, place], piece_of(3, 2.5))
    assert GradedPlace(true, 2.0, place_score(0.6)) in late
    in_time = graded_places(noises._engine, [*ahead[1:], place], piece_of(3, 2.5))
    assert in_time[0].sample_id == true


def test_a_file_that_is_gone_is_still_an_answer(tmp_path: Path) -> None:
    path = write(tmp_path / "s" / "noise.wav", steady(5), "PCM_24")
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        drive(workspace.add([tmp_path / "s"]))
        place = Place(id_of(workspace, "noise"), 1.0, 0.7)
        path.unlink()
        found = graded_places(workspace._engine, [place], piece_of(5, 1.5))
    assert found == [GradedPlace(place.sample_id, 1.0, place_score(0.7))]


def test_of_places_that_fit_alike_the_nearer_is_first(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / "s" / f"{name}.wav", steady(7), "PCM_24")
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        drive(workspace.add([tmp_path / "s"]))
        one, other = (id_of(workspace, name) for name in ("a", "b"))
        for near, far in ((one, other), (other, one)):
            places = [Place(far, 1.0, 0.1), Place(near, 1.0, 0.01)]
            found = graded_places(workspace._engine, places, piece_of(7, 1.5))
            assert [each.sample_id for each in found] == [near, far]
            assert found[1].grade > 0.99
