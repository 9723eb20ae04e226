"""The house codec: the base codec that ships with the package.

Latents are one step for 2,048 frames at 44.1 kHz (21.5 a second). Dimension 0 is the clip's level,
the same in every step, in units of 20 dB: so a gain moves one known dimension and nothing else. The
others are the network's, ordered by what they carry.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
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
from vae.grain import BANDS
from vae.house_model import FLOOR_DB, FRAMES_PER_STEP, HOP, HouseConfig, HouseNet
from vae.latents import Latents
from vae.phase import invent_phase
from vae.spectrum import BINS, WINDOW, stft

SAMPLE_RATE = 44100
LEVEL_UNIT_DB = 20.0
SILENCE_DB = -120.0
# Steps that go through the network at once: a ten-minute file then takes no more memory than a
# short one, and the matrices are small enough that threads never share a sum.
CHUNK_STEPS = 44
KEPT_STEPS = 1024


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
    nepers = math.log(10) / 20
    relative = torch.exp((level.clamp_min(0) * LEVEL_UNIT_DB - FLOOR_DB) * nepers)
    return (relative - floor).clamp_min(0) * peak


class HouseCodec:
    """The house model behind the `BaseCodec` protocol.

    Args:
        net: The network, in evaluation mode.
        digest: What identifies its weights.
        name: For people; tuned codecs have their own.
    """

    sample_rate = SAMPLE_RATE
    channels = 1
    hop = HOP * FRAMES_PER_STEP
    level_dims = 1
    spectrum_hop = HOP
    discrete = random = one_at_a_time = False

    def __init__(self, net: HouseNet, digest: str, name: str = "house") -> None:
        self._net = net.eval().requires_grad_(False)
        self._reach = net.config.reach
        self.name = name
        self.digest = digest
        self.dims = net.config.dims + 1
        silent_step = torch.zeros(1, BINS, FRAMES_PER_STEP)
        self._quiet = self._net.begin_encoding(silent_step)[1]
        quiet = Clip(np.zeros((1, self.hop * 16), np.float32), SAMPLE_RATE)
        self._silence = self.encode(quiet).values[8]

    @property
    def net(self) -> HouseNet:
        """The network; frozen."""
        return self._net

    @torch.inference_mode()
    def encode(self, clip: Clip) -> Latents:
        """Encode a clip; see `BaseCodec.encode`."""
        mono = torch.from_numpy(np.ascontiguousarray(clip.at_rate(SAMPLE_RATE).mono()))
        # The windows that reach over the end hear the sound stop.
        steps = -(-(1 + (len(mono) + WINDOW // 2) // HOP) // FRAMES_PER_STEP)

        def spectra() -> Iterator[Tensor]:
            return (self._spectrum(mono, start, steps) for start in range(-1, steps, CHUNK_STEPS))

        # A long file's are made twice: they would fill the memory.
        kept = list(spectra()) if steps <= KEPT_STEPS else None
        peak = torch.stack([spectrum_peak(magnitude) for magnitude in kept or spectra()]).amax()
        shape = self._shape(scaled_level(magnitude, peak) for magnitude in kept or spectra())
        gain = 20 * torch.log10(peak) / LEVEL_UNIT_DB
        values = torch.cat([gain.expand(len(shape), 1), shape], dim=1)
        return Latents(values.contiguous().numpy())

    def encode_batch(self, clips: Sequence[Clip]) -> list[Latents]:
        """Encode clips; see `BaseCodec.encode_batch`.

        One after the other: sounds of unequal length gain nothing from a common matrix, and sums
        in another order would change their last bits.
        """
        return [self.encode(clip) for clip in clips]

    def _spectrum(self, mono: Tensor, start: int, steps: int) -> Tensor:
        """Return the magnitudes of a chunk that begins at a step, (BINS, 8 n)."""
        first, last = start * self.hop, min(start + CHUNK_STEPS, steps) * self.hop
        # Columns are centred: half a window before the first and after the last is heard too.
        begin, end = first - WINDOW // 2, last - HOP + WINDOW // 2
        piece = mono[max(begin, 0) : max(end, 0)]
        piece = torch.nn.functional.pad(piece, (max(-begin, 0), end - max(begin, 0) - len(piece)))
        spectrum = stft(piece[None], HOP, centred=False)[0]
        # As `abs`, which takes care not to overflow, and five times as long.
        return torch.sqrt(spectrum.real.square() + spectrum.imag.square())

    def _shape(self, levels: Iterable[Tensor]) -> Tensor:
        """Return the shape latents of a sound, (s, dims - 1).

        Args:
            levels: Of its chunks, from the step before the sound on, whose last window hears it.
                Around them is silence, which is hidden as the same in every step.
        """
        parts = [self._net.begin_encoding(level[None]) for level in levels]
        skeleton, hidden = (torch.cat(each, dim=2) for each in zip(*parts, strict=True))
        quiet = self._quiet.expand(-1, -1, self._reach)
        around = torch.cat([quiet[..., 1:], hidden, quiet], dim=2)
        steps = hidden.shape[2] - 1
        shapes = []
        for start in range(0, steps, CHUNK_STEPS):
            end = min(start + CHUNK_STEPS, steps)
            piece = around[..., start : end + 2 * self._reach]
            mean = self._net.finish_encoding(torch.zeros(1), piece)[0]
            inner = mean[..., self._reach : mean.shape[2] - self._reach]
            shapes.append(skeleton[..., 1 + start : 1 + end] + inner)
        return torch.cat(shapes, dim=2)[0].T

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        """Return the step that follows a sound: its level, and the shape of silence."""
        step = self._silence.copy()
        step[0] = latents.values[0, 0]
        return step

    @torch.inference_mode()
    def decode_magnitudes(self, latents: Latents) -> NDArray[np.float32]:
        """Decode latents to magnitudes; see `BaseCodec.decode_magnitudes`."""
        return self.decode_spectrum(latents)[0]

    @torch.inference_mode()
    def decode_spectrum(self, latents: Latents) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Decode latents to magnitudes and to the grain that they lack.

        Returns:
            Magnitudes, float32 >= 0, shape (BINS, 8 s), smooth where the sound is noise; and how
            much of them is noise, 0 to 1, shape (grain.BANDS, s).
        """
        values = torch.from_numpy(latents.values)
        silence = torch.from_numpy(self.silence_after(latents)).expand(self._reach, -1)
        around = torch.cat([silence, values, silence])
        columns = self._reach * FRAMES_PER_STEP
        magnitude = torch.empty(BINS, len(values) * FRAMES_PER_STEP)
        noise = torch.empty(BANDS, len(values))
        peak = 10 ** (values[:, 0].mean() * LEVEL_UNIT_DB / 20)
        for start in range(0, len(values), CHUNK_STEPS):
            end = min(start + CHUNK_STEPS, len(values))
            shape = around[None, start : end + 2 * self._reach, 1:]
            level, grain = self._net.decode(shape.transpose(1, 2))
            kept = level[0, :, columns : level.shape[2] - columns]
            magnitude[:, start * FRAMES_PER_STEP : end * FRAMES_PER_STEP] = unscaled_level(
                kept, peak
            )
            noise[:, start:end] = grain[0, :, self._reach : grain.shape[2] - self._reach]
        return magnitude.numpy(), noise.numpy()

    def magnitudes(self, values: Tensor) -> Tensor:
        """Decode latents (b, s, dims) to magnitudes (b, BINS, 8 s), keeping gradients."""
        silence = torch.from_numpy(self._silence[1:]).expand(len(values), self._reach, -1)
        shape = torch.cat([silence, values[..., 1:], silence], dim=1)
        around = self._reach * FRAMES_PER_STEP
        level = self._net.decode(shape.transpose(1, 2))[0][..., around:-around]
        peak = 10 ** (values[..., 0].mean(dim=1) * LEVEL_UNIT_DB / 20)
        return unscaled_level(level, peak[:, None, None])

    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        """Decode latents to audio with an invented phase; see `BaseCodec.decode`."""
        magnitude, grain = self.decode_spectrum(latents)
        wanted = length if length is not None else latents.steps * self.hop
        return Clip(invent_phase(magnitude, HOP, wanted, grain)[None], SAMPLE_RATE)


def to_bytes(net: HouseNet, note: dict[str, str]) -> bytes:
    """Return the weights as safetensors, float16, with the sizes and notes as metadata."""
    tensors = {k: v.half().contiguous() for k, v in net.state_dict().items()}
    return save(tensors, metadata={"config": json.dumps(net.config.to_dict()), **note})


def from_bytes(data: bytes) -> HouseCodec:
    """Read a codec back from safetensors.

    Raises:
        ModelError: The data is not a house codec, or its weights are not all numbers.
    """
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        net = HouseNet(HouseConfig(**json.loads(header["__metadata__"]["config"])))
        weights = {k: v.float() for k, v in load(data).items()}
        if not all(torch.isfinite(v).all() for v in weights.values()):
            raise ValueError("not numbers")
        net.load_state_dict(weights)
        return HouseCodec(net, hashlib.blake2b(data, digest_size=16).hexdigest())
    except (
        LookupError, ValueError, TypeError, RuntimeError, AttributeError, ArithmeticError,
        MemoryError, SafetensorError,
    ) as error:  # fmt: skip
        raise ModelError("the house codec's weights cannot be read", "reinstall latentcrate") from (
            error
        )


@cache
def house_codec() -> HouseCodec:
    """Return the codec that ships with the package; loaded once."""
    weights = resources.files("vae").joinpath("weights", "house-codec.safetensors")
    return from_bytes(weights.read_bytes())


def save_codec(net: HouseNet, path: Path, note: dict[str, str]) -> None:
    """Write a codec's weights to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(net, note))
