"""Codecs as files: copied, looked at, loaded. The library keeps copies: what was trusted runs.

A TorchScript file is a program, and may do anything the moment it is loaded: only `read_codec` does
so, and only for a codec that the user trusts.
"""

from __future__ import annotations

import hashlib
import stat
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from library import kept_files
from library.content import content_hash
from library.database import writing
from library.errors import LibraryError, ModelError
from library.tables import TORCHSCRIPT, TUNED
from library.tables import Codec as CodecTable

if TYPE_CHECKING:
    from vae.codec import BaseCodec

TEST_SECONDS = 0.5
_BLOCK_BYTES = 1 << 20


def name_of(path: Path) -> str:
    """Return a name for a codec, from that of its file."""
    name = "".join(c if c.isalnum() or c in "-_ " else "-" for c in path.stem)[:60]
    return name.strip("- ") or "codec"


def file_name(name: str, kind: str, digest: str) -> str:
    """Return under which name the library keeps the file of a codec."""
    return kept_files.file_name(name, digest, ".safetensors" if kind == TUNED else ".ts")


def copy_file(path: Path, copy: Path) -> str:
    """Copy a file, and return the digest of what was copied.

    Raises:
        ModelError: The file cannot be read.
        OSError: The copy cannot be written.
    """
    try:
        # Opening a pipe would wait, and reading a device may never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelError(f"{path} is not a file", "give a .ts or .safetensors file")
        source = path.open("rb")
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror})", "check the path") from error
    digest = hashlib.blake2b(digest_size=16)
    with source, copy.open("wb") as target:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def look_at(file: Path, name: str) -> tuple[str, dict[str, object]]:
    """Return the kind of a codec's file and what can be told of it; no program runs.

    Args:
        file: The file.
        name: The user's own name of it, for messages.

    Raises:
        ModelError: It is damaged, or no codec.
    """
    with file.open("rb") as opened:
        head = opened.read(9)
    if head[8:] == b"{":  # safetensors: the length of a head, and the head as JSON
        from vae.house_codec import from_bytes

        try:
            codec = from_bytes(file.read_bytes())
            try_out(codec)
            return TUNED, facts_of(codec)
        except ModelError as error:
            raise ModelError(
                f"{name} is not a tuned house codec",
                "give what crate codec tune has made, or a TorchScript file",
            ) from error
    from vae.torchscript_file import read_torchscript

    facts = asdict(read_torchscript(file))
    del facts["digest"]
    return TORCHSCRIPT, {key: list(v) if isinstance(v, tuple) else v for key, v in facts.items()}


def facts_of(codec: BaseCodec) -> dict[str, object]:
    """Return what a row tells of a codec that is loaded."""
    return {
        "sample_rate": codec.sample_rate,
        "channels": codec.channels,
        "dims": codec.dims,
        "hop": codec.hop,
        "discrete": codec.discrete,
        "random": codec.random,
    }


def checked_path(row: CodecTable, folder: Path) -> Path:
    """Return where a codec's file lies, which is as it was when the codec was added.

    Raises:
        LibraryError: It is lost, or another one by now.
    """
    path = kept_files.path_of(folder, row.file)
    try:
        digest = content_hash(path)
    except OSError as error:
        raise LibraryError(
            f"the file of the codec {row.name!r} cannot be read ({error.strerror})",
            f"crate codec add puts it back: {path}",
        ) from error
    if digest != row.digest:
        raise _changed(row, path)
    return path


def trouble(row: CodecTable, folder: Path) -> tuple[str, str] | None:
    """Return what is wrong with a codec's file, and what to do; None where it is as it was."""
    try:
        checked_path(row, folder)
    except LibraryError as error:
        return error.message, error.hint
    return None


def _changed(row: CodecTable, path: Path) -> LibraryError:
    return LibraryError(
        f"the file of the codec {row.name!r} has changed", f"crate codec add mends it: {path}"
    )


def read_codec(row: CodecTable, folder: Path, sample_rate: int | None = None) -> BaseCodec:
    """Load a codec. This runs a TorchScript file: only for those that the user trusts.

    Args:
        row: Of the table of codecs.
        folder: Where their files lie.
        sample_rate: Hz; what the codec says, or the user said, where None.

    Raises:
        LibraryError: Its file is lost, or another one by now.
        ModelError: It cannot be loaded.
    """
    path = checked_path(row, folder)
    if row.kind == TUNED:
        from vae.house_codec import from_bytes

        try:
            tuned = from_bytes(path.read_bytes())
        except OSError as error:
            raise LibraryError(
                f"the file of the codec {row.name!r} cannot be read ({error.strerror})", str(path)
            ) from error
        except ModelError as error:
            raise ModelError(
                f"the codec {row.name!r} is not a tuned house codec",
                "forget it, and tune another",
            ) from error
        if tuned.digest != row.digest:  # it was exchanged since it was looked at
            raise _changed(row, path)
        tuned.name = row.name
        return tuned
    from vae.torchscript_codec import load_torchscript

    rate = sample_rate if sample_rate is not None else row.facts.get("given_rate")
    return load_torchscript(path, row.digest, row.name, rate)


def try_out(codec: BaseCodec) -> None:
    """Encode and decode a short sound.

    Raises:
        ModelError: The codec fails, or makes what is no sound.
    """
    import numpy as np

    from library.clip import Clip

    time_s = np.arange(round(TEST_SECONDS * codec.sample_rate)) / codec.sample_rate
    wave = 0.5 * np.sin(2 * np.pi * 220 * time_s) * np.exp(-6 * time_s)
    latents = codec.encode(Clip(wave[None].astype(np.float32), codec.sample_rate))
    heard = codec.decode(latents, len(time_s)).frames
    if not (np.isfinite(latents.values).all() and np.isfinite(heard).all()):
        raise ModelError(f"the codec {codec.name!r} makes no sound of a sound", "use another")


def tidy(engine: Engine, folder: Path, gone: str | None = None) -> None:
    """Delete files of codecs that the library has no more; one too many does no harm.

    Args:
        engine: The library.
        folder: Where the files of codecs lie.
        gone: The file of a codec that was just forgotten or replaced; others must be old.
    """
    with suppress(LibraryError), writing(engine) as session:
        kept_files.sweep(folder, session.scalars(select(CodecTable.file)).all(), gone)
