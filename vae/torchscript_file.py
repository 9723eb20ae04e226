"""What can be told of a TorchScript file without running it.

TorchScript is a program: it may read and write files the moment it is loaded. Here a file is only
looked at, as a zip archive of source text. Nothing is unpickled and torch is not asked.
"""

from __future__ import annotations

import errno
import hashlib
import pickle
import pickletools
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from library.errors import ModelError

MOST_SOURCE_BYTES = 64 << 20
MOST_PICKLE_BYTES = 64 << 20
MOST_MEMBERS = 100_000
# Weights do not shrink when packed, and source text shrinks about ten times.
MOST_UNPACKED_RATIO, UNPACKED_ALLOWANCE = 4, 64 << 20

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, pickle.UnpicklingError, EOFError,
    UnicodeDecodeError, ValueError, KeyError, IndexError, NotImplementedError, RuntimeError,
    OverflowError,
)  # fmt: skip
# What torch reads; other ways to pack would need a decoder that few have met.
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PLAIN_OPERATIONS = {"aten", "prim", "quantized", "mkldnn", "mkldnn_prepacked", "mkl"}
_TORCH_DATA = re.compile(
    r"__torch__\S* \S+|torch (?:\w+Storage|device|\w+_affine)|collections OrderedDict"
    r"|torch\._utils _rebuild_\w+|torch\.jit\._pickle \w+"
)
_WORDS = {
    r"\bfrom_file\b": "reads or writes files (from_file)",
    r"\bsave\b": "writes files (save)",
    r"\bload_tensor\b": "reads files (load_tensor)",
    r"\brpc_(?:a?sync|remote)\b": "calls other machines (rpc)",
    r"\b(?:Ignored)?PythonOp\b": "calls Python",
    r"\btorch\.classes\b": "uses compiled classes of its own",
    r"\bgetattr\s*\(\s*(?:torch|ops)\b": "hides which operations it uses (getattr)",
    r"\bprint\s*\(": "prints text while it runs",
}


@dataclass(frozen=True, slots=True)
class TorchScriptFile:
    """The facts of a TorchScript file; all plain values.

    Attributes:
        digest: BLAKE2b of the whole file, 16 bytes, in hexadecimal.
        size: Bytes.
        program: Class of its top module, such as "RAVE".
        methods: Of that class, sorted.
        codec: It has both `encode` and `decode`, or wraps a module that has.
        streaming: It keeps a memory between calls, as exports for live use do.
        warnings: What to know before trusting it, each in a few words. That there are none proves
            nothing: a program can hide what it does.
    """

    digest: str
    size: int
    program: str
    methods: tuple[str, ...]
    codec: bool
    streaming: bool
    warnings: tuple[str, ...]


def digest_of(path: Path) -> str:
    """Return what identifies a file: BLAKE2b, 16 bytes, in hexadecimal.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise ModelError(
            f"the model file cannot be read ({error.strerror})", "check its path"
        ) from error


def read_torchscript(path: Path) -> TorchScriptFile:
    """Look at a file that may be a TorchScript export.

    Raises:
        ModelError: It cannot be read, is damaged, or is something else, such as a checkpoint.
    """
    digest = digest_of(path)
    try:
        if not zipfile.is_zipfile(path):
            raise _not_a_program(path)
        with zipfile.ZipFile(path) as archive:
            return _read(archive, digest, path.stat().st_size)
    except (OSError, *_DAMAGE) as error:
        # A damaged archive may lead to places that are not in the file.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise ModelError(
                f"the model file cannot be read ({error.strerror})", "check its path"
            ) from error
        raise ModelError("the model file is damaged", "copy or export it again") from error


def _not_a_program(path: Path) -> ModelError:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        return ModelError("the model file is empty", "copy or export it again")
    if start.startswith(b"PK\x03\x04"):
        return ModelError("the model file is cut short", "copy or export it again")
    if start[:1] == b"\x80":
        return ModelError(
            "the model file is a pickle of weights, which is never loaded",
            "export it as TorchScript (.ts)",
        )
    return ModelError("the model file is not TorchScript", "give a .ts export")


def _read(archive: zipfile.ZipFile, digest: str, size: int) -> TorchScriptFile:
    sizes = {member.filename: member.file_size for member in archive.infolist()}
    if (
        len(archive.infolist()) > MOST_MEMBERS
        or sum(member.file_size for member in archive.infolist())
        > size * MOST_UNPACKED_RATIO + UNPACKED_ALLOWANCE
    ):
        raise ModelError("the model file unpacks to far more than a model would", "do not trust it")
    if not _PACKINGS.issuperset(member.compress_type for member in archive.infolist()):
        raise ModelError("the model file is packed as no export is", "copy or export it again")
    root = next((name.split("/")[0] for name in sizes if name.endswith("/data.pkl")), "")
    source = {
        name.removeprefix(f"{root}/code/"): name
        for name in sizes
        if name.startswith(f"{root}/code/") and name.endswith(".py")
    }
    if not source or f"{root}/constants.pkl" not in sizes:
        raise ModelError(
            "the model file holds weights but no program", "export it as TorchScript (.ts)"
        )
    if (
        sum(sizes[name] for name in source.values()) > MOST_SOURCE_BYTES
        or sizes[f"{root}/data.pkl"] > MOST_PICKLE_BYTES
    ):
        raise ModelError("the model file holds far more code than a model would", "do not trust it")
    text = {file: archive.read(name).decode() for file, name in source.items()}
    named = _names_in(archive.read(f"{root}/data.pkl"))
    place, program = named[0].split(" ")
    methods = _methods(text[place.replace(".", "/") + ".py"], program)
    everything = "\n".join(text.values())
    inside = _codec_inside(everything)
    return TorchScriptFile(
        digest=digest,
        size=size,
        program=program if program.isidentifier() else "unknown",
        methods=methods,
        codec={"encode", "decode"} <= set(methods) or inside,
        streaming=re.search(r"^ +pad : Tensor$", everything, re.MULTILINE) is not None,
        warnings=_warnings(everything, named, {"encode", "decode"} <= set(methods), inside),
    )


def _names_in(data: bytes) -> list[str]:
    """Return the "module class" names in a pickle, in order, without unpickling it.

    Raises:
        ValueError: It names none, or its first is not a class of the program.
    """
    names = [
        str(argument) for operation, argument, _ in pickletools.genops(data)
        if operation.name in ("GLOBAL", "INST")
    ]  # fmt: skip
    if not names or not re.fullmatch(r"__torch__[\w.]* \w+", names[0]):
        raise ValueError("the data is not that of a module")
    return names


def _classes(source: str) -> dict[str, str]:
    """Return the text of each class in a source file by its name."""
    parts = re.split(r"^class (\w+)", source, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _methods(source: str, program: str) -> tuple[str, ...]:
    found = re.findall(r"^  def (\w+)\(", _classes(source)[program], re.MULTILINE)
    return tuple(sorted(set(found)))


def _codec_inside(source: str) -> bool:
    return any(
        re.search(r"^  def encode\(", text, re.MULTILINE)
        and re.search(r"^  def decode\(", text, re.MULTILINE)
        for text in re.split(r"^class ", source, flags=re.MULTILINE)
    )


def _warnings(source: str, named: list[str], codec: bool, inside: bool) -> tuple[str, ...]:
    found = [said for pattern, said in _WORDS.items() if re.search(pattern, source)]
    spaces = set(re.findall(r"\bops\.(\w+)\.", source)) - _PLAIN_OPERATIONS
    found += [f"uses operations of {space}" for space in sorted(spaces)]
    if not all(_TORCH_DATA.fullmatch(name) for name in named):
        found.append("its data names things that are no tensors")
    if not codec:
        found.append("wraps the codec in another module" if inside else "cannot encode and decode")
    return tuple(found)
