"""Phase for spectra that no recording stands behind.

Edits and morphs borrow the phase of their originals; only invented sounds come here.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vae.spectrum import istft, stft

FINE_HOP = 128
ITERATIONS = 32
MOMENTUM = 0.99


@torch.inference_mode()
def invent_phase(
    magnitude: NDArray[np.float32], hop: int, length: int, seed: int = 0
) -> NDArray[np.float32]:
    """Return audio whose spectrum has the given magnitudes.

    Magnitudes are first interpolated to a hop of 128: eight-fold redundancy lets the iterations
    agree on a phase, and keeps attacks sharp.

    Args:
        magnitude: float32 >= 0, shape (BINS, n).
        hop: Frames between its columns.
        length: Frames wanted.
        seed: Of the random phase it starts from.

    Returns:
        float32, shape (length,).

    Source:
        Perraudin, Balazs, Sondergaard (2013), A fast Griffin-Lim algorithm.
    """
    columns = 1 + length // FINE_HOP
    at = torch.arange(columns) * (FINE_HOP / hop)
    low = at.floor().long().clamp(0, magnitude.shape[1] - 1)
    high = (low + 1).clamp(max=magnitude.shape[1] - 1)
    part = (at - low).clamp(0, 1).float()
    logs = torch.log(torch.from_numpy(magnitude) + 1e-7)
    target = (torch.exp(torch.lerp(logs[:, low], logs[:, high], part)) - 1e-7).clamp_min(0)
    generator = torch.Generator().manual_seed(seed)
    angle = torch.rand(target.shape, generator=generator) * (2 * torch.pi)
    spectrum = torch.polar(target, angle)
    previous = torch.zeros_like(spectrum)
    for _ in range(ITERATIONS):
        rebuilt = stft(istft(spectrum[None], FINE_HOP, length), FINE_HOP)[0]
        ahead = rebuilt + MOMENTUM * (rebuilt - previous)
        previous = rebuilt
        spectrum = torch.polar(target, ahead.angle())
    audio: NDArray[np.float32] = istft(spectrum[None], FINE_HOP, length)[0].numpy()
    return audio
