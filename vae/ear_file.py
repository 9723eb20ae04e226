"""The ear's weights as a file; the ear that ships."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from library.errors import ModelError
from vae.ear import Ear, Measures
from vae.ear_model import EarConfig, EarNet

_ARRAYS = ("net_centres", "net_axes", "head")


def to_bytes(ear: Ear, note: Mapping[str, object]) -> bytes:
    """Return an ear as safetensors, what there is to note of it in the metadata."""
    arrays = {f.name: getattr(ear.measures, f.name) for f in fields(Measures)}
    arrays |= {name: getattr(ear, name) for name in _ARRAYS}
    tensors = {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}
    for i, net in enumerate(ear.nets):
        tensors |= {f"net{i}.{name}": t.half().contiguous() for name, t in net.state_dict().items()}
    facts = {**note, "config": ear.nets[0].config.to_dict(), "nets": len(ear.nets)}
    return save(tensors, metadata={"ear": json.dumps(facts)})


def note_of(data: bytes) -> dict[str, Any]:
    """Return what is noted of an ear: recipe, the sources that it has heard, and more.

    Raises:
        KeyError: The data is no ear.
        ValueError: The same.
    """
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    note: dict[str, Any] = json.loads(header["__metadata__"]["ear"])
    return note


def from_bytes(data: bytes) -> Ear:
    """Read an ear back.

    Raises:
        ModelError: The data is not an ear.
    """
    try:
        facts = note_of(data)
        tensors = load(data)
        config = EarConfig(**{**facts["config"], "channels": tuple(facts["config"]["channels"])})
        arrays = {k: t.numpy() for k, t in tensors.items() if not k.startswith("net")}
        arrays |= {name: tensors[name].numpy() for name in _ARRAYS}
        return Ear(
            digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
            measures=Measures(**{f.name: arrays[f.name] for f in fields(Measures)}),
            nets=tuple(_net(config, tensors, f"net{i}.") for i in range(facts["nets"])),
            **{name: arrays[name] for name in _ARRAYS},
        )
    except (KeyError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelError("the ear cannot be read", "install latentcrate again") from error


def _net(config: EarConfig, tensors: Mapping[str, Tensor], prefix: str) -> EarNet:
    net = EarNet(config)
    state = {k.removeprefix(prefix): t for k, t in tensors.items() if k.startswith(prefix)}
    net.load_state_dict({k: t.float() if t.is_floating_point() else t for k, t in state.items()})
    return net.eval().requires_grad_(False)


@cache
def house_ear() -> Ear:
    """Return the ear that ships with the package; loaded once."""
    weights = resources.files("vae").joinpath("weights", "house-ear.safetensors")
    return from_bytes(weights.read_bytes())
