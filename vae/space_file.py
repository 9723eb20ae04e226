"""Spaces as they are kept: safetensors with their facts; the one that ships is read here, too."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from library.errors import ModelError
from vae.alike import GROUPS, Alike
from vae.attributes import ATTRIBUTES, word_attribute
from vae.ear import BLOCKS
from vae.personal_model import PersonalConfig, PersonalNet
from vae.space import Space
from vae.usual import Usual
from vae.windows import WINDOW_STEPS
from vae.words import NO_WORDS, OLDER_WEIGHT, Words

_WORDS = "words.axes"
_ALIKE = "alike."
_USUAL_MEAN, _USUAL_COVARIANCE = "usual.mean", "usual.covariance"


def to_bytes(space: Space) -> bytes:
    """Return a space as safetensors, its facts in the metadata."""
    facts = {
        "codec": space.codec_digest,
        "attributes": [a.name for a in space.attributes],
        "config": space.net.config.to_dict(),
        "centre": space.centre.tolist(),
        "deviation": space.deviation.tolist(),
        "spearman": [None if np.isnan(s) else float(s) for s in space.spearman],
        "samples": space.samples,
        "words": list(space.words.names),
        "words_weight": space.words.weight,
    }
    tensors = {k: v.half().contiguous() for k, v in space.net.state_dict().items()}
    tensors[_WORDS] = torch.from_numpy(np.ascontiguousarray(space.words.axes))
    for name, each in space.alike.maps.items():
        tensors[_ALIKE + name] = torch.from_numpy(np.ascontiguousarray(each))
    if space.usual is not None:
        tensors[_USUAL_MEAN] = torch.from_numpy(space.usual.mean)
        tensors[_USUAL_COVARIANCE] = torch.from_numpy(space.usual.covariance)
    return save(tensors, metadata={"space": json.dumps(facts)})


def from_bytes(data: bytes) -> Space:
    """Read a space back.

    Raises:
        ModelError: The data is not a space, or what it holds are no numbers.
    """
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        facts = json.loads(header["__metadata__"]["space"])
        with torch.device("meta"):  # what a foreign file says of its sizes takes no memory
            net = PersonalNet(PersonalConfig(**facts["config"]))
        tensors = {name: value.float() for name, value in load(data).items()}
        axes = tensors.pop(_WORDS).numpy() if _WORDS in tensors else NO_WORDS.axes
        said = any(name.startswith(_ALIKE) for name in tensors)
        maps = {name: tensors.pop(_ALIKE + name).numpy() for name in GROUPS} if said else {}
        usual = None
        if _USUAL_MEAN in tensors:
            usual = Usual(tensors.pop(_USUAL_MEAN).numpy(), tensors.pop(_USUAL_COVARIANCE).numpy())
        net.load_state_dict(tensors, assign=True)
        space = Space(
            codec_digest=facts["codec"],
            digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
            attributes=tuple(
                ATTRIBUTES[name] if name in ATTRIBUTES else word_attribute(name)
                for name in facts["attributes"]
            ),
            centre=np.array(facts["centre"], np.float32),
            deviation=np.array(facts["deviation"], np.float32),
            spearman=np.array([np.nan if s is None else s for s in facts["spearman"]], np.float32),
            samples=facts["samples"],
            words=Words(
                tuple(facts.get("words", ())), axes, facts.get("words_weight", OLDER_WEIGHT)
            ),
            alike=Alike(maps),
            net=net.eval().requires_grad_(False),
            usual=usual,
        )
        _check(space)
    except (
        *(KeyError, ValueError, TypeError, AttributeError, RuntimeError, OverflowError),
        SafetensorError,
    ) as error:
        raise ModelError("the space cannot be read", "train it again") from error
    return space


def _check(space: Space) -> None:
    """Refuse what would fail, or give no numbers, only when the space is used.

    Raises:
        ValueError: A size does not fit, or a number is none.
    """
    config, words, net = space.net.config, space.words, space.net
    each = (len(space.attributes), *map(len, (space.centre, space.deviation, space.spearman)))
    sizes = {group: sum(BLOCKS[block] for block in GROUPS[group]) for group in GROUPS}
    numbers = [tensor.numpy() for tensor in net.state_dict().values()]
    numbers += [space.centre, space.deviation, words.axes, *space.alike.maps.values()]
    usual = (space.usual.mean, space.usual.covariance) if space.usual else ()
    numbers += usual
    well = (
        len(set(each)) == 1
        and len(space.attributes) <= config.attributes
        and config.window % WINDOW_STEPS == 0
        and all(isinstance(each, str) for each in (space.codec_digest, *words.names))
        and isinstance(space.samples, int)
        and isinstance(words.weight, int | float)
        and words.axes.shape[1:] == (len(words.names),)
        and (not words.names or len(words.axes) == sum(BLOCKS.values()) + 1)
        and all(m.shape == (sizes[name],) * 2 for name, m in space.alike.maps.items())
        and [each.shape for each in usual] in ([], [(config.dims,), (config.dims, config.dims)])
        and all(np.isfinite(values).all() for values in (*numbers, words.weight))
        and not np.isinf(space.spearman).any()
        and (space.deviation > 0).all()
        and bool(net.scale > 0)
        and bool((net.spread > 0).all())
    )
    if not well:
        raise ValueError("sizes or numbers of the space")


@cache
def house_space() -> Space:
    """Return the space that ships with the package; loaded once."""
    weights = resources.files("vae").joinpath("weights", "house-space.safetensors")
    return from_bytes(weights.read_bytes())
