from __future__ import annotations

from pathlib import Path

import pytest

from library.content import content_hash


def test_the_same_bytes_and_only_they_have_the_same_digest(tmp_path: Path) -> None:
    long = bytes(range(256)) * 10_000
    contents = {"a": long, "b": long, "c": long[:-1], "d": long[:-1] + b"x", "e": b""}
    digests = {}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        digests[name] = content_hash(tmp_path / name)
    assert digests["a"] == digests["b"]
    assert len(set(digests.values())) == 4
    assert {len(digest) for digest in digests.values()} == {32}


def test_a_file_that_is_gone_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        content_hash(tmp_path / "gone")
