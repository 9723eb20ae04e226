"""The personal VAE: z = [the user's attributes | free dimensions].

Like MidiMe (Dinculescu, Engel, Roberts 2019) it is a small VAE on the latents of a bigger, frozen
one; like MALT (Noel-Hirst 2025) and AR-VAE (Pati and Lerch 2020, arXiv 2004.05485) some of its
dimensions follow attributes. It differs from them in its skeleton: principal components of the
windows, a ridge regression that reads the attributes, and the regression back, whose columns are
the directions in which the user's own sounds change with each attribute. Networks that start at
zero learn the rest on top.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

# A regression's directions promise more than the decoder gives; docs/decisions/0004-moves.md.
STRIDE = 2.0


@dataclass(frozen=True, slots=True)
class PersonalConfig:
    """Sizes of a personal VAE.

    Attributes:
        window: Values of a window, steps times dims.
        components: Principal components that the networks work on.
        attributes: Regularised dimensions.
        free: Free dimensions.
        width: Hidden units.
    """

    window: int
    components: int
    attributes: int
    free: int
    width: int = 128

    @property
    def dims(self) -> int:
        """The length of z."""
        return self.attributes + self.free

    def to_dict(self) -> dict[str, int]:
        """Return the sizes as plain numbers."""
        return asdict(self)


class PersonalNet(nn.Module):
    """Windows (n, window) to z (n, attributes + free) and back."""

    mean: Tensor
    basis: Tensor
    scale: Tensor
    read: Tensor
    write: Tensor
    free: Tensor
    spread: Tensor

    def __init__(self, config: PersonalConfig) -> None:
        super().__init__()
        self.config = config
        c, a, f, w = config.components, config.attributes, config.free, config.width
        self.register_buffer("mean", torch.zeros(config.window))
        self.register_buffer("basis", torch.zeros(c, config.window))
        self.register_buffer("scale", torch.ones(()))
        self.register_buffer("read", torch.zeros(a, c))
        self.register_buffer("write", torch.zeros(c, a))
        self.register_buffer("free", torch.zeros(c, f))
        self.register_buffer("spread", torch.ones(f))
        self.encoder = nn.Sequential(nn.Linear(c, w), nn.SiLU(), nn.Linear(w, w), nn.SiLU())
        self.encoder_mean = nn.Linear(w, config.dims)
        self.encoder_log_variance = nn.Linear(w, config.dims)
        self.decoder = nn.Sequential(
            nn.Linear(config.dims, w), nn.SiLU(), nn.Linear(w, w), nn.SiLU()
        )
        self.decoder_out = nn.Linear(w, c)
        for last in (self.encoder_mean, self.encoder_log_variance, self.decoder_out):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
        nn.init.constant_(self.encoder_log_variance.bias, -4.0)

    def components_of(self, window: Tensor) -> Tensor:
        """Return the principal components of windows, (n, window) to (n, components)."""
        return ((window - self.mean) @ self.basis.T) / self.scale

    def window_of(self, components: Tensor) -> Tensor:
        """Return windows from their principal components; what these do not hold is the mean."""
        return self.mean + self.scale * components @ self.basis

    def read_attributes(self, components: Tensor) -> Tensor:
        """Return what the ridge regression reads, in standard deviations, (n, attributes)."""
        return components @ self.read.T

    def encode_components(self, components: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of z, each (n, dims)."""
        attributes = self.read_attributes(components)
        rest = components - attributes @ self.write.T
        skeleton = torch.cat([attributes, (rest @ self.free) / self.spread], dim=1)
        h = self.encoder(components)
        return skeleton + self.encoder_mean(h), self.encoder_log_variance(h).clamp(-9, 2)

    def decode_components(self, z: Tensor) -> Tensor:
        """Return principal components, (n, dims) to (n, components)."""
        attributes, free = z.split([self.config.attributes, self.config.free], dim=1)
        skeleton = attributes @ self.write.T + (free * self.spread) @ self.free.T
        return skeleton + self.decoder_out(self.decoder(z))

    def change(self, z: Tensor, shift: Tensor) -> Tensor:
        """Return how windows change when z moves.

        Attributes move along the regression's directions, which do not depend on the sound: there
        the networks, trained on few sounds, order the result worse. Free dimensions move through
        the decoder.

        Args:
            z: (n, dims).
            shift: (dims,).

        Returns:
            (n, window).
        """
        attributes = self.config.attributes
        free = shift.clone()
        free[:attributes] = 0
        components = STRIDE * self.write @ shift[:attributes]
        components = components + self.decode_components(z + free) - self.decode_components(z)
        return self.scale * components @ self.basis

    def encode(self, window: Tensor) -> Tensor:
        """Return the mean of z for windows (n, window)."""
        return self.encode_components(self.components_of(window))[0]

    def decode(self, z: Tensor) -> Tensor:
        """Return windows (n, window) for z."""
        return self.window_of(self.decode_components(z))
