"""A space: a trained personal VAE with its attributes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save

from library.errors import ModelError
from library.progress import Progress
from vae.alike import GROUPS, NOT_SAID, Alike
from vae.attributes import ATTRIBUTES, Attribute, chosen, scaled, word_attribute
from vae.codec import BaseCodec
from vae.ear import BLOCKS
from vae.latents import Latents
from vae.personal_model import PersonalConfig, PersonalNet
from vae.personal_training import PersonalRecipe, check_enough, train_personal
from vae.windows import WINDOW_STEPS, first_windows, windows
from vae.words import NO_WORDS, OLDER_WEIGHT, Words

_WORDS = "words.axes"
_ALIKE = "alike."


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """A personal space.

    Attributes:
        codec_digest: The base codec whose latents it was learned on.
        digest: Identifies its weights.
        attributes: What its first dimensions follow.
        centre: Mean of each attribute on its even scale, float32, (a,).
        deviation: Standard deviation of the same, float32, (a,).
        spearman: Rank correlation of each attribute's dimension on held-out sounds.
        samples: How many sounds it was learned on.
        words: The user's own words that it learned.
        alike: What it learned of pairs that belong together and pairs that do not.
    """

    codec_digest: str
    digest: str
    attributes: tuple[Attribute, ...]
    centre: NDArray[np.float32]
    deviation: NDArray[np.float32]
    spearman: NDArray[np.float32]
    samples: int
    words: Words
    alike: Alike
    net: PersonalNet

    @property
    def dims(self) -> int:
        """The length of z."""
        return self.net.config.dims

    @property
    def mean_step(self) -> NDArray[np.float32]:
        """The mean first step of the sounds it was learned on, float32, shape (base dims,)."""
        step: NDArray[np.float32] = self.net.mean.numpy().reshape(WINDOW_STEPS, -1)[0]
        return step

    @property
    def learned(self) -> NDArray[np.bool_]:
        """Which attributes enough sounds had, and not all the same, shape (a,)."""
        return (self.net.read.numpy() != 0).any(axis=1)

    def position(self, attribute: str) -> int:
        """Return which dimension follows an attribute.

        Raises:
            ModelError: The space has no such attribute.
        """
        names = [a.name for a in self.attributes]
        if attribute not in names:
            raise ModelError(
                f"the space has no attribute {attribute!r}", f"it has {', '.join(names)}"
            )
        return names.index(attribute)

    def encode(self, sounds: Sequence[Latents], codec: BaseCodec) -> NDArray[np.float32]:
        """Return z of the first window of each sound, float32, shape (n, dims)."""
        return self._encode(first_windows(sounds, codec))

    @torch.inference_mode()
    def _encode(self, cut: NDArray[np.float32]) -> NDArray[np.float32]:
        flat = torch.from_numpy(cut.reshape(len(cut), -1))
        z: NDArray[np.float32] = self.net.encode(flat).numpy()
        return z

    def reconstruction_error(self, sounds: Sequence[Latents], codec: BaseCodec) -> float:
        """Return what the space loses of sounds, as a share of their variance.

        Args:
            sounds: At least two.
            codec: What made them.
        """
        cut = first_windows(sounds, codec).reshape(len(sounds), -1)
        with torch.inference_mode():
            flat = torch.from_numpy(cut)
            lost = (self.net.decode(self.net.encode(flat)) - flat).square().mean()
            whole = (flat - flat.mean(dim=0)).square().mean()
        return float(lost / whole.clamp_min(1e-9))

    def move(self, latents: Latents, codec: BaseCodec, shift: NDArray[np.float32]) -> Latents:
        """Move a sound in the space, window by window.

        The latents change by what the decoder says changes between z and z + shift: what the space
        cannot say of the sound stays as it is, and no shift is no change.

        Args:
            latents: Of the sound.
            codec: What made them.
            shift: Standard deviations, float32, shape (dims,).
        """
        cut = windows(latents, codec)
        with torch.inference_mode():
            z = torch.from_numpy(self._encode(cut))
            change = self.net.change(z, torch.from_numpy(shift))
        steps: NDArray[np.float32] = change.numpy().reshape(-1, latents.dims)[: latents.steps]
        return Latents(latents.values + steps)

    def reconstructed(self, latents: Latents, codec: BaseCodec) -> Latents:
        """Return what the space alone can say of a sound, window by window, at the sound's level.

        Args:
            latents: Of the sound.
            codec: What made them.
        """
        cut = windows(latents, codec)
        with torch.inference_mode():
            z = torch.from_numpy(self._encode(cut))
            said = self.net.decode(z).numpy().reshape(-1, latents.dims)[: latents.steps]
        values = said.astype(np.float32)
        values[:, : codec.level_dims] = latents.values[:, : codec.level_dims]
        return Latents(values)


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
    well = (
        set(each) == {config.attributes}
        and config.window % WINDOW_STEPS == 0
        and all(isinstance(each, str) for each in (space.codec_digest, *words.names))
        and isinstance(space.samples, int)
        and isinstance(words.weight, int | float)
        and words.axes.shape[1:] == (len(words.names),)
        and (not words.names or len(words.axes) == sum(BLOCKS.values()) + 1)
        and all(m.shape == (sizes[name],) * 2 for name, m in space.alike.maps.items())
        and all(np.isfinite(values).all() for values in (*numbers, words.weight))
        and not np.isinf(space.spearman).any()
        and (space.deviation > 0).all()
        and bool(net.scale > 0)
        and bool((net.spread > 0).all())
    )
    if not well:
        raise ValueError("sizes or numbers of the space")


def train_space(
    sounds: Sequence[Latents],
    descriptors: Sequence[Mapping[str, float | None]],
    codec: BaseCodec,
    attributes: Sequence[str] = (),
    recipe: PersonalRecipe | None = None,
    words: Words = NO_WORDS,
    alike: Alike = NOT_SAID,
    followed_words: Sequence[str] = (),
) -> Generator[Progress, None, tuple[bytes, tuple[int, ...]]]:
    """Learn a space; a job.

    Args:
        sounds: Base latents of the user's sounds.
        descriptors: The same sounds' descriptors.
        codec: What made the latents.
        attributes: Names; the default ones where empty.
        recipe: How to train; the default one where None.
        words: Learned from the same sounds (`vae.words.learn_words`).
        alike: Learned from pairs of them (`vae.alike.learn_alike`).
        followed_words: Those of the words that are attributes too; the descriptors hold how much
            each sound is what they say.

    Returns:
        The space as `to_bytes` writes it, so that what is used is what is kept; and which of the
        sounds were held out of training.
    """
    followed = chosen(attributes, followed_words)
    check_enough(len(sounds))
    trained = yield from train_personal(
        first_windows(sounds, codec), scaled(followed, descriptors), recipe or PersonalRecipe()
    )
    space = Space(
        codec_digest=codec.digest,
        digest="",
        attributes=followed,
        centre=trained.centre,
        deviation=trained.deviation,
        spearman=trained.spearman,
        samples=len(sounds),
        words=words,
        alike=alike,
        net=trained.net,
    )
    return to_bytes(space), trained.held_out


@cache
def house_space() -> Space:
    """Return the space that ships with the package; loaded once."""
    weights = resources.files("vae").joinpath("weights", "house-space.safetensors")
    return from_bytes(weights.read_bytes())
