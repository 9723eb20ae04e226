"""What is proposed while a word is taught: likely and unsure sounds, none that was answered."""

from __future__ import annotations

import pytest

from index.workspace import Workspace
from library.errors import UserError
from tests.conftest import MadeLibrary


def test_it_needs_a_sound_that_is_it_and_others(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as crate:
        with pytest.raises(UserError, match="nothing can be proposed yet"):
            crate.propose_examples("crunchy")
        first = int(crate.ids()[0])
        crate.teach("crunchy", [first], [])
        with pytest.raises(UserError, match="nothing can be proposed yet"):
            crate.propose_examples("crunchy", "no_such_name")


@pytest.mark.parametrize("sides", [1, 4])
def test_likely_sounds_come_first_and_none_that_was_answered(
    library_copy: MadeLibrary, sides: int
) -> None:
    with Workspace.open(library_copy.path) as crate:
        kicks = [row.id for row in crate.rows(crate.ids("category:kick"))]
        hats = [row.id for row in crate.rows(crate.ids("category:hat"))]
        crate.teach("thump", kicks[:sides], hats[: sides - 1 if sides == 1 else sides])
        found = [row.id for row in crate.propose_examples("Thump", count=12)]
        assert len(found) == len(set(found)) == 12
        assert not set(found) & {*kicks[:sides], *hats[:sides][: 0 if sides == 1 else sides]}
        left = set(kicks[sides:])
        if left:
            assert found[0] in left
        within = [row.id for row in crate.propose_examples("thump", "-category:kick")]
        assert within
        assert not set(within) & set(kicks)
