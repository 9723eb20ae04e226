"""The prior of dreams as a file: safetensors, with sizes and sources as metadata."""

from __future__ import annotations

import json
import math

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from library.errors import ModelError
from vae.dream_prior import MOST_STEPS, DreamPrior, PriorConfig, PriorNet

_NET = "net."


def to_bytes(prior: DreamPrior) -> bytes:
    """Return a prior as safetensors."""
    tensors = {_NET + name: each.contiguous() for name, each in prior.net.state_dict().items()}
    tensors |= {
        "places": prior.places.contiguous(),
        "steps": prior.steps,
        "sounds": prior.sounds,
        "level": prior.level,
    }
    facts = {
        "config": prior.net.config.to_dict(),
        "codec": prior.codec_digest,
        "space": prior.space_digest,
        "among": prior.among,
        "loss": prior.loss,
        "finished": prior.finished,
    }
    return save(tensors, metadata={"prior": json.dumps(facts)})


def from_bytes(data: bytes) -> DreamPrior:
    """Read a prior back.

    Raises:
        ModelError: The data is no prior, or what it holds are no numbers.
    """
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        facts = json.loads(header["__metadata__"]["prior"])
        tensors = load(data)
        config = PriorConfig(**facts["config"])
        with torch.device("meta"):  # what a foreign file says of its sizes takes no memory
            net = PriorNet(config)
        own = {k.removeprefix(_NET): v for k, v in tensors.items() if k.startswith(_NET)}
        net.load_state_dict(own, assign=True)
        # These are made, not kept, and were made of nothing.
        net.head.make_masks()
        prior = DreamPrior(
            net.eval().requires_grad_(False),
            str(facts["codec"]),
            str(facts["space"]),
            tensors["places"],
            tensors["steps"],
            tensors["sounds"],
            int(facts["among"]),
            tensors["level"],
            float(facts["loss"]),
            bool(facts["finished"]),
        )
        _check(prior)
    except (
        *(KeyError, ValueError, TypeError, AttributeError, RuntimeError, OverflowError),
        SafetensorError,
    ) as error:
        raise ModelError("the prior of dreams cannot be read", "delete its file") from error
    return prior


def _check(prior: DreamPrior) -> None:
    """Refuse what would fail, or give no numbers, only when it is used.

    Raises:
        ValueError: A size does not fit, or a number is none.
    """
    n, config = len(prior.steps), prior.net.config
    numbers = [*prior.net.state_dict().values(), prior.places, prior.level]
    well = (
        prior.places.shape == (n, config.place_dims)
        and prior.steps.shape == prior.sounds.shape == (n,)
        and prior.level.shape == (config.level_dims,)
        and all(bool(torch.isfinite(each).all()) for each in numbers)
        and bool(((prior.steps >= 1) & (prior.steps <= MOST_STEPS)).all())
        and n > 0
        and math.isfinite(prior.loss)
    )
    if not well:
        raise ValueError("sizes or numbers of the prior")
