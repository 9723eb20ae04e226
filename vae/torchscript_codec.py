"""Any RAVE export, or other TorchScript codec of the same manners, as a base codec.

A sound is encoded and decoded as if it lay in endless silence. What is random in the program is
drawn from the same seeds every time, and averaged in encoding. What comes out late, as it does from
streaming exports, is moved back to where it belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from library.clip import Clip
from vae.latents import Latents
from vae.spectrum import BINS, WINDOW, stft
from vae.torchscript_delay import delay_between, probe_sound
from vae.torchscript_program import Program, open_program, same
from vae.torchscript_sizes import said_sample_rate, sizes

# Steps of silence around a sound, and of its own context around a part of a long one. A published
# RAVE of 2,048 frames a step hears about ten steps to either side, faintly at their ends.
EDGE_STEPS, CONTEXT_STEPS = 4, 12
CHUNK_STEPS = 232
# What follows the end hears the sound stop.
TAIL_STEPS = 1
DRAWS = 8
# Noise is drawn by length: sounds of nearly the same length must get the same noise.
RANDOM_STEPS = 16
# Larger values, and larger codes, do not survive half precision.
MOST_VALUE, MOST_CODE = 65_504, 2_048
COLUMNS_AT_ONCE = 4_096


def cut(values: Tensor, start: int, stop: int, silence: Tensor) -> Tensor:
    """Return columns of (c, n) from start to stop, with `silence` (c, 1) where there are none."""
    inside = values[:, max(start, 0) : max(stop, 0)]
    before = min(max(-start, 0), stop - start)
    after = stop - start - before - inside.shape[1]
    return torch.cat([silence.expand(-1, before), inside, silence.expand(-1, after)], dim=1)


class TorchScriptCodec:
    """A TorchScript program behind the `BaseCodec` protocol.

    Args:
        program: With `encode` and `decode`, as RAVE exports have them.
        digest: Of its file.
        name: For people.
        sample_rate: Hz; what the program says where None.

    Attributes:
        decoded_channels: Of the clips it decodes to.
        delay: Frames by which it is late; decoding makes up for it.

    Raises:
        ModelError: It does not say its sample rate, fails on a probing sound, or is no codec.
    """

    level_dims = 0
    spectrum_hop = 256
    one_at_a_time = True

    @torch.inference_mode()
    def __init__(
        self, program: Program, digest: str, name: str, sample_rate: int | None = None
    ) -> None:
        self.name, self.digest = name, digest
        self._program = program
        self.sample_rate = sample_rate or said_sample_rate(program)
        found = sizes(program)
        self.channels, self.decoded_channels = found.channels, found.decoded_channels
        self.dims, self.hop = found.dims, found.hop
        self.random = self.discrete = False
        sound = probe_sound(self.channels, self.hop)
        once = program.settle("encode", sound[None])
        self.discrete = bool((once == once.round()).all()) and len(once.unique()) > 1
        self.random = not same(once, program.run("encode", sound[None], seed=1))
        z = self._run_encode(sound)
        program.settle("decode", z[None])
        decoded = self._run_decode(z, 0)
        self.delay = delay_between(sound.mean(dim=0), decoded.mean(dim=0), self.hop)
        self._silence = self._encode_silence()

    def _encode_silence(self) -> NDArray[np.float32]:
        quiet = np.zeros((self.channels, 2 * RANDOM_STEPS * self.hop), np.float32)
        values = self.encode(Clip(quiet, self.sample_rate)).values
        if self.random and not self.discrete:
            mean: NDArray[np.float32] = values[RANDOM_STEPS // 2 : -RANDOM_STEPS // 2].mean(axis=0)
            return mean
        return values[RANDOM_STEPS]

    def _around(self, first: int, last: int, steps: int) -> tuple[int, int]:
        """Return from where to where the program runs, in steps, to make those wanted."""
        late = -(-self.delay // self.hop)
        start = first - (CONTEXT_STEPS if first else EDGE_STEPS)
        stop = last + (CONTEXT_STEPS if last < steps else EDGE_STEPS) + late
        return start, stop + ((start - stop) % RANDOM_STEPS if self.random else 0)

    def _run_encode(self, audio: Tensor) -> Tensor:
        """Return the latents (dims, n) of audio (channels, n * hop)."""
        draws = DRAWS if self.random and not self.discrete else 1
        total = torch.zeros(self.dims, audio.shape[1] // self.hop)
        for draw in range(draws):
            made = self._program.run("encode", audio[None], seed=draw)
            if made.shape != total.shape:
                raise self._program.fail("encodes to other sizes than it says")
            total += made
        return total / draws

    def _run_decode(self, values: Tensor, seed: int) -> Tensor:
        """Return the audio (decoded_channels, n * hop) of latents (dims, n)."""
        audio = self._program.run("decode", values[None], seed)
        if audio.shape != (self.decoded_channels, values.shape[1] * self.hop):
            raise self._program.fail("decodes to other sizes than it says")
        return audio

    @torch.inference_mode()
    def encode(self, clip: Clip) -> Latents:
        """Encode a clip; see `BaseCodec.encode`.

        Raises:
            ModelError: The program fails on it.
        """
        heard = clip.with_channels(self.channels).at_rate(self.sample_rate)
        audio = torch.from_numpy(np.ascontiguousarray(heard.frames))
        quiet = torch.zeros(self.channels, 1)
        steps = max(-(-(heard.length + self.delay) // self.hop), 1) + TAIL_STEPS
        parts = []
        for first in range(0, steps, CHUNK_STEPS):
            last = min(first + CHUNK_STEPS, steps)
            start, stop = self._around(first, last, steps)
            part = cut(audio, start * self.hop, stop * self.hop, quiet)
            parts.append(self._run_encode(part)[:, first - start : last - start])
        values = torch.cat(parts, dim=1).T.contiguous().numpy()
        if np.abs(values).max() > (MOST_CODE if self.discrete else MOST_VALUE):
            raise self._program.fail("makes latents too large to keep")
        return Latents(values)

    def encode_batch(self, clips: Sequence[Clip]) -> list[Latents]:
        """Encode clips one by one: together they would not take less time."""
        return [self.encode(clip) for clip in clips]

    def silence_after(self, latents: Latents) -> NDArray[np.float32]:
        """Return one step of silence, whatever it follows."""
        return self._silence.copy()

    @torch.inference_mode()
    def decode_magnitudes(self, latents: Latents) -> NDArray[np.float32]:
        """Decode latents to magnitudes; see `BaseCodec.decode_magnitudes`."""
        hop = self.spectrum_hop
        audio = torch.from_numpy(self.decode(latents).mono())[None]
        columns = 1 + audio.shape[1] // hop
        found = np.empty((BINS, columns), np.float32)
        # A few columns before each part give its windows what they reach back for.
        reach = WINDOW // 2 // hop
        for first in range(0, columns, COLUMNS_AT_ONCE):
            last = min(first + COLUMNS_AT_ONCE, columns)
            start = max(first - reach, 0)
            part = stft(audio[:, start * hop : (last + reach) * hop], hop)[0]
            found[:, first:last] = part[:, first - start : last - start].abs().numpy()
        return found

    @torch.inference_mode()
    def decode(self, latents: Latents, length: int | None = None) -> Clip:
        """Decode latents to audio; see `BaseCodec.decode`.

        Raises:
            ModelError: The program fails on them.
        """
        values = torch.from_numpy(latents.values.T.copy())
        if self.discrete:
            values = values.round()
        silence = torch.from_numpy(self._silence)[:, None]
        steps = latents.steps
        parts = []
        for seed, first in enumerate(range(0, steps, CHUNK_STEPS)):
            last = min(first + CHUNK_STEPS, steps)
            start, stop = self._around(first, last, steps)
            audio = self._run_decode(cut(values, start, stop, silence), seed)
            begin = (first - start) * self.hop + self.delay
            parts.append(audio[:, begin : begin + (last - first) * self.hop])
        whole = torch.cat(parts, dim=1).numpy()
        return Clip(whole, self.sample_rate).padded_to(
            length if length is not None else whole.shape[1]
        )


def load_torchscript(
    path: Path, digest: str, name: str, sample_rate: int | None = None
) -> TorchScriptCodec:
    """Load a codec from a TorchScript file. This runs it: only for files that the user trusts.

    Args:
        path: The file.
        digest: Of the file that the user trusted, as `torchscript_file.digest_of` makes it.
        name: For people, and for messages.
        sample_rate: Hz; what the program says where None.

    Raises:
        ModelError: The file has changed or cannot be loaded, or what is in it is no codec.
    """
    return TorchScriptCodec(open_program(path, digest, name), digest, name, sample_rate)
