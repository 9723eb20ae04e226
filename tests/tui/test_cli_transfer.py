"""`crate transfer` and `crate mosaic`: what is written, told, made again, and refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.decode import read
from tests.audio_cases import clip, noise, pluck, seconds, silence, write
from tests.conftest import MadeLibrary
from tests.tui.answers import Crate, one_line


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    """Three hits and a rest, of two channels."""
    burst = noise(0.4, seed=2).mono() * np.exp(-seconds(0.4) / 0.08)
    hits = [pluck(220, 0.4, 0.08), clip(burst), pluck(660, 0.4, 0.05), silence(0.3)]
    mono = np.concatenate([hit.mono() for hit in hits])
    return write(tmp_path / "loop.wav", clip(np.stack([mono, 0.5 * mono])))


def test_a_transfer_is_written_told_and_made_again(
    crate: Crate, library_copy: MadeLibrary, loop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "o.wav"
    found = crate("transfer", loop, "--keep", "envelope,pitch", "--out", out, "--json").json
    assert found["space"] == "mine"
    (file,) = found["files"]
    assert set(file) == {"path", "attributes"}
    made, given = read(out), read(loop)
    assert made.frames.shape == given.frames.shape
    assert not np.allclose(made.frames, given.frames, atol=0.01)
    lines = {line[0]: line[1:] for line in crate("recipe", out).table}
    assert lines["command"] == ["crate transfer loop.wav --amount 1 --keep envelope,pitch"]
    again = crate("recipe", out, "--again", "--out", tmp_path / "again")
    assert (again.code, again.table[0][1]) == (0, "the same")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["transfer", "--keep", "width"], "width cannot be kept"),
        (["transfer", "--amount", "-1"], "out of range"),
        (["transfer", "--amount", "nan"], "out of range"),
        (["transfer", "--space", "none"], "none"),
        (["mosaic", "--grain", "5"], "grain"),
        (["mosaic", "--grain", "nan"], "grain"),
        (["mosaic", "--where", "kick nothing-is-called-so"], "no sample"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    crate: Crate,
    library_copy: MadeLibrary,
    loop: Path,
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    verb, *rest = arguments
    answer = crate(verb, loop, "--out", tmp_path / "o.wav", *rest)
    assert answer.code == 2
    assert said in answer.err.splitlines()[-1]
    assert not (tmp_path / "o.wav").exists()


def test_a_mosaic_tells_where_each_piece_is_from(
    crate: Crate, library_copy: MadeLibrary, loop: Path, tmp_path: Path
) -> None:
    out = tmp_path / "m.wav"
    (file,) = crate("mosaic", loop, "--out", out, "--json").json["files"]
    made, given = read(out), read(loop)
    assert made.frames.shape == given.frames.shape
    pieces = file["pieces"]
    assert len(pieces) >= 3
    assert set(pieces[0]) == {"start", "length", "id", "path", "at", "distance"}
    starts = [piece["start"] for piece in pieces]
    assert starts == sorted(starts)
    for at in (0.0, 0.4, 0.8):
        assert min(abs(start - at) for start in starts) < 0.005
    assert all(Path(piece["path"]).is_relative_to(library_copy.sounds) for piece in pieces)
    hit = slice(0, 8_000)
    levels = [np.square(each.frames[:, hit]).mean() for each in (made, given)]
    assert 10 * abs(np.log10(levels[0] / levels[1])) < 6
    again = crate("recipe", out, "--again", "--out", tmp_path / "again")
    assert (again.code, again.table[0][1]) == (0, "the same")


def test_a_mosaic_is_the_same_each_time(
    crate: Crate, library_copy: MadeLibrary, loop: Path, tmp_path: Path
) -> None:
    for name in ("a.wav", "b.wav"):
        assert crate("mosaic", loop, "--out", tmp_path / name).code == 0
    assert np.array_equal(read(tmp_path / "a.wav").frames, read(tmp_path / "b.wav").frames)


def test_a_mosaic_keeps_to_what_matches(
    crate: Crate, library_copy: MadeLibrary, loop: Path, tmp_path: Path
) -> None:
    answer = crate("mosaic", loop, "--where", "kick", "--out", tmp_path / "m.wav", "--json")
    kicks = {row["id"] for row in crate("ls", "kick", "--json").json["samples"]}
    assert {piece["id"] for piece in answer.json["files"][0]["pieces"]} <= kicks


def test_a_sample_does_not_stand_for_itself(
    crate: Crate, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    sample = crate("ls", "kick", "--json").json["samples"][0]["id"]
    (file,) = crate("mosaic", sample, "--out", tmp_path / "m.wav", "--json").json["files"]
    assert file["pieces"]
    assert sample not in {piece["id"] for piece in file["pieces"]}


def test_silence_is_not_rebuilt(crate: Crate, library_copy: MadeLibrary, tmp_path: Path) -> None:
    quiet = write(tmp_path / "quiet.wav", silence())
    assert "silent" in one_line(crate("mosaic", quiet, "--out", tmp_path / "o.wav"))
