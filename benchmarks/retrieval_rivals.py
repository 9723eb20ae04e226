"""What others search by: the rivals of the vectors in `benchmarks.retrieval`.

Each takes the audio of a sound from its onset on, mono at 44.1 kHz, and gives numbers; all are
standardised over the sounds that are compared, as those who publish them do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
import torch
from numpy.typing import NDArray

from library.clip import Clip
from vae.auditory_image import auditory_image, beginning, log_time
from vae.ear import reduced
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.sound_shape import spectral_shape, temporal_shape
from vae.spectrum import mel_filters, stft

Rows = NDArray[np.float64]


def _mfcc(clip: Clip) -> Rows:
    audio = torch.from_numpy(clip.at_rate(44100).mono().copy())
    power = stft(audio[None], 512).abs()[0].square()
    logs = torch.log(mel_filters(40, 44100) @ power + 1e-10).numpy()
    return np.asarray(scipy.fft.dct(logs, axis=0, norm="ortho")[:20], np.float64)


def mean_mfcc(clip: Clip) -> Rows:
    """Return the mean of 20 MFCCs, the usual baseline."""
    return _mfcc(clip).mean(axis=1)


def mfcc_statistics(clip: Clip) -> Rows:
    """Return mean and deviation of 20 MFCCs and of their changes."""
    found = _mfcc(clip)
    change = np.diff(found, axis=1, prepend=found[:, :1])
    return np.concatenate([f(x, axis=1) for x in (found, change) for f in (np.mean, np.std)])


def descriptors(clip: Clip) -> Rows:
    """Return spectral and temporal descriptors, as sample managers with fingerprints have them."""
    sound = from_onset(clip)
    mono = sound.at_rate(44100).mono()
    crossings = np.log((np.diff(np.signbit(mono)).mean() if len(mono) > 1 else 0.0) + 1e-4)
    start = beginning(auditory_image(sound))
    length = np.log(sound.duration + 1e-3)
    return np.array([*spectral_shape(start), *temporal_shape(start), crossings, length])


def auditory(clip: Clip) -> Rows:
    """Return the log-time auditory image, to be reduced by PCA."""
    start = beginning(auditory_image(from_onset(clip)))
    return reduced(log_time(start)).astype(np.float64)


def pooled_latents(clip: Clip) -> Rows:
    """Return mean and deviation of the house codec's latents over time."""
    codec = house_codec()
    steps = codec.encode(from_onset(clip)).values[:, codec.level_dims :]
    return np.concatenate([steps.mean(axis=0), steps.std(axis=0)]).astype(np.float64)


RIVALS: dict[str, Callable[[Clip], Rows]] = {
    "mean MFCC": mean_mfcc,
    "mean MFCC, standardised": mean_mfcc,
    "MFCC statistics": mfcc_statistics,
    "descriptors": descriptors,
    "auditory image, PCA 64": auditory,
    "pooled latents": pooled_latents,
}
AS_THEY_ARE = frozenset({"mean MFCC", "auditory image, PCA 64"})


def rival_rows(name: str, clips: Sequence[Clip]) -> Rows:
    """Return a rival's numbers of sounds, shape (n, d), ready for plain L2."""
    rows = np.stack([RIVALS[name](clip) for clip in clips])
    if name not in AS_THEY_ARE:
        rows = ((rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-9)).clip(-4, 4)
    if "PCA" in name:
        centred = rows - rows.mean(axis=0)
        rows = centred @ np.linalg.svd(centred, full_matrices=False)[2][:64].T
    return rows
