"""Tuning: the house codec, adapted to the user's own sounds in minutes.

All weights go on learning, from crops of the user's sounds and of some synthesised ones, so that
what they are not is not forgotten. One part of the sounds is watched: the best weights by it are
kept. Another is only looked at to judge: by both the codec must have gained, or it is not kept.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from library.decode import decode
from library.errors import DecodeError, UserError
from library.progress import Job, Progress
from vae.house_codec import SAMPLE_RATE, house_codec, to_bytes, unscaled_level
from vae.house_data import LONGEST_S, Crops, Sound, ahead, sound_of, synthesised
from vae.house_loss import Objective
from vae.house_model import HouseNet
from vae.mel_error import mel_error_db
from vae.spectrum import mel_filters

LONGEST_FILE_S, LONGEST_S_IN_ALL = 300.0, 3600.0
LEAST_S, LEAST_PIECES = 20.0, 8
# Of the sounds, for watching and for judging.
HELD_OUT_SHARE = 0.15
CROP_STEPS, BATCH = 24, 16
MOST_CROPS = 96
RATE = 2.0e-4
SYNTHESISED, REAL_SHARE, SPREAD = 150, 0.85, 0.3
CHECKS = 30


@dataclass(frozen=True, slots=True)
class TuneReport:
    """What tuning did.

    Attributes:
        data: The tuned codec as safetensors; empty where it did not improve.
        before_db: Mean smoothed log-mel error of the house codec on sounds held out of tuning.
        after_db: The same of the tuned codec.
        sounds: Files that were learned from; of fewer than eight files, pieces of at most six
            seconds.
        held_out: Files, or pieces, that were held out to watch and to judge.
        seconds: Wall time.
        improved: Whether the tuned codec is better on sounds that it did not see.
        steps: Of learning; 0 where there was no time for any, and nothing can be said.
    """

    data: bytes
    before_db: float
    after_db: float
    sounds: int
    held_out: int
    seconds: float
    improved: bool
    steps: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The user's sounds, divided so that no file is in two parts where there are enough files.

    Attributes:
        learned: Pieces to learn from.
        watched: Pieces by which the best weights are chosen.
        judged: Pieces by which the result is judged.
        sounds: How many files, or pieces of few files, there are to learn from.
        held_out: How many are watched or judged.
    """

    learned: list[Sound]
    watched: list[Sound]
    judged: list[Sound]
    sounds: int
    held_out: int


def pieces_of(path: Path) -> list[Sound]:
    """Return a file's sound in pieces of at most six seconds; none where it cannot be read."""
    try:
        mono = decode(path, LONGEST_FILE_S).clip.at_rate(SAMPLE_RATE).mono()
    except DecodeError:
        return []
    length = int(LONGEST_S * SAMPLE_RATE)
    pieces = (mono[start : start + length] for start in range(0, len(mono), length))
    return [sound for piece in pieces for sound in sound_of(str(path), piece)]


def divided(files: Sequence[Sequence[Sound]], rng: np.random.Generator) -> Parts:
    """Divide files, or the pieces of few long ones, into what is learned, watched and judged.

    Raises:
        UserError: There is too little sound.
    """
    pieces = [piece for file in files for piece in file]
    seconds = sum(len(piece.frames) for piece in pieces) / SAMPLE_RATE
    if len(pieces) < LEAST_PIECES or seconds < LEAST_S:
        raise UserError(
            f"{seconds:.0f} s of sound in {len(files)} files are too little to tune on",
            f"choose at least {LEAST_S:.0f} s in {LEAST_PIECES} sounds",
        )
    units = [list(file) for file in files] if len(files) >= LEAST_PIECES else [[p] for p in pieces]
    each = max(1, round(len(units) * HELD_OUT_SHARE))
    order = rng.permutation(len(units)).tolist()

    def part(indices: Sequence[int]) -> list[Sound]:
        return [piece for i in sorted(indices) for piece in units[i]]

    return Parts(
        part(order[2 * each :]),
        part(order[:each]),
        part(order[each : 2 * each]),
        len(units) - 2 * each,
        2 * each,
    )


def _crops(sounds: Sequence[Sound]) -> Tensor:
    """Return crops of sounds as they are, in turn, for measuring; (b, BINS, 8 s)."""
    count = min(MOST_CROPS, max(24, 2 * len(sounds)))
    return Crops(sounds, CROP_STEPS, 0, spread=0.0).batch(count)


@torch.inference_mode()
def error_db(net: HouseNet, level: Tensor) -> float:
    """Return the mean smoothed log-mel error of a network on scaled log spectra, in dB."""
    one = torch.ones(1)
    decoded, _ = net.decode(net.encode(level)[0])
    filters = mel_filters(64, SAMPLE_RATE)
    return (
        mel_error_db(unscaled_level(level, one), unscaled_level(decoded, one), filters)
        .mean()
        .item()
    )


def _read(sounds: Sequence[Path]) -> Job[list[list[Sound]]]:
    files: list[list[Sound]] = []
    frames = 0
    for done, path in enumerate(sounds, start=1):
        if pieces := pieces_of(path):
            files.append(pieces)
            frames += sum(len(piece.frames) for piece in pieces)
        yield Progress("read", done, len(sounds), path.name)
        if frames > LONGEST_S_IN_ALL * SAMPLE_RATE:
            break
    return files


def tune(
    sounds: Sequence[Path],
    minutes: float = 10.0,
    threads: int = 2,
    keep: Callable[[TuneReport], None] | None = None,
    most_steps: int | None = None,
    seed: int = 0,
) -> Job[TuneReport]:
    """Adapt the house codec to sounds; a job.

    A job that is stopped has handed over the best it had.

    Args:
        sounds: Files to learn from.
        minutes: Time to spend, reading included.
        threads: For numbers.
        keep: Called with each better codec as soon as it is found.
        most_steps: End after so many steps, whatever the time.
        seed: Of every random choice.

    Raises:
        UserError: There is too little sound, or no time.
    """
    if not 0 < minutes <= 24 * 60:
        raise UserError(f"{minutes:g} minutes cannot be spent", "choose more than 0, up to 1440")
    started = time.monotonic()
    rng = np.random.default_rng(seed)
    files = yield from _read(sounds)
    parts = divided(files, rng)
    threads_before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        return (yield from _tune(parts, 60 * minutes, started, keep, most_steps, seed))
    finally:
        torch.set_num_threads(threads_before)


def _tune(
    parts: Parts,
    seconds: float,
    started: float,
    keep: Callable[[TuneReport], None] | None,
    most_steps: int | None,
    seed: int,
) -> Job[TuneReport]:
    torch.manual_seed(seed)
    net = copy.deepcopy(house_codec().net).requires_grad_(True)
    watched, judged = _crops(parts.watched), _crops(parts.judged)
    best, before = error_db(net, watched), error_db(net, judged)
    report = TuneReport(b"", before, before, parts.sounds, parts.held_out, 0.0, False, 0)
    made = list(islice(synthesised(np.random.default_rng(seed)), SYNTHESISED))
    crops = Crops(
        [*parts.learned, *made], CROP_STEPS, seed, True, spread=SPREAD, real_share=REAL_SHARE
    )
    objective = Objective(kl=1.0e-4, grain=0.05)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, betas=(0.9, 0.99), weight_decay=0.01)
    batches = ahead(crops, BATCH)
    step, check_at = 0, 0.0
    try:
        objective.choose_precision(net, next(batches))
        begun = time.monotonic() - started
        while True:
            spent = time.monotonic() - started
            part = (spent - begun) / max(seconds - begun, 1e-9)
            if most_steps is not None:
                part = max(part, step / most_steps)
            # Before the first step there is nothing to be found better or worse.
            if step and (part >= check_at or part >= 1):
                check_at += 1 / CHECKS
                found = error_db(net.eval(), watched)
                if found < best and (after := error_db(net, judged)) < before:
                    best = found
                    data = to_bytes(net, {"licence": "Apache-2.0", "tuned": "yes"})
                    report = replace(
                        report, data=data, after_db=after, seconds=spent, improved=True, steps=step
                    )
                    if keep is not None:
                        keep(report)
            shown = f"error {before:.2f} dB, nothing better yet"
            if report.improved:
                shown = f"error {report.after_db:.2f} dB, was {before:.2f}"
            yield Progress("tune", min(int(spent), int(seconds)), int(seconds), shown)
            if part >= 1:
                return replace(report, seconds=spent, steps=step)
            rise = min(1.0, (step + 1) / 20)
            for group in optimiser.param_groups:
                group["lr"] = RATE * rise * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * part)))
            loss, _ = objective(net.train(), next(batches))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
            optimiser.step()
            step += 1
    finally:
        batches.close()
