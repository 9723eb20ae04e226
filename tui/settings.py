"""The user's settings file: theme, keys, and programs that sounds are sent to."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_config_path

from tui.colours import THEMES
from tui.keymap import checked

SETTINGS_VARIABLE = "LATENTCRATE_SETTINGS"
"""The environment variable that names the file to use."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has set.

    Attributes:
        theme: Name of a theme; empty where none is set.
        keymap: Keys by the id of an action, checked.
        send: Command lines by the name under which they are offered; see :mod:`tui.handing_off`.
        troubles: What is wrong with the file, one line each; such an entry is left out.
    """

    theme: str = ""
    keymap: Mapping[str, str] = field(default_factory=dict)
    send: Mapping[str, str] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()


def settings_file() -> Path:
    """Return where the settings lie: in ``LATENTCRATE_SETTINGS``, else in the platform's folder."""
    named = os.environ.get(SETTINGS_VARIABLE)
    if named:
        return Path(named).expanduser()
    return user_config_path("latentcrate", appauthor=False) / "settings.toml"


def read_settings(path: Path) -> Settings:
    """Read the settings; a file that is not there sets nothing, and a wrong entry only itself."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Settings(troubles=(f"{path.name} cannot be read and is left out: {error}",))
    troubles = [f"there is no setting {name!r}" for name in found if name not in _KNOWN]
    theme = found.get("theme", "")
    if theme and theme not in THEMES:
        troubles.append(f"there is no theme {theme!r}; use {' or '.join(THEMES)}")
        theme = ""
    keymap, wrong = checked(_table(found, "keys", troubles))
    troubles += wrong
    send = {}
    for name, command in _table(found, "send", troubles).items():
        if isinstance(command, str) and command.strip():
            send[name] = command
        else:
            troubles.append(f'the command of {name!r} must be text like "audacity {{path}}"')
    return Settings(theme, keymap, send, tuple(f"{path.name}: {each}" for each in troubles))


_KNOWN = ("theme", "keys", "send")


def _table(found: Mapping[str, object], name: str, troubles: list[str]) -> Mapping[str, object]:
    table = found.get(name, {})
    if isinstance(table, dict):
        return table
    troubles.append(f"{name} must be a table: [{name}]")
    return {}
