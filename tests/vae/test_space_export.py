"""A space as a file for another library: the same bytes come back, and nothing else does."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.torch import load, save

from library.errors import ModelError
from vae.space_export import pack, unpack
from vae.space_file import from_bytes

REPORT = {"samples": 200, "words": ["größer", "\x1b[1m", '"'], "attributes": {"pitch": None}}


@pytest.fixture(scope="module")
def data(learned: tuple[bytes, tuple[int, ...]]) -> bytes:
    return learned[0]


def test_the_same_bytes_come_back_with_name_and_report(data: bytes) -> None:
    packed = pack(data, "my drums", REPORT)
    found = unpack(packed)
    assert found.data == data
    assert found.name == "my drums"
    assert found.report == REPORT


def test_an_exported_file_is_a_space_for_who_reads_safetensors(data: bytes) -> None:
    packed = pack(data, "s", REPORT)
    assert load(packed).keys() == load(data).keys()
    assert from_bytes(packed).samples == from_bytes(data).samples


def test_the_bare_file_of_a_space_has_no_name(data: bytes) -> None:
    found = unpack(data)
    assert (found.data, found.name, found.report) == (data, None, {})


def test_a_changed_byte_is_seen(data: bytes) -> None:
    packed = pack(data, "s", REPORT)
    for at in np.random.default_rng(0).integers(0, len(packed), 40):
        changed = bytearray(packed)
        changed[at] ^= 1
        try:
            found = unpack(bytes(changed))
        except ModelError:
            continue
        # What is said of a space beside its weights is vouched for by nothing.
        assert found.data == data


@pytest.mark.parametrize("kept", [0, 3, 8, 100, 5_000, -100])
def test_a_truncated_file_is_told(data: bytes, kept: int) -> None:
    with pytest.raises(ModelError, match="no space, or a damaged one: export it again"):
        unpack(pack(data, "s", REPORT)[:kept])


def facts_instead(data: bytes, facts: object) -> bytes:
    metadata = {"space": "{}", "export": facts if isinstance(facts, str) else json.dumps(facts)}
    return save(load(data), metadata=metadata)


@pytest.mark.parametrize(
    "facts",
    ["", "[]", "{}", {"name": 1, "digest": "", "report": {}}, '{"name":"s","report":{"x":NaN}}'],
)
def test_a_head_that_says_something_else_is_told(data: bytes, facts: object) -> None:
    with pytest.raises(ModelError, match="no space, or a damaged one"):
        unpack(facts_instead(data, facts))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_report_with_no_numbers_is_told(data: bytes, number: str) -> None:
    packed = pack(data, "s", {"samples": 314159})
    changed = packed.replace(b"314159", number.encode().rjust(6))
    size = int.from_bytes(packed[:8], "little") + len(changed) - len(packed)
    with pytest.raises(ModelError, match="no space, or a damaged one"):
        unpack(size.to_bytes(8, "little") + changed[8:])


@pytest.mark.parametrize("other", [b"RIFF" + bytes(40), b"\xff" * 99, b"8\0\0\0\0\0\0\0[[[["])
def test_another_file_is_told(other: bytes) -> None:
    with pytest.raises(ModelError, match="no space, or a damaged one"):
        unpack(other)
    with pytest.raises(ModelError, match="no space, or a damaged one"):
        pack(other, "s", {})
