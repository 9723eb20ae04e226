"""The order of the house codec's dimensions: what carries most first, what carries none not."""

from __future__ import annotations

import torch
from torch import Tensor

from vae.house_codec import SAMPLE_RATE, unscaled_level
from vae.house_model import HouseNet
from vae.mel_error import mel_error_db
from vae.spectrum import mel_filters

# A dimension whose loss is less than this is not worth its place.
LEAST_DB = 0.01


@torch.inference_mode()
def carried_db(net: HouseNet, level: Tensor) -> Tensor:
    """Return by how many dB the error grows without each dimension, shape (dims,).

    Args:
        net: In evaluation mode.
        level: Scaled log spectra of many sounds, (b, BINS, 8 s).
    """
    filters = mel_filters(64, SAMPLE_RATE)
    one = torch.ones(1)
    mean = net.encode(level)[0]
    wanted = unscaled_level(level, one)

    def error(z: Tensor) -> Tensor:
        return mel_error_db(wanted, unscaled_level(net.decode(z)[0], one), filters).mean()

    whole = error(mean)
    lost = []
    for dim in range(net.config.dims):
        without = mean.clone()
        without[:, dim] = mean[:, dim].mean()
        lost.append(error(without) - whole)
    return torch.stack(lost)


def ordered(net: HouseNet, level: Tensor) -> tuple[HouseNet, list[float]]:
    """Return the network with its dimensions in order, and what each carries in dB."""
    lost = carried_db(net, level)
    order = lost.argsort(descending=True)
    kept = order[lost[order] >= LEAST_DB]
    return net.keep_dims(kept).eval(), [round(float(db), 3) for db in lost[kept]]
