"""Takes that were only listened to and are kept: as if they had been written there."""

from __future__ import annotations

import errno
import shutil
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from index.answers import Take, TakeMade
from index.dream_stream import DreamStream
from index.workspace import Workspace
from library.database import reading
from library.errors import UserError
from library.progress import Progress, drive
from library.tables import Take as TakeTable
from library.tables import TakeParent
from tests.audio_cases import write
from tests.conftest import MadeLibrary
from tests.index.conftest import ping
from vae.dream_training import PriorRecipe

KICK = "2"
"""A sample; the first one is broken."""


@pytest.fixture
def crate(library_copy: MadeLibrary):  # type: ignore[no-untyped-def]
    """A library of 40 sounds, open, to be changed."""
    with Workspace.open(library_copy.path) as workspace:
        yield workspace


@pytest.fixture
def robin(crate: Workspace, tmp_path: Path) -> Take:
    """A take of the first sound that was only listened to."""
    return drive(crate.robins(KICK, 1, tmp_path / "heard", seed=3, remember=False))[0]


def remembered(crate: Workspace) -> list[tuple[str, str, dict[str, object]]]:
    """Path, content and recipe of every take that the library knows."""
    with reading(crate._engine) as session:
        statement = select(TakeTable.path, TakeTable.content_hash, TakeTable.recipe)
        return [tuple(row) for row in session.execute(statement.order_by(TakeTable.id))]


def parents(crate: Workspace) -> list[tuple[str, int | None]]:
    """Path and sample of every parent that the library knows."""
    with reading(crate._engine) as session:
        return [
            tuple(row) for row in session.execute(select(TakeParent.path, TakeParent.sample_id))
        ]


def test_a_take_is_kept_as_if_its_command_had_written_it_there(
    crate: Workspace, robin: Take, tmp_path: Path
) -> None:
    assert remembered(crate) == []
    written = drive(crate.robins(KICK, 1, tmp_path / "written", seed=3))[0]
    kept = crate.keep(robin.path, tmp_path / "new" / "kept")
    assert kept == tmp_path / "new" / "kept" / robin.path.name
    assert kept.read_bytes() == written.path.read_bytes()
    first, second = remembered(crate)
    assert (first[0], second[0]) == (str(written.path), str(kept))
    assert first[1:] == second[1:]
    one, other = parents(crate)
    assert one == other == (str(crate.find(KICK).path), int(KICK))


def test_a_kept_take_is_made_again_bit_for_bit_when_the_first_is_gone(
    crate: Workspace, robin: Take, tmp_path: Path
) -> None:
    kept = crate.keep(robin.path, tmp_path / "kept")
    shutil.rmtree(robin.path.parent)
    told = crate.recipe(str(kept))
    assert told is not None
    assert [origin.sample_id for origin in told.parents if origin is not None] == [int(KICK)]
    assert drive(crate.make_again(told, tmp_path / "again")).same


def test_names_are_free_and_the_users_own(crate: Workspace, robin: Take, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    out.mkdir()
    there = out / "soft.wav"
    there.write_bytes(b"the user's own")
    names = [crate.keep(robin.path, out, name).name for name in ("soft", "soft.wav", None)]
    assert names == ["soft_2.wav", "soft_3.wav", robin.path.name]
    assert there.read_bytes() == b"the user's own"
    for name in ("", "a/b", "..", ".hidden", "  "):
        with pytest.raises(UserError, match="is no name for a file"):
            crate.keep(robin.path, out, name)
    assert len(list(out.iterdir())) == 4


def test_a_name_that_is_taken_meanwhile_is_not_taken_from_it(
    crate: Workspace, robin: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = shutil.copyfile

    def raced(source: Path, target: Path) -> None:
        (target.parent / "soft.wav").write_bytes(b"quicker")
        genuine(source, target)

    monkeypatch.setattr(shutil, "copyfile", raced)
    kept = crate.keep(robin.path, tmp_path / "kept", "soft")
    assert kept.name == "soft_2.wav"
    assert (kept.parent / "soft.wav").read_bytes() == b"quicker"


def test_a_full_disk_leaves_nothing(
    crate: Workspace, robin: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(UserError, match=r"No space left on device.*choose another folder"):
        crate.keep(robin.path, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    assert remembered(crate) == []


def test_only_takes_that_are_there_are_kept(
    crate: Workspace, robin: Take, library_copy: MadeLibrary, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="has no recipe: only takes can be kept"):
        crate.keep(crate.find(KICK).path, tmp_path / "kept")
    robin.path.unlink()
    with pytest.raises(UserError, match="is not there any more: make it again"):
        crate.keep(robin.path, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_parent_that_the_library_does_not_know_can_be_named(
    crate: Workspace, tmp_path: Path
) -> None:
    outside = write(tmp_path / "outside.wav", ping(1))
    heard = drive(crate.robins(str(outside), 1, tmp_path / "heard", remember=False))[0].path
    unnamed = crate.keep(heard, tmp_path / "kept", "unnamed")
    assert parents(crate) == []
    told = crate.recipe(str(unnamed))
    assert told is not None
    assert told.parents == (None,)
    crate.keep(heard, tmp_path / "kept", "named", [str(outside)])
    assert parents(crate) == [(str(outside), None)]
    told = crate.recipe(str(unnamed))
    assert told is not None
    assert told.parents[0] is not None


def test_no_verb_remembers_what_is_only_listened_to(crate: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "heard"
    seen: list[Progress] = []
    drive(crate.vary(KICK, 2, out, remember=False), seen.append)
    drive(crate.velocities(KICK, 2, out, remember=False), seen.append)
    drive(crate.transfer(KICK, out / "transfer.wav", remember=False), seen.append)
    drive(crate.mosaic(KICK, out / "mosaic.wav", remember=False))
    assert remembered(crate) == []
    made = [step.take for step in seen if isinstance(step, TakeMade)]
    assert [take.path.exists() for take in made] == [True] * 5
    assert [take.moved is not None for take in made] == [True, True, False, False, False]


def test_dreams_stream_unlike_each_other_and_can_be_kept(
    crate: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vae.dream_training.PriorRecipe", partial(PriorRecipe, updates=30))

    def dreamt(out: Path) -> tuple[DreamStream, list[Take]]:
        stream = drive(crate.dream_stream(out, seed=1))
        return stream, drive(stream.more(2, "0.8"))

    stream, first = dreamt(tmp_path / "a")
    assert stream.space == "mine"
    assert [take.path.name for take in first] == ["dream_01.wav", "dream_02.wav"]
    assert all(take.why is not None and take.temperature == (0.8, 0.8) for take in first)
    assert first[0].why is not None
    assert first[0].why.apart is None
    assert first[1].why is not None
    assert first[1].why.apart
    again = dreamt(tmp_path / "b")[1]
    assert [take.path.read_bytes() for take in again] == [take.path.read_bytes() for take in first]
    seen: list[Progress] = []
    more = drive(stream.more(1, "0.8:1.1", "category:kick"), seen.append)
    assert [step.take for step in seen if isinstance(step, TakeMade)] == more
    assert [take.temperature for take in more] == [(0.8, 1.1)] * len(more)
    with pytest.raises(UserError, match="no sample matches"):
        drive(stream.more(1, "1", "tag:nothing"))
    assert remembered(crate) == []
    kept = crate.keep(first[0].path, tmp_path / "kept")
    told = crate.recipe(str(kept))
    assert told is not None
    assert drive(crate.make_again(told, tmp_path / "again")).same
