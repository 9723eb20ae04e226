"""Averaging two trainings: between both, with the grain of the second alone."""

from __future__ import annotations

import pytest
import torch

from tests.vae.codecs import skeleton_net
from vae.house_average import averaged
from vae.house_codec import house_codec


@pytest.mark.parametrize("share", [0.0, 0.35, 1.0])
def test_weights_lie_between(share: float) -> None:
    first, second = skeleton_net().state_dict(), house_codec().net.state_dict()
    found = averaged(first, second, share).state_dict()
    assert found.keys() == second.keys()
    for name, value in found.items():
        part = 1.0 if name.startswith("grain_out.") else share
        assert torch.allclose(value, first[name] * (1 - part) + second[name] * part, atol=1e-6)
