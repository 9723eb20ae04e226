"""How near does the house codec come to real sounds? Measures by label, and what must fail.

    python -m benchmarks.codec --sounds FOLDER [--each 20] [--heard 10] [--weights F] [--json F]

Sounds are of sources that the codec was never trained on. Beside the codec stand its PCA skeleton
alone (as many steps and dimensions, fitted to the same training sounds), the sound's own mean
spectrum, the original's magnitudes with an invented phase (the most that audio can reach), random
weights, and two decoders that ignore their latents. The last three must fail. The exit status is 1
where they do not, or where the codec misses what it must reach.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.codec_measures import (
    PITCHED,
    a_few_of_each,
    as_mono,
    attack_error_ms,
    audio_error_db,
    clip_of,
    is_stereo,
    magnitude_error_db,
    named_codec,
    pitch_error_cents,
    sources_of,
    stft_distance,
    unseen,
    width_of,
)
from benchmarks.codec_rivals import (
    Ignoring,
    Way,
    mean_spectrum,
    original_magnitudes,
    random_weights,
    skeleton_only,
    through,
    with_plain_phase,
)
from benchmarks.codec_table import (
    CEILING,
    CODEC,
    MEAN,
    MUST_FAIL,
    PCA,
    Table,
    lines,
    summary,
    verdicts,
)
from benchmarks.manifest import Labelled
from library.clip import Clip
from vae.channels import through as through_channels
from vae.codec import BaseCodec
from vae.house_codec import HouseCodec

RANDOM, ANOTHER, CONSTANT = MUST_FAIL
STEREO_SOUNDS = 24
OF_AUDIO: dict[str, Callable[[Clip, Clip], float]] = {
    "audio": audio_error_db,
    "stft": stft_distance,
    "attack": attack_error_ms,
    "pitch": pitch_error_cents,
}


def ways(codec: BaseCodec, own: HouseCodec | None) -> dict[str, Way]:
    """Return the rows that are the same for every sound.

    Args:
        codec: What is judged.
        own: The house codec whose skeleton and shape stand beside it, if any.
    """
    rows = {CODEC: through(codec)}
    if own is not None:
        rows[PCA] = with_plain_phase(skeleton_only(own))
        rows[RANDOM] = through(random_weights(own))
    return {**rows, MEAN: mean_spectrum(codec), CEILING: original_magnitudes(codec)}


def measured(
    codec: BaseCodec, own: HouseCodec | None, sounds: Sequence[Labelled], heard: int
) -> Table:
    """Measure all rows on all sounds.

    Args:
        codec: What is judged.
        own: The house codec whose skeleton and shape stand beside it, if any.
        sounds: Whose beginnings are encoded, at least two.
        heard: Sounds of each label whose audio is decoded too.
    """
    clips = [as_mono(clip_of(sound)).at_rate(codec.sample_rate) for sound in sounds]
    latents = codec.encode_batch(clips)
    means = np.stack([each.values.mean(axis=0) for each in latents])
    constant = Ignoring(codec, means.mean(axis=0, keepdims=True))
    same = {**ways(codec, own), CONSTANT: through(constant)}
    table: Table = {measure: {} for measure in ("magnitudes", *OF_AUDIO)}
    done: Counter[str] = Counter()
    for at, (sound, clip) in enumerate(zip(sounds, clips, strict=True)):
        # Half the list away is a sound of another label, as a rule.
        stranger = latents[(at + len(latents) // 2) % len(latents)]
        rows = {**same, ANOTHER: through(Ignoring(codec, stranger.values))}
        for row, way in rows.items():
            audible = done[sound.label] < heard
            for measure, value in found_on(clip, way, codec, audible).items():
                if measure != "pitch" or sound.label in PITCHED:
                    table[measure].setdefault(row, {}).setdefault(sound.label, []).append(value)
        done[sound.label] += 1
    return table


def found_on(clip: Clip, way: Way, codec: BaseCodec, audible: bool) -> dict[str, float]:
    """Return the measures of one way of one clip, without those of audio where not audible."""
    found = {}
    if way.magnitudes is not None:
        found["magnitudes"] = magnitude_error_db(clip, way.magnitudes(clip), codec.spectrum_hop)
    if way.audio is not None and audible:
        audio = way.audio(clip)
        found |= {measure: measure_of(clip, audio) for measure, measure_of in OF_AUDIO.items()}
    return found


def stereo_kept(codec: BaseCodec, sounds: Sequence[Labelled]) -> dict[str, float]:
    """Return the width of stereo sounds, and of what the codec makes of them; medians, 0 to 1.

    Args:
        codec: What is judged.
        sounds: In the order in which they are tried, until STEREO_SOUNDS are found.

    Returns:
        How many were found, `n`; their `width`; `decoded`, that of what came back; and `off`, how
        far one is from the other. `n` alone where none is stereo.
    """
    before: list[float] = []
    after: list[float] = []
    for sound in sounds:
        clip = clip_of(sound)
        if len(before) < STEREO_SOUNDS and is_stereo(clip):
            before.append(width_of(clip))
            after.append(width_of(through_channels(codec, clip)))
    if not before:
        return {"n": 0}
    off = np.abs(np.subtract(after, before))
    width, decoded, error = (float(np.median(values)) for values in (before, after, off))
    return {"n": len(before), "width": width, "decoded": decoded, "off": error}


def main() -> None:
    """Read the command line, print the table and what it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--each", type=int, default=20, help="sounds of each label")
    parser.add_argument("--heard", type=int, default=10, help="of these, as audio too")
    parser.add_argument("--weights", type=Path, help="a tuned codec; the house codec if not given")
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures here too")
    options = parser.parse_args()
    sounds = a_few_of_each(unseen(options.sounds), options.each)
    codec = named_codec(options.weights)
    table = measured(codec, codec, sounds, options.heard)
    print(f"{codec.name} {codec.digest}, {codec.dims} dimensions")
    print(f"{len(sounds)} sounds, none of them trained on; sources: {sources_of(sounds)}")
    for line in lines(table):
        print(line)
    tried = np.random.default_rng(0).permutation(len(sounds) if options.heard else 0)
    stereo = stereo_kept(codec, [sounds[i] for i in tried])
    if stereo["n"]:
        cells = "  ".join(f"{name} {value:.3g}" for name, value in stereo.items())
        print(f"\nwidth of stereo sounds, 0..1, each channel encoded by itself\n  {cells}")
    said = verdicts(table)
    print("\n" + "\n".join(map(str, said)))
    if options.json is not None:
        facts = {
            "codec": codec.digest,
            "sources": sources_of(sounds).split(", "),
            "sounds": len(sounds),
            "measures": summary(table),
            "stereo": stereo,
            "verdicts": {v.asked: {"found": v.found, "passed": v.passed} for v in said},
        }
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    sys.exit(not all(v.passed for v in said if v.decisive))


if __name__ == "__main__":
    main()
