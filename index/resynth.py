"""Resynthesis: what a codec, or a space, alone makes of a sound, and nothing of the original."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from index.answers import Take
from library.clip import Clip
from library.descriptors import describe
from library.errors import UserError
from library.names import displayable
from library.progress import Job, Progress
from library.wav import write_wav
from vae.channels import through
from vae.codec import BaseCodec
from vae.space import Space


def resynthesise(clip: Clip, out: Path, codec: BaseCodec, space: Space | None = None) -> Job[Take]:
    """Encode and decode a sound, and write what comes out; a job.

    Args:
        clip: The sound.
        out: The WAV file to write, of the sound's rate, length and channels.
        codec: Does it.
        space: Of the codec; then it is what the space can say of the sound.

    Raises:
        UserError: The file is there already, is to be no WAV file, or cannot be written.
    """
    if out.suffix.lower() != ".wav":
        raise UserError(f"a sound cannot be written as {out.name}", "end in .wav")
    if out.exists():
        raise UserError(f"{displayable(str(out))} is there already", "choose another name")
    yield Progress("resynth", 0, 1, codec.name)
    made = through(codec, clip, space)
    write_wav(made, out, exact=True)
    yield Progress("resynth", 1, 1, out.name)
    return Take(out, asdict(describe(made)))
