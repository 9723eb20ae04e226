"""Training a space on samples of the library: rows to latents to a space and its report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import TrainReport
from index.encode import encode
from index.hearings import wholes_of
from index.latents import read_latents
from index.learned_words import check_followed, learned_words
from index.spaces import check_name, store_space
from library.catalog import SampleRow
from library.database import reading
from library.errors import ModelError
from library.pairs import Pair, pairs
from library.progress import Job, Progress
from library.word_examples import examples
from vae.alike import learn_alike
from vae.attributes import chosen
from vae.codec import BaseCodec
from vae.ear import BLOCKS
from vae.ear_file import house_ear
from vae.space_file import from_bytes, house_space
from vae.space_training import train_space
from vae.vector import scales

# More would fill the memory and teach little; a library of more is represented by a random choice.
MOST_SOUNDS = 20_000


def train(
    engine: Engine,
    name: str,
    rows: Sequence[SampleRow],
    attributes: Sequence[str],
    codec: BaseCodec,
    folder: Path,
    folders: bool = False,
    words: Sequence[str] | None = None,
) -> Job[TrainReport]:
    """Learn a space and keep it; a job. Samples that lack latents of its codec are encoded first.

    Args:
        engine: The library.
        name: Of the space.
        rows: The samples to learn from; those without latents are left out.
        attributes: Names; the default ones where empty.
        codec: On whose latents.
        folder: Where the files of spaces lie.
        folders: Whether the folders of samples are words, as tags are.
        words: Which words are attributes too; all that were taught by enough examples where None.

    Raises:
        UserError: The name or an attribute is wrong, or the sounds are too few.
        ModelError: The latents of the codec are codes.
        LibraryError: The codec was forgotten in the meantime, or the disk refuses.
    """
    check_name(name)
    chosen(attributes)
    if codec.discrete:
        raise ModelError(
            f"no space can be learned on the codec {codec.name!r}: its latents are codes",
            "crate codec use house",
        )
    said, exampled = pairs(engine), examples(engine)
    if len(rows) > MOST_SOUNDS:
        some = set(np.random.default_rng(0).choice(len(rows), MOST_SOUNDS, replace=False).tolist())
        named = {sample_id for pair in said for sample_id in (pair.first, pair.second)}
        named |= {i for each in exampled for i in (*each.fitting, *each.unfitting)}
        rows = [row for i, row in enumerate(rows) if i in some or row.id in named]
    yield from encode(engine, codec, [row.id for row in rows])
    yield Progress("read", 0, len(rows))
    described = {row.id: row.attributes for row in rows}
    sounds = dict(read_latents(engine, codec.digest, list(described)))
    started = time.monotonic()
    latents = list(sounds.values())
    ids, wholes = _heard(engine, list(sounds))
    learned, taught = learned_words({row.id: row for row in rows}, ids, wholes, exampled, folders)
    followed = tuple(taught if words is None else words)
    check_followed(followed, learned)
    for sample_id, amounts in zip(ids, learned.amounts(wholes), strict=True):
        told = dict(zip(learned.names, amounts.tolist(), strict=True))
        described[sample_id] = {**described[sample_id], **{word: told[word] for word in followed}}
    together, apart = (_placed(said, ids, alike) for alike in (True, False))
    alike = learn_alike(wholes * scales(), together, apart)
    data, held_out = yield from train_space(
        latents,
        [{**dict.fromkeys(followed), **described[i]} for i in sounds],
        codec,
        attributes,
        words=learned,
        alike=alike,
        followed_words=followed,
        base=house_space(),
    )
    seconds = time.monotonic() - started
    space = from_bytes(data)
    ranges = _ranges([described[i] for i in sounds], [a.name for a in space.attributes])
    measured = {
        attribute.name: {
            "learned": bool(learned),
            "spearman": None if np.isnan(rho) else round(float(rho), 3),
            "range": ranges[attribute.name],
            "unit": attribute.unit,
        }
        for attribute, rho, learned in zip(
            space.attributes, space.spearman, space.learned, strict=True
        )
    }
    unseen = [latents[i] for i in held_out]
    errors = {"this space": round(space.reconstruction_error(unseen, codec), 4)}
    if (house := house_space()).codec_digest == codec.digest:
        errors["house space"] = round(house.reconstruction_error(unseen, codec), 4)
    report: dict[str, object] = {
        "codec": codec.name,
        "words": list(space.words.names),
        "taught": taught,
        "pairs": {"together": len(together), "apart": len(apart)},
        "samples": len(sounds),
        "seconds": round(seconds, 2),
        "attributes": measured,
        "error": errors,
    }
    store_space(engine, name, data, report, folder, codec.sample_rate)
    return TrainReport(
        name,
        len(sounds),
        seconds,
        measured,
        errors,
        codec.name,
        space.words.names,
        len(together),
        len(apart),
        taught,
    )


def _ranges(
    described: Sequence[dict[str, float | None]], names: Sequence[str]
) -> dict[str, list[float] | None]:
    """Return the 5th and 95th percentile of each attribute, in its own unit."""
    found: dict[str, list[float] | None] = {}
    for name in names:
        known = [value for row in described if (value := row.get(name)) is not None]
        found[name] = [round(float(p), 4) for p in np.percentile(known, [5, 95])] if known else None
    return found


def _heard(engine: Engine, ids: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
    """Return which samples the ear has heard, and what it keeps of them, float32, (n, f)."""
    with reading(engine) as session:
        wholes = wholes_of(session, house_ear().digest, ids)
    found = [i for i in ids if i in wholes]
    if not found:
        return [], np.zeros((0, sum(BLOCKS.values())), np.float32)
    return found, np.stack([wholes[i] for i in found])


def _placed(said: Sequence[Pair], ids: Sequence[int], alike: bool) -> list[tuple[int, int]]:
    """Return where the two samples of each pair are that is alike, or is not."""
    place = {sample_id: i for i, sample_id in enumerate(ids)}
    return [
        (place[pair.first], place[pair.second])
        for pair in said
        if pair.alike == alike and pair.first in place and pair.second in place
    ]
