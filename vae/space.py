"""A space: a trained personal VAE with its attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from library.errors import ModelError
from vae.alike import Alike
from vae.attributes import Attribute
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.personal_model import PersonalNet
from vae.usual import Usual
from vae.windows import WINDOW_STEPS, first_windows, windows
from vae.words import Words


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
        usual: Where in it the user's own sounds lie; None in files that do not say it.
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
    usual: Usual | None = None

    @property
    def dims(self) -> int:
        """The length of z."""
        return self.net.config.dims

    @property
    def free_from(self) -> int:
        """Which dimension of z is the first free one.

        Those before it that no attribute has a name for are attributes that were not wanted.
        """
        return self.net.config.attributes

    @property
    def mean_step(self) -> NDArray[np.float32]:
        """The mean first step of the sounds it was learned on, float32, shape (base dims,)."""
        step: NDArray[np.float32] = self.net.mean.numpy().reshape(WINDOW_STEPS, -1)[0]
        return step

    @property
    def learned(self) -> NDArray[np.bool_]:
        """Which attributes it follows: enough sounds had them, in an order it can tell, (a,)."""
        return (self.net.read.numpy() != 0).any(axis=1)[: len(self.attributes)]

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

    def between(
        self, sounds: Sequence[Latents], weights: Sequence[float], codec: BaseCodec
    ) -> Latents:
        """Return the latents between sounds, mixed in the space window by window.

        What the space cannot say of the sounds is mixed as it is, so that a sound alone stays
        itself.

        Args:
            sounds: Latents of as many steps.
            weights: One for each, summing to 1.
            codec: What made them.
        """
        own = [self._encode(windows(latents, codec)) for latents in sounds]
        mixed = _mean([latents.values for latents in sounds], weights)
        said = [
            self._said(latents, codec, z).values for latents, z in zip(sounds, own, strict=True)
        ]
        between = self._said(Latents(mixed), codec, _mean(own, weights)).values
        return Latents(mixed - _mean(said, weights) + between)

    def reconstructed(self, latents: Latents, codec: BaseCodec) -> Latents:
        """Return what the space alone can say of a sound, window by window, at the sound's level.

        Args:
            latents: Of the sound.
            codec: What made them.
        """
        return self._said(latents, codec, self._encode(windows(latents, codec)))

    def as_mine(self, latents: Latents, codec: BaseCodec) -> Latents:
        """Return what the space says of a sound as if it were one of those it was learned on.

        Args:
            latents: Of the sound.
            codec: What made them.
        """
        z = self._encode(windows(latents, codec))
        return self._said(latents, codec, z if self.usual is None else self.usual.pulled(z))

    def _said(self, latents: Latents, codec: BaseCodec, z: NDArray[np.float32]) -> Latents:
        with torch.inference_mode():
            said = self.net.decode(torch.from_numpy(z)).numpy()
        values = said.reshape(-1, latents.dims)[: latents.steps].astype(np.float32)
        values[:, : codec.level_dims] = latents.values[:, : codec.level_dims]
        return Latents(values)


def _mean(arrays: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    total = np.tensordot(np.asarray(weights), np.stack(arrays), axes=1)
    return np.asarray(total, np.float32)
