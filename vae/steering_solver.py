"""The amounts of given changes of spectrum that bring measured descriptors to a goal.

A few Gauss-Newton steps with Levenberg's damping (Levenberg 1944, Marquardt 1963), for a whole
sound or for many pieces of one side by side, each with a damping of its own.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vae.resynthesis import MOST_DB, audible
from vae.soft_descriptors import SoftDescriptors

_STEPS = 10
_ENOUGH = 0.02
_LONGEST_STEP = 1.5
_LEAST_GAIN = 1e-5
_LEAST_PROMISE = 1e-4
"""Of a step, in squared standard deviations: less is not worth to be tried."""
_MOST_DAMPING = 100.0


def balanced(magnitude: Tensor, raised: Tensor, fields: Tensor, amounts: Tensor) -> Tensor:
    """Return the change of fields in some amounts that leaves the energy of each column.

    Args:
        magnitude: Of the sound, (..., BINS, n).
        raised: How far each bin may be raised, 0 to 1, of the same shape.
        fields: Changes in dB, (k, ..., BINS, n).
        amounts: Of each, (..., k), or (..., k, n) where they differ from column to column.

    Returns:
        dB, (..., BINS, n).
    """
    each_column = amounts.ndim == magnitude.ndim
    spelled = "...kn,k...bn->...bn" if each_column else "...k,k...bn->...bn"
    change = torch.einsum(spelled, amounts, fields)
    change = MOST_DB * torch.tanh(change / MOST_DB)
    change = torch.where(change > 0, change * raised, change)
    energy = magnitude.square().sum(dim=-2, keepdim=True) + 1e-20
    after = (magnitude * 10 ** (change / 20)).square().sum(dim=-2, keepdim=True) + 1e-20
    return change - 10 * torch.log10(after / energy)


class Solver:
    """Finds the amounts of fields for one sound, or for pieces of one.

    Args:
        magnitude: Shape (..., BINS, n).
        fields: dB, (k, ..., BINS, n).
        costs: Of each field, (k,).
        measure: Of such magnitudes.
    """

    def __init__(
        self, magnitude: Tensor, fields: Tensor, costs: Tensor, measure: SoftDescriptors
    ) -> None:
        self._magnitude, self._fields, self._costs = magnitude, fields, costs
        self._raised = audible(magnitude)
        self._measure = measure

    def solve(self, goal: Tensor, deviations: Tensor) -> Tensor:
        """Return the amounts, shape (..., k).

        Args:
            goal: What the descriptors shall be, on the even scales, (..., 3); NaN for any.
            deviations: By which a miss is weighed, (3,).
        """
        amounts = torch.zeros(*goal.shape[:-1], len(self._fields))
        damping = torch.full(goal.shape[:-1], 1e-2)
        active = torch.ones(goal.shape[:-1], dtype=torch.bool)
        unit = torch.eye(len(self._fields))
        residual, slopes = self._with_slopes(amounts, goal, deviations)
        for _ in range(_STEPS):
            active = active & (residual.abs().amax(dim=-1) >= _ENOUGH)
            if not active.any():
                break
            cost = self._cost(residual, amounts)
            gradient = (slopes.mT @ residual[..., None])[..., 0] + self._costs * amounts
            curvature = slopes.mT @ slopes + torch.diag(self._costs)
            pending, found = active, amounts
            while pending.any():
                step = -torch.linalg.solve(curvature + damping[..., None, None] * unit, gradient)
                bent = (curvature @ step[..., None])[..., 0]
                promised = -(step * (2 * gradient + bent)).sum(dim=-1)
                done = pending & (promised < _LEAST_PROMISE)
                active, pending = active & ~done, pending & ~done
                if not pending.any():
                    break
                tried = amounts + step.clamp(-_LONGEST_STEP, _LONGEST_STEP)
                with torch.no_grad():
                    reached = self._cost(self._missed(tried, goal, deviations), tried)
                better = pending & (reached < cost - _LEAST_GAIN)
                found = torch.where(better[..., None], tried, found)
                stuck = pending & ~better & (damping > _MOST_DAMPING)
                active = active & ~stuck
                pending = pending & ~better & ~stuck
                damping = torch.where(pending, damping * 4, damping)
            amounts, damping = found, (damping / 3).clamp_min(1e-4)
            residual, slopes = self._with_slopes(amounts, goal, deviations)
        return amounts

    def _missed(self, amounts: Tensor, goal: Tensor, deviations: Tensor) -> Tensor:
        """Return by how many deviations the goal is missed, (..., 3), 0 where there is none."""
        change = balanced(self._magnitude, self._raised, self._fields, amounts)
        measured = self._measure(self._magnitude * 10 ** (change / 20))
        return torch.where(goal.isnan(), 0.0, (goal - measured) / deviations)

    def _with_slopes(
        self, amounts: Tensor, goal: Tensor, deviations: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return what is missed, and how that changes with the amounts, (..., 3, k)."""
        with torch.enable_grad():
            free = amounts.clone().requires_grad_(True)
            residual = self._missed(free, goal, deviations)
            # No piece depends on the amounts of another: the slopes of a sum are those of each.
            rows = [
                torch.autograd.grad(each.sum(), free, retain_graph=True)[0]
                for each in residual.unbind(dim=-1)
            ]
        return residual.detach(), torch.stack(rows, dim=-2)

    def _cost(self, residual: Tensor, amounts: Tensor) -> Tensor:
        return residual.square().sum(dim=-1) + (self._costs * amounts.square()).sum(dim=-1)
