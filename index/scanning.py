"""Scanning: files to rows, rows to latents, latents to vectors, until all are up to date."""

from __future__ import annotations

import time

from sqlalchemy import Engine

from index.analyse import analyse
from index.answers import AddReport
from index.attention import Attention
from index.categories import categorise
from index.codec_rows import HOUSE, drop_unknown_latents
from index.codecs import Codecs
from index.hearings import features_of
from index.left_over import sweep_left_over
from index.open_spaces import OpenSpaces
from library.progress import Job
from library.register import RegisterReport
from vae.ear_file import house_ear


def bring_up_to_date(
    engine: Engine,
    codecs: Codecs,
    spaces: OpenSpaces,
    registering: Job[RegisterReport],
    attention: Attention,
) -> Job[AddReport]:
    """List files, analyse them, and make the vectors of the space in use; a job.

    Args:
        engine: The library.
        codecs: Of the library.
        spaces: Of the library.
        registering: The job that lists the files.
        attention: Of the user.
    """
    started = time.monotonic()
    seen = yield from registering
    house = codecs.load(HOUSE)
    # What an update of the house codec has left behind. Analysis sees to those that fail here.
    renewed = yield from spaces.encode(house)
    done = yield from analyse(engine, house, attention)
    drop_unknown_latents(engine)
    yield from categorise(engine, house_ear(), features_of(engine))
    trouble = spaces.trouble(None)
    if not trouble:
        yield from spaces.embed(None)
    sweep_left_over(engine, spaces.files.parent)
    return AddReport(
        found=seen.found,
        new=seen.new,
        changed=seen.changed,
        moved=seen.moved,
        missing=seen.missing,
        analysed=done.analysed,
        failed=done.failed,
        seconds=time.monotonic() - started,
        encoded=renewed.encoded,
        trouble=trouble,
        lost=seen.lost,
        unreadable=seen.unreadable,
    )
