"""Tempo and key of files, as analysis writes them, and what becomes of them later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy import Engine, update

from index.analyse import analyse
from library import catalog
from library.clip import Clip
from library.database import writing
from library.musical_rows import set_tempo
from library.progress import drive
from library.register import refresh, register
from library.tables import Descriptor, Sample
from library.wav import write_wav
from tests.fake_codec import FakeCodec
from tests.loops import RATE, Sound, groove, hit


def wav(path: Path, sound: Sound) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    write_wav(Clip((0.5 * sound / np.abs(sound).max())[None], RATE), path)
    return path


def tempo_of(engine: Engine, path: Path) -> tuple[float | None, str | None]:
    row = catalog.find(engine, str(path))
    return row.tempo, row.tempo_source


def analysed(engine: Engine, folder: Path, codec: FakeCodec) -> None:
    drive(register(engine, [folder]))
    drive(analyse(engine, codec))


def test_a_loop_has_a_tempo_and_a_hit_has_none(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder = tmp_path / "sounds"
    heard = wav(folder / "thing.wav", groove(97))
    named = wav(folder / "other 194bpm.wav", groove(97))
    single = wav(folder / "hit 120bpm.wav", hit(60))
    analysed(engine, folder, codec)
    assert tempo_of(engine, heard) == (97.0, "sound")
    assert tempo_of(engine, named) == (194.0, "name")
    assert tempo_of(engine, single) == (None, None)


def test_another_content_has_another_tempo_and_the_users_stays(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder = tmp_path / "sounds"
    first = wav(folder / "a.wav", groove(97))
    second = wav(folder / "b.wav", groove(97, 1))
    third = wav(folder / "c.wav", groove(97, 4))
    analysed(engine, folder, codec)
    set_tempo(engine, [catalog.find(engine, str(second)).id], 48.5)
    wav(first, groove(120))
    wav(second, groove(120, 1))
    third.write_text("no sound at all")
    drive(refresh(engine))
    drive(analyse(engine, codec))
    assert tempo_of(engine, first) == (120.0, "sound")
    assert tempo_of(engine, second) == (48.5, "user")
    assert tempo_of(engine, third) == (None, None)


def test_what_an_older_version_analysed_has_a_tempo_after_the_next_scan(
    engine: Engine, tmp_path: Path, codec: FakeCodec
) -> None:
    folder = tmp_path / "sounds"
    path = wav(folder / "a.wav", groove(97))
    analysed(engine, folder, codec)
    with writing(engine) as session:
        session.execute(update(Descriptor).values(version=1, sound_tempo=None))
        session.execute(update(Sample).values(tempo=None, tempo_source=None))
    drive(analyse(engine, codec))
    assert tempo_of(engine, path) == (97.0, "sound")
