"""The ear's network: from the beginning of a sound to where it lies among all sounds.

It sees the auditory image on a logarithmic time axis, so that its filters meet an attack and a
decay at the same size, as they meet a low and a high note on the mel axis.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from library.category import CATEGORY_NAMES
from vae.auditory_image import BANDS, FLOOR_DB, LOG_COLUMNS, log_time_lengths

_STRIDE = 8
_STEPS = LOG_COLUMNS // _STRIDE


@dataclass(frozen=True, slots=True)
class EarConfig:
    """The size of the network.

    Attributes:
        channels: Of the convolutions, each of stride 2.
        width: Of each log-time step after them.
        dims: Of an embedding.
        dropout: While it is trained.
    """

    channels: tuple[int, int, int] = (48, 96, 128)
    width: int = 192
    dims: int = 64
    dropout: float = 0.2

    def to_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


class EarNet(nn.Module):
    """Embeds log-time auditory images on the unit sphere."""

    share: Tensor

    def __init__(self, config: EarConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        before = 2
        for i, channels in enumerate(config.channels):
            size = 5 if i == 0 else 3
            layers += [
                nn.Conv2d(before, channels, size, stride=2, padding=size // 2, bias=False),
                nn.BatchNorm2d(channels),
                nn.SiLU(),
            ]
            before = channels
        self.conv = nn.Sequential(*layers)
        self.mix = nn.Sequential(
            nn.Conv1d(before * (BANDS // _STRIDE), config.width, 1, bias=False),
            nn.BatchNorm1d(config.width),
            nn.SiLU(),
        )
        self.out = nn.Sequential(
            nn.Dropout(config.dropout),
            nn.Linear(2 * config.width, config.dims),
        )
        # Between counting instants and counting log-time steps.
        length = torch.from_numpy(log_time_lengths()).reshape(_STEPS, _STRIDE).sum(dim=1).sqrt()
        self.register_buffer("share", (length / length.sum()).float(), persistent=False)
        self.category = nn.Linear(config.dims, len(CATEGORY_NAMES))
        self.identity = nn.Sequential(nn.Linear(config.dims, 128), nn.SiLU(), nn.Linear(128, 64))

    def forward(self, image: Tensor) -> Tensor:
        """Return embeddings.

        Args:
            image: Log-time auditory images, float, shape (n, LOG_COLUMNS, BANDS), dB.

        Returns:
            float, shape (n, dims), each of length 1.
        """
        hidden = self.conv(image_planes(image))
        steps = hidden.permute(0, 1, 3, 2).flatten(1, 2)  # (n, channels * bands, steps)
        mixed = self.mix(steps)
        # The filters know when they are; an output that reads every step by itself learns makers.
        pooled = torch.cat([(mixed * self.share).sum(dim=2), mixed.amax(dim=2)], dim=1)
        embedding: Tensor = self.out(pooled)
        return nn.functional.normalize(embedding, dim=1)


def image_planes(image: Tensor) -> Tensor:
    """Return what the first convolution sees: images on an even scale, and when each column is.

    Args:
        image: Log-time auditory images, float, shape (n, LOG_COLUMNS, BANDS), dB.

    Returns:
        float, shape (n, 2, LOG_COLUMNS, BANDS).
    """
    scaled = (image - 0.6 * FLOOR_DB) / (0.3 * -FLOOR_DB)
    when = torch.linspace(-1, 1, LOG_COLUMNS, device=image.device)[:, None]
    return torch.stack([scaled, when.expand_as(scaled)], dim=1)
