"""How near does the house codec come to real sounds? Smoothed log-mel error by label.

    python -m benchmarks.codec --sounds FOLDER [--each 20]

Sounds are of sources that the codec was never trained on. Magnitudes only, before any phase. Beside
the codec stand its PCA skeleton alone, the sound's own mean spectrum, a network with random
weights, and the codec with the latents of another sound: the last two must fail.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.manifest import SEEN_SOURCES, read_manifest, sounds_folder
from library.clip import Clip
from library.decode import decode
from vae.house_codec import SAMPLE_RATE, HouseCodec, house_codec
from vae.house_model import HOP, HouseNet
from vae.latents import Latents
from vae.mel_error import mel_error_db
from vae.spectrum import mel_filters, stft

SECONDS = 4.0
Decode = Callable[[Clip, torch.Tensor], torch.Tensor]


def through(codec: HouseCodec) -> Decode:
    """Return the way of a clip through a codec, to magnitudes."""
    return lambda clip, _: torch.from_numpy(codec.decode_magnitudes(codec.encode(clip)))


def skeleton_only() -> HouseCodec:
    """Return the house codec with the networks' last layers at zero, as before their training."""
    net = HouseNet(house_codec().config)
    net.set_skeleton(*house_codec().skeleton)
    return HouseCodec(net, "skeleton")


def random_weights() -> HouseCodec:
    """Return a codec with the house codec's shape and random weights in every layer."""
    torch.manual_seed(0)
    net = HouseNet(house_codec().config)
    with torch.no_grad():
        for parameter in (*net.parameters(), *net.buffers()):
            parameter.normal_(0, 0.02)
    return HouseCodec(net, "random")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--each", type=int, default=20, help="sounds of each label")
    options = parser.parse_args()
    sounds = [
        s for s in read_manifest(sounds_folder(options.sounds)) if s.source not in SEEN_SOURCES
    ]
    rng = np.random.default_rng(0)
    codec = house_codec()
    last: list[Latents] = []

    def another(clip: Clip, _: torch.Tensor) -> torch.Tensor:
        own = codec.encode(clip)
        other = last[-1].values if last else np.zeros_like(own.values)
        last.append(own)
        at = np.arange(own.steps) % len(other)
        return torch.from_numpy(codec.decode_magnitudes(Latents(other[at])))

    ways: dict[str, Decode] = {
        "house codec": through(codec),
        "PCA skeleton": through(skeleton_only()),
        "mean spectrum": lambda _, m: m.square().mean(dim=1, keepdim=True).sqrt().expand_as(m),
        "random weights": through(random_weights()),
        "latents of another": another,
    }
    filters = mel_filters(64, SAMPLE_RATE)
    errors: dict[str, dict[str, list[float]]] = {name: {} for name in ways}
    for label in sorted({s.label for s in sounds}):
        chosen = [s for s in sounds if s.label == label]
        for i in rng.permutation(len(chosen))[: options.each]:
            clip = decode(chosen[i].path, SECONDS).clip.at_rate(SAMPLE_RATE)
            magnitude = stft(torch.from_numpy(clip.mono().copy())[None], HOP).abs()[0]
            for name, way in ways.items():
                decoded = way(clip, magnitude)[:, : magnitude.shape[1]]
                error = float(mel_error_db(magnitude, decoded, filters))
                errors[name].setdefault(label, []).append(error)
    sources = sorted({s.source for s in sounds})
    print(f"smoothed log-mel error, dB; sources: {', '.join(sources)}")
    print(f"{'':20s} {'median':>7s} {'p90':>7s}   median by label")
    for name, by_label in errors.items():
        flat = np.concatenate([np.array(v) for v in by_label.values()])
        cells = "  ".join(f"{label} {np.median(v):.1f}" for label, v in by_label.items())
        print(f"{name:20s} {np.median(flat):7.2f} {np.percentile(flat, 90):7.2f}   {cells}")


if __name__ == "__main__":
    main()
