"""What a gallery shows: a table of commands, each run as a user would run it.

A new verb is a new `Entry`. In a command, `{name}` is the path of an example of
`benchmarks.gallery_sounds`, and `{out}` the folder of the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the page.

    Attributes:
        verb: Of the command; rows of one verb stand together.
        title: What is made from what.
        commands: What is run, without `crate`, by the caption of what comes of it; several files
            of one command are numbered after it.
        given: Examples that are shown first.
        cross_fade: Whether the plain cross-fade of the given two, half of each, is shown last.
    """

    verb: str
    title: str
    commands: Mapping[str, str]
    given: tuple[str, ...] = field(default=())
    cross_fade: bool = False


SETUP = (
    "add {sounds}",
    "train mine",
    'train snares --where "folder:snare"',
    'train voices --where "folder:voice"',
    'train notes --where "folder:instrument"',
    "use mine",
)
"""What is run first."""

_MORPHS = (
    ("kick", "snare"),
    ("note", "bass"),
    ("loop", "loop2"),
    ("voice", "synth"),
    ("hat", "cymbal"),
    ("foley", "drum"),
)
# Each attribute on a sound that has what it moves.
_MOVED = {
    "brightness": "note",
    "loudness": "snare",
    "noisiness": "synth",
    "attack": "note",
    "decay": "drum",
    "pitch": "voice",
}
_STEPS = ("-2", "-1", "+1", "+2")
_COURSES = {
    "brightness=-2:+2": "loop",
    "loudness=depth0.3": "loop",
    "pitch=0st:-12st": "note",
    "brightness=0@0,+2@50%,0@100%": "cymbal",
}
_TRANSFERS = (("perc", "voices"), ("voice", "snares"), ("voice", "notes"), ("loop", "voices"))


def _morph(first: str, last: str) -> Entry:
    return Entry(
        "morph",
        f"{first} to {last}",
        {"": f"morph {{{first}}} {{{last}}} --steps 7 --out {{out}}"},
        cross_fade=True,
        given=(first, last),
    )


def _moved(attribute: str, sound: str) -> Entry:
    return Entry(
        "vary",
        f"{attribute} of {sound}, by -2 to +2",
        {
            f"{attribute} {step}": f"vary {{{sound}}} --set {attribute}={step} --out {{out}}"
            for step in _STEPS
        },
        (sound,),
    )


def _transfer(sound: str, space: str) -> Entry:
    command = f"transfer {{{sound}}} --space {space}"
    return Entry(
        "transfer",
        f"{sound} as {space}",
        {
            "as it comes": f"{command} --out {{out}}/plain.wav",
            "envelope": f"{command} --keep envelope --out {{out}}/envelope.wav",
            "envelope and pitch": f"{command} --keep envelope,pitch --out {{out}}/pitch.wav",
            "nothing kept": f"{command} --keep none --out {{out}}/none.wav",
        },
        (sound,),
    )


ENTRIES: tuple[Entry, ...] = (
    *(_morph(*pair) for pair in _MORPHS),
    *(
        Entry(
            "morph",
            f"{first} to {last}, halfway, in other ways",
            {
                way: f"morph {{{first}}} {{{last}}} --steps 3 {way} --out {{out}}"
                for way in ("--no-even", "--keep-pitch", "--through codec", "--through space")
            },
            (first, last),
        )
        for first, last in (("note", "bass"), ("hat", "cymbal"))
    ),
    *(
        Entry(
            "morph",
            f"{first} that turns into {last}",
            {
                course: f"morph {{{first}}} {{{last}}} --within {course} --out {{out}}"
                for course in ("0:1", "0@0,1@50%,0@100%")
            },
            (first, last),
        )
        for first, last in (("note", "bass"), ("voice", "synth"), ("kick", "cymbal"))
    ),
    *(_moved(*pair) for pair in _MOVED.items()),
    *(
        Entry(
            "vary",
            f"free variations of {sound}",
            {"": f"vary {{{sound}}} -n 5 --out {{out}}"},
            (sound,),
        )
        for sound in ("snare", "note")
    ),
    Entry(
        "vary",
        "free variations of voice, pitch and length held",
        {"": "vary {voice} -n 5 --hold pitch,length --out {out}"},
        ("voice",),
    ),
    Entry(
        "vary",
        "voice pulled towards snares",
        {f"mine {x}": f"vary {{voice}} --mine {x} --space snares --out {{out}}" for x in (0.5, 1)},
        ("voice",),
    ),
    *(
        Entry(
            "over time",
            f"{sound}, {course}",
            {course: f"vary {{{sound}}} --set {course} --out {{out}}"},
            (sound,),
        )
        for course, sound in _COURSES.items()
    ),
    *(
        Entry(
            "robins",
            f"the same {hit} hit again",
            {"": f"robins {{{hit}}} -n 6 --out {{out}}"},
            (hit,),
        )
        for hit in ("snare", "hat", "note")
    ),
    *(
        Entry(
            "velocities",
            f"{hit}, hit softer",
            {"": f"velocities {{{hit}}} -n 5 --out {{out}}"},
            (hit,),
        )
        for hit in ("kick", "snare", "note")
    ),
    Entry("dream", "dreams of all sounds", {"": "dream -n 12 --out {out}"}),
    *(_transfer(*pair) for pair in _TRANSFERS),
    *(
        Entry(
            "mosaic",
            f"{sound} out of all other sounds, and of some",
            {
                "all": f"mosaic {{{sound}}} --out {{out}}/all.wav",
                "fine": f"mosaic {{{sound}}} --grain 80 --out {{out}}/fine.wav",
                "drums": f"mosaic {{{sound}}} --where folder:{own} --out {{out}}/some.wav",
            },
            (sound,),
        )
        for sound, own in (("loop", "perc"), ("voice", "instrument"), ("speech", "snare"))
    ),
    *(
        Entry(
            "resynth",
            f"what the codec alone, and a space, says of {sound}",
            {
                way: f"resynth {{{sound}}} --through {way} --out {{out}}/{way}.wav"
                for way in ("codec", "space")
            },
            (sound,),
        )
        for sound in ("snare", "note", "voice")
    ),
    *(
        Entry(
            "resynth",
            f"the nearest to {sound} that {space} can do, and what it leaves out",
            {"": f"resynth {{{sound}}} --space {space} --like --out {{out}}/near.wav"},
            (sound,),
        )
        for sound, space in (("voice", "snares"), ("loop", "mine"))
    ),
    Entry(
        "splice",
        "four hits in time",
        {"120 bpm": "splice {kick} {hat} {snare} {hat} --bpm 120 --beats 0.5 --out {out}/beat.wav"},
    ),
)
"""All rows of the page, in order."""
