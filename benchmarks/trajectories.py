"""Whether attributes follow the courses over time that are drawn for them, on finished audio.

    python -m benchmarks.trajectories [--sounds FOLDER] [--library NAME] [--test N] [--seed N]

Sounds of sources that no part of the program was trained on are moved in the house space, along a
ramp, a hill, and with more or less of their own course. Before and after, they are measured in
windows of at most 150 ms that hold sound. rank: Spearman correlation over a sound's windows of what
changed and what was drawn, 0 where nothing did; slope: what changed over what was drawn; leak: mean
change of the other attributes over that of the meant one, in standard deviations; kept: by depth,
how much of a course's deviation is left, which should be the depth. Beside them: the same mean step
at all times, and lines drawn at random and judged as if they were the ramp.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks.manifest import SEEN_SOURCES, read_manifest, sounds_folder
from benchmarks.space_sounds import LIBRARIES, Sounds, drawn, of_library
from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from vae.attributes import ATTRIBUTES, scaled
from vae.codec import BaseCodec
from vae.courses import COURSED, split_at_ends, without_courses
from vae.house_codec import house_codec
from vae.over_time import over_time
from vae.soft_descriptors import STEERED
from vae.space import Space
from vae.space_file import house_space
from vae.steering import deviations_of
from vae.trajectory import Drawn
from vae.vary import settings_shift, vary

SHAPES: Mapping[str, Mapping[str, str]] = {
    "ramp": {**dict.fromkeys(STEERED, "-1:+2"), "loudness": "0dB:-12dB", "pitch": "0st:-12st"},
    "hill": {
        **dict.fromkeys(STEERED, "0:+2:0"),
        "loudness": "0dB:-12dB:0dB",
        "pitch": "0st:-7st:0st",
    },
}
DEPTHS = (0.0, 2.0)
WAYS = {"ramp": ("ours", "steady", "random"), "hill": ("ours", "steady")}
WINDOW_S, WINDOWS_AT_LEAST = 0.15, 6
PITCH_WINDOW_S = 0.09
"""Just long enough for the lowest pitch, as within it a pitch that glides does not hold."""
SOUNDING = 1e-4
FEWEST = 4
LEAST_COURSE, LEAST_COURSE_ST = 0.1, 0.3
"""Deviations, and semitones, below which a sound has no course of its own to change."""
SAME_SOUND_ST = 6.0
Array = NDArray[np.float64]


def deviations(space: Space) -> Array:
    """Return standard deviations of `COURSED`, (5,): of the space, on the even scales."""
    others = [float(space.deviation[space.position(name)]) for name in COURSED[len(STEERED) :]]
    return np.array([*deviations_of(space), *others])


def windows_of(clip: Clip, name: str) -> Array:
    """Return the seconds at which half-overlapping windows begin and end, (n, 2)."""
    long = PITCH_WINDOW_S if name == "pitch" else min(WINDOW_S, clip.duration / WINDOWS_AT_LEAST)
    starts = np.arange(0.0, clip.duration - long + 1e-9, 0.5 * long)
    return np.stack([starts, starts + long], axis=1)


def played_at(seconds: Array, semitones: Callable[[Array], Array]) -> Array:
    """Return when the places of a sound are heard that is played at changing speed, summed up."""
    fine = np.linspace(0.0, max(float(seconds.max()), 1e-6), 20_001)
    slowness = 2.0 ** (-semitones(fine) / 12)
    heard = np.concatenate([[0.0], np.cumsum(0.5 * (slowness[1:] + slowness[:-1]) * np.diff(fine))])
    return np.interp(seconds, fine, heard)


def courses_of(clip: Clip, windows: Array, space: Space) -> Array:
    """Return what `COURSED` measure in windows, in standard deviations, (n, 5); NaN: nothing."""
    rows, energies = [], []
    for begin, end in windows:
        part = clip.frames[:, round(begin * clip.sample_rate) : round(end * clip.sample_rate)]
        energies.append(float(np.square(part).mean()) if part.size else 0.0)
        rows.append(asdict(describe(Clip(np.ascontiguousarray(part), clip.sample_rate))))
    found = scaled([ATTRIBUTES[name] for name in COURSED], rows) / deviations(space)
    found[np.array(energies) < SOUNDING * max(energies)] = np.nan
    return found


def judged(change: Array, asked: Array, meant: int) -> tuple[float, float, float] | None:
    """Return rank, slope and leak of one sound; None where too little of it can be measured."""
    there = ~np.isnan(change[:, meant])
    if there.sum() < FEWEST:
        return None
    found, wanted = change[there, meant], asked[there]
    rank = spearmanr(found, wanted)[0] if np.ptp(found) > 1e-6 else 0.0
    away = wanted - wanted.mean()
    others = np.delete(change[there], meant, axis=1)
    moved = max(float(np.abs(found).mean()), 1e-9)
    spilt = float(np.nanmean(np.abs(others))) if not np.isnan(others).all() else 0.0
    return float(rank), float(away @ found / (away @ away)), spilt / moved


def steady(clip: Clip, space: Space, codec: BaseCodec, name: str, course: Drawn) -> Clip:
    """Return a sound moved by the mean of a line, at all times."""
    shift = settings_shift(space, {name: f"{course.mean(clip.duration):+.4f}"})
    return vary(clip, codec.encode(clip), space, codec, shift)


def wandering(space: Space, name: str, course: Drawn, rng: np.random.Generator) -> Drawn:
    """Return a line through four steps at random, within those of another."""
    steps = rng.uniform(course.steps.min(), course.steps.max(), 4)
    text = ":".join(f"{step:+.4f}" for step in steps)
    line = without_courses(space, {name: text})[1][name]
    assert isinstance(line, Drawn)
    return line


def followed(
    clip: Clip, space: Space, codec: BaseCodec, name: str, course: Drawn, way: str, taken: Drawn
) -> tuple[float, float, float] | None:
    """Return how a sound follows a line that moves another way; see `judged`."""
    meant = COURSED.index(name)
    if way == "steady":
        made = steady(clip, space, codec, name, course)
    else:
        made = over_time(clip, space, codec, {name: taken})
    windows = windows_of(clip, name)
    heard = windows
    if name == "pitch":
        size, mean = float(deviations(space)[meant]), course.mean(clip.duration)
        heard = played_at(
            windows,
            lambda at: size * (taken.at(at, clip.duration) if way != "steady" else mean + 0 * at),
        )
    change = courses_of(made, heard, space) - courses_of(clip, windows, space)
    return judged(change, course.at(windows.mean(axis=1), clip.duration), meant)


def line_part(clips: list[Clip], space: Space, codec: BaseCodec, rng: np.random.Generator) -> None:
    """Print how lines are followed, ours and what must be worse."""
    print(f"{'way':8s} {'line':5s} {'attribute':10s}   rank median  slope   leak  s/s  sounds")
    for shape, texts in SHAPES.items():
        for name in COURSED:
            course = without_courses(space, {name: texts[name]})[1][name]
            assert isinstance(course, Drawn)
            for way in WAYS[shape]:
                scores, begun = [], time.perf_counter()
                for clip in clips:
                    taken = wandering(space, name, course, rng) if way == "random" else course
                    score = followed(clip, space, codec, name, course, way, taken)
                    if score is not None:
                        scores.append(score)
                spent = time.perf_counter() - begun
                _print_line(way, shape, name, scores, spent / sum(c.duration for c in clips))


def _print_line(
    way: str, shape: str, name: str, scores: list[tuple[float, float, float]], spent: float
) -> None:
    if not scores:
        print(f"{way:8s} {shape:5s} {name:10s} nothing to measure")
        return
    rank, slope, leak = np.array(scores).T
    print(
        f"{way:8s} {shape:5s} {name:10s} {rank.mean():6.2f} {np.median(rank):6.2f} "
        f"{np.median(slope):6.2f} {np.median(leak):6.2f} {spent:5.2f} {len(scores):6d}",
        flush=True,
    )


def depth_part(clips: list[Clip], space: Space, codec: BaseCodec) -> None:
    """Print how much of their own courses sounds keep."""
    print(f"\n{'depth':8s} {'attribute':10s}  kept (median, quartiles)  leak  sounds")
    for depth in DEPTHS:
        for meant, name in enumerate(COURSED):
            course = without_courses(space, {name: f"depth{depth:g}"})[1]
            kept, leaks = [], []
            for clip in clips:
                windows = windows_of(clip, name)
                try:
                    made = over_time(clip, space, codec, course)
                except UserError:
                    continue  # no pitch
                before = courses_of(clip, windows, space)
                # Played at changing speed, a window lies elsewhere by little; the course is what
                # counts, and its deviation does not depend on where.
                scale = made.duration / clip.duration
                after = courses_of(made, windows * scale, space)
                there = ~np.isnan(before[:, meant]) & ~np.isnan(after[:, meant])
                least = LEAST_COURSE
                if name == "pitch":
                    size = deviations(space)[meant]
                    least = LEAST_COURSE_ST / size
                    # An octave that is heard wrong is no course.
                    for each in (before, after):
                        middle = np.nanmedian(each[:, meant])
                        there &= np.abs(each[:, meant] - middle) < SAME_SOUND_ST / size
                if there.sum() < FEWEST or (was := before[there, meant].std()) < least:
                    continue
                kept.append(after[there, meant].std() / was)
                change = np.abs(after - before)[there]
                moved = max(float(change[:, meant].mean()), 1e-9)
                leaks.append(float(np.nanmean(np.delete(change, meant, axis=1))) / moved)
            if kept:
                low, middle, high = np.quantile(kept, (0.25, 0.5, 0.75))
                print(
                    f"{depth:<8g} {name:10s}  {middle:4.2f} ({low:.2f} to {high:.2f}) "
                    f"{np.median(leaks):14.2f} {len(kept):6d}",
                    flush=True,
                )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--library", choices=[*LIBRARIES], default="all")
    parser.add_argument("--test", type=int, default=12, help="sounds")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    codec, space = house_codec(), house_space()
    rows = of_library(read_manifest(sounds_folder(options.sounds)), options.library)
    rng = np.random.default_rng(options.seed)
    judge = [
        row for row in drawn(rows, 20 * options.test, rng)[1] if row.source not in SEEN_SOURCES
    ]
    clips = [split_at_ends(sound.clip)[1] for sound in Sounds(codec).usable(judge, options.test)]
    if not clips:
        sys.exit(f"{options.library} has no sound that no part of the program was trained on")
    print(f"{options.library}: {len(clips)} sounds, {sum(clip.duration for clip in clips):.1f} s")
    line_part(clips, space, codec, rng)
    depth_part(clips, space, codec)


if __name__ == "__main__":
    main()
