"""The house codec: the base codec that ships with the package.

Latents are one step for 2,048 frames at 44.1 kHz (21.5 a second). Dimension 0 is the clip's level,
the same in every step, in units of 20 dB: so a gain moves one known dimension and nothing else. The
others are the network's, ordered by what they carry.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from library.clip import Clip
from library.errors import ModelError
from vae.house_model import FLOOR_DB, FRAMES_PER_STEP, HOP, HouseConfig, HouseNet
from vae.latents import Latents
from vae.phase import invent_phase
from vae.spectrum import WINDOW, stft

SAMPLE_RATE = 44100
LEVEL_UNIT_DB = 20.0
SILENCE_DB = -120.0
MARGIN_STEPS = 8


def spectrum_peak(magnitude: Tensor) -> Tensor:
    """Return the loudest bin of a spectrum (BINS, n), never under -120 dB; a scalar."""
    floor = 10 ** (SILENCE_DB / 20)
    return magnitude.amax().clamp_min(floor) if magnitude.numel() else torch.tensor(floor)


def scaled_level(magnitude: Tensor, peak: Tensor) -> Tensor:
    """Return magnitudes as the network takes them: 20 dB units above the floor under `peak`."""
    floor = 10 ** (-FLOOR_DB / 20)
    return (20 * torch.log10(magnitude / peak + floor) + FLOOR_DB) / LEVEL_UNIT_DB


def unscaled_level(level: Tensor, peak: Tensor) -> Tensor:
    """Return the magnitudes of what the network decoded; the inverse of `scaled_level`."""
    floor = 10 ** (-FLOOR_DB / 20)
    relative = 10 ** ((level.clamp(0, None) * LEVEL_UNIT_DB - FLOOR_DB) / 20)
    return (relative - floor).clamp_min(0) * peak


class HouseCodec:
    """The house model behind the `BaseCodec` protocol.

    Args:
        net: The network, in evaluation mode.
        digest: What identifies its weights.
    """

    name = "house"
    sample_rate = SAMPLE_RATE
    hop = HOP * FRAMES_PER_STEP
    level_dims = 1
    spectrum_hop = HOP

    def __init__(self, net: HouseNet, digest: str) -> None:
        self._net = net.eval().requires_grad_(False)
        self.digest = digest
        self.dims = net.config.dims + 1
        quiet = Clip(np.zeros((1, self.hop * 16), np.float32), SAMPLE_RATE)
        self._silence = self.encode(quiet).values[8]

    @property
    def config(self) -> HouseConfig:
        """The sizes of the network."""
        return self._net.config

    @property
    def skeleton(self) -> tuple[Tensor, Tensor, Tensor]:
        """The linear part, as `HouseNet.set_skeleton` takes it."""
        return self._net.mean, self._net.analysis, self._net.synthesis

    @torch.inference_mode()
    def encode(self, clip: Clip) -> Latents:
        """Encode a clip; see `BaseCodec.encode`."""
        mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(SAMPLE_RATE).mono()))
        # The windows that reach over the end hear the sound stop.
        steps = -(-(1 + (len(mono) + WINDOW // 2) // HOP) // FRAMES_PER_STEP)
        # Silence on both sides, so that silence in the file changes no other step.
        around = MARGIN_STEPS * self.hop
        after = around + steps * self.hop - len(mono)
        surrounded = torch.nn.functional.pad(mono, (around, after))
        magnitude = stft(surrounded[None], HOP).abs()[0, :, :-1]
        peak = spectrum_peak(magnitude)
        level = scaled_level(magnitude, peak)
        mean = self._net.encode(level[None])[0][..., MARGIN_STEPS:-MARGIN_STEPS]
        gain = 20 * torch.log10(peak) / LEVEL_UNIT_DB
        values = torch.cat([gain.expand(1, mean.shape[2]), mean[0]]).T
        return Latents(values.contiguous().numpy())

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        """Return the step that follows a sound: its level, and the shape of silence."""
        step = self._silence.copy()
        step[0] = latents.values[0, 0]
        return step

    @torch.inference_mode()
    def decode_magnitudes(self, latents: Latents) -> NDArray[np.float32]:
        """Decode latents to magnitudes; see `BaseCodec.decode_magnitudes`."""
        return self.magnitudes(torch.from_numpy(latents.values)[None])[0].numpy()

    def magnitudes(self, values: Tensor) -> Tensor:
        """Decode latents (b, s, dims) to magnitudes (b, BINS, 8 s), keeping gradients."""
        silence = torch.from_numpy(self._silence[1:]).expand(len(values), MARGIN_STEPS, -1)
        shape = torch.cat([silence, values[..., 1:], silence], dim=1)
        around = MARGIN_STEPS * FRAMES_PER_STEP
        level = self._net.decode(shape.transpose(1, 2))[..., around:-around]
        peak = 10 ** (values[..., 0].mean(dim=1) * LEVEL_UNIT_DB / 20)
        return unscaled_level(level, peak[:, None, None])

    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        """Decode latents to audio with an invented phase; see `BaseCodec.decode`."""
        magnitude = self.decode_magnitudes(latents)
        wanted = length if length is not None else latents.steps * self.hop
        return Clip(invent_phase(magnitude, HOP, wanted)[None], SAMPLE_RATE)


def to_bytes(net: HouseNet, note: dict[str, str]) -> bytes:
    """Return the weights as safetensors, float16, with the sizes and notes as metadata."""
    tensors = {k: v.half().contiguous() for k, v in net.state_dict().items()}
    return save(tensors, metadata={"config": json.dumps(net.config.to_dict()), **note})


def from_bytes(data: bytes) -> HouseCodec:
    """Read a codec back from safetensors.

    Raises:
        ModelError: The data is not a house codec.
    """
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        net = HouseNet(HouseConfig(**json.loads(header["__metadata__"]["config"])))
        net.load_state_dict({k: v.float() for k, v in load(data).items()})
    except (KeyError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelError("the house codec's weights cannot be read", "reinstall latentcrate") from (
            error
        )
    return HouseCodec(net, hashlib.blake2b(data, digest_size=16).hexdigest())


@cache
def house_codec() -> HouseCodec:
    """Return the codec that ships with the package; loaded once."""
    weights = resources.files("vae").joinpath("weights", "house-codec.safetensors")
    return from_bytes(weights.read_bytes())


def save_codec(net: HouseNet, path: Path, note: dict[str, str]) -> None:
    """Write a codec's weights to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(net, note))
