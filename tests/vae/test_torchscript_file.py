"""What is told of a TorchScript file without running it."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from library.errors import ModelError
from tests.vae.rave_standins import Touchy, digest, scripted, standin, written
from vae import torchscript_file
from vae.torchscript_file import digest_of, read_torchscript


@pytest.fixture(autouse=True)
def _nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a file is loaded or unpickled."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file was loaded")

    for owner, name in (
        (torch.jit, "load"), (torch, "load"), (pickle, "load"), (pickle, "loads"),
        (pickle, "Unpickler"),
    ):  # fmt: skip
        monkeypatch.setattr(owner, name, refuse)


def repacked(
    data: bytes,
    change: Callable[[str, bytes], bytes | None] = lambda _, member: member,
    packing: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An archive with its members changed, or left out where the change is None."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for member in old.infolist():
            changed = change(member.filename, old.read(member))
            if changed is not None:
                new.writestr(member.filename, changed, packing)
    return packed.getvalue()


def claimed(data: bytes, packing: int) -> bytes:
    """An archive that says in all its heads that it is packed in another way."""
    found = bytearray(data)
    for head, at in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        start = -1
        while (start := found.find(head, start + 1)) >= 0:
            found[start + at : start + at + 2] = packing.to_bytes(2, "little")
    return bytes(found)


def misled(data: bytes) -> bytes:
    """An archive that says that its members begin before it does."""
    found = bytearray(data)
    end = found.rfind(b"PK\x05\x06")
    found[end + 16 : end + 20] = (2 * len(data)).to_bytes(4, "little")
    return bytes(found)


def without(ending: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name.endswith(ending) else data


def saved_weights(legacy: bool = False) -> bytes:
    data = io.BytesIO()
    torch.save({"a": torch.zeros(3)}, data, _use_new_zipfile_serialization=not legacy)
    return data.getvalue()


def test_an_export_is_told_by_its_source(tmp_path: Path) -> None:
    data = standin()
    found = read_torchscript(written(data, tmp_path))
    assert found.program == "Standin"
    assert found.methods == ("decode", "encode", "forward")
    assert found.codec
    assert (found.size, found.digest) == (len(data), digest(data))
    assert found.warnings == ()
    assert json.loads(json.dumps(asdict(found)))["methods"] == ["decode", "encode", "forward"]


def test_no_torch_is_needed() -> None:
    code = "import vae.torchscript_file, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_digest_is_that_of_every_byte(tmp_path: Path) -> None:
    data = standin()
    found = {digest_of(written(data, tmp_path)), digest_of(written(data[:-1] + b"?", tmp_path))}
    assert len(found) == 2
    assert digest(data) in found


def test_a_codec_inside_another_module_is_found(tmp_path: Path) -> None:
    joined = read_torchscript(written(standin(within="combined"), tmp_path))
    assert joined.program == "Combined"
    assert "prior" in joined.methods
    assert joined.codec
    assert joined.warnings == ()
    wrapped = read_torchscript(written(standin(within="neutone"), tmp_path))
    assert (wrapped.program, wrapped.methods, wrapped.codec) == ("Wrapper", ("forward",), True)
    assert wrapped.warnings == ("wraps the codec in another module",)


def test_a_memory_is_told(tmp_path: Path) -> None:
    assert not read_torchscript(written(standin(), tmp_path)).streaming
    assert read_torchscript(written(standin(streaming=True), tmp_path)).streaming


def test_a_program_that_writes_files_is_warned_of(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    found = read_torchscript(written(scripted(Touchy(str(victim))), tmp_path))
    assert found.codec
    assert found.warnings == ("writes files (save)",)
    assert not victim.exists()


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("torch.from_file", "reads or writes files (from_file)"),
        ('getattr(torch, "\\163ave")', "hides which operations it uses (getattr)"),
        ('print("hello")', "prints text while it runs"),
        ("ops.c10d.send(x)", "uses operations of c10d"),
        ("ops.prim.data(x)", None),
        ('getattr(self.net, "0")', None),
    ],
)
def test_what_code_uses_is_warned_of(tmp_path: Path, line: str, warning: str | None) -> None:
    changed = repacked(
        standin(),
        lambda name, data: data + f"  # {line}\n".encode() if name.endswith(".py") else data,
    )
    found = read_torchscript(written(changed, tmp_path))
    assert found.warnings == ((warning,) if warning else ())


def test_a_pickle_that_would_run_something_is_warned_of_and_not_run(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    spell = b"cos\nsystem\n(S'touch " + str(victim).encode() + b"'\ntR0"
    changed = repacked(
        standin(),
        lambda name, data: data[:-1] + spell + b"." if name.endswith("/data.pkl") else data,
    )
    found = read_torchscript(written(changed, tmp_path))
    assert found.warnings == ("its data names things that are no tensors",)
    assert not victim.exists()


def test_a_program_without_a_codec_is_told(tmp_path: Path) -> None:
    found = read_torchscript(written(scripted(torch.nn.Linear(2, 2)), tmp_path))
    assert found.program == "Linear"
    assert not found.codec
    assert found.warnings == ("cannot encode and decode",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the model file is empty"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "not TorchScript"),
        (pickle.dumps({"a": 1}), "pickle of weights"),
        (saved_weights(), "no program"),
        (saved_weights(legacy=True), "pickle of weights"),
        (repacked(standin(), packing=zipfile.ZIP_LZMA), "packed as no export is"),
        (repacked(standin(), packing=zipfile.ZIP_BZIP2), "packed as no export is"),
        (claimed(repacked(standin()), 9), "packed as no export is"),
        (claimed(repacked(standin()), 0), "damaged"),
        (misled(repacked(standin())), "damaged"),
        (standin()[:-200], "cut short"),
        (standin()[: len(standin()) // 2], "cut short"),
        (repacked(standin(), without(".py")), "no program"),
        (repacked(standin(), without("constants.pkl")), "no program"),
        (repacked(standin(), without("data.pkl")), "no program"),
        (repacked(standin(), lambda n, d: d[:-9] if n.endswith("/data.pkl") else d), "damaged"),
        (repacked(standin(), lambda n, d: b"\xff\xfe" if n.endswith(".py") else d), "damaged"),
        (repacked(standin(), lambda n, d: b"" if n.endswith(".py") else d), "damaged"),
        (repacked(standin(), lambda n, d: b"N." if n.endswith("/data.pkl") else d), "damaged"),
    ],
    ids=[
        "empty", "sound", "pickle", "weights", "old weights", "LZMA", "bzip2", "deflate64",
        "not as packed", "members elsewhere", "end missing", "half", "no source",
        "no constants", "no data", "cut pickle", "not text", "no class", "no names",
    ],
)  # fmt: skip
def test_what_is_no_export_is_told_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(ModelError, match=says) as raised:
        read_torchscript(written(data, tmp_path))
    assert "\n" not in str(raised.value)
    assert raised.value.hint


def test_a_bomb_is_told(tmp_path: Path) -> None:
    bomb = repacked(standin(), lambda n, d: bytes(70_000_000) if n.endswith("/data/0") else d)
    with pytest.raises(ModelError, match="unpacks to far more"):
        read_torchscript(written(bomb, tmp_path))


@pytest.mark.parametrize("limit", ["MOST_MEMBERS", "MOST_SOURCE_BYTES", "MOST_PICKLE_BYTES"])
def test_what_is_far_too_large_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    path = written(standin(), tmp_path)
    monkeypatch.setattr(torchscript_file, limit, 10)
    with pytest.raises(ModelError, match="far more"):
        read_torchscript(path)


def test_a_changed_byte_in_the_source_is_damage(tmp_path: Path) -> None:
    data = bytearray(standin())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = next(each for each in archive.infolist() if each.filename.endswith(".py"))
    data[member.header_offset + 400] ^= 0xFF
    with pytest.raises(ModelError, match="damaged"):
        read_torchscript(written(bytes(data), tmp_path))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.ts", tmp_path):
        with pytest.raises(ModelError, match="cannot be read"):
            read_torchscript(path)
