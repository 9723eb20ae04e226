"""What the user trusts is kept in the user's own folder, and nowhere else."""

from __future__ import annotations

import pytest

from library.errors import LibraryError
from library.locations import trusted_codecs
from library.trusted import add_trusted, trusted_digests


def test_nothing_is_trusted_at_first() -> None:
    assert trusted_digests() == frozenset()
    assert not trusted_codecs().exists()


def test_each_digest_has_a_line_of_its_own() -> None:
    for digest in ("b" * 32, "a" * 32, "b" * 32):
        add_trusted(digest)
    assert trusted_codecs().read_text() == f"{'a' * 32}\n{'b' * 32}\n"
    assert trusted_digests() == {"a" * 32, "b" * 32}
    assert [path.name for path in trusted_codecs().parent.iterdir()] == ["trusted-codecs.txt"]


def test_a_disk_that_refuses_is_told() -> None:
    trusted_codecs().mkdir(parents=True)
    with pytest.raises(LibraryError, match="what you trust cannot be read"):
        add_trusted("a" * 32)
