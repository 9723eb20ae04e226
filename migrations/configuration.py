"""The configuration of Alembic, in code: no file is read when a library is opened."""

from __future__ import annotations

from importlib.resources import files

from alembic.config import Config


def configuration() -> Config:
    """Return a configuration that finds the migrations where they are installed.

    The caller puts an open connection into ``attributes["connection"]``.
    """
    config = Config()
    location = str(files("migrations"))
    config.set_main_option("script_location", location.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
