"""Phase for spectra that no recording stands behind.

Edits and morphs borrow the phase of their originals; only decoded sounds come here. Tones get the
phase that follows from their magnitudes, noise that of noise, and iterations make the two agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae.attack import without_pre_echo
from vae.grain import COLUMNS_PER_STEP
from vae.noise import noise_share, noise_spectrum
from vae.phase_gradient import integrated_phase
from vae.spectrum import BINS, WINDOW, istft, stft

FINE_HOP = 128
ITERATIONS = 16
MOMENTUM = 0.99
SILENT = 1e-6  # 120 dB under the loudest
# A long sound is made in parts, so that memory does not grow with it. A part begins with phases
# that the one before found, so tones go on; where both sound, one fades into the other. What is
# close to a cut is not used: windows that would reach over it are missing.
PART_COLUMNS, COMMON_COLUMNS, EDGE_COLUMNS = 2048, 48, 12


@dataclass(frozen=True, slots=True, eq=False)
class _Sound:
    """What is wanted, and the chance that it begins with.

    Attributes:
        magnitude: float32, shape (BINS, n).
        hop: Frames between its columns.
        length: Frames wanted.
        grain: float32, shape (BANDS, s), or None for a sound that is all tone.
        sample_rate: Hz.
        peak: The loudest magnitude, > 0; all is made relative to it.
        phase: Radians, shape (BINS,): what phases are counted from where nothing tells them.
        white: White noise of variance 1, half a window longer than the sound at both ends.
    """

    magnitude: Tensor
    hop: int
    length: int
    grain: Tensor | None
    sample_rate: int
    peak: float
    phase: Tensor
    white: Tensor

    @property
    def columns(self) -> int:
        """Columns FINE_HOP apart."""
        return 1 + self.length // FINE_HOP


def _between_columns(sound: _Sound, at: Tensor) -> Tensor:
    """Return relative magnitudes at fractional columns, even in dB, held at the ends."""
    end = sound.magnitude.shape[1] - 1
    at = at.clamp(0, end)
    low = at.floor().long()
    high = (low + 1).clamp(max=end)
    first = low[0]
    logs = torch.log(sound.magnitude[:, first : high[-1] + 1] / sound.peak + SILENT)
    fine = torch.lerp(logs[:, low - first], logs[:, high - first], at - low)
    return (torch.exp(fine) - SILENT).clamp_min(0)


def _consistent(spectrum: Tensor, target: Tensor, length: int) -> Tensor:
    """Return audio (length,) whose magnitudes come near `target`, beginning with `spectrum`.

    Source:
        Perraudin, Balazs, Sondergaard (2013), A fast Griffin-Lim algorithm.
    """
    # In the layout of `stft`: unlike layouts would cost more than the transforms.
    target, spectrum = target.T.contiguous().T, spectrum.T.contiguous().T
    previous = torch.zeros_like(spectrum)
    for _ in range(ITERATIONS):
        spectrum.mul_(target / spectrum.abs().clamp_min_(1e-12))
        rebuilt = stft(istft(spectrum[None], FINE_HOP, length), FINE_HOP)[0]
        spectrum, previous = torch.lerp(previous, rebuilt, 1 + MOMENTUM), rebuilt
    spectrum.mul_(target / spectrum.abs().clamp_min_(1e-12))
    return istft(spectrum[None], FINE_HOP, length)[0]


def _part(sound: _Sound, first: int, last: int, known: Tensor) -> Tensor:
    """Return the relative audio of some columns.

    Args:
        sound: The whole.
        first: The first column.
        last: One after the last.
        known: Phases that the first columns have already, shape (BINS, k).

    Returns:
        float32, shape (t,), from the centre of the first column to that of the last, or to the end
        of the sound.
    """
    begin, end = first * FINE_HOP, (last - 1) * FINE_HOP
    length = (sound.length if last == sound.columns else end) - begin
    at = torch.arange(first, last) * (FINE_HOP / sound.hop)
    wanted = _between_columns(sound, at)
    level = torch.log(wanted.clamp_min(SILENT))
    spectrum = torch.polar(wanted, integrated_phase(level, known, sound.phase, FINE_HOP))
    target = wanted
    if sound.grain is not None:
        steps = (at - (COLUMNS_PER_STEP - 1) / 2) / COLUMNS_PER_STEP
        share = noise_share(wanted, sound.grain, steps, sound.sample_rate)
        noise = noise_spectrum(sound.white[begin : end + WINDOW], FINE_HOP)
        spectrum = spectrum * (1 - share).sqrt() + wanted * share.sqrt() * noise
        target = wanted * (1 - share + share * noise.abs().square()).sqrt()
    return without_pre_echo(_consistent(spectrum, target, length), wanted, FINE_HOP)


@torch.inference_mode()
def invent_phase(
    magnitude: NDArray[np.float32],
    hop: int,
    length: int,
    grain: NDArray[np.float32] | None = None,
    seed: int = 0,
    sample_rate: int = 44100,
) -> NDArray[np.float32]:
    """Return audio whose spectrum has the given magnitudes.

    Magnitudes are first interpolated to a hop of 128: eight-fold redundancy lets the iterations
    agree on a phase, and keeps attacks sharp. Where grain says noise, they are taken for its root
    mean square, and white noise is shaped by them. Equal input gives equal audio: channels that
    are alike stay so, and the channels of a sound share their noise.

    Args:
        magnitude: float32 >= 0, shape (BINS, n), n >= 1.
        hop: Frames between its columns.
        length: Frames wanted.
        grain: 0 (tone) to 1 (noise), as `grain.grain` measures it, shape (BANDS, ceil(n / 8));
            None where all is tone.
        seed: Of the noise, and of the phases that nothing tells.
        sample_rate: Hz.

    Returns:
        float32, shape (length,).
    """
    if length == 0 or not magnitude.any():
        return np.zeros(length, np.float32)
    rng = np.random.default_rng(seed)
    sound = _Sound(
        torch.from_numpy(magnitude),
        hop,
        length,
        None if grain is None else torch.from_numpy(grain),
        sample_rate,
        peak=float(magnitude.max()),
        phase=torch.from_numpy(rng.uniform(0, 2 * math.pi, BINS)),
        white=torch.from_numpy(rng.standard_normal(length + WINDOW, dtype=np.float32)),
    )
    audio = torch.empty(length)
    last = min(PART_COLUMNS, sound.columns)
    part = _part(sound, 0, last, torch.empty(BINS, 0))
    audio[: len(part)] = part
    fade = torch.linspace(0, 1, (COMMON_COLUMNS - 2 * EDGE_COLUMNS) * FINE_HOP)
    while last < sound.columns:
        found = stft(part[None, -PART_COLUMNS * FINE_HOP :], FINE_HOP)[0]
        known = found[:, -COMMON_COLUMNS:-EDGE_COLUMNS].angle()
        first, last = (
            last - COMMON_COLUMNS,
            min(last - COMMON_COLUMNS + PART_COLUMNS, sound.columns),
        )
        part = _part(sound, first, last, known)
        begin = (first + EDGE_COLUMNS) * FINE_HOP
        new = part[EDGE_COLUMNS * FINE_HOP :]
        new[: len(fade)].lerp_(audio[begin : begin + len(fade)], 1 - fade)
        audio[begin : begin + len(new)] = new
    return audio.mul_(sound.peak).numpy()
