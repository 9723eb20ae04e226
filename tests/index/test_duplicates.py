"""Groups of the same file and of the same audio; nothing is changed, takes stay apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index import analyse, duplicates
from index.answers import DuplicateGroup
from index.workspace import Workspace
from library.clip import Clip
from library.decode import read
from library.progress import drive
from tests.audio_cases import clip as audio
from tests.audio_cases import write
from tests.index.conftest import folder_of, ping
from tests.library.test_same_audio import hit

Names = list[tuple[str, list[str]]]


def names(groups: list[DuplicateGroup]) -> Names:
    return sorted((group.same, sorted(row.path.name for row in group.rows)) for group in groups)


@pytest.fixture
def copies(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A library of pings, takes of a drum, and copies of some of them."""
    folder = tmp_path / "sounds"
    pings = folder_of(folder, 8)
    for take in range(3):
        write(folder / f"take_{take}.wav", hit(take), "PCM_24")
    shutil.copy(pings[1], folder / "copy.wav")
    (folder / "deep").mkdir()
    shutil.copy(pings[1], folder / "deep" / "copy_2.wav")
    drum = hit(0)
    write(folder / "quiet.flac", audio(0.3 * drum.frames), "PCM_24")
    write(folder / "coded.ogg", Clip(np.repeat(drum.frames, 2, axis=0), 44_100), "VORBIS")
    write(folder / "late_copy.wav", audio(np.pad(ping(1).frames, ((0, 0), (9_000, 0)))), "PCM_24")
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        drive(workspace.add([folder]))
        yield workspace


EXACT: Names = [("bytes", ["copy.wav", "copy_2.wav", "ping_001.wav"])]
NEAR: Names = [
    ("audio", ["coded.ogg", "quiet.flac", "take_0.wav"]),
    ("audio", ["copy.wav", "copy_2.wav", "late_copy.wav", "ping_001.wav"]),
]


def test_the_same_bytes_are_found(copies: Workspace) -> None:
    assert names(drive(copies.duplicates())) == EXACT


def test_the_same_audio_in_another_file_is_known_since_analysis(
    copies: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sounds"
    take = read(folder / "take_1.wav")
    write(folder / "take_1.flac", take, "PCM_24")
    write(folder / "take_1.w64", take, "FLOAT")
    write(folder / "coarse.wav", take, "PCM_16")
    drive(copies.scan())
    monkeypatch.setattr(duplicates, "read", None)  # no file is read for it
    groups = drive(copies.duplicates())
    assert names(groups) == sorted([*EXACT, ("audio", ["take_1.flac", "take_1.w64", "take_1.wav"])])


def test_the_one_to_keep_is_said_and_what_the_others_take(
    copies: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "sounds"
    (group,) = drive(copies.duplicates())
    kept = {row.id: row.path.name for row in group.rows}[group.keep]
    assert kept == next(row.path.name for row in group.rows)  # the one that was there first
    sizes = {row.path: row.path.stat().st_size for row in group.rows}
    assert group.sizes == tuple(sizes.values())
    assert group.spare == sum(sizes.values()) - sizes[group.rows[0].path]
    copies.tag([copies.find(str(folder / "deep" / "copy_2.wav")).id], ["mine"])
    (group,) = drive(copies.duplicates())
    assert group.keep == copies.find(str(folder / "deep" / "copy_2.wav")).id
    drum = next(each for each in drive(copies.duplicates(near=True)) if len(each.rows) == 3)
    by_name = {row.path.name: row.id for row in drum.rows}
    assert by_name.keys() == {"coded.ogg", "quiet.flac", "take_0.wav"}
    # The coded one came first, but has lost something.
    assert drum.keep == min(by_name["take_0.wav"], by_name["quiet.flac"])
    assert by_name["coded.ogg"] < drum.keep


def test_a_sound_that_is_not_read_to_its_end_is_the_same_by_its_bytes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyse, "ANALYSED_SECONDS", 0.5)
    folder = tmp_path / "long"
    folder.mkdir()
    rng = np.random.default_rng(5)
    start = rng.normal(0, 0.1, (1, 30_000)).astype(np.float32)
    for number in range(2):  # the same beginning, not the same sound
        end = rng.normal(0, 0.1, (1, 8_000)).astype(np.float32)
        write(folder / f"{number}.wav", audio(np.concatenate([start, end], axis=1)), "PCM_16")
    shutil.copy(folder / "0.wav", folder / "copy.wav")
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        drive(workspace.add([folder]))
        assert names(drive(workspace.duplicates())) == [("bytes", ["0.wav", "copy.wav"])]


def test_the_same_audio_is_found_and_takes_stay_apart(copies: Workspace, tmp_path: Path) -> None:
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.rglob("*.wav")}
    groups = drive(copies.duplicates(near=True))
    assert names(groups) == NEAR
    for group in groups:
        assert [row.id for row in group.rows] == sorted(row.id for row in group.rows)
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.rglob("*.wav")} == before


def test_copies_alone_are_of_the_same_bytes_in_near_groups_too(copies: Workspace) -> None:
    found = drive(copies.duplicates("-late", near=True))
    assert names(found) == sorted([NEAR[0], EXACT[0]])


def test_only_the_scope_is_looked_at(copies: Workspace) -> None:
    assert names(drive(copies.duplicates("-folder:deep"))) == [
        ("bytes", ["copy.wav", "ping_001.wav"])
    ]
    assert drive(copies.duplicates("take", near=True)) == []
    assert drive(copies.duplicates("nothingiscalledthis", near=True)) == []


def test_what_is_missing_is_no_duplicate(copies: Workspace, tmp_path: Path) -> None:
    (tmp_path / "sounds" / "copy.wav").unlink()
    drive(copies.scan())
    assert names(drive(copies.duplicates())) == [("bytes", ["copy_2.wav", "ping_001.wav"])]


def test_a_file_that_went_away_meanwhile_is_passed_over(copies: Workspace, tmp_path: Path) -> None:
    (tmp_path / "sounds" / "quiet.flac").unlink()
    (tmp_path / "sounds" / "coded.ogg").write_bytes(b"something else")
    assert names(drive(copies.duplicates(near=True))) == [NEAR[1]]


def test_of_long_sounds_the_lengths_must_agree(
    copies: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only their beginnings are compared, so another end must show in the length."""
    monkeypatch.setattr(duplicates, "SECONDS_AT_MOST", 0.4)
    longer = np.pad(hit(0).frames, ((0, 0), (0, 2 * 44_100)))
    write(tmp_path / "sounds" / "longer.wav", audio(longer), "PCM_24")
    drive(copies.add([tmp_path / "sounds"]))
    found = drive(copies.duplicates(near=True))
    assert "longer.wav" not in [row.path.name for group in found for row in group.rows]


def test_a_job_that_is_stopped_ends(copies: Workspace) -> None:
    job = copies.duplicates(near=True)
    stages = set()
    for step in job:
        stages.add(step.stage)
        if step.stage == "compare" and step.done:
            break
    job.close()
    assert "search" in stages


@pytest.mark.sounds
def test_round_robins_of_real_drums_are_not_grouped(sounds: Path, tmp_path: Path) -> None:
    takes = sorted((sounds / "bass" / "karoryfer-swagbass").glob("notes__gb5_*_rr*.wav"))
    assert len(takes) > 8
    folder = tmp_path / "takes"
    for take in takes:
        write(folder / take.name, read(take), "PCM_16")
    write(folder / "copy.ogg", read(takes[0]), "VORBIS")
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        drive(workspace.add([folder]))
        assert names(drive(workspace.duplicates(near=True))) == [
            ("audio", sorted(["copy.ogg", takes[0].name]))
        ]
