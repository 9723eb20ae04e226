"""Spaces as rows and files: the house space is always there, a trained one is kept and found."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, delete, func, insert, select, update

from index.codec_rows import codecs_of_spaces
from index.map_rows import read_map, write_map
from index.space_rows import find_space, list_spaces, name_in_use, use
from index.spaces import check_name, ensure_house_space, forget_space, load_space, store_space
from library.database import reading, writing
from library.errors import LibraryError, UserError
from library.kept_files import LEFT_BEHIND_S
from library.progress import drive
from library.register import register
from library.tables import Codec as CodecTable
from library.tables import MapPoint, Sample, Setting, Vector, VectorChange
from library.tables import Space as SpaceTable
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, keep_space
from vae.space_file import house_space


def count_vectors(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Vector)) or 0


def add_vector(engine: Engine, space: str, folder: Path) -> None:
    folder_of(folder, 1)
    drive(register(engine, [folder]))
    with writing(engine) as session:
        sample_id = session.scalar(select(Sample.id))
        space_id = find_space(engine, space).id
        session.execute(
            insert(Vector), {"sample_id": sample_id, "space_id": space_id, "data": bytes(4)}
        )


def test_the_house_space_is_made_once(engine: Engine) -> None:
    ensure_house_space(engine)
    ensure_house_space(engine)
    (row,) = list_spaces(engine)
    assert row.name == "house"
    assert row.in_use
    assert row.samples == house_space().samples
    assert row.attributes == tuple(a.name for a in house_space().attributes)
    assert load_space(find_space(engine, None), Path("nowhere")) is house_space()


def test_an_older_house_space_goes_with_its_vectors(engine: Engine, tmp_path: Path) -> None:
    ensure_house_space(engine)
    add_vector(engine, "house", tmp_path / "s")
    ensure_house_space(engine)
    assert count_vectors(engine) == 1
    with writing(engine) as session:
        session.execute(update(SpaceTable).values(digest="of an older version"))
    ensure_house_space(engine)
    assert find_space(engine, "house").digest == house_space().digest
    assert count_vectors(engine) == 0


def test_a_trained_space_is_read_back(engine: Engine, tmp_path: Path, space_bytes: bytes) -> None:
    folder = tmp_path / "spaces"
    keep_space(engine, "my drums", space_bytes, {"samples": 40, "seconds": 1.5}, folder)
    row = find_space(engine, "my drums")
    assert (folder / str(row.file)).read_bytes() == space_bytes
    assert [path.name for path in folder.iterdir()] == [row.file]
    space = load_space(row, folder)
    assert space.digest == row.digest
    assert row.codec == "fake-0"
    (listed,) = list_spaces(engine)
    assert (listed.samples, listed.attributes) == (40, ("brightness", "noisiness"))
    assert listed.report == {"samples": 40, "seconds": 1.5}
    assert not listed.in_use
    assert listed.created_at.endswith("+00:00")


def test_a_space_of_the_same_name_is_replaced(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    keep_space(engine, "s", space_bytes, {"samples": 1}, tmp_path)
    add_vector(engine, "s", tmp_path / "s")
    first = find_space(engine, "s")
    keep_space(engine, "s", space_bytes, {"samples": 2}, tmp_path)
    second = find_space(engine, "s")
    assert [row.samples for row in list_spaces(engine)] == [2]
    assert count_vectors(engine) == 0
    assert second.revision != first.revision, "or a cache lives on"


def test_a_file_that_is_lost_or_damaged_is_told(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    keep_space(engine, "s", space_bytes, {}, tmp_path)
    row = find_space(engine, "s")
    path = tmp_path / str(row.file)
    for damaged in (b"", space_bytes[:300], space_bytes[:-8], np.random.default_rng(0).bytes(999)):
        path.write_bytes(damaged)
        with pytest.raises(LibraryError, match="the file of the space 's' is damaged: train it"):
            load_space(row, tmp_path)
    other = bytearray(space_bytes)
    other[-1] ^= 1
    path.write_bytes(other)
    with pytest.raises(LibraryError, match="the file of the space 's' has changed: train it"):
        load_space(row, tmp_path)
    path.unlink()
    with pytest.raises(LibraryError, match=r"the file of the space 's' cannot be read \(No such"):
        load_space(row, tmp_path)


def test_a_forgotten_space_takes_nothing_else_along(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder, cache = tmp_path / "spaces", tmp_path / "cache"
    ensure_house_space(engine)
    for name in ("a", "b"):
        keep_space(engine, name, space_bytes, {}, folder)
        add_vector(engine, name, tmp_path / "pings")
        row = find_space(engine, name)
        write_map(engine, row.id, row.digest, np.array([1]), np.zeros((1, 2), np.float32), 1.0)
    cache.mkdir()
    for digest in (find_space(engine, "b").digest, house_space().digest):
        (cache / f"vectors-{digest}.faiss").touch()
    gone = find_space(engine, "b")
    use(engine, "b")
    # It has the same weights as the other, whose index this is as well.
    assert forget_space(engine, "b", folder, cache)
    assert name_in_use(engine) == "house"
    assert len(list(cache.iterdir())) == 2
    assert [row.name for row in list_spaces(engine)] == ["house", "a"]
    assert [path.name for path in folder.iterdir()] == [find_space(engine, "a").file]
    assert not forget_space(engine, "a", folder, cache)
    assert [path.name for path in cache.iterdir()] == [f"vectors-{house_space().digest}.faiss"]
    assert list(folder.iterdir()) == []
    with reading(engine) as session:
        counts = {
            table: session.scalar(select(func.count()).select_from(table))
            for table in (Vector, VectorChange, MapPoint, Setting, Sample, CodecTable)
        }
    assert counts == dict.fromkeys((Vector, VectorChange, MapPoint, Setting), 0) | {
        Sample: 1,
        CodecTable: 1,
    }
    keep_space(engine, "c", space_bytes, {}, folder)
    assert find_space(engine, "c").id <= gone.id, "an id is given again"
    assert len(read_map(engine, "c").ids) == 0


def test_the_house_space_and_what_is_not_there_are_not_forgotten(
    engine: Engine, tmp_path: Path
) -> None:
    ensure_house_space(engine)
    with pytest.raises(UserError, match="the house space cannot be forgotten: it belongs to"):
        forget_space(engine, "house", tmp_path, tmp_path)
    with pytest.raises(LibraryError, match="there is no space 'x': crate spaces lists them"):
        forget_space(engine, "x", tmp_path, tmp_path)
    assert [row.name for row in list_spaces(engine)] == ["house"]


def test_files_that_no_row_names_are_swept_once_they_are_old(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder = tmp_path / "spaces"
    keep_space(engine, "kept", space_bytes, {}, folder)
    kept = folder / str(find_space(engine, "kept").file)
    old = [folder / "lost-0123456789ab.safetensors", folder / "12-34.part"]
    new = [folder / "new-0123456789ab.safetensors", folder / "56-78.part"]
    mine = folder / "notes.txt"
    for path in (*old, *new, mine):
        path.touch()
    for path in (kept, *old, mine):
        os.utime(path, (time.time() - 2 * LEFT_BEHIND_S,) * 2)
    keep_space(engine, "more", space_bytes, {}, folder)
    left = {kept, *new, mine, folder / str(find_space(engine, "more").file)}
    assert set(folder.iterdir()) == left


def test_two_names_that_make_one_file_do_not_delete_each_others(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    for name in ("a b", "a_b"):
        keep_space(engine, name, space_bytes, {}, tmp_path)
    forget_space(engine, "a b", tmp_path, tmp_path / "cache")
    assert load_space(find_space(engine, "a_b"), tmp_path).samples == 40


def test_a_row_that_names_a_file_elsewhere_reaches_nothing(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder, victim = tmp_path / "spaces", tmp_path / "victim"
    victim.write_bytes(space_bytes)
    keep_space(engine, "s", space_bytes, {}, folder)
    for name in ("../victim", str(victim)):
        with writing(engine) as session:
            session.execute(update(SpaceTable).values(file=name))
        with pytest.raises(LibraryError, match="names a file outside its folder"):
            load_space(find_space(engine, "s"), folder)
        keep_space(engine, "s", space_bytes, {}, folder)
        assert load_space(find_space(engine, "s"), folder).samples
        assert victim.exists()


def test_a_disk_that_refuses_is_told(engine: Engine, tmp_path: Path, space_bytes: bytes) -> None:
    (tmp_path / "spaces").write_text("in the way")
    with pytest.raises(LibraryError, match=r"the space cannot be kept .*make room"):
        keep_space(engine, "s", space_bytes, {}, tmp_path / "spaces")
    assert list_spaces(engine) == []


def test_one_space_is_in_use(engine: Engine, tmp_path: Path, space_bytes: bytes) -> None:
    ensure_house_space(engine)
    for name in ("b", "a"):
        keep_space(engine, name, space_bytes, {}, tmp_path)
    assert name_in_use(engine) == "house"
    use(engine, "a")
    assert [(row.name, row.in_use) for row in list_spaces(engine)] == [
        ("house", False),
        ("b", False),
        ("a", True),
    ]
    assert find_space(engine, None).name == "a"
    with pytest.raises(LibraryError, match="no space 'c': crate spaces lists them"):
        use(engine, "c")
    assert name_in_use(engine) == "a"


def test_a_space_says_whose_codec_it_is_of(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    ensure_house_space(engine)
    keep_space(engine, "s", space_bytes, {}, tmp_path)
    assert codecs_of_spaces(engine) == {"house": "house", "s": "fake"}
    with writing(engine) as session:
        session.execute(delete(CodecTable))
    assert codecs_of_spaces(engine) == {"house": "house", "s": None}


def test_a_space_of_a_codec_that_is_gone_is_not_kept(
    engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder = tmp_path / "spaces"
    with pytest.raises(LibraryError, match="the codec was forgotten in the meantime"):
        store_space(engine, "s", space_bytes, {}, folder)
    keep_space(engine, "s", space_bytes, {"first": True}, folder)
    with writing(engine) as session:
        session.execute(update(CodecTable).values(facts={"sample_rate": 48_000}))
    with pytest.raises(LibraryError, match="'fake' was given another sample rate in the mean"):
        store_space(engine, "s", space_bytes, {}, folder, FakeCodec.sample_rate)
    (row,) = list_spaces(engine)
    assert row.report == {"first": True}
    assert [path.name for path in folder.iterdir()] == [find_space(engine, "s").file]


@pytest.mark.parametrize("name", ["drums", "My Drums 2", "a-b_c", "トラック", "x" * 60])
def test_a_plain_name_is_a_name(engine: Engine, name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "  ", "-", "house", "a/b", "../x", "a\x1b[1m", "x" * 61])
def test_an_odd_name_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(UserError, match=r"there is one house space only|cannot be the name"):
        check_name(name)
