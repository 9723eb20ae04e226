"""Sounds brought to one sample rate and as many channels, so that they can be mixed or joined."""

from __future__ import annotations

from collections.abc import Sequence

from library.clip import Clip


def matched(clips: Sequence[Clip]) -> list[Clip]:
    """Return clips at the highest of their sample rates, with the most of their channels."""
    rate = max(clip.sample_rate for clip in clips)
    channels = max(clip.channels for clip in clips)
    return [clip.at_rate(rate).with_channels(channels) for clip in clips]
