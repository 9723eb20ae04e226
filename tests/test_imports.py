"""What starting the application may load. Heavy libraries come when they are first needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "faiss",
    "umap",
    "numba",
    "alembic",
    "scipy",
    "matplotlib",
    "miniaudio",
    "sklearn",
}


def _loaded_by(code: str) -> set[str]:
    code += "\nimport sys; print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_application_loads_nothing_heavy() -> None:
    assert _loaded_by("import tui.app") & HEAVY == set()


def test_the_application_does_not_load_the_workspace_before_its_first_paint() -> None:
    assert _loaded_by("import tui.app") & {"sqlalchemy", "soundfile", "index"} == set()


def test_the_table_of_keys_needs_no_textual() -> None:
    assert "textual" not in _loaded_by("from tui.keys import as_markdown; as_markdown()")


@pytest.mark.parametrize("module", ["library.clip", "library.catalog", "library.decode"])
def test_files_and_rows_need_no_model(module: str) -> None:
    assert _loaded_by(f"import {module}") & (HEAVY | {"textual", "rich"}) == set()
