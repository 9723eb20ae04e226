"""What the house codec is trained to do well, and how its training is watched."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.grain import band_of_bins, grain
from vae.house_codec import LEVEL_UNIT_DB, SAMPLE_RATE, unscaled_level
from vae.house_model import FLOOR_DB, FRAMES_PER_STEP, HouseNet
from vae.mel_error import mel_error_db, smoothed_mel_db
from vae.spectrum import BINS, WINDOW, mel_filters

HIGHEST_HZ = 20_000.0
# The mean of the logarithm of an exponential variable lies Euler's constant under the logarithm of
# its mean: the power of noise, in dB.
NOISE_MEAN_DB = 0.5772 * 10 / math.log(10)
# Units of 20 dB: noise is seldom further from its local mean; and what rises more within the
# columns on both sides is an attack, of which the columns on the slope are left as they are.
FAR, RISE, SLOPE = 0.75, 0.3, 0.15
SIDE = 3


def bin_weights() -> Tensor:
    """Return weights of the bins, mean 1, as the ear spaces them (mel density), shape (BINS,)."""
    hz = torch.arange(BINS) * SAMPLE_RATE / WINDOW
    weight = 1 / (hz + 700.0)
    return weight / weight.mean()


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What one step of training takes.

    Attributes:
        level: Scaled log spectra, (b, BINS, 8 s).
        wanted: What should be decoded, likewise: smooth where the sound is noise.
        noise: Its grain, (b, grain.BANDS, s).
    """

    level: Tensor
    wanted: Tensor
    noise: Tensor

    def to(self, device: str) -> Batch:
        """Return the batch on a device."""
        return Batch(self.level.to(device), self.wanted.to(device), self.noise.to(device))


@torch.no_grad()
def with_targets(level: Tensor) -> Batch:
    """Return what should be decoded of scaled log spectra (b, BINS, 8 s).

    Where the sound is noise, the level of a single bin is chance: the decoder is asked for the mean
    power around it instead, and for the grain that says so.
    """
    bands = band_of_bins(SAMPLE_RATE)
    noise = grain(level * LEVEL_UNIT_DB, bands)
    # Means of logarithms, so that what decays evenly keeps its level; of the columns until then
    # and from then on, so that an attack is not blunted: there the side counts that it belongs to.
    lasting = _pooled(level, (5, 1))
    past = _pooled(torch.nn.functional.pad(lasting, (SIDE, 0), mode="replicate"), (1, SIDE + 1))
    ahead = _pooled(torch.nn.functional.pad(lasting, (0, SIDE), mode="replicate"), (1, SIDE + 1))
    nearer = torch.where((lasting - past).abs() < (lasting - ahead).abs(), past, ahead)
    rising = ahead - past > RISE
    slope = rising & ((lasting - nearer).abs() > SLOPE)
    mean = torch.where(rising, nearer, (past + ahead) / 2)
    mean = mean + NOISE_MEAN_DB / LEVEL_UNIT_DB * (mean > 0.25)
    chance = (((level - mean).abs() < FAR) & ~slope).float()
    share = noise[:, bands].repeat_interleave(FRAMES_PER_STEP, dim=2) * chance
    return Batch(level, torch.lerp(level, mean, share), noise)


def _pooled(level: Tensor, size: tuple[int, int]) -> Tensor:
    """Return the mean around each bin, with padding where the size is odd."""
    return torch.nn.functional.avg_pool2d(
        level[:, None],
        size,
        stride=1,
        padding=(size[0] // 2, 0),
        count_include_pad=False,
    )[:, 0]


class Objective:
    """The training loss of a batch.

    Args:
        kl: Weight of the Kullback-Leibler term, per latent step.
        grain: Weight of the grain's error.
        device: Where the batches are.
    """

    def __init__(self, kl: float, grain: float, device: str = "cpu") -> None:
        self.kl, self.grain = kl, grain
        self.half = True
        self.filters = mel_filters(72, SAMPLE_RATE, high_hz=HIGHEST_HZ).to(device)
        self.weights = bin_weights()[:, None].to(device)
        self.one = torch.ones(1, device=device)

    def mel(self, level: Tensor) -> Tensor:
        """Return the smoothed mel spectrum in units of 20 dB, (b, bands, 2 s)."""
        magnitude = unscaled_level(level, self.one)
        return smoothed_mel_db(magnitude, self.filters).clamp_min(-FLOOR_DB) / LEVEL_UNIT_DB

    def __call__(self, net: HouseNet, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """Return the loss and its parts."""
        level, wanted = batch.level, batch.wanted
        with torch.autocast(level.device.type, torch.bfloat16, enabled=self.half):
            mean, log_variance = net.encode(level)
            z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
            decoded, decoded_noise = net.decode(z)
        # Louder bins count more: what is near the floor is hardly heard.
        weight = self.weights * (0.25 + wanted)
        bins = ((decoded - wanted).abs() * weight).mean()
        mel = (self.mel(decoded) - self.mel(level)).abs().mean()
        heard = (level.amax(dim=(1, 2), keepdim=True) > 0.5).float()
        grained = ((decoded_noise - batch.noise).abs() * heard).mean()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
        loss = 0.3 * bins + mel + self.grain * grained + self.kl * kl
        parts = {"bins": bins, "mel": mel, "grain": grained, "kl": kl, "loss": loss}
        return loss, {name: round(part.item(), 5) for name, part in parts.items()}

    def choose_precision(self, net: HouseNet, batch: Batch) -> None:
        """Take the faster of half and full precision: few processors have units for halves."""

        def seconds(half: bool) -> float:
            self.half = half
            started = time.perf_counter()
            self(net, batch)[0].backward()
            return time.perf_counter() - started

        for half in (True, False):
            seconds(half)
        self.half = seconds(True) < seconds(False)
        net.zero_grad()


@torch.inference_mode()
def validate(net: HouseNet, batch: Tensor, objective: Objective) -> dict[str, float]:
    """Return the median and 90th percentile of the smoothed log-mel error of a batch in dB."""
    decoded, _ = net.decode(net.encode(batch)[0])
    one = objective.one
    errors = mel_error_db(
        unscaled_level(batch, one), unscaled_level(decoded, one), objective.filters
    )
    low, high = torch.quantile(errors, torch.tensor([0.5, 0.9], device=errors.device)).tolist()
    return {"error_db": round(low, 3), "error_p90_db": round(high, 3)}
