"""Training sounds for the ear: labelled views of real and of synthesised sounds.

A view is the log-time auditory image of a sound after a change that leaves it what it is: another
pitch, tone, bandwidth, room, noise floor, drive, decay or end.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from library.category import category_from_name
from library.clip import Clip
from library.decode import decode
from library.errors import DecodeError
from library.pitch import pitch_of
from vae.auditory_image import SAMPLE_RATE, auditory_image, beginning, log_time
from vae.ear import reduced, shape_numbers
from vae.ear_windows import window_features
from vae.house_data import FREE_LICENCES, LONGEST_S, SYNTHESISER
from vae.onset import from_onset
from vae.rhythm import rhythm
from vae.synth import KINDS, random_patch, render

Audio = NDArray[np.float32]
VIEWS = 5
_VIEW_S = 3

KIND_CATEGORIES: Mapping[str, str] = {
    "kick": "kick", "snare": "snare", "clap": "clap", "hat": "hat", "open_hat": "hat",
    "cymbal": "cymbal", "tom": "tom", "rim": "perc", "shaker": "perc", "cowbell": "perc",
    "modal": "perc", "bass": "bass", "fm_bass": "bass", "sub": "bass", "pluck": "instrument",
    "stab": "synth", "lead": "synth", "pad": "synth", "bell": "instrument",
    "epiano": "instrument", "organ": "instrument", "string": "instrument", "wind": "instrument",
    "voice": "voice", "noise": "fx", "riser": "fx", "zap": "fx", "impact": "fx",
    "granular": "fx", "foley": "foley",
}  # fmt: skip
"""What each kind of the synthesiser's is."""

SOURCE_CATEGORIES: Mapping[str, str] = {
    "sfzinstruments/karoryfer.frankensnare": "snare",
    "sfzinstruments/karoryfer.gogodze-phu-vol-i": "perc",
    "sfzinstruments/body_percussion": "perc",
    "sfzinstruments/karoryfer.shinyguitar": "instrument",
    "sfzinstruments/dsmolken.double-bass": "bass",
    "sfzinstruments/karoryfer.swagbass": "bass",
    "sfzinstruments/karoryfer.weresax": "instrument",
    "sfzinstruments/SplendidGrandPiano": "instrument",
    "freepats/upright-piano-KW": "instrument",
    "Calinou/kenney-ui-audio": "fx",
    "TodePond/samples": "fx",
}
"""What all sounds of a source are, where their names do not tell."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardViews:
    """A sound to learn from.

    Attributes:
        source: Who made it.
        category: What it is; "" where nobody told.
        detail: A finer label; sounds of one detail are variants of one another.
        images: Log-time images of its views, the unchanged one first, float16,
            (n, LOG_COLUMNS, BANDS).
        shape: `vae.ear.shape_numbers` of the unchanged sound, float32.
        pitch: MIDI note number, or None.
        rhythm: `vae.rhythm.rhythm` of it.
        window: Mean spectrum of its first half second, as `vae.ear_windows` takes it.
    """

    source: str
    category: str
    detail: str
    images: NDArray[np.float16]
    shape: NDArray[np.float32]
    pitch: float | None
    rhythm: NDArray[np.float32]
    window: NDArray[np.float32]


def named_sounds(folder: Path, without: frozenset[str]) -> Iterator[tuple[Path, str, str, str]]:
    """Yield path, source, category and detail of the sounds that weights may be trained on.

    Args:
        folder: With a ``manifest.csv``: the columns path, source and licence, and label and detail
            where they are known; else the original path tells the category.
        without: Sources to leave out, so that others may be judged by them.
    """
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["licence"] in FREE_LICENCES]
    for row in rows:
        if row["source"] in without:
            continue
        told = category_from_name(PurePath(row.get("orig_path") or row["path"])).category or ""
        category = row.get("label") or SOURCE_CATEGORIES.get(row["source"]) or told
        detail = row.get("detail") or Path(row["path"]).stem.rstrip("0123456789-_ ")
        yield folder / row["path"], row["source"], category, detail


def real_views(
    folder: Path, without: frozenset[str] = frozenset(), seed: int = 0
) -> Iterator[HeardViews]:
    """Yield the views of real sounds; see `named_sounds`."""
    for index, (path, source, category, detail) in enumerate(named_sounds(folder, without)):
        try:
            mono = decode(path, LONGEST_S).clip.at_rate(SAMPLE_RATE).mono()
        except DecodeError:
            continue
        # Of what there is most, fewer views do.
        views = 2 if category == "foley" else VIEWS
        rng = np.random.default_rng([seed, index])
        yield from views_of(mono, source, category, f"{source}:{category}:{detail}", views, rng)


def synthesised_views(count: int, seed: int = 0) -> Iterator[HeardViews]:
    """Yield the views of sounds of the synthesiser, each kind as often."""
    for index in range(count):
        rng = np.random.default_rng([seed, 1, index])
        kind = KINDS[index % len(KINDS)]
        mono = render(random_patch(rng, kind), SAMPLE_RATE).mono()
        yield from views_of(
            mono, SYNTHESISER, KIND_CATEGORIES[kind], f"{SYNTHESISER}:{kind}", 1, rng
        )


def views_of(
    mono: Audio, source: str, category: str, detail: str, views: int, rng: np.random.Generator
) -> Iterator[HeardViews]:
    """Yield the views of one sound, if there is anything in it."""
    if not len(mono) or not np.abs(mono).max() > 0:
        return
    image = auditory_image(_from_onset(mono))
    starts = [beginning(image)]
    for _ in range(views):
        other = changed(mono, rng)
        if len(other) > 20 and np.abs(other).max() > 0:
            clip = _from_onset(other)
            short = Clip(clip.frames[:, : _VIEW_S * SAMPLE_RATE], SAMPLE_RATE)
            starts.append(beginning(auditory_image(short)))
    level = mono - mono.mean()
    yield HeardViews(
        source,
        category,
        detail,
        np.stack([log_time(start) for start in starts]).astype(np.float16),
        shape_numbers(starts[0]),
        pitch_of(level.astype(np.float32), SAMPLE_RATE) if np.abs(level).max() > 0 else None,
        rhythm(image),
        window_features(image)[0],
    )


def _from_onset(mono: Audio) -> Clip:
    return from_onset(Clip(np.ascontiguousarray(mono, np.float32)[None], SAMPLE_RATE))


def changed(mono: Audio, rng: np.random.Generator) -> Audio:
    """Return a sound changed at random in ways that leave it what it is."""
    sound = mono.astype(np.float64)
    if rng.random() < 0.7 and len(sound) > 2:
        ratio = 2 ** (rng.normal(0, 2.0) / 12)
        sound = np.interp(np.arange(0, len(sound) - 1, ratio), np.arange(len(sound)), sound)
    if rng.random() < 0.4:
        sound = _equalised(sound, rng)
    if rng.random() < 0.25:
        sound = _narrower(sound, rng)
    peak = np.abs(sound).max() + 1e-9
    if rng.random() < 0.3:
        sound = sound * np.exp(-np.arange(len(sound)) / SAMPLE_RATE * rng.exponential(2.0))
    if rng.random() < 0.25:
        sound = _in_room(sound, rng)
    if rng.random() < 0.3:
        noise_db = rng.uniform(-75, -45)
        sound = sound + rng.standard_normal(len(sound)) * peak * 10 ** (noise_db / 20)
    if rng.random() < 0.15:
        sound = np.tanh(sound / peak * rng.uniform(1, 4))
    if rng.random() < 0.3:
        sound = sound[: int(len(sound) * rng.uniform(0.5, 1))]
    return sound.astype(np.float32)


def _equalised(sound: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a sound with its spectrum tilted, and a broad bump in it."""
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    octaves = np.log2(np.maximum(hz, 20) / 1000).clip(-4, 4.3)
    gain_db = rng.normal(0, 4) * octaves / 4
    gain_db += rng.normal(0, 4) * np.exp(-np.square((octaves - rng.uniform(-3, 4)) / 0.8))
    out: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(sound) * 10 ** (gain_db / 20), len(sound))
    return out


def _narrower(sound: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a sound without its highest, or its lowest, frequencies."""
    if rng.random() < 0.7:
        cut = float(np.exp(rng.uniform(np.log(2500), np.log(18000))))
        sections = butter(2, cut, "lowpass", fs=SAMPLE_RATE, output="sos")
    else:
        cut = float(np.exp(rng.uniform(np.log(20), np.log(250))))
        sections = butter(1, cut, "highpass", fs=SAMPLE_RATE, output="sos")
    out: NDArray[np.float64] = sosfilt(sections, sound)
    return out


def _in_room(sound: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a sound with the reverberation of a random room."""
    length = int(SAMPLE_RATE * rng.uniform(0.05, 0.5))
    decay = rng.standard_normal(length) * np.exp(-6 * np.arange(length) / length)
    cut = rng.uniform(2000, 9000)
    decay = sosfilt(butter(1, cut, "lowpass", fs=SAMPLE_RATE, output="sos"), decay)
    decay /= np.sqrt(np.square(decay).sum()) + 1e-9
    wet = fftconvolve(np.concatenate([sound, np.zeros(length // 2)]), decay)
    long = np.concatenate([sound, np.zeros(length // 2)])
    out: NDArray[np.float64] = long + wet[: len(long)] * 10 ** (rng.uniform(-24, -6) / 20)
    return out


def reduced_images(sounds: Sequence[HeardViews]) -> NDArray[np.float32]:
    """Return the reduced image of each unchanged sound, float32, (n, i)."""
    return np.stack([reduced(s.images[0].astype(np.float32)) for s in sounds])
