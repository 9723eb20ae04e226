"""Attacks: the smear of the window in front of them, undone.

A window that reaches over an attack hears it too early, and invented phase cannot put all of that
energy back where it came from: it is heard as a breath before the beat. But the magnitudes do tell
when the energy came: several windows overlap at every frame, and each heard its share.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from vae.spectrum import BINS, WINDOW, istft, stft

BANDS = 8
ITERATIONS = 20
RISE_DB, SURE_DB = 10.0, 16.0
MOST_DB = 20.0
# Even the sharpened power is a little early.
LEFT = 0.35
SILENT = 1e-8  # of power: what rises from further down is not heard anyway
SHORT_WINDOW, SHORT_HOP = 256, 64


def _bands() -> Tensor:
    """Return overlapping triangles, even in mel, that sum to 1 in each bin; shape (BANDS, BINS)."""
    # In mel as a window of 1,024 at 44.1 kHz has it; the bands only need to be few and wide.
    mel = torch.log10(1 + torch.arange(BINS) * (44100 / WINDOW) / 700)
    at = (mel / mel[-1] * BANDS - 0.5).clamp(0, BANDS - 1)
    return (1 - (at - torch.arange(BANDS)[:, None]).abs()).clamp_min(0)


def sharpened(power: Tensor, hop: int) -> Tensor:
    """Return the power of the sound itself from the power that windows heard.

    Args:
        power: float32 >= 0, shape (b, n), of windows of WINDOW frames, `hop` frames apart.
        hop: At most half a window.

    Returns:
        float32 >= 0, shape (b, n): what, seen through the window, looks like `power`.

    Source:
        Richardson (1972), Lucy (1974): the deconvolution that keeps what is positive positive.
    """
    reach = WINDOW // 2 // hop - 1
    heard = torch.hann_window(WINDOW)[WINDOW // 2 + hop * torch.arange(-reach, reach + 1)].square()
    kernel = (heard / heard.sum())[None, None]

    def smeared(values: Tensor) -> Tensor:
        return functional.conv1d(values, kernel, padding=reach)

    least = 1e-20
    wanted = power.clamp_min(least)[:, None]
    # Windows at the ends also reach over what no column is centred on.
    within = smeared(torch.ones_like(wanted[:1]))
    found = wanted
    for _ in range(ITERATIONS):
        found = found * smeared(wanted / smeared(found).clamp_min(least)) / within
    return found[:, 0].clamp_min(least)


def without_pre_echo(audio: Tensor, target: Tensor, hop: int) -> Tensor:
    """Quieten what comes before attacks.

    Only where the sharpened power rises by 10 dB or more within half a window, and only down.

    Args:
        audio: float32, shape (t,).
        target: The magnitudes it should have, relative to the loudest of the whole sound, 0 to 1,
            shape (BINS, n), from its start.
        hop: Frames between columns.

    Returns:
        float32, shape (t,).
    """
    bands = _bands()
    power = sharpened(bands @ target.square(), hop).clamp_min(SILENT)
    ahead = WINDOW // 2 // hop + 1
    later = functional.max_pool1d(
        functional.pad(power, (0, ahead), mode="replicate")[:, None], ahead + 1, stride=1
    )[:, 0]
    rise = (10 * torch.log10(later / power) - RISE_DB) / (SURE_DB - RISE_DB)
    spectrum = stft(audio[None], SHORT_HOP, SHORT_WINDOW)[0]
    short = bands[:, :: WINDOW // SHORT_WINDOW]
    actual = functional.avg_pool1d(
        (short @ spectrum.abs().square())[:, None], 3, 1, padding=1, count_include_pad=False
    )[:, 0]
    at = (torch.arange(spectrum.shape[1]) * (SHORT_HOP / hop)).clamp(max=power.shape[1] - 1)
    low = at.floor().long()
    high = (low + 1).clamp(max=power.shape[1] - 1)

    def there(values: Tensor) -> Tensor:
        return torch.lerp(values[:, low], values[:, high], at - low)

    gain = (LEFT * there(power) / actual.clamp_min(1e-20)).sqrt()
    gain = gain.clamp(10 ** (-MOST_DB / 20), 1)
    gain = torch.lerp(torch.ones_like(gain), gain, there(rise.clamp(0, 1)))
    return istft((spectrum * (short.T @ gain))[None], SHORT_HOP, len(audio))[0]
