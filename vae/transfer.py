"""Timbre transfer: any sound as the user's own sounds would make it, in its own time and pitch.

As RAVE does it (Caillon, Esling 2021), where the decoder replaced the sound; here its spectrum
changes, and its phase stays.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from library.clip import Clip
from vae.channels import through
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.pieces import JOIN_MS, joined_pieces, piece_starts
from vae.resynthesis import changed, decoded_change
from vae.space import Space
from vae.spectrum import stft
from dataclasses import dataclass

LONGEST_PIECE_S = 3.0
_ENVELOPE_MS = 10.0


def envelope_kept(frames, like, rate, width_ms=_ENVELOPE_MS, most_db=40.0):
    w = rate * width_ms / 1000
    from library.envelope import smoothed
    def level(x):
        p = np.square(x).mean(axis=0)
        e = smoothed(smoothed(p.astype(np.float32), w).astype(np.float32), w)
        return e
    a, b = level(like), level(frames)
    floor = max(float(a.max()), 1e-12) * 1e-8
    gain = np.sqrt((a + floor*1e-2) / (b + floor))
    return (frames * np.clip(gain, 0, 10 ** (most_db/20))).astype(np.float32)


def smooth_db(mag: Tensor, octaves=0.33, least_bins=6.0) -> Tensor:
    bins = mag.shape[0]
    p = mag.square()
    c = torch.cat([torch.zeros(1, p.shape[1], dtype=torch.float64), p.double().cumsum(0)])
    k = torch.arange(bins).double()
    half = torch.clamp(k * (2**(octaves/2)-1), min=least_bins)
    lo = (k - half).clamp(0).round().long()
    hi = (k + half + 1).clamp(max=bins).round().long()
    return 10*torch.log10(((c[hi]-c[lo])/(hi-lo)[:,None]).float() + 1e-20)


def transferred(clip, space, codec, amount=1.0, mode="diff", env=True, seg=True, passes=1):
    starts = piece_starts(clip, LONGEST_PIECE_S) if seg else [0]
    join = round(JOIN_MS*clip.sample_rate/1000)
    parts=[]
    ends=[*starts[1:], clip.length]
    for n,(s,e) in enumerate(zip(starts,ends)):
        first = s-join if n else s
        piece = Clip(np.ascontiguousarray(clip.frames[:, first:e]), clip.sample_rate)
        if not piece.frames.any():
            parts.append(piece.frames); continue
        for _ in range(passes):
            latents = codec.encode(piece)
            said = space.as_mine(latents, codec)
            pulled = Latents((latents.values + np.float32(amount)*(said.values-latents.values)).astype(np.float32))
            if mode=="diff":
                change = decoded_change(codec, latents, pulled)
                out = changed(piece, codec, change)
            elif mode=="env":
                new = torch.from_numpy(codec.decode_magnitudes(pulled))
                mono = torch.from_numpy(piece.at_rate(codec.sample_rate).mono().copy())
                old = stft(mono[None], codec.spectrum_hop).abs()[0]
                n_ = min(new.shape[1], old.shape[1])
                a, b = smooth_db(new[:, :n_]), smooth_db(old[:, :n_])
                top = max(float(a.max()), float(b.max()))-75
                change = (torch.logaddexp(a*0.23, torch.tensor(top*0.23)) - torch.logaddexp(b*0.23, torch.tensor(top*.23)))/0.23
                out = changed(piece, codec, change.clamp(-40,40))
            else:
                out = codec.decode(pulled, -(-piece.length*codec.sample_rate//piece.sample_rate)).at_rate(piece.sample_rate).padded_to(piece.length).with_channels(piece.channels)
            piece = out
        parts.append(piece.frames)
    f = joined_pieces(parts, starts, join)
    if env:
        f = envelope_kept(f, clip.frames, clip.sample_rate)
    return Clip(f, clip.sample_rate)
