"""The arguments of the commands on files, samples, search and the map."""

from __future__ import annotations

from pathlib import Path

from tui.arguments import Commands, with_json, with_sounds, with_space


def add_library_commands(commands: Commands) -> None:
    """Add `crate demo` to `crate key`."""
    demo = commands.add_parser("demo", help="make a small library and do everything with it")
    demo.add_argument("--dir", type=Path, metavar="D", help="where; ./latentcrate-demo")
    demo.add_argument("--no-tui", action="store_true", help="do not open the terminal app after")

    add = commands.add_parser("add", help="register folders, list their files, analyse them")
    add.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="with sounds in it")
    add.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="leave out; repeatable"
    )
    add.add_argument("--watch", action="store_true", help="go on as files change, until Ctrl+C")
    with_json(add)

    scan = commands.add_parser("scan", help="bring the library up to date with the disks")
    scan.add_argument("--watch", action="store_true", help="go on as files change, until Ctrl+C")
    with_json(scan)

    status = commands.add_parser("status", help="what is in it, what failed and why")
    with_json(status)

    ls = commands.add_parser("ls", help="list samples")
    ls.add_argument("query", nargs="*", metavar="QUERY", help="see docs/query.md")
    with_json(ls)

    _add_similar(commands)

    relink = commands.add_parser(
        "relink", help="files lie elsewhere now; alone: what is missing and may be what is there"
    )
    relink.add_argument("old", nargs="?", metavar="OLD", help="folder, file or id, as it was")
    relink.add_argument("new", nargs="?", type=Path, metavar="NEW", help="where that lies now")
    relink.add_argument("--preview", action="store_true", help="only show what would be done")
    with_json(relink)

    duplicates = commands.add_parser("duplicates", help="groups of the same audio")
    duplicates.add_argument(
        "--near", action="store_true", help="also in other formats, rates, levels: decodes files"
    )
    duplicates.add_argument("--where", default="", metavar="QUERY", help="only among these")
    with_space(duplicates)
    with_json(duplicates)

    for name, text in (("tag", "put a word on samples"), ("untag", "take a word off samples")):
        tag = commands.add_parser(name, help=text)
        tag.add_argument("word", metavar="WORD", help="your own")
        with_sounds(tag, "+", "ids or paths")
        with_json(tag)

    rate = commands.add_parser("rate", help="rate samples")
    rate.add_argument("rating", type=int, choices=range(6), help="1 to 5; 0 takes it off")
    with_sounds(rate, "+", "ids or paths")
    with_json(rate)

    category = commands.add_parser("category", help="say of what category samples are")
    with_sounds(category, "*", "ids or paths, and then the category: kick, snare, …")
    category.add_argument("--where", metavar="QUERY", help="of all these, instead of sounds")
    category.add_argument("--clear", action="store_true", help="take back what you said")
    with_json(category)

    tempo = commands.add_parser("tempo", help="say what tempo samples have")
    with_sounds(tempo, "*", "ids or paths, and then the tempo in beats a minute")
    tempo.add_argument("--where", metavar="QUERY", help="of all these, instead of sounds")
    instead = tempo.add_mutually_exclusive_group()
    instead.add_argument("--double", action="store_true", help="twice the one they have")
    instead.add_argument("--half", action="store_true", help="half the one they have")
    instead.add_argument("--forget", action="store_true", help="take back what you said")
    with_json(tempo)

    key = commands.add_parser("key", help="say what key samples have")
    with_sounds(key, "*", "ids or paths, and then the key: Am, F#, Bb, …")
    key.add_argument("--where", metavar="QUERY", help="of all these, instead of sounds")
    key.add_argument("--forget", action="store_true", help="take back what you said")
    with_json(key)


def add_picture_commands(commands: Commands) -> None:
    """Add `crate map`, `vectors` and `doctor`."""
    map_ = commands.add_parser("map", help="the map of the library")
    map_.add_argument("--out", type=Path, metavar="F", help="a .png, .svg, .html or .json file")
    map_.add_argument(
        "--fresh", action="store_true", help="lay it out again, as far as can be where it was"
    )
    map_.add_argument(
        "--sounds",
        choices=["embed", "link", "none"],
        default="embed",
        help="what a page plays: beginnings inside it, your files, or nothing; embed",
    )
    map_.add_argument(
        "--megabytes", type=float, default=24.0, metavar="M", help="of embedded sounds; 24"
    )
    with_space(map_)
    with_json(map_)

    vectors = commands.add_parser("vectors", help="the vectors that search uses, as arrays")
    vectors.add_argument("--out", type=Path, required=True, metavar="F.npz", help="the file")
    with_space(vectors)
    with_json(vectors)

    doctor = commands.add_parser("doctor", help="check library, index, models and audio device")
    doctor.add_argument("--mend", action="store_true", help="mend what can be mended")
    with_json(doctor)


def _add_similar(commands: Commands) -> None:
    """Add the parser of `crate similar`; docs/find-by-sound.md explains it."""
    similar = commands.add_parser("similar", help="the samples most like a sound")
    similar.add_argument("sound", nargs="?", metavar="SOUND", help="id, path, or - for stdin")
    similar.add_argument("-k", type=int, default=10, metavar="N", help="how many; 10")
    similar.add_argument("--where", default="", metavar="QUERY", help="only among these")
    similar.add_argument("--region", metavar="A:B", help="the piece of SOUND that is meant, in s")
    for option, metavar, text in (
        ("like", "SOUND", "also like this one; repeatable"),
        ("unlike", "SOUND", "but not like this one; repeatable"),
        ("more", "WORD=X", "more of an attribute, or brighter, shorter; by 1; repeatable"),
        ("less", "WORD=X", "less of it; repeatable"),
        ("weight", "ASPECT=W", "how much an aspect counts; 1, or 0 for loudness; repeatable"),
    ):
        similar.add_argument(f"--{option}", action="append", default=[], metavar=metavar, help=text)
    similar.add_argument("--at", metavar="X,Y", help="like what is there on the map, 0 to 1")
    with_space(similar)
    with_json(similar)
