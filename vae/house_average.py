"""Average two trainings of the house codec, of which one went on from the other.

    python -m vae.house_average FIRST SECOND --share 0.35 --sounds FOLDER --out F.safetensors

What the second learned is kept in part, and what the first knew is not lost: the mean of the
weights is often better than either on sounds that neither saw (Wortsman et al. 2022, arXiv
2109.01903).
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from vae.house_codec import save_codec
from vae.house_data import Crops, real_sounds
from vae.house_model import HouseConfig, HouseNet
from vae.house_order import ordered

# What the first never trained.
SECOND_ALONE = "grain_out."
SOUNDS, CROPS, CROP_STEPS = 400, 192, 24


def averaged(first: dict[str, Tensor], second: dict[str, Tensor], share: float) -> HouseNet:
    """Return the network between two of the same sizes.

    Args:
        first: Its weights, by name.
        second: Those of the training that went on from it.
        share: Of the second, 0 to 1.
    """
    net = HouseNet(HouseConfig())
    shares = {name: 1.0 if name.startswith(SECOND_ALONE) else share for name in second}
    net.load_state_dict({name: first[name].lerp(second[name], shares[name]) for name in second})
    return net.eval()


def main() -> None:
    """Read the command line, average, put the dimensions in order, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path, help="a checkpoint")
    parser.add_argument("second", type=Path, help="the checkpoint of a training that went on")
    parser.add_argument("--share", type=float, default=0.35, help="of the second; 0.35")
    parser.add_argument("--sounds", type=Path, required=True, help="to order the dimensions by")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    states = [load_file(path) for path in (options.first, options.second)]
    for state in states:
        state.pop("step", None)
    net = averaged(states[0], states[1], options.share)
    sounds = list(islice(real_sounds(options.sounds), SOUNDS))
    best, lost = ordered(net, Crops(sounds, CROP_STEPS, 0).batch(CROPS))
    save_codec(best, options.out, {"licence": "Apache-2.0", "share": str(options.share)})
    print(lost)  # noqa: T201 - the report of a command


if __name__ == "__main__":
    main()
