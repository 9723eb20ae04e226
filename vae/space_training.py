"""Learning a space: latents and descriptors of the user's sounds to a space as it is kept."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import torch

from library.progress import Progress
from vae.alike import NOT_SAID, Alike
from vae.attributes import ATTRIBUTES, Attribute, chosen, scaled
from vae.codec import BaseCodec
from vae.latents import Latents
from vae.personal_base import Base
from vae.personal_training import PersonalRecipe, check_enough, train_personal
from vae.space import Space
from vae.space_file import to_bytes
from vae.usual import usual_of
from vae.windows import first_windows
from vae.words import NO_WORDS, Words


def train_space(
    sounds: Sequence[Latents],
    descriptors: Sequence[Mapping[str, float | None]],
    codec: BaseCodec,
    attributes: Sequence[str] = (),
    recipe: PersonalRecipe | None = None,
    words: Words = NO_WORDS,
    alike: Alike = NOT_SAID,
    followed_words: Sequence[str] = (),
    base: Space | None = None,
) -> Generator[Progress, None, tuple[bytes, tuple[int, ...]]]:
    """Learn a space; a job.

    Args:
        sounds: Base latents of the user's sounds.
        descriptors: The same sounds' descriptors.
        codec: What made the latents.
        attributes: Names; the default ones where empty.
        recipe: How to train; the default one where None.
        words: Learned from the same sounds (`vae.words.learn_words`).
        alike: Learned from pairs of them (`vae.alike.learn_alike`).
        followed_words: Those of the words that are attributes too; the descriptors hold how much
            each sound is what they say.
        base: A space of many sounds of others to stand on; not used where it is of another codec.

    Returns:
        The space as `to_bytes` writes it, so that what is used is what is kept; and which of the
        sounds were held out of training.
    """
    followed = chosen(attributes, followed_words)
    check_enough(len(sounds))
    cut = first_windows(sounds, codec)
    trained = yield from train_personal(
        cut,
        scaled(followed, descriptors),
        recipe or PersonalRecipe(),
        None if base is None or base.codec_digest != codec.digest else _standing_on(base, followed),
    )
    space = Space(
        codec_digest=codec.digest,
        digest="",
        attributes=followed,
        centre=trained.centre,
        deviation=trained.deviation,
        spearman=trained.spearman,
        samples=len(sounds),
        words=words,
        alike=alike,
        net=trained.net,
        usual=usual_of(trained.net.encode(torch.from_numpy(cut.reshape(len(cut), -1))).numpy()),
    )
    return to_bytes(space), trained.held_out


def _standing_on(space: Space, wanted: Sequence[Attribute]) -> Base:
    """Return what a space knows of the attributes that are wanted."""
    places = {each.name: i for i, each in enumerate(space.attributes) if space.learned[i]}
    return Base(
        space.net,
        tuple(places.get(each.name) if each.name in ATTRIBUTES else None for each in wanted),
        torch.from_numpy(space.centre),
        torch.from_numpy(space.deviation),
    )
