"""The house codec's network: a PCA skeleton with a learned residual on both sides.

A step is a patch of eight spectrum frames (2,048 audio frames at 44.1 kHz). The skeleton projects
the patch onto the strongest directions of real sound; convolutions over neighbouring steps add what
a linear map cannot say. Their last layers start at zero, so that training starts from PCA (Roche et
al. 2018, arXiv 1806.04096: PCA beats shallow autoencoders on log spectra) and can only add to it.
Blocks follow ConvNeXt (Liu et al. 2022, arXiv 2201.03545).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from vae.spectrum import BINS

HOP = 256
FRAMES_PER_STEP = 8
FLOOR_DB = 80.0


@dataclass(frozen=True, slots=True)
class HouseConfig:
    """Sizes of the network.

    Attributes:
        dims: Shape dimensions of a step; the level is kept apart.
        width: Channels of the residual convolutions.
        blocks: Residual blocks on each side.
        kernel: Steps that one convolution sees.
    """

    dims: int = 31
    width: int = 192
    blocks: int = 3
    kernel: int = 5

    def to_dict(self) -> dict[str, int]:
        """Return the sizes as plain numbers."""
        return asdict(self)


class Block(nn.Module):
    """Depthwise convolution over steps, then a pointwise network; (b, w, s) to (b, w, s)."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 3 * width)
        self.contract = nn.Linear(3 * width, width)
        self.scale = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x: Tensor) -> Tensor:
        """Apply the block."""
        h = self.norm(self.depthwise(x).transpose(1, 2))  # (b, s, w)
        h = self.contract(nn.functional.gelu(self.expand(h)))
        return x + (h * self.scale).transpose(1, 2)


def to_patches(level: Tensor) -> Tensor:
    """Cut scaled log spectra (b, BINS, 8 s) into patches (b, 8 BINS, s)."""
    b, bins, frames = level.shape
    patches = level.reshape(b, bins, frames // FRAMES_PER_STEP, FRAMES_PER_STEP)
    return patches.permute(0, 1, 3, 2).reshape(b, bins * FRAMES_PER_STEP, -1)


def from_patches(patches: Tensor) -> Tensor:
    """Join patches (b, 8 BINS, s) into scaled log spectra (b, BINS, 8 s)."""
    b, _, steps = patches.shape
    level = patches.reshape(b, BINS, FRAMES_PER_STEP, steps).permute(0, 1, 3, 2)
    return level.reshape(b, BINS, steps * FRAMES_PER_STEP)


class HouseNet(nn.Module):
    """Encoder and decoder between scaled log spectra and shape latents.

    Spectra are in units of 20 dB above the floor, 0 to FLOOR_DB / 20, relative to the loudest bin
    of the clip.
    """

    mean: Tensor
    analysis: Tensor
    synthesis: Tensor

    def __init__(self, config: HouseConfig) -> None:
        super().__init__()
        self.config = config
        patch = BINS * FRAMES_PER_STEP
        self.register_buffer("mean", torch.zeros(patch))
        self.register_buffer("analysis", torch.zeros(config.dims, patch))
        self.register_buffer("synthesis", torch.zeros(patch, config.dims))
        self.encoder_in = nn.Conv1d(patch, config.width, 1)
        self.encoder_blocks = nn.Sequential(
            *(Block(config.width, config.kernel) for _ in range(config.blocks))
        )
        self.encoder_out = nn.Conv1d(config.width, 2 * config.dims, 1)
        self.decoder_in = nn.Conv1d(config.dims, config.width, config.kernel, padding="same")
        self.decoder_blocks = nn.Sequential(
            *(Block(config.width, config.kernel) for _ in range(config.blocks))
        )
        self.decoder_out = nn.Conv1d(config.width, patch, 1)
        for last in (self.encoder_out, self.decoder_out):
            nn.init.zeros_(last.weight)
            assert last.bias is not None
            nn.init.zeros_(last.bias)
        assert self.encoder_out.bias is not None
        with torch.no_grad():
            self.encoder_out.bias[config.dims :] = -5.0  # small posterior noise to begin with

    def set_skeleton(self, mean: Tensor, analysis: Tensor, synthesis: Tensor) -> None:
        """Set the linear part: patch mean (p,), analysis (d, p), synthesis (p, d)."""
        self.mean.copy_(mean)
        self.analysis.copy_(analysis)
        self.synthesis.copy_(synthesis)

    def encode(self, level: Tensor) -> tuple[Tensor, Tensor]:
        """Encode scaled log spectra.

        Args:
            level: (b, BINS, 8 s).

        Returns:
            Mean and log variance of the posterior, each (b, d, s).
        """
        patches = to_patches(level) - self.mean[:, None]
        h = self.encoder_out(self.encoder_blocks(self.encoder_in(patches)))
        residual, log_variance = h.chunk(2, dim=1)
        return self.analysis @ patches + residual, log_variance.clamp(-9, 2)

    def decode(self, z: Tensor) -> Tensor:
        """Decode shape latents (b, d, s) into scaled log spectra (b, BINS, 8 s)."""
        h = self.decoder_out(self.decoder_blocks(self.decoder_in(z)))
        patches = self.mean[:, None] + self.synthesis @ z + h
        return from_patches(patches)
