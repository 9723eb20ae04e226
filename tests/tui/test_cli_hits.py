"""`crate robins` and `crate velocities`: what is written, told, made again, and refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.decode import read
from library.descriptors import loudness_db
from tests.audio_cases import clip, noise, pluck, seconds, write
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


@pytest.fixture
def hit(tmp_path: Path) -> Path:
    """Two channels, at full scale."""
    mono = noise(0.3, seed=2).mono() * np.exp(-seconds(0.3) / 0.05) + pluck(180, 0.3, 0.1).mono()
    frames = np.stack([mono, 0.6 * mono])
    return write(tmp_path / "hit.wav", clip(frames / np.abs(frames).max()))


def test_robins_are_other_files_each_and_made_again(
    crate: Crate, library_copy: MadeLibrary, hit: Path, tmp_path: Path
) -> None:
    out = tmp_path / "takes"
    found = crate("robins", hit, "-n", 3, "--seed", 4, "--out", out, "--json").json
    paths = [Path(file["path"]) for file in found["files"]]
    assert [path.name for path in paths] == [f"hit_rr0{n}.wav" for n in (1, 2, 3)]
    heard = {read(path).frames.tobytes() for path in (*paths, hit)}
    assert len(heard) == 4
    lines = {line[0]: line[1:] for line in crate("recipe", paths[1]).table}
    assert lines["command"] == ["crate robins hit.wav -n 3 --amount 1 --seed 4"]
    again = crate("recipe", paths[1], "--again", "--out", tmp_path / "again")
    assert (again.code, again.table[0][1]) == (0, "the same")


@pytest.mark.parametrize(("at", "names"), [(127, [42, 85, 127]), (90, [42, 90, 127])])
def test_velocities_are_layers_of_which_one_is_the_hit(
    crate: Crate, library_copy: MadeLibrary, hit: Path, tmp_path: Path, at: int, names: list[int]
) -> None:
    out = tmp_path / "takes"
    found = crate("velocities", hit, "-n", 3, "--at", at, "--out", out, "--json").json
    paths = [Path(file["path"]) for file in found["files"]]
    assert [path.name for path in paths] == [f"hit_v{name:03d}.wav" for name in names]
    made = [read(path) for path in paths]
    assert np.array_equal(made[names.index(at)].frames, read(hit).frames)
    loud = np.array([loudness_db(each.frames, each.sample_rate) for each in made])
    assert np.diff(loud) == pytest.approx(20 * np.diff(np.log10(names)), abs=0.1)
    brightness = [file["attributes"]["brightness"] for file in found["files"]]
    assert brightness == sorted(brightness)
    for path in paths:
        again = crate("recipe", path, "--again", "--out", tmp_path / "again")
        assert (again.code, again.table[0][1]) == (0, "the same")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["robins", "-n", "0"], "0 takes cannot be made"),
        (["robins", "--amount", "nan"], "out of range"),
        (["robins", "--amount", "0"], "out of range"),
        (["robins", "--seed", "-1"], "no seed"),
        (["velocities", "-n", "1"], "1 layers cannot be made"),
        (["velocities", "--at", "128"], "128 is no velocity"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    crate: Crate,
    library_copy: MadeLibrary,
    hit: Path,
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    verb, *more = arguments
    found = crate(verb, hit, *more, "--out", tmp_path / "takes")
    assert found.code == 2
    assert said in one_line(found)
    assert not (tmp_path / "takes").exists()


def test_what_is_no_hit_is_refused(crate: Crate, library_copy: MadeLibrary, tmp_path: Path) -> None:
    long = write(tmp_path / "long.wav", clip(np.full(31 * 8000, 0.1), 8000))
    for verb in ("robins", "velocities"):
        found = crate(verb, long, "--out", tmp_path / "takes")
        assert found.code == 2
        assert "too long for a hit" in one_line(found)
