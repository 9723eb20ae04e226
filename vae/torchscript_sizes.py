"""What a TorchScript codec says of itself: its sample rate and its sizes, or how to find them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from library.errors import ModelError, UserError
from vae.torchscript_program import FAILURES, Program

RATES_HZ = range(1_000, 768_001)
PROBE_FRAMES = 1 << 16
# No codec has sizes beyond these, and a few tens of steps of such sizes still fit the memory.
HOPS, DIMS = range(16, PROBE_FRAMES + 1), range(1, 4_097)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of a codec.

    Attributes:
        channels: Of the audio it encodes, 1 or 2.
        decoded_channels: Of the audio it decodes to, 1 or 2.
        dims: Values in a step.
        hop: Frames in a step.
    """

    channels: int
    decoded_channels: int
    dims: int
    hop: int


def check_rate(sample_rate: int) -> None:
    """Refuse a sample rate, in Hz, that no sound has.

    Raises:
        UserError: It is one.
    """
    if sample_rate not in RATES_HZ:
        raise UserError(
            f"{sample_rate} Hz cannot be the sample rate of a codec",
            f"give one from {RATES_HZ[0]} to {RATES_HZ[-1]}",
        )


def said_sample_rate(program: Program) -> int:
    """Return the sample rate that a program says, in Hz, in any of the ways exports have.

    Raises:
        ModelError: It says none.
    """
    for within in ("", "_rave"):
        for name in ("sr", "get_sample_rate", "sampling_rate"):
            value = program.said(name, within)
            try:
                rate = float(value() if callable(value) else value)
            except FAILURES:
                continue
            if rate.is_integer() and int(rate) in RATES_HZ:
                return int(rate)
    raise program.fail("does not say its sample rate", "give it: crate codec trust … --rate HZ")


def sizes(program: Program) -> Sizes:
    """Return the sizes that a program says, or else those found by running it.

    Raises:
        ModelError: They are not those of a codec of mono or stereo audio, or beyond all sense.
    """
    encode, decode = _params(program, "encode_params"), _params(program, "decode_params")
    if encode is None or decode is None:
        found = _found(program)
    else:
        channels, one, dims, hop = encode
        found = Sizes(channels, decode[2], dims, hop)
        if (one, dims, hop) != (decode[3], decode[0], decode[1]):
            raise program.fail("does not decode what it encodes")
    if not {found.channels, found.decoded_channels} <= {1, 2}:
        raise program.fail("is not for mono or stereo audio")
    if found.hop not in HOPS:
        raise program.fail(
            f"has steps of {found.hop:,} frames, where {HOPS[0]} to {HOPS[-1]:,} can be"
        )
    if found.dims not in DIMS:
        raise program.fail(f"has {found.dims:,} values in a step, where 1 to {DIMS[-1]:,} can be")
    return found


def _params(program: Program, name: str) -> tuple[int, int, int, int] | None:
    """Return four positive sizes: channels and ratio of what goes in, and of what comes out.

    None where the program has no such buffer.

    Raises:
        ModelError: What it says can be no sizes.
    """
    buffer = program.said(name)
    if not isinstance(buffer, Tensor) or buffer.numel() != 4 or buffer.is_complex():
        return None
    try:
        said = buffer.to(torch.float64).flatten()
        whole = bool((said == said.round()).all() and (said >= 1).all() and (said < 2**53).all())
        one, two, three, four = (int(value) for value in said.tolist()) if whole else (0, 0, 0, 0)
    except FAILURES:
        whole = False
    if not whole:
        raise program.fail(f"says sizes that cannot be ({name})")
    return one, two, three, four


def _found(program: Program) -> Sizes:
    try:
        channels, z = 1, program.run("encode", torch.zeros(1, 1, PROBE_FRAMES))
    except ModelError as error:
        try:
            channels, z = 2, program.run("encode", torch.zeros(1, 2, PROBE_FRAMES))
        except ModelError:
            raise error from None
    audio = program.run("decode", z[None])
    hop = audio.shape[1] // max(z.shape[1], 1)
    if not hop or z.shape[1] != -(-PROBE_FRAMES // hop) or audio.shape[1] != z.shape[1] * hop:
        raise program.fail("has steps that are not a fixed number of frames")
    return Sizes(channels, len(audio), len(z), hop)
