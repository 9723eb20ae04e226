"""Spaces that travel: what is exported is what is imported, and nothing else is let in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from index.space_files import MOST_BYTES, export_space, import_space
from index.space_rows import find_space, list_spaces
from index.spaces import ensure_house_space, load_space
from library.database import open_database, writing
from library.errors import LibraryError, ModelError, UserError
from library.tables import TUNED
from library.tables import Codec as CodecTable
from tests.fake_codec import FakeCodec
from tests.index.conftest import keep_space
from vae.space_export import pack
from vae.space_file import to_bytes

REPORT = {"samples": 40, "seconds": 1.5, "codec": "fake", "words": ["mine"]}


@pytest.fixture
def exported(engine: Engine, tmp_path: Path, space_bytes: bytes) -> Path:
    """The file of a space called `my drums`, which the library then has."""
    ensure_house_space(engine)
    keep_space(engine, "my drums", space_bytes, REPORT, tmp_path / "spaces")
    out = tmp_path / "out" / "drums.safetensors"
    export_space(engine, "my drums", tmp_path / "spaces", out)
    return out


@pytest.fixture
def other(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Another library, which has the fake codec under another name."""
    opened = open_database(tmp_path / "other.sqlite")
    ensure_house_space(opened)
    with writing(opened) as session:
        facts = {"dims": FakeCodec.dims}
        row = CodecTable(name="theirs", kind=TUNED, digest=FakeCodec.digest, file="f", facts=facts)
        session.add(row)
    yield opened
    opened.dispose()


def names(engine: Engine) -> list[str]:
    return [row.name for row in list_spaces(engine)]


def test_a_space_opens_in_another_library(
    exported: Path, other: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder = tmp_path / "theirs"
    assert import_space(other, exported, folder) == "my drums"
    (_, listed) = list_spaces(other)
    assert listed.report == {**REPORT, "codec": "theirs"}
    assert listed.attributes == ("brightness", "noisiness")
    assert not listed.in_use
    row = find_space(other, "my drums")
    assert to_bytes(load_space(row, folder)) == space_bytes
    assert (folder / str(row.file)).read_bytes() == space_bytes
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]


def test_it_can_have_another_name(exported: Path, other: Engine, tmp_path: Path) -> None:
    assert import_space(other, exported, tmp_path / "theirs", "their drums") == "their drums"
    assert names(other) == ["house", "their drums"]


def test_a_copy_of_the_librarys_own_file_is_taken_too(
    exported: Path, engine: Engine, other: Engine, tmp_path: Path
) -> None:
    own = tmp_path / "spaces" / str(find_space(engine, "my drums").file)
    assert import_space(other, own, tmp_path / "theirs") == "my_drums"
    (_, listed) = list_spaces(other)
    assert listed.report == {"codec": "theirs", "samples": 40}


def test_what_is_there_is_left_alone(
    exported: Path, engine: Engine, other: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    with pytest.raises(UserError, match="is there already: choose another name"):
        export_space(engine, "my drums", tmp_path / "spaces", exported)
    with pytest.raises(UserError, match="the library has this space, as 'my drums': crate spaces"):
        import_space(engine, exported, tmp_path / "spaces", "again")
    shorter = tmp_path / "shorter.safetensors"
    keep_space(other, "my drums", space_bytes, {}, tmp_path / "theirs")
    with writing(other) as session:  # a space that only has the name
        session.execute(update(type(find_space(other, "house"))).values(digest="another"))
    before = sorted((tmp_path / "theirs").iterdir())
    shorter.write_bytes(exported.read_bytes())
    with pytest.raises(UserError) as failure:
        import_space(other, shorter, tmp_path / "theirs")
    assert str(failure.value) == (
        "there is a space 'my drums' already: give another name with --name, "
        "or crate forget 'my drums' first"
    )
    assert sorted((tmp_path / "theirs").iterdir()) == before
    assert names(other) == ["house", "my drums"]


def test_a_file_that_is_lost_or_damaged_is_put_back(
    exported: Path, engine: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    folder = tmp_path / "spaces"
    row = find_space(engine, "my drums")
    kept = folder / str(row.file)
    kept.unlink()
    assert import_space(engine, exported, folder) == "my drums"
    assert kept.read_bytes() == space_bytes
    kept.write_bytes(space_bytes[:-8])
    with pytest.raises(LibraryError, match="is damaged"):
        export_space(engine, "my drums", folder, tmp_path / "more.safetensors")
    assert not (tmp_path / "more.safetensors").exists()
    import_space(engine, exported, folder, "ignored")
    assert load_space(find_space(engine, "my drums"), folder).samples == 40
    assert names(engine) == ["house", "my drums"]


def spoiled(exported: Path, data: bytes) -> Path:
    path = exported.with_name("spoiled.safetensors")
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kept", [0, 7, 8, 500, -1])
def test_a_truncated_file_changes_nothing(
    exported: Path, other: Engine, tmp_path: Path, kept: int
) -> None:
    path = spoiled(exported, exported.read_bytes()[:kept])
    with pytest.raises(
        ModelError, match=r"spoiled.safetensors is no space, or a damaged one: give"
    ):
        import_space(other, path, tmp_path / "theirs")
    assert names(other) == ["house"]
    assert not (tmp_path / "theirs").exists()


def test_a_changed_weight_is_seen(exported: Path, other: Engine, tmp_path: Path) -> None:
    data = bytearray(exported.read_bytes())
    data[-1000] ^= 1
    with pytest.raises(ModelError, match="or a damaged one"):
        import_space(other, spoiled(exported, data), tmp_path / "theirs")


def test_weights_that_are_no_numbers_are_not_let_in(
    exported: Path, other: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    bad = space_bytes[:-2] + b"\x00\x7e"  # a NaN as float16, vouched for by whoever packed it
    path = spoiled(exported, pack(bad, "bad", {}))
    with pytest.raises(ModelError, match="or a damaged one"):
        import_space(other, path, tmp_path / "theirs")
    assert names(other) == ["house"]


@pytest.mark.parametrize("data", [b"RIFF" + bytes(99), b"PK\x03\x04" + bytes(99), b"{}"])
def test_a_foreign_file_is_told(exported: Path, other: Engine, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ModelError, match="is no space"):
        import_space(other, spoiled(exported, data), tmp_path / "theirs")


def test_a_file_too_large_for_a_space_is_not_read(
    exported: Path, other: Engine, tmp_path: Path
) -> None:
    path = exported.with_name("huge.safetensors")
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 1000)
    with pytest.raises(ModelError, match=r"huge\.safetensors is no space"):
        import_space(other, path, tmp_path / "theirs")


def test_what_is_no_file_is_told(other: Engine, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be read \(No such file or directory\): check"):
        import_space(other, tmp_path / "nowhere", tmp_path)
    with pytest.raises(UserError, match="is not a file"):
        import_space(other, tmp_path, tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UserError, match="is not a file"):
            import_space(other, tmp_path / "pipe", tmp_path)


def test_a_codec_that_is_not_there_is_named(exported: Path, other: Engine, tmp_path: Path) -> None:
    with writing(other) as session:
        session.execute(delete(CodecTable))
    with pytest.raises(LibraryError) as failure:
        import_space(other, exported, tmp_path / "theirs")
    assert str(failure.value) == (
        "the space was learned on the codec 'fake' (fake-0), which this library does not have: "
        "crate codec add its file, and import the space again"
    )
    assert names(other) == ["house"]


def test_a_house_codec_of_another_version_is_told(
    exported: Path, other: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    with writing(other) as session:
        session.execute(delete(CodecTable))
    path = spoiled(exported, pack(space_bytes, "s", {"codec": "house"}))
    with pytest.raises(LibraryError, match=r"another version's house codec .* or train it again"):
        import_space(other, path, tmp_path / "theirs")


def test_a_space_of_another_size_than_its_codec_is_told(
    exported: Path, other: Engine, tmp_path: Path
) -> None:
    with writing(other) as session:
        session.execute(update(CodecTable).values(facts={"dims": FakeCodec.dims + 1}))
    with pytest.raises(ModelError, match="the space does not fit the codec 'theirs'"):
        import_space(other, exported, tmp_path / "theirs")


@pytest.mark.parametrize("name", ["house", "../x", "", "a\x1b"])
def test_a_name_that_cannot_be_is_told(
    exported: Path, other: Engine, tmp_path: Path, space_bytes: bytes, name: str
) -> None:
    for path, given in ((exported, name), (spoiled(exported, pack(space_bytes, name, {})), None)):
        with pytest.raises(UserError, match=r"one house space only|cannot be the name of a space"):
            import_space(other, path, tmp_path / "theirs", given)
    assert names(other) == ["house"]


def test_a_report_says_no_more_than_the_space(
    exported: Path, other: Engine, tmp_path: Path, space_bytes: bytes
) -> None:
    path = spoiled(exported, pack(space_bytes, "s", {"samples": "many", "codec": ["x"]}))
    import_space(other, path, tmp_path / "theirs")
    assert [row.samples for row in list_spaces(other)][1:] == [40]


def test_the_house_space_does_not_travel(engine: Engine, tmp_path: Path) -> None:
    ensure_house_space(engine)
    with pytest.raises(UserError, match="the house space is in every library"):
        export_space(engine, "house", tmp_path, tmp_path / "house.safetensors")
    with pytest.raises(LibraryError, match="there is no space 'x'"):
        export_space(engine, "x", tmp_path, tmp_path / "x.safetensors")


def test_a_folder_that_takes_no_file_is_told(
    exported: Path, engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"cannot write .*: choose another folder"):
        export_space(engine, "my drums", tmp_path / "spaces", exported / "x.safetensors")
