"""What do ten minutes of tuning on one kind of sound gain, and what do they make worse?

    python -m benchmarks.codec_tune --sounds FOLDER [--kinds perc instrument] [--minutes 10]
                                    [--sound-minutes 4] [--threads 2] [--out FOLDER] [--json F]

For each kind the house codec is tuned on some minutes of sounds that it was never trained on. The
smoothed log-mel error of magnitudes is told before and after: on what tuning itself held out; on
what it was given, most of which it learned from; on other takes of the same families, and on other
families of the kind, none of which it was given; and on all other kinds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.codec_measures import (
    a_few_of_each,
    as_mono,
    clip_of,
    magnitude_error_db,
    sources_of,
    unseen,
)
from benchmarks.manifest import Labelled
from library.progress import drive
from vae.codec import BaseCodec
from vae.house_codec import from_bytes, house_codec
from vae.house_tuning import TuneReport, tune

MOST_SHARE = 0.75
JUDGED_AT_MOST = 60
OTHERS_EACH = 10


@dataclass(frozen=True, slots=True)
class Parts:
    """Sounds of a kind.

    Attributes:
        learned: What tuning is given.
        takes: Of the same families, and not given to it.
        strangers: Of other families.
    """

    learned: list[Labelled]
    takes: list[Labelled]
    strangers: list[Labelled]


def divided(sounds: Sequence[Labelled], seconds: float) -> Parts:
    """Divide sounds of a kind.

    Three quarters of the families at most are tuned on; of each, every fourth take is kept back.

    Args:
        sounds: Of one kind.
        seconds: How much is tuned on, at most.
    """
    families: dict[tuple[str, str], list[Labelled]] = {}
    for sound in sounds:
        families.setdefault((sound.source, sound.family), []).append(sound)
    names = sorted(families)
    rng = np.random.default_rng(0)
    parts = Parts([], [], [])
    spent = 0.0
    for done, i in enumerate(rng.permutation(len(names))):
        own = families[names[i]]
        takes = [own[j] for j in rng.permutation(len(own))]
        given = takes[len(takes) // 4 :]
        length = sum(soundfile.info(sound.path).duration for sound in given)
        if done < MOST_SHARE * len(names) and spent + length <= seconds:
            spent += length
            parts.learned.extend(given)
            parts.takes.extend(takes[: len(takes) // 4])
        else:
            parts.strangers.extend(own)
    return parts


def errors_db(codec: BaseCodec, sounds: Sequence[Labelled]) -> NDArray[np.float64]:
    """Return the error of a codec's magnitudes on each sound, in dB."""
    found = []
    for sound in sounds:
        clip = as_mono(clip_of(sound))
        magnitude = codec.decode_magnitudes(codec.encode(clip))
        found.append(magnitude_error_db(clip, magnitude, codec.spectrum_hop))
    return np.array(found)


def compared(before: NDArray[np.float64], after: NDArray[np.float64]) -> dict[str, float]:
    """Return medians before and after, and the share of sounds that came nearer."""
    return {
        "n": len(before),
        "before_db": float(np.median(before)),
        "after_db": float(np.median(after)),
        "nearer": float(np.mean(after < before)),
    }


def line(name: str, row: dict[str, float]) -> str:
    """Return a line of the table."""
    return (
        f"  {name:34s} n {row['n']:3.0f}  before {row['before_db']:5.2f}  after "
        f"{row['after_db']:5.2f}  nearer {row['nearer']:4.0%}"
    )


def main() -> None:
    """Read the command line, tune on each kind, and print what it did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--kinds", nargs="+", default=["perc", "instrument"], metavar="LABEL")
    parser.add_argument("--minutes", type=float, default=10.0, help="of tuning, for each kind")
    parser.add_argument("--sound-minutes", type=float, default=4.0, help="of sound, at most")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="keep the tuned codecs here")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures here too")
    options = parser.parse_args()
    sounds = unseen(options.sounds)
    others = a_few_of_each(sounds, OTHERS_EACH)
    errors = errors_db(house_codec(), others)
    plain = {sound.path: float(error) for sound, error in zip(others, errors, strict=True)}
    facts: dict[str, dict[str, object]] = {}
    print(f"smoothed log-mel error, dB, medians; sources, none trained on: {sources_of(sounds)}")
    for kind in options.kinds:
        facts[kind] = tuned_on(kind, sounds, others, plain, options)
    if options.json is not None:
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def tuned_on(
    kind: str,
    sounds: Sequence[Labelled],
    others: Sequence[Labelled],
    plain: dict[Path, float],
    options: argparse.Namespace,
) -> dict[str, object]:
    """Tune on a kind, print what it did, and return it.

    Args:
        kind: A label.
        sounds: All that may be used.
        others: A few of each label.
        plain: Their errors before tuning, by path.
        options: The command line.
    """
    parts = divided([s for s in sounds if s.label == kind], 60 * options.sound_minutes)
    seconds = sum(soundfile.info(sound.path).duration for sound in parts.learned)
    count = len(parts.learned)
    print(f"\n{kind}: {options.minutes:g} minutes on {count} sounds, {seconds:.0f} s of them")
    paths = [sound.path for sound in parts.learned]
    job = tune(paths, options.minutes, options.threads)
    report: TuneReport = drive(job)
    print(
        f"  tuned in {report.seconds:.0f} s; held out by tuning: {report.held_out} sounds, "
        f"mean before {report.before_db:.2f}, after {report.after_db:.2f}"
    )
    told = {k: v for k, v in asdict(report).items() if k != "data"}
    if not report.improved:
        print("  it did not improve, and is not kept")
        return {"tuning": told}
    codec = from_bytes(report.data)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / f"{kind}.safetensors").write_bytes(report.data)
    rows = {}
    named = {
        "tuned on": parts.learned,
        "other takes": parts.takes,
        "other families": parts.strangers,
    }
    for name, own in named.items():
        if own:
            own = own[:JUDGED_AT_MOST]
            both = (errors_db(house_codec(), own), errors_db(codec, own))
            rows[f"{kind}, {name}"] = compared(*both)
    rest = [sound for sound in others if sound.label != kind]
    before, after = np.array([plain[sound.path] for sound in rest]), errors_db(codec, rest)
    rows["all other kinds"] = compared(before, after)
    for label in sorted({sound.label for sound in rest}):
        here = np.array([sound.label == label for sound in rest])
        rows[label] = compared(before[here], after[here])
    for name, row in rows.items():
        print(line(name, row), flush=True)
    return {"tuning": told, "rows": rows}


if __name__ == "__main__":
    main()
