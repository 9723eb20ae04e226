"""The ear's networks as one: the same sound goes through all of them at once.

For one sound at a time most of the work is calling: normalisation is folded into the convolutions,
and those of all networks are one, in groups. That halves the time.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vae.ear_model import EarNet, image_planes

_Affine = tuple[Tensor, Tensor]


class EarNets:
    """Networks of one size, trained and frozen.

    Args:
        nets: At least one, in evaluation mode.
    """

    @torch.inference_mode()
    def __init__(self, nets: Sequence[EarNet]) -> None:
        self._count = len(nets)
        self._share = nets[0].share
        self._convolutions: list[_Affine] = []
        for at in range(0, len(nets[0].conv), 3):
            weights, biases = zip(*(_folded(net.conv, at) for net in nets), strict=True)
            self._convolutions.append((torch.cat(weights), torch.cat(biases)))
        weights, biases = zip(*(_folded(net.mix, 0) for net in nets), strict=True)
        self._mix = torch.stack(weights).squeeze(3), torch.stack(biases)[..., None]
        last = [net.out[1] for net in nets]
        self._out = (
            torch.stack([each.get_parameter("weight") for each in last]),
            torch.stack([each.get_parameter("bias") for each in last]),
        )

    @torch.inference_mode()
    def embed(self, image: Tensor) -> Tensor:
        """Return what each network makes of one sound, as `EarNet.forward` does.

        Args:
            image: Log-time auditory image, float32, shape (LOG_COLUMNS, BANDS), dB.

        Returns:
            float32, shape (nets, dims), each of length 1.
        """
        hidden = image_planes(image[None])
        for number, (weight, bias) in enumerate(self._convolutions):
            groups = self._count if number else 1  # all of them see the same image
            hidden = nn.functional.conv2d(
                hidden, weight, bias, stride=2, padding=weight.shape[-1] // 2, groups=groups
            )
            hidden = nn.functional.silu(hidden)
        _, _, steps, bands = hidden.shape
        apart = hidden.reshape(self._count, -1, steps, bands).transpose(2, 3)
        mixed = nn.functional.silu(
            self._mix[0] @ apart.reshape(self._count, -1, steps) + self._mix[1]
        )
        pooled = torch.cat([(mixed * self._share).sum(dim=2), mixed.amax(dim=2)], dim=1)
        embedding = (self._out[0] @ pooled[..., None])[..., 0] + self._out[1]
        return nn.functional.normalize(embedding, dim=1)


def _folded(layers: nn.Sequential, at: int) -> _Affine:
    """Return weight and bias of a convolution with the normalisation after it."""
    weight = layers[at].get_parameter("weight")
    norm = layers[at + 1]
    assert isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    shape = (-1,) + (1,) * (weight.dim() - 1)
    return weight * scale.reshape(shape), norm.bias - norm.running_mean * scale
