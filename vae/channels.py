"""A clip through a codec, or a space of it, and back, with as many channels as it came with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from library.clip import Clip
from vae.codec import BaseCodec
from vae.latents import Latents


def through(
    codec: BaseCodec, clip: Clip, between: Callable[[Latents], Latents] | None = None
) -> Clip:
    """Encode and decode a clip: all that the codec keeps of it, and nothing else.

    A codec that hears fewer channels than the clip has hears each channel by itself, so that what
    is on the left stays on the left.

    Args:
        codec: Any base codec.
        clip: Of any rate, length and channels.
        between: What is done to the latents before they are decoded.

    Returns:
        A clip of the same rate, length and channels.
    """
    if clip.length == 0:
        return clip
    if codec.channels == clip.channels:
        parts = [clip]
    else:
        parts = [Clip(channel[None], clip.sample_rate) for channel in clip.frames]
    wanted = -(-clip.length * codec.sample_rate // clip.sample_rate)
    encoded = codec.encode_batch(parts)
    if between is not None:
        encoded = [between(latents) for latents in encoded]
    decoded = [codec.decode(latents, wanted) for latents in encoded]
    if len(decoded) > 1:
        frames = np.concatenate([part.mono()[None] for part in decoded])
    else:
        frames = decoded[0].with_channels(clip.channels).frames
    back = Clip(frames.astype(np.float32), codec.sample_rate).at_rate(clip.sample_rate)
    return back.padded_to(clip.length)
