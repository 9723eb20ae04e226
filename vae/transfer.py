"""Timbre transfer: any sound as the user's own sounds would say it, in its own time and pitch.

Each piece of a sound goes through the space as a sound of its own, from its onset on, which is how
the space knows sounds, and what comes out of the decoder replaces it: Caillon and Esling, RAVE
(2021). What is to be kept of the sound is then brought back.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from library.clip import Clip
from library.errors import UserError
from vae.channels import through
from vae.codec import BaseCodec
from vae.kept_pitch import with_pitch_kept
from vae.latents import Latents
from vae.pieces import joined, pieces_of
from vae.space import Space
from vae.timbre import with_envelope_of

KEPT = ("envelope", "pitch")
DEFAULT_KEPT = ("envelope",)
DEFAULT_AMOUNT = 1.0
MOST_AMOUNT = 2.0

# As much as a space sees at once.
_LONGEST_PIECE_S = 3.0


def check_kept(names: Collection[str]) -> None:
    """Refuse what cannot be kept.

    Raises:
        UserError: A name is none of `KEPT`.
    """
    for name in names:
        if name not in KEPT:
            raise UserError(f"{name} cannot be kept", f"choose of {', '.join(KEPT)}, or none")


def transferred(
    clip: Clip,
    space: Space,
    codec: BaseCodec,
    amount: float = DEFAULT_AMOUNT,
    kept: Collection[str] = DEFAULT_KEPT,
) -> Clip:
    """Return a sound as the sounds that a space was learned on would say it.

    It is made piece by piece, so that a long sound takes no more memory than it has itself.

    Args:
        clip: Any.
        space: The user's.
        codec: Of the space.
        amount: 0 for what the codec alone says of it, 1 for a sound of the user's; more goes
            beyond.
        kept: Of `KEPT`. Pitch is kept in pieces that have one: they get only as much of the new
            timbre as leaves it.

    Returns:
        A clip of the same length, rate and channels.
    """
    if not clip.length or not clip.frames.any():
        return clip

    def pulled(latents: Latents) -> Latents:
        said = space.as_mine(latents, codec).values
        return Latents(latents.values + np.float32(amount) * (said - latents.values))

    pieces = pieces_of(clip, _LONGEST_PIECE_S)
    parts = []
    for each in pieces:
        piece = each.of(clip)
        if piece.frames.any():
            new = through(codec, piece, pulled)
            piece = with_pitch_kept(piece, new) if "pitch" in kept else new
        parts.append(piece.frames)
    made = Clip(joined(parts, pieces), clip.sample_rate)
    begun = [each.start for each in pieces if each.begins]
    return with_envelope_of(made, clip, begun) if "envelope" in kept else made
