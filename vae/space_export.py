"""A space as a file for another library: its safetensors, with its name and its report in the head.

The weights stay where they are; only the head is written anew. Taken out again, what remains is the
file of the space, byte for byte, and its digest proves it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from library.errors import ModelError

_KEY = "export"


@dataclass(frozen=True, slots=True)
class ExportedSpace:
    """What an exported file holds.

    Attributes:
        data: The space as `vae.space.to_bytes` writes it.
        name: That it had where it was exported; None for a bare file of a space.
        report: What training measured; empty for a bare file.
    """

    data: bytes
    name: str | None
    report: Mapping[str, Any]


def pack(data: bytes, name: str, report: Mapping[str, object]) -> bytes:
    """Return a space as a file for another library.

    Args:
        data: The space as `vae.space.to_bytes` writes it.
        name: Of the space.
        report: What training measured.

    Raises:
        ModelError: The data is damaged.
    """
    try:
        head, tensors = _split(data)
        digest = _digest(_joined(head, tensors))
        facts = {"name": name, "digest": digest, "report": dict(report)}
        head["__metadata__"][_KEY] = json.dumps(facts, allow_nan=False)
        return _joined(head, tensors)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error


def unpack(data: bytes) -> ExportedSpace:
    """Return what an exported file, or the bare file of a space, holds.

    Raises:
        ModelError: The data is damaged, or something else.
    """
    try:
        head, tensors = _split(data)
        if _KEY not in head["__metadata__"]:
            return ExportedSpace(data, None, {})
        facts = json.loads(head["__metadata__"].pop(_KEY))
        bare = _joined(head, tensors)
        name, report = facts["name"], facts["report"]
        if _digest(bare) != facts["digest"] or not isinstance(name, str):
            raise ValueError("not what was exported")
        json.dumps(report, allow_nan=False)  # what JSON cannot say, no answer could
        return ExportedSpace(bare, name, dict(report))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error


def _unreadable() -> ModelError:
    return ModelError("this is no space, or a damaged one", "export it again with crate space")


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the head of a safetensors file, and what follows it."""
    start = 8 + int.from_bytes(data[:8], "little")
    head: dict[str, Any] = json.loads(data[8:start])
    return head, data[start:]


def _joined(head: Mapping[str, Any], tensors: bytes) -> bytes:
    """Return a safetensors file as its own library writes it: compact, the head padded to 8."""
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + tensors
