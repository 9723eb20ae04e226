"""Does a slider do what it says? Measured on the sound that comes out.

    python -m benchmarks.sliders --library FILE [--space S] [--sounds 30]

Moves each attribute of a space by -2 to +2 standard deviations on random samples of a library, as
`crate vary --set` does, measures the descriptors of the result, and prints for each attribute: the
mean Spearman correlation of slider and measured attribute; the slope, measured over promised
change; and the leak, the mean change of the other attributes over the change of the meant one.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from index.workspace import Workspace
from library.descriptors import describe
from vae.attributes import scaled
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.space import Space
from vae.vary import vary

SHIFTS = (-2.0, -1.0, 0.0, 1.0, 2.0)


def measured(space: Space, workspace: Workspace, sample_id: int) -> NDArray[np.float32]:
    """Return standard scores of the results, shape (attributes, shifts, attributes)."""
    codec = house_codec()
    clip = workspace.clip(sample_id, 5.0)
    latents = codec.encode(from_onset(clip))
    rows = []
    for i in range(len(space.attributes)):
        for amount in SHIFTS:
            shift = np.zeros(space.dims, np.float32)
            shift[i] = amount
            rows.append(asdict(describe(vary(clip, latents, space, codec, shift))))
    scores = (scaled(space.attributes, rows) - space.centre) / space.deviation
    return scores.reshape(len(space.attributes), len(SHIFTS), -1)


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--space")
    parser.add_argument("--sounds", type=int, default=30)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    with Workspace.open(options.library) as workspace:
        space = workspace.space(options.space)
        ids = workspace.ids("is:analysed loudness>-50 len:0.1..5")
        chosen = rng.choice(ids, options.sounds, replace=False)
        scores = np.stack([measured(space, workspace, int(i)) for i in chosen])
    print(f"{'attribute':12s} {'spearman':>9s} {'slope':>7s} {'leak':>7s} {'sounds':>7s}")
    means = []
    for i, attribute in enumerate(space.attributes):
        own = scores[:, i, :, i]
        known = ~np.isnan(own).any(axis=1) & (np.ptp(own, axis=1) > 1e-6)
        # A sound on which the slider does nothing counts as no correlation.
        rho = [spearmanr(SHIFTS, y).statistic for y in own[known]]
        rho += [0.0] * int((~np.isnan(own).any(axis=1) & ~known).sum())
        change = scores[known][:, i, -1] - scores[known][:, i, 0]
        others = np.nanmean(np.abs(np.delete(change, i, axis=1)))
        mine = np.abs(change[:, i]).mean()
        means.append((np.mean(rho), change[:, i].mean() / 4, others / mine))
        print(
            f"{attribute.name:12s} {means[-1][0]:9.2f} {means[-1][1]:7.2f} "
            f"{means[-1][2]:7.2f} {len(rho):7d}"
        )
    print("{:12s} {:9.2f} {:7.2f} {:7.2f}".format("mean", *np.mean(means, axis=0)))


if __name__ == "__main__":
    main()
