"""The house codec's network: a PCA skeleton with a learned residual on both sides.

A step is a patch of eight spectrum frames (2,048 audio frames at 44.1 kHz). The skeleton projects
the patch onto the strongest directions of real sound; convolutions over neighbouring steps add what
a linear map cannot say. Their last layers start at zero, so that training starts from PCA (Roche et
al. 2018, arXiv 1806.04096: PCA beats shallow autoencoders on log spectra) and can only add to it.
Blocks follow ConvNeXt (Liu et al. 2022, arXiv 2201.03545).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn

from vae.grain import BANDS
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

    @property
    def reach(self) -> int:
        """Steps on each side that can change what is encoded or decoded at one."""
        return (self.blocks + 1) * (self.kernel // 2)

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
    """Cut scaled log spectra (b, BINS, 8 s) into patches (8, BINS, b s), column by column."""
    b, bins, frames = level.shape
    columns = level.reshape(b, bins, frames // FRAMES_PER_STEP, FRAMES_PER_STEP)
    return columns.permute(3, 1, 0, 2).reshape(FRAMES_PER_STEP, bins, -1)


def from_patches(patches: Tensor, b: int) -> Tensor:
    """Join patches (8, BINS, b s) into scaled log spectra (b, BINS, 8 s)."""
    columns = patches.reshape(FRAMES_PER_STEP, BINS, b, -1)
    return columns.permute(2, 1, 3, 0).reshape(b, BINS, -1)


class Patches(nn.Module):
    """A linear map of patches (8, BINS, n) to (width, n).

    One product for each column of a patch, then their sum: a single long one would be cut
    differently for another number of threads, and the last bits of the latents with it.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        bound = 1 / math.sqrt(BINS * FRAMES_PER_STEP)
        self.weight = nn.Parameter(
            torch.empty(FRAMES_PER_STEP, width, BINS).uniform_(-bound, bound)
        )
        self.bias = nn.Parameter(torch.zeros(width, 1))

    def forward(self, patches: Tensor) -> Tensor:
        """Apply the map."""
        return (self.weight @ patches).sum(dim=0) + self.bias


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
        self.register_buffer("mean", torch.zeros(FRAMES_PER_STEP, BINS))
        self.register_buffer("analysis", torch.zeros(FRAMES_PER_STEP, config.dims, BINS))
        self.register_buffer("synthesis", torch.zeros(FRAMES_PER_STEP, BINS, config.dims))
        self.encoder_in = Patches(config.width)
        self.encoder_blocks = nn.Sequential(
            *(Block(config.width, config.kernel) for _ in range(config.blocks))
        )
        self.encoder_out = nn.Conv1d(config.width, 2 * config.dims, 1)
        self.decoder_in = nn.Conv1d(config.dims, config.width, config.kernel, padding="same")
        self.decoder_blocks = nn.Sequential(
            *(Block(config.width, config.kernel) for _ in range(config.blocks))
        )
        self.decoder_out = nn.Conv1d(config.width, FRAMES_PER_STEP * BINS, 1)
        self.grain_out = nn.Conv1d(config.width, BANDS, 1)
        for last in (self.encoder_out, self.decoder_out, self.grain_out):
            nn.init.zeros_(last.weight)
            assert last.bias is not None
            nn.init.zeros_(last.bias)
        assert self.encoder_out.bias is not None
        with torch.no_grad():
            self.encoder_out.bias[config.dims :] = -5.0  # small posterior noise to begin with

    def set_skeleton(self, mean: Tensor, analysis: Tensor, synthesis: Tensor) -> None:
        """Set the linear part.

        Args:
            mean: Of patches, (8, BINS).
            analysis: (8, d, BINS).
            synthesis: (8, BINS, d).
        """
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
        return self.finish_encoding(*self.begin_encoding(level))

    def begin_encoding(self, level: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is read off each step by itself: the linear part, and what is hidden.

        Args:
            level: (b, BINS, 8 s).

        Returns:
            (b, d, s) and (b, w, s).
        """
        b = len(level)
        patches = to_patches(level) - self.mean[..., None]
        with torch.autocast(level.device.type, enabled=False):  # of the skeleton every bit counts
            skeleton = (self.analysis @ patches).sum(dim=0)
        hidden = self.encoder_in(patches).unflatten(1, (b, -1)).transpose(0, 1)
        return skeleton.unflatten(1, (b, -1)).transpose(0, 1), hidden

    def finish_encoding(self, skeleton: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return the posterior of steps that know of each other; see `encode`."""
        out = self.encoder_out(self.encoder_blocks(hidden)).float()
        residual, log_variance = out.chunk(2, dim=1)
        return skeleton + residual, log_variance.clamp(-9, 2)

    def decode(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Decode shape latents (b, d, s).

        Returns:
            Scaled log spectra (b, BINS, 8 s), smooth where the sound is noise; and the grain that
            they lack, 0 to 1, (b, BANDS, s).
        """
        b, d, s = z.shape
        h = self.decoder_blocks(self.decoder_in(z))
        residual = self.decoder_out(h).float().reshape(b, FRAMES_PER_STEP, BINS, s)
        with torch.autocast(z.device.type, enabled=False):
            skeleton = self.synthesis @ z.float().transpose(0, 1).reshape(d, b * s)
        patches = self.mean[..., None] + skeleton
        patches = patches + residual.permute(1, 2, 0, 3).reshape(FRAMES_PER_STEP, BINS, b * s)
        return from_patches(patches, b), torch.sigmoid(self.grain_out(h).float())

    @torch.no_grad()
    def keep_dims(self, kept: Tensor) -> HouseNet:
        """Return the network with only these dimensions, in this order; int64, shape (k,)."""
        config = replace(self.config, dims=len(kept))
        state = self.state_dict()
        state["analysis"] = state["analysis"][:, kept]
        state["synthesis"] = state["synthesis"][..., kept]
        rows = torch.cat([kept, kept + self.config.dims])  # of means and of log variances
        for name in ("encoder_out.weight", "encoder_out.bias"):
            state[name] = state[name][rows]
        state["decoder_in.weight"] = state["decoder_in.weight"][:, kept]
        net = HouseNet(config)
        net.load_state_dict(state)
        return net
