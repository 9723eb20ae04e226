"""The user's own keys: checked against the table of actions, and shown wherever keys are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tui.key import Key, Scope
from tui.keys import KEYS, SCOPES, keys_of

TOGETHER: tuple[tuple[Scope, ...], ...] = (
    ("app", "browse", "list"),
    ("app", "browse", "map"),
    *(("app", scope) for scope in SCOPES if scope not in {"app", "browse", "list", "map"}),
)
"""The scopes that have the keyboard at the same time."""

Keymap = Mapping[str, str]
"""Keys as Textual names them, separated by commas, by the id of an action."""

_SIGNS = {
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "question_mark": "?",
    "equals_sign": "=",
    "exclamation_mark": "!",
}


def checked(wanted: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Return those of the user's keys that can be had, and what is wrong with the others.

    Args:
        wanted: Keys by the id of an action; several are separated by commas.
    """
    known = {key.id: key for key in KEYS}
    kept: dict[str, str] = {}
    troubles: list[str] = []
    for name, keys in wanted.items():
        trouble = _trouble(name, keys, known)
        if trouble:
            troubles.append(trouble)
        else:
            kept[name] = ",".join(_long(each) for each in str(keys).split(","))
    for name, trouble in _conflicts(kept):
        if kept.pop(name, None) is not None:
            troubles.append(trouble)
    return kept, troubles


def in_use(keymap: Keymap, scope: Scope) -> list[Key]:
    """Return the actions of a scope, in the table's order, with the keys that start them now."""
    return [_changed(key, keymap.get(key.id)) for key in keys_of(scope)]


def _changed(key: Key, keys: str | None) -> Key:
    if keys is None:
        return key
    shown = " ".join(_SIGNS.get(each, each.replace("_", " ")) for each in keys.split(","))
    return replace(key, keys=keys, shown=shown)


def _long(key: str) -> str:
    """Return a key as Textual names it: ``slash`` for ``/``."""
    from textual.keys import _character_to_key

    key = key.strip()
    return _character_to_key(key) if len(key) == 1 else key


def _trouble(name: str, keys: object, known: Mapping[str, Key]) -> str:
    from textual.keys import Keys

    if name not in known:
        return f"there is no action {name!r}; docs/keys.md and ? name them"
    if not isinstance(keys, str) or not keys.strip():
        return f'the keys of {name!r} must be text like "n" or "ctrl+n,f5"'
    names = {each.value for each in Keys} | set(_SIGNS) | {"space"}
    for each in map(_long, keys.split(",")):
        plain = each.split("+")[-1]
        if not (each in names or plain in names or len(plain) == 1 or _is_sign(plain)):
            return f"{name!r}: there is no key {each!r}"
    return ""


def _is_sign(key: str) -> bool:
    """Return whether a key is one that types a single sign, by the name Textual gives it."""
    import unicodedata

    try:
        unicodedata.lookup(key.replace("_", " ").upper())
    except KeyError:
        return False
    return True


def _conflicts(keymap: Keymap) -> Iterator[tuple[str, str]]:
    """Yield each of the user's entries that takes a key which does something else there."""
    for scopes in TOGETHER:
        taken: dict[str, str] = {}
        keys = [key for scope in scopes for key in in_use(keymap, scope)]
        # What the user did not change was there first.
        for key in sorted(keys, key=lambda key: key.id in keymap):
            for each in key.keys.split(","):
                other = taken.setdefault(_long(each), key.id)
                if other != key.id and key.id in keymap:
                    yield key.id, f"{key.id!r}: {each} already does {other!r}; give that another"
