from __future__ import annotations

import unicodedata

import pytest

from library.names import displayable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kick 01.wav", "Kick 01.wav"),
        ("Größe 太鼓 🥁.wav", "Größe 太鼓 🥁.wav"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("a\x9bb", r"a\x9bb"),
        ("a\udcffb", r"a\xffb"),
        ("gpj\u202egnp.wav", r"gpj\u202egnp.wav"),
        ("a\u2028b", r"a\u2028b"),
        ("a\U000e0001b", r"a\U000e0001b"),
        ("👩\u200d🎤", "👩\u200d🎤"),
    ],
)
def test_what_a_terminal_must_not_see_is_written_out(text: str, shown: str) -> None:
    assert displayable(text) == shown


def test_no_control_character_and_no_lone_surrogate_passes() -> None:
    every = "".join(map(chr, range(0x3000))) + "".join(map(chr, range(0xD800, 0xE000)))
    shown = displayable(every)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Zl", "Zp"}
    shown.encode()
