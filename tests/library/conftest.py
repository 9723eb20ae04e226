"""A library with the sounds of a folder, as if they were analysed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from library.content import content_hash
from library.database import writing
from library.progress import drive
from library.register import register
from library.tables import ANALYSED, Sample


def as_analysed(engine: Engine) -> None:
    """Make all samples that are there what an analysis would make of them, but for the sound."""
    with writing(engine) as session:
        for sample in session.scalars(select(Sample).where(Sample.missing.is_(False))):
            sample.state = ANALYSED
            sample.content_hash = content_hash(Path(sample.path))


@pytest.fixture
def filled(engine: Engine, folder: Path) -> Engine:
    """A library of the files in `folder`, which the tests that use it define."""
    drive(register(engine, [folder]))
    as_analysed(engine)
    return engine
