"""Ridge regression: weights, and rows that it has not seen."""

from __future__ import annotations

import pytest
import torch

from vae.ridge import left_out, ridge_weights


@pytest.fixture
def data() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(40, 6, generator=generator)
    truth = torch.tensor([2.0, -1.0, 0.0, 0.5, 0.0, 0.0])
    return inputs, inputs @ truth + 0.1 * torch.randn(40, generator=generator)


def test_weights_are_those_of_the_cause(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    inputs, target = data
    found = ridge_weights(inputs, target[:, None], 1e-6)
    assert found.shape == (1, 6)
    assert found[0].tolist() == pytest.approx([2, -1, 0, 0.5, 0, 0], abs=0.1)
    assert ridge_weights(inputs, target[:, None], 10.0).norm() < 0.3 * found.norm()


def test_a_row_left_out_is_what_the_others_say_of_it(
    data: tuple[torch.Tensor, torch.Tensor],
) -> None:
    inputs, target = data
    said = left_out(inputs, target, 1e-9)
    for row in (0, 7, 39):
        others = [i for i in range(40) if i != row]
        weights = ridge_weights(inputs[others], target[others, None], 1e-9)[0]
        assert said[row].item() == pytest.approx(float(inputs[row] @ weights), abs=1e-3)


def test_more_inputs_than_rows_do_not_know_rows_by_heart() -> None:
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(30, 60, generator=generator)
    target = torch.randn(30, generator=generator)
    seen = inputs @ ridge_weights(inputs, target[:, None], 0.05)[0]
    unseen = left_out(inputs, target, 0.05)
    together = torch.corrcoef(torch.stack([seen, target]))[0, 1]
    apart = torch.corrcoef(torch.stack([unseen, target]))[0, 1]
    assert together > 0.8
    assert abs(apart) < 0.4


def test_inputs_that_are_all_the_same_give_numbers() -> None:
    inputs, target = torch.zeros(20, 3), torch.linspace(-1, 1, 20)
    assert left_out(inputs, target, 0.05).isfinite().all()
    assert (ridge_weights(inputs, target[:, None], 0.05) == 0).all()
