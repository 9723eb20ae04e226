"""A sound made wider or narrower: its side raised or lowered, and its mid left as it is.

The mid is the mean of the channels, the side of each channel what it has besides. As the sides of
all channels add up to nothing, the sound in one channel is the same whatever becomes of them. A
sound whose channels are alike has no side: it is given one, made of the mid.
"""

from __future__ import annotations

import math

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from library.clip import LEAST_SHARE_OF_MEAN, Clip
from library.descriptors import SECONDS_AT_MOST
from vae.attributes import ATTRIBUTES

WIDEST = 0.99 * (1 - LEAST_SHARE_OF_MEAN)
"""No sound is made wider: in one channel hardly anything would be left of it."""

MOST_GAIN_DB = 20.0
"""By how much a side is raised, at most; what is fainter is the noise of a recorder or coder."""

_KERNEL_S = 0.016
_BARKS_A_TURN = 4.0
_HEARD = 1e-8


def with_width_moved(clip: Clip, step: float, width: float) -> Clip:
    """Return a clip wider or narrower than a width by a step, with the same mid.

    Of a clip without a side the width can only grow; one channel becomes two. Where hardly any of
    it is in the mid, which is so where left and right are opposite, it stays as it is.

    Args:
        clip: Any.
        step: On the scale of `vae.attributes`.
        width: From which the step is counted, 0 to 1, as `library.descriptors` measures it.
    """
    scale = ATTRIBUTES["width"]
    wanted = min(scale.from_scale(scale.to_scale(width) + step), WIDEST)
    if not step or (step < 0 and clip.channels == 1) or (step > 0 and wanted <= width):
        return clip
    frames = clip.frames.astype(np.float64)
    if clip.channels == 1:
        frames = np.repeat(frames, 2, axis=0)
    mid = frames.mean(axis=0)
    side = frames - mid
    measured = slice(math.ceil(SECONDS_AT_MOST * clip.sample_rate))

    def product(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        return float(np.einsum("ct,ct->", a[:, measured], b[:, measured])) / len(frames)

    own, middle = product(side, side), float(np.square(mid[measured]).mean()) * mid[measured].size
    if middle <= _HEARD * own or not middle:
        return clip
    energy = middle * wanted / (1 - wanted)
    most = 10 ** (MOST_GAIN_DB / 20)
    if energy <= own * most**2:
        return _joined(mid, side * math.sqrt(energy / own), clip.sample_rate)
    side *= most
    made = _made_side(mid, len(frames), clip.sample_rate)
    # How much of it brings the energy of both to what is wanted: a quadratic equation.
    both, whole = product(side, made), product(made, made)
    if whole <= _HEARD * middle:
        return clip
    missing = max(0.0, energy - own * most**2)
    share = (math.sqrt(both**2 + whole * missing) - both) / whole
    return _joined(mid, side + min(share, most) * made, clip.sample_rate)


def _joined(mid: NDArray[np.float64], side: NDArray[np.float64], sample_rate: int) -> Clip:
    return Clip((mid + side).astype(np.float32), sample_rate)


def _made_side(mid: NDArray[np.float64], channels: int, sample_rate: int) -> NDArray[np.float64]:
    """Return a side made of the mid, shape (channels, t); it adds up to nothing.

    Its partials are a quarter of a turn before or behind those of the mid, in turns along the
    frequencies. So left and right are equally loud at each frequency, and neither is coloured, as
    they are where the side is a delayed mid.

    Source:
        Lauridsen (1954) and Schroeder, An artificial stereophonic effect obtained from a single
        signal (1958), with a quarter of a turn for a delay as Orban (1970) has it.
    """
    reach = round(0.5 * _KERNEL_S * sample_rate)
    size = 1 << (8 * reach).bit_length()
    hz = np.fft.rfftfreq(size, 1 / sample_rate)
    bark = 26.81 * hz / (1960 + hz) - 0.53  # Traunmueller (1990)
    kernel = np.fft.irfft(1j * np.cos(2 * np.pi * bark / _BARKS_A_TURN), size)
    kernel = np.roll(kernel, reach)[: 2 * reach + 1] * np.hanning(2 * reach + 3)[1:-1]
    whole = scipy.fft.next_fast_len(len(mid) + len(kernel) - 1, real=True)
    spectrum = scipy.fft.rfft(mid, whole) * scipy.fft.rfft(kernel, whole)
    made = scipy.fft.irfft(spectrum, whole)[reach : reach + len(mid)]
    signs = np.resize([1.0, -1.0], channels)
    signs[channels - channels % 2 :] = 0.0
    sides: NDArray[np.float64] = signs[:, None] * made
    return sides
