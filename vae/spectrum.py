"""Short-time spectra: the one analysis that the house codec, resynthesis and measures share.

Windows are Hann, 1,024 frames at 44.1 kHz (23 ms): longer ones smear attacks, shorter ones lose low
pitches. Magnitudes are scaled so that a full-scale sine reads 0 dB.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

WINDOW = 1024
BINS = WINDOW // 2 + 1


def window_for(sample_rate: int) -> int:
    """Return the power of two nearest to the length of WINDOW at 44.1 kHz, at least 64 frames."""
    return max(64, 1 << round(math.log2(WINDOW * sample_rate / 44100)))


def stft(frames: Tensor, hop: int, window: int = WINDOW, centred: bool = True) -> Tensor:
    """Return the complex spectrum of audio.

    Args:
        frames: float, shape (c, t); t may be 0.
        hop: Frames from one window to the next.
        window: Frames of a window.
        centred: Whether the first window is centred on the first frame, with silence before it,
            and so at the end; else the first begins with it, and t is at least a window.

    Returns:
        complex, shape (c, window // 2 + 1, 1 + t // hop), a full-scale sine reading 1; where not
        centred, 1 + (t - window) // hop columns.
    """
    padded = torch.nn.functional.pad(frames, (window // 2, window // 2)) if centred else frames
    hann = torch.hann_window(window, dtype=frames.dtype, device=frames.device)
    # A power of two, so it makes no difference where it is multiplied by; here it is cheapest.
    scaled = hann * (4.0 / window)
    return torch.stft(padded, window, hop, window=scaled, center=False, return_complex=True)


def istft(spectrum: Tensor, hop: int, length: int) -> Tensor:
    """Return the audio of a complex spectrum.

    Args:
        spectrum: complex, shape (c, window // 2 + 1, n), as `stft` makes it.
        hop: As it was given to `stft`.
        length: Frames wanted; the last ones are silent where no window reaches them.

    Returns:
        float, shape (c, length).

    Source:
        Griffin and Lim (1984): overlap-add of windowed pieces over the sum of squared windows is
        the least-squares signal. `torch.istft` is the same but refuses the windows at the ends.
    """
    channels, bins, columns = spectrum.shape
    window = 2 * (bins - 1)
    hann = torch.hann_window(window, dtype=spectrum.real.dtype, device=spectrum.device)[:, None]
    pieces = torch.fft.irfft(spectrum * (window / 4.0), n=window, dim=1) * hann
    total = window + hop * (columns - 1)

    def overlap_add(parts: Tensor) -> Tensor:
        return torch.nn.functional.fold(parts, (1, total), (1, window), stride=(1, hop))

    weight = overlap_add(hann.square().expand(1, -1, columns)).reshape(1, total)
    audio = overlap_add(pieces).reshape(channels, total) / weight.clamp_min(1e-8)
    kept = audio[:, window // 2 : window // 2 + length]
    return torch.nn.functional.pad(kept, (0, length - kept.shape[1]))


def mel_filters(
    bands: int, sample_rate: int, low_hz: float = 30.0, high_hz: float = 16000.0
) -> Tensor:
    """Return triangular mel filters.

    Args:
        bands: How many.
        sample_rate: Hz, of the audio whose spectrum is filtered.
        low_hz: Lower edge of the first band.
        high_hz: Upper edge of the last band.

    Returns:
        float32, shape (bands, BINS), each row summing to 1.

    Source:
        O'Shaughnessy (1987), Speech Communication: mel = 2595 log10(1 + f / 700). A band narrower
        than a bin takes its share of the two nearest bins, so that none is empty.
    """
    edges_mel = torch.linspace(
        2595 * math.log10(1 + low_hz / 700),
        2595 * math.log10(1 + high_hz / 700),
        bands + 2,
    )
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    width = sample_rate / WINDOW
    hz = torch.arange(BINS) * width
    low = torch.minimum(edges[:-2], edges[1:-1] - width)[:, None]
    centre = edges[1:-1][:, None]
    high = torch.maximum(edges[2:], edges[1:-1] + width)[:, None]
    rising = (hz - low) / (centre - low)
    falling = (high - hz) / (high - centre)
    filters = torch.minimum(rising, falling).clamp_min(0)
    return filters / filters.sum(dim=1, keepdim=True)
