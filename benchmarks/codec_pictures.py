"""Draw what the house codec makes of sounds: originals beside what was decoded, as spectrograms.

    python -m benchmarks.codec_pictures --sounds FOLDER [--lines] [--weights F] [--out F.png]

Draws 24 sounds of all labels, each beside the audio that the codec decodes, with its smoothed
log-mel error; or, with --lines, straight lines in latents between sounds of two kinds, decoded. The
choice is always the same, from sources that the codec was never trained on.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from benchmarks.codec_measures import (
    HOP,
    a_few_of_each,
    as_mono,
    audio_error_db,
    clip_of,
    filters,
    named_codec,
    sources_of,
    spectrum_of,
    unseen,
)
from benchmarks.codec_paths import in_latents, prepared
from benchmarks.manifest import Labelled
from vae.codec import BaseCodec

SOUNDS, COLUMNS = 24, 4
BANDS, RANGE_DB, SECONDS = 72, 70.0, 1.5
WIDEST = 110
COLOURS = 48
KINDS = (
    ("kick", "cymbal"),
    ("snare", "synth"),
    ("voice", "bass"),
    ("tom", "fx"),
    ("clap", "instrument"),
)
FOLDER = Path("docs/screenshots")

Array = NDArray[np.float32]


def first_of_each(sounds: Sequence[Labelled], count: int) -> list[Labelled]:
    """Return sounds of all labels in turn, sorted by label at the end."""
    labels = sorted({sound.label for sound in sounds})
    by_label = {
        label: a_few_of_each([s for s in sounds if s.label == label], count) for label in labels
    }
    in_turn = [own[i] for i in range(count) for own in by_label.values() if i < len(own)]
    return sorted(in_turn[:count], key=lambda sound: labels.index(sound.label))


def picture(magnitude: Array, sample_rate: int, hop: int, peak: float) -> Array:
    """Return a spectrogram to be shown, low bands first.

    Args:
        magnitude: (BINS, n).
        sample_rate: Hz.
        hop: Frames between the columns.
        peak: Power of the band that is shown as the brightest.

    Returns:
        dB from -RANGE_DB to 0, float32, shape (BANDS, up to WIDEST).
    """
    shown = magnitude[:, : round(SECONDS * sample_rate / hop)]
    power = (filters(BANDS, sample_rate) @ torch.from_numpy(shown).square()).numpy()
    # Columns are joined by their mean until there are no more than a panel has room for.
    each = -(-power.shape[1] // WIDEST)
    starts = np.arange(0, power.shape[1], each)
    sums = np.add.reduceat(power, starts, axis=1)
    power = sums / np.diff([*starts, power.shape[1]])
    levels = 10 * np.log10(power / max(peak, 1e-12) + 1e-12)
    return np.asarray(levels.clip(-RANGE_DB, 0), np.float32)


def loudest(magnitude: Array, sample_rate: int) -> float:
    """Return the power of the loudest mel band of a spectrum."""
    return float((filters(BANDS, sample_rate) @ torch.from_numpy(magnitude).square()).max())


def show(axes: Any, levels: Array) -> None:
    """Draw one spectrogram without anything around it."""
    axes.imshow(
        levels,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=-RANGE_DB,
        vmax=0,
        interpolation="nearest",
    )
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def write(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG of few colours, which is a fifth of the size."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(buffer) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def draw_sounds(codec: BaseCodec, sounds: Sequence[Labelled], path: Path) -> list[float]:
    """Draw sounds beside what the codec decodes.

    Returns:
        The errors that stand in the titles, in dB.
    """
    rows = -(-len(sounds) // COLUMNS)
    figure = Figure(figsize=(12, 0.55 + 1.75 * rows))
    figure.suptitle(
        f"original (left) and decoded audio (right), smoothed log-mel error; "
        f"{RANGE_DB:.0f} dB, up to {SECONDS:g} s",
        fontsize=10,
        y=1 - 0.12 / figure.get_figheight(),
        va="top",
    )
    parts = figure.add_gridspec(
        rows, COLUMNS, left=0.01, right=0.99, bottom=0.01, wspace=0.06, hspace=0.22,
        top=1 - 0.6 / figure.get_figheight(),
    )  # fmt: skip
    errors = []
    for i, sound in enumerate(sounds):
        clip = as_mono(clip_of(sound)).at_rate(codec.sample_rate)
        decoded = codec.decode(codec.encode(clip), clip.length)
        errors.append(audio_error_db(clip, decoded))
        pair = parts[i // COLUMNS, i % COLUMNS].subgridspec(1, 2, wspace=0.02)
        before, after = (spectrum_of(each).numpy() for each in (clip, decoded))
        peak = loudest(before, clip.sample_rate)
        for side, magnitude in enumerate((before, after)):
            axes = figure.add_subplot(pair[0, side])
            show(axes, picture(magnitude, clip.sample_rate, HOP, peak))
            if side == 0:
                axes.set_title(f"{sound.label}  {errors[-1]:.1f} dB", fontsize=9, loc="left", pad=3)
    write(figure, path)
    return errors


def draw_lines(
    codec: BaseCodec,
    sounds: Sequence[Labelled],
    path: Path,
    kinds: Sequence[tuple[str, str]] = KINDS,
) -> None:
    """Draw straight lines in latents between sounds of two labels, for the pairs that are there."""
    by_label = {
        label: [s for s in sounds if s.label == label] for label in {s.label for s in sounds}
    }
    pairs = [(by_label[a], by_label[b]) for a, b in kinds if a in by_label and b in by_label]
    figure = Figure(figsize=(12, 0.4 + 1.55 * len(pairs)))
    top = 1 - 0.35 / figure.get_figheight()
    parts = figure.add_gridspec(
        max(len(pairs), 1), 9, left=0.01, right=0.99, bottom=0.01, top=top, wspace=0.05, hspace=0.2
    )
    for row, (first, last) in enumerate(pairs):
        ends = [a_few_of_each(first, 1)[0], a_few_of_each(last, 1)[0]]
        points = in_latents(codec)(*prepared(codec, ends))
        for column, magnitude in enumerate(points):
            axes = figure.add_subplot(parts[row, column])
            peak = loudest(magnitude, codec.sample_rate)
            show(axes, picture(magnitude, codec.sample_rate, codec.spectrum_hop, peak))
            at = {0: ends[0].label, len(points) - 1: ends[1].label}
            axes.set_title(at.get(column, f"{column / (len(points) - 1):.3g}"), fontsize=9, pad=3)
    write(figure, path)


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--lines", action="store_true", help="lines between sounds instead")
    parser.add_argument("--weights", type=Path, help="a tuned codec; the house codec if not given")
    parser.add_argument("--out", type=Path, metavar="F.png")
    options = parser.parse_args()
    codec, sounds = named_codec(options.weights), unseen(options.sounds)
    if options.lines:
        path = options.out or FOLDER / "codec-lines.png"
        draw_lines(codec, sounds, path)
    else:
        path = options.out or FOLDER / "codec-spectrograms.png"
        errors = draw_sounds(codec, first_of_each(sounds, SOUNDS), path)
        print(f"{len(errors)} sounds, median {np.median(errors):.2f} dB")
    print(f"{path}, {path.stat().st_size // 1024} KiB; sources: {sources_of(sounds)}")


if __name__ == "__main__":
    mpl.use("Agg")
    main()
