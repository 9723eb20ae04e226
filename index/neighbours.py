"""Neighbours: from a sound query to the samples that answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from index.answers import Neighbour
from index.aspects import LOUDNESS, Weighting, grades, weighting
from index.directions import Move, read_move
from index.graded_places import LISTENED_TO, GradedPlace, graded_places
from index.inside import InsideIndex
from index.map_rows import read_map
from index.measured import ids_beyond
from index.open_spaces import OpenSpace
from index.search import SearchIndex
from index.sound_query import SoundQuery
from index.sound_vectors import HeardSound, hear, indexed_ids, stored_vectors
from index.target import Target, around, away, blend
from index.weighted_search import weighted_nearest
from library import catalog
from library.errors import UserError
from vae.attributes import chosen
from vae.vector import blocks, distance_of, score

_NEIGHBOURHOOD = 10


def neighbours(
    engine: Engine,
    query: SoundQuery,
    scope: NDArray[np.int64] | None,
    opened: OpenSpace,
    index: SearchIndex,
    inside: Callable[[], InsideIndex],
) -> list[Neighbour]:
    """Return the samples that answer a query, nearest first.

    A sound that is not a whole sample of the library is looked for inside the samples as well.

    Args:
        engine: The library.
        query: What is asked; its `where` and `space` are what `scope` and `opened` say.
        scope: Only these ids are looked at; None for all.
        opened: The space, with a vector for every sample.
        index: Of the space.
        inside: Makes, or has, the index of the samples' half seconds.

    Raises:
        UserError: The query is wrong, or a sound in it cannot be used.
    """
    _check(query)
    weights = dict(query.weights)
    if LOUDNESS in query.moves:
        weights.setdefault(LOUDNESS, 1.0)
    counted = weighting(blocks(opened.space), weights)
    liked, unliked = _heard(engine, query, opened)
    named = {sound.sample_id for sound in (*liked, *unliked)}
    inputs = np.array([i for i in named if i is not None], np.int64)
    target = _asked(engine, query, liked, opened)
    if unliked:
        radius = _radius(index, target.vector, inputs)
        moved = away(target.vector, [sound.vector for sound in unliked], radius)
        target = Target(moved, target.measured)
    if query.moves:
        _check_measured(query, target)
        move = read_move(engine, index, indexed_ids(engine, opened.row.id), query.moves)
        scope = _beyond(engine, scope, target, move)
        target = _moved(target, move)
    found = _nearest(engine, index, target, counted, query.k, scope, inputs, opened.row.id)
    answers = _answers(engine, index, target, counted, *found)
    alone = len(liked) == 1 and not (unliked or query.moves or query.at)
    if alone and liked[0].windows is not None and liked[0].clip is not None and counted.is_plain:
        places = [p for p in inside().find(liked[0].windows, scope) if p.sample_id not in named]
        graded = graded_places(engine, places[: max(query.k, LISTENED_TO)], liked[0].clip)
        answers = _with_places(
            engine, index, target, counted, answers, graded, query.k, opened.row.id
        )
    return answers


def _check(query: SoundQuery) -> None:
    if query.k < 1:
        raise UserError(f"-k {query.k} asks for nothing", "give 1 or more")
    if not query.sounds and query.at is None:
        raise UserError(
            "no SOUND is named", "name a sample's id or a file, --like SOUND, or --at X,Y"
        )
    if query.region is not None and query.sound is None:
        raise UserError("a region is of SOUND, and none is named", "name one before --region")


def _check_measured(query: SoundQuery, target: Target) -> None:
    for attribute in chosen(list(query.moves)):
        if target.measured.get(attribute.name) is None:
            raise UserError(
                f"the sound has no {attribute.name} to move from", "leave that move out"
            )


def _heard(
    engine: Engine, query: SoundQuery, opened: OpenSpace
) -> tuple[list[HeardSound], list[HeardSound]]:
    """Return the sounds that are asked for, and those to keep away from."""
    liked = [hear(engine, sound, opened) for sound in query.like]
    if query.sound is not None:
        liked.insert(0, hear(engine, query.sound, opened, query.region))
    return liked, [hear(engine, sound, opened) for sound in query.unlike]


def _asked(
    engine: Engine, query: SoundQuery, liked: Sequence[HeardSound], opened: OpenSpace
) -> Target:
    """Return the middle of what is asked for; the point on the map counts like one sound."""
    targets = [Target(sound.vector, sound.measured) for sound in liked]
    weights = [1.0] * len(targets)
    if query.at is not None:
        near = around(read_map(engine, opened.row.name), query.at)
        stored = stored_vectors(engine, opened.row.id, list(near))
        for row in catalog.rows(engine, list(stored)):
            targets.append(Target(stored[row.id], row.attributes))
            weights.append(near[row.id])
    if not targets:
        raise UserError("the map is of sounds that are gone", "crate map --fresh")
    return blend(targets, weights)


def _radius(index: SearchIndex, vector: NDArray[np.float32], inputs: NDArray[np.int64]) -> float:
    """Return how far the neighbours of a vector are."""
    ids, distances = index.nearest(vector, _NEIGHBOURHOOD + len(inputs))
    others = distances[~np.isin(ids, inputs)][:_NEIGHBOURHOOD]
    return float(others[-1]) if len(others) else 0.0


def _beyond(
    engine: Engine, scope: NDArray[np.int64] | None, target: Target, move: Move
) -> NDArray[np.int64] | None:
    """Return the scope of a move: samples that measure more, or less, than the target does."""
    for name, step in move.steps.items():
        value = target.measured[name]
        if step and value is not None:
            beyond = ids_beyond(engine, name, value, above=step > 0)
            scope = beyond if scope is None else scope[np.isin(scope, beyond)]
    return scope


def _moved(target: Target, move: Move) -> Target:
    level = target.measured.get(LOUDNESS)
    step = move.steps.get(LOUDNESS, 0.0)
    measured = dict(target.measured)
    if level is not None and step:
        # The even scale of the loudness is its own.
        measured[LOUDNESS] = level + step * move.deviations[LOUDNESS]
    return Target(target.vector + move.shift, measured)


def _nearest(
    engine: Engine,
    index: SearchIndex,
    target: Target,
    counted: Weighting,
    k: int,
    scope: NDArray[np.int64] | None,
    inputs: NDArray[np.int64],
    space_id: int,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return ids and distances of the nearest, those named in the query left out."""
    wanted = k + len(inputs)
    if counted.is_plain:
        ids, distances = index.nearest(target.vector, wanted, scope)
    else:
        indexed = indexed_ids(engine, space_id)
        inside = indexed if scope is None else indexed[np.isin(indexed, scope)]
        ids, distances = weighted_nearest(engine, index, target, counted, wanted, inside)
    kept = ~np.isin(ids, inputs)
    return ids[kept][:k], distances[kept][:k]


def _answers(
    engine: Engine,
    index: SearchIndex,
    target: Target,
    counted: Weighting,
    ids: NDArray[np.int64],
    distances: NDArray[np.float32],
) -> list[Neighbour]:
    rows = {row.id: row for row in catalog.rows(engine, ids)}
    found = []
    for sample_id, distance, vector in zip(
        ids.tolist(), distances.tolist(), index.vectors_of(ids), strict=True
    ):
        row = rows.get(sample_id)
        if row is not None:  # it may have been taken out of the library in the meantime
            level = row.attributes.get(LOUDNESS)
            aspects = grades(target, vector, level, counted.blocks)
            found.append(Neighbour(row, distance, score(distance), aspects))
    return found


def _with_places(
    engine: Engine,
    index: SearchIndex,
    target: Target,
    counted: Weighting,
    answers: list[Neighbour],
    places: list[GradedPlace],
    k: int,
    space_id: int,
) -> list[Neighbour]:
    """Return whole samples and places inside samples as one list, each sample once."""
    by_id = {place.sample_id: place for place in places[:k]}
    known = {answer.row.id: answer for answer in answers}
    # A sample that could not be encoded is heard, and has no vector.
    others = np.array(
        list(stored_vectors(engine, space_id, [i for i in by_id if i not in known])), np.int64
    )
    apart = np.linalg.norm(index.vectors_of(others) - target.vector, axis=1).astype(np.float32)
    for answer in _answers(engine, index, target, counted, others, apart):
        known[answer.row.id] = answer
    merged = []
    for answer in known.values():
        place = by_id.get(answer.row.id)
        if place is not None and place.grade > answer.score:
            distance = distance_of(place.grade)
            answer = replace(answer, distance=distance, score=place.grade, start=place.start)
        merged.append(answer)
    return sorted(merged, key=lambda answer: (answer.distance, answer.row.id))[:k]
