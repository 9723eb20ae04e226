"""TorchScript codecs that behave as RAVE exports do, made on the fly.

They code audio for real: a modified discrete cosine transform of one hop, of which the lowest
coefficients are the latents (Princen, Johnson, Bradley 1987). Sounds without high frequencies come
back as they were. The latents of silence are not zero, so that only steps with others around them
decode to what they should.
"""

from __future__ import annotations

import hashlib
import io
import math
import warnings
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

SCALE = 4.0
OFFSET = 0.5
CODES_IN_ONE = 24.0
CODE_ZERO = 500.0
MOST_BATCH = 64


class Memory(nn.Module):
    """The end of the last input, as cached convolutions keep it."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.register_buffer("pad", torch.zeros(MOST_BATCH, 1, length))
        self.length, self.most = length, MOST_BATCH

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[0] > self.most:
            raise ValueError("batch too large for the cache")
        longer = torch.cat([self.pad[: x.shape[0]], x], 2)
        self.pad[: x.shape[0]] = longer[..., -self.length :]
        return longer


class Standin(nn.Module):
    """A codec.

    Args:
        hop: Frames in a step.
        dims: Latents of one channel.
        channels: In.
        decoded: Channels out.
        streaming: Keep a memory between calls, and be late by a hop.
        late: By how many hops more, where streaming.
        spread: Deviation of the posterior.
        noise: Level of the noise in the dimensions that encoding drops.
        codes: Latents are whole numbers.
        fault: What is wrong with it.
    """

    def __init__(
        self,
        hop: int = 512,
        dims: int = 64,
        channels: int = 1,
        decoded: int = 1,
        streaming: bool = False,
        late: int = 0,
        spread: float = 0.0,
        noise: float = 0.0,
        codes: bool = False,
        fault: str = "",
    ) -> None:
        super().__init__()
        n, k = torch.arange(2 * hop) + 0.5, torch.arange(2 * dims)[:, None] + 0.5
        basis = torch.cos(math.pi / hop * (n + hop / 2) * k) * torch.sin(math.pi * n / (2 * hop))
        self.register_buffer("basis", (basis * math.sqrt(2 / hop))[:, None])
        hum = nn.functional.conv_transpose1d(
            torch.full((1, dims, 4), OFFSET * SCALE), self.basis[:dims], stride=hop
        )
        start = 2 * hop if streaming else 2 * hop + hop // 2
        self.register_buffer("hum", hum[..., start : start + hop])
        self.register_buffer("drift", torch.zeros(1))
        self.register_buffer("kept", torch.zeros(1, channels * dims, 500))
        self.heard = Memory(hop * (1 + late)) if streaming else nn.Identity()
        self.spoken = Memory(hop) if streaming else nn.Identity()
        self.hop, self.dims, self.channels, self.decoded = hop, dims, channels, decoded
        self.streaming, self.spread, self.noise, self.codes = streaming, spread, noise, codes
        self.fault, self.calls = fault, 0
        self.scale, self.offset = SCALE, OFFSET
        self.codes_in_one, self.code_zero = CODES_IN_ONE, CODE_ZERO

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        if x.shape[1] != self.channels:
            raise ValueError("wrong number of channels")
        if self.fault == "encode raises":
            raise ValueError("this sound\nis not for me")
        if self.fault == "refuses loud sounds" and bool((x.abs() > 0.9).any()):
            raise ValueError("too loud")
        hop = self.hop
        flat = x.reshape(x.shape[0] * x.shape[1], 1, x.shape[2])
        flat = nn.functional.pad(flat, [0, -x.shape[2] % hop])
        if self.streaming:
            flat = self.heard(flat)[..., : flat.shape[2] + hop]
        else:
            flat = nn.functional.pad(flat, [hop // 2, hop - hop // 2])
        z = nn.functional.conv1d(flat, self.basis[: self.dims], stride=[hop]) / self.scale
        z = z.reshape(x.shape[0], self.channels * self.dims, z.shape[2]) + self.offset
        if self.spread > 0:
            z = z + self.spread * torch.randn_like(z)
        if self.fault == "drifts":
            self.drift += 0.1
            z = z + self.drift
        if self.fault == "counts":
            self.calls += 1
            z = z + 0.01 * self.calls
        if self.fault == "writes into its input":
            x.zero_()
        if self.fault == "one step more":
            z = nn.functional.pad(z, [0, 1])
        if self.fault == "no batch":
            z = z[0]
        if self.fault == "encodes to no numbers":
            z = z / torch.zeros_like(z)
        if self.fault == "endless":
            z = z[..., :1].expand(1, self.dims, 1 << 44)
        if self.fault == "returns its memory":
            self.kept[..., : z.shape[2]] = z
            z = self.kept[..., : z.shape[2]]
        if self.codes:
            z = torch.round(z * self.codes_in_one) + self.code_zero
        return z

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        if self.codes:
            # As a table of codes would, it takes what is no whole number for the one below.
            z = (z.long().float() - self.code_zero) / self.codes_in_one
        if self.fault == "deaf":
            z = torch.zeros_like(z)
        if self.fault == "drifts":
            z = z - 0.1
        hop = self.hop
        z = z.reshape(z.shape[0] * self.channels, self.dims, z.shape[2]) * self.scale
        if self.noise > 0:
            z = torch.cat([z, self.noise * torch.randn_like(z)], 1)
        pieces = nn.functional.conv_transpose1d(z, self.basis[: z.shape[1]], stride=[hop])
        if self.streaming:
            # The second half of the last piece is what the next call begins with.
            last = self.spoken(pieces[..., -hop:])[..., :hop]
            y = torch.cat([pieces[..., :hop] + last, pieces[..., hop:-hop]], 2)
        else:
            y = pieces[..., hop // 2 : hop // 2 - hop]
        y = y - self.hum.repeat(1, 1, z.shape[2])
        y = y.reshape(z.shape[0] // self.channels, self.channels, y.shape[2])
        if self.decoded > self.channels:
            y = y + 1e-3 * torch.randn(y.shape[0], self.decoded, y.shape[2])
        if self.fault == "decode raises":
            y = y.reshape(3, 5, 7)
        if self.fault == "half as long":
            y = y[..., ::2]
        if self.fault == "decodes to no numbers":
            y = y * float("nan")
        return y

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))


class Asked(Standin):
    """A codec that says its sample rate when it is asked."""

    @torch.jit.export
    def get_sample_rate(self) -> int:
        return self.rate


class Combined(nn.Module):
    """A codec joined with a prior, which keeps the codec inside."""

    def __init__(self, codec: nn.Module) -> None:
        super().__init__()
        self._rave = codec

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        return self._rave.encode(x)

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        return self._rave.decode(z)

    @torch.jit.export
    def prior(self, x: Tensor) -> Tensor:
        return torch.randn_like(x)

    def forward(self, x: Tensor) -> Tensor:
        return self._rave(x)


class Talking(Combined):
    """A codec that prints whenever it runs."""

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        print("I encode", x.shape)  # noqa: T201
        return self._rave.encode(x)

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        print("I decode", z.shape)  # noqa: T201
        return self._rave.decode(z)


class Wrapper(nn.Module):
    """An export for Neutone, which has no encode and decode of its own."""

    def __init__(self, codec: nn.Module) -> None:
        super().__init__()
        self.model = codec

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class Touchy(nn.Module):
    """A program that writes a file when it is asked to encode."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        torch.save(x, self.place)
        return x

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        return z

    def forward(self, x: Tensor) -> Tensor:
        return x


def scripted(module: nn.Module) -> bytes:
    """The TorchScript file of a module."""
    data = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`torch\.jit\.(script|save)` is", DeprecationWarning)
        torch.jit.save(torch.jit.script(module.eval()), data)
    return data.getvalue()


@cache
def standin(
    rate: int = 44_100,
    says: str = "sr",
    params: bool = True,
    within: str = "",
    sizes: tuple[float, float] | None = None,
    **options: object,
) -> bytes:
    """The TorchScript file of a stand-in.

    Args:
        rate: Hz.
        says: How it says its rate: "sr", "sampling_rate", "asked" or "nothing".
        params: Whether it has the buffers with its sizes.
        within: "combined", "talking" or "neutone", where another module is around it.
        sizes: The values and frames of a step that it says; the true ones where None.
        options: Of `Standin`.
    """
    codec: nn.Module = (Asked if says == "asked" else Standin)(**options)  # type: ignore[arg-type]
    if says == "sr":
        codec.sr = rate
    elif says == "sampling_rate":
        codec.register_buffer("sampling_rate", torch.tensor(rate))
    elif says == "asked":
        codec.rate = rate
    around = {"combined": Combined, "talking": Talking}.get(within)
    shown: nn.Module = around(codec) if around else codec
    if params:
        step = sizes or (codec.channels * codec.dims, codec.hop)
        for name, values in {
            "encode_params": [codec.channels, 1, *step],
            "decode_params": [*step, codec.decoded, 1],
            "forward_params": [codec.channels, 1, codec.decoded, 1],
        }.items():
            shown.register_buffer(name, torch.tensor(values))
    return scripted(Wrapper(shown) if within == "neutone" else shown)


def digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def written(data: bytes, folder: Path, name: str = "model.ts") -> Path:
    """A file with the data."""
    path = folder / name
    path.write_bytes(data)
    return path
