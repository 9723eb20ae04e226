"""Ridge regression, and what it says of each row when it has not seen that row."""

from __future__ import annotations

import torch
from torch import Tensor


def ridge_weights(inputs: Tensor, targets: Tensor, amount: float) -> Tensor:
    """Return the weights of a regression of centred data, (targets, inputs).

    Args:
        inputs: (n, d).
        targets: (n, t).
        amount: Regularisation, as a share of the data.
    """
    return (_inverse(inputs, amount) @ inputs.T @ targets).T


def left_out(inputs: Tensor, target: Tensor, amount: float) -> Tensor:
    """Return what the regression says of each row when it is learned from the others, (n,).

    Args:
        inputs: (n, d).
        target: (n,).
        amount: As for `ridge_weights`.

    Source:
        Allen, The relationship between variable selection and data augmentation (1974): the
        residuals over one minus the diagonal of the hat matrix.
    """
    inverse = _inverse(inputs, amount)
    said = inputs @ (inverse @ (inputs.T @ target))
    own = torch.einsum("nd,de,ne->n", inputs, inverse, inputs).clamp_max(1 - 1e-6)
    return (said - own * target) / (1 - own)


def _inverse(inputs: Tensor, amount: float) -> Tensor:
    n, d = inputs.shape
    diagonal = amount * n * inputs.square().mean() + 1e-6  # also where all inputs are the same
    return torch.linalg.inv(inputs.T @ inputs + diagonal * torch.eye(d))
