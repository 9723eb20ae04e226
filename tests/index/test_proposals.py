"""What is proposed while a word is taught: likely and unsure sounds, none that was answered."""

from __future__ import annotations

from tests.conftest import MadeLibrary


def test_it_needs_a_sound_that_is_it(library_copy: MadeLibrary) -> None:
    assert library_copy
