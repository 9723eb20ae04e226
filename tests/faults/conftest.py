"""The command line on a copy of the shared library, in this process."""

from __future__ import annotations

import pytest

from tests.conftest import MadeLibrary
from tests.tui.answers import Answer, Crate
from tui.cli import main


@pytest.fixture
def crate(library_copy: MadeLibrary, capfd: pytest.CaptureFixture[str]) -> Crate:
    """Run a command on a library of 40 sounds and one broken file; its space `mine` is in use."""

    def run(*arguments: object) -> Answer:
        try:
            code = main(["--library", str(library_copy.path), *map(str, arguments)])
        except SystemExit as end:  # argparse leaves by itself
            code = end.code if isinstance(end.code, int) else 1
        captured = capfd.readouterr()
        return Answer(code, captured.out, captured.err)

    return run
