"""The kind of a sound: which there are, who may say so, and what its maker's names say."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from library.errors import LibraryError
from library.names import displayable

CATEGORIES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (category, frozenset(words.split()))
    for category, words in (
        ("loop", "loop loops looped break breaks breakbeat amen groove grooves"),
        ("kick", "kick kicks kik kck kd bd bassdrum bassdrums bdrum"),
        ("clap", "clap claps clp handclap handclaps"),
        ("snare", "snare snares snr sn sd sdrum rim rims rimshot rimshots sidestick sidesticks"),
        (
            "hat",
            "hat hats hh hihat hihats closedhat openhat closedhh openhh hho hhc ohh chh oh ch "
            "pedalhat",
        ),
        ("cymbal", "cymbal cymbals cym crash crashes ride rides splash china cy rd cr"),
        ("tom", "tom toms lt mt ht lowtom midtom hightom hitom floortom rototom"),
        (
            "perc",
            "perc percs percussion conga congas bongo bongos tabla cowbell cb shaker shakers "
            "maraca maracas clave claves tambourine tamb triangle woodblock block agogo guiro "
            "cabasa timbale timbales djembe cajon darbuka udu castanet castanets snap snaps "
            "stick sticks",
        ),
        ("bass", "bass basses sub subbass 808bass reese bassline bs"),
        (
            "voice",
            "voice voices vocal vocals vox voc choir chant speech spoken singing singer rap shout "
            "scream laugh breath acapella female male",
        ),
        (
            "synth",
            "synth synths pad pads lead leads arp arps pluck plucks stab stabs chord chords saw "
            "supersaw drone hoover acid",
        ),
        (
            "instrument",
            "piano pianos rhodes epiano wurlitzer organ guitar guitars gtr guit strings string "
            "violin viola cello contrabass flute oboe clarinet bassoon contrabassoon saxophone sax "
            "trumpet trombone tuba horn horns brass harp sitar koto marimba xylophone vibraphone "
            "glockenspiel bassclarinet celesta kalimba mandolin banjo ukulele accordion harmonica "
            "bell bells chime chimes mallet mallets keys orchestra casio",
        ),
        (
            "fx",
            "fx sfx riser risers uplifter downlifter sweep sweeps whoosh woosh swoosh impact "
            "impacts boom laser zap noise glitch glitches transition reverse reversed "
            "blip beep explosion",
        ),
        (
            "foley",
            "foley field ambience ambiance ambient atmos atmosphere nature rain wind water thunder "
            "bird birds dog cat animal door footstep footsteps steps crowd street traffic car "
            "train engine paper glass metal wood vinyl crackle room",
        ),
    )
)
"""The categories in the order in which they win, each with its words."""

CATEGORY_NAMES: tuple[str, ...] = tuple(sorted(category for category, _ in CATEGORIES))
"""The categories in the order of the alphabet, as heads give probabilities of them."""

USER, NAME, FOLDER, SOUND = "user", "name", "folder", "sound"
"""Who said of what category a sample is; each is believed before those behind it."""

_CATEGORY_OF = {word: category for category, words in reversed(CATEGORIES) for word in words}
_PLACE = {category: place for place, (category, _) in enumerate(CATEGORIES)}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Told(NamedTuple):
    """A category, and who said so.

    Attributes:
        category: One of :data:`CATEGORY_NAMES`; None where nobody says anything.
        source: :data:`NAME` or :data:`FOLDER`; None without a category.
    """

    category: str | None = None
    source: str | None = None


def known_category(word: str) -> str:
    """Return a category as it is stored.

    Raises:
        LibraryError: There is no such category.
    """
    category = word.strip().casefold()
    if category not in CATEGORY_NAMES:
        raise LibraryError(
            f"{displayable(word) or 'nothing'} is not a category",
            "use one of " + ", ".join(CATEGORY_NAMES),
        )
    return category


def category_in_root(root: str, path: str) -> Told:
    """Return the category that the path of a file below a root tells, the root's name included."""
    folder = PurePath(root)
    return category_from_name(PurePath(folder.name) / PurePath(path).relative_to(folder))


def category_from_name(path: PurePath) -> Told:
    """Return the category that a file's name tells, else the nearest folder that tells one.

    Whole words count: in ``kickstart.wav`` there is no kick, in ``BD0025``, ``HiHat_3`` and
    ``bass drum`` there are a kick, a hat and a kick.

    Args:
        path: The path inside its root, or any part of it; folders above the root would tell of
            the disk rather than of the sound.

    Returns:
        The category, and whether the name or a folder tells it.
    """
    by_folder = category_from_folders(path.parts[:-1])
    return category_from_stem(path.stem, by_folder)


def category_from_stem(stem: str, by_folder: Told) -> Told:
    """Return the category that a file's name without its ending tells, else that of its folder."""
    category = _told(stem)
    return by_folder if category is None else Told(category, NAME)


def category_from_folders(folders: Sequence[str]) -> Told:
    """Return the category that the last of some folders tells that tells one."""
    for folder in reversed(folders):
        category = _told(folder)
        if category is not None:
            return Told(category, FOLDER)
    return Told()


def _told(part: str) -> str | None:
    """Return the category that wins among those that the words of a name tell."""
    told = {_CATEGORY_OF[word] for word in _words(part) if word in _CATEGORY_OF}
    return min(told, key=_PLACE.__getitem__) if told else None


def _words(part: str) -> set[str]:
    """Return the words of a name in lower case; two that tell more together count as one."""
    plain = part if part.isascii() else unicodedata.normalize("NFKD", part)
    words = [word.lower() for word in _WORD.findall(plain)]
    pairs = [first + second for first, second in itertools.pairwise(words)]
    found: set[str] = set()
    alone = set(range(len(words)))
    for index, pair in enumerate(pairs):
        if pair in _CATEGORY_OF:
            found.add(pair)
            alone -= {index, index + 1}
    return found | {words[index] for index in alone}
