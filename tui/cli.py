"""The command line: parse, ask the workspace, print. stdout is data, stderr narration.

Nothing heavy is imported here: what a command needs is loaded when the command runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from library.names import displayable
from library.version import __version__

DONE, NOTHING_FOUND, USER_ERROR, STOPPED = 0, 1, 2, 130


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, as all complaints are."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is, and leave."""
        sys.stderr.write(f"crate: {displayable(message)}: see {self.prog} --help\n")
        sys.exit(USER_ERROR)


def _with_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def _with_space(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--space", metavar="S", help="a space; the one in use if not given")


def _with_sounds(parser: argparse.ArgumentParser, count: str, text: str) -> None:
    parser.add_argument("sounds", nargs=count, metavar="SOUND", help=text)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; docs/commands.md is made from it."""
    parser = Parser(
        prog="crate",
        description="Find a sound by sound, and turn it into new ones.",
        epilog="Without a command the terminal app opens.",
    )
    parser.add_argument("--version", action="version", version=f"latentcrate {__version__}")
    parser.add_argument("--library", type=Path, metavar="PATH", help="the library, an SQLite file")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    demo = commands.add_parser("demo", help="make a small library and do everything with it")
    demo.add_argument("--dir", type=Path, metavar="D", help="where; ./latentcrate-demo")
    demo.add_argument("--no-tui", action="store_true", help="do not open the terminal app after")

    add = commands.add_parser("add", help="register folders, list their files, analyse them")
    add.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="with sounds in it")
    add.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="leave out; repeatable"
    )
    _with_json(add)

    scan = commands.add_parser("scan", help="bring the library up to date with the disks")
    _with_json(scan)

    status = commands.add_parser("status", help="what is in it, what failed and why")
    _with_json(status)

    ls = commands.add_parser("ls", help="list samples")
    ls.add_argument("query", nargs="*", metavar="QUERY", help="see docs/query.md")
    _with_json(ls)

    _add_similar(commands)

    duplicates = commands.add_parser("duplicates", help="groups of the same audio")
    duplicates.add_argument(
        "--near", action="store_true", help="also in other formats, rates, levels: decodes files"
    )
    duplicates.add_argument("--where", default="", metavar="QUERY", help="only among these")
    _with_space(duplicates)
    _with_json(duplicates)

    for name, text in (("tag", "put a word on samples"), ("untag", "take a word off samples")):
        tag = commands.add_parser(name, help=text)
        tag.add_argument("word", metavar="WORD", help="your own")
        _with_sounds(tag, "+", "ids or paths")
        _with_json(tag)

    rate = commands.add_parser("rate", help="rate samples")
    rate.add_argument("rating", type=int, choices=range(6), help="1 to 5; 0 takes it off")
    _with_sounds(rate, "+", "ids or paths")
    _with_json(rate)

    category = commands.add_parser("category", help="say of what category samples are")
    _with_sounds(category, "*", "ids or paths, and then the category: kick, snare, …")
    category.add_argument("--where", metavar="QUERY", help="of all these, instead of sounds")
    category.add_argument("--clear", action="store_true", help="take back what you said")
    _with_json(category)

    alike = commands.add_parser("alike", help="say what belongs together; without sounds, list it")
    _with_sounds(alike, "*", "ids or paths; every two of them belong together")
    how = alike.add_mutually_exclusive_group()
    how.add_argument("--not", dest="unlike", action="store_true", help="no two of them do")
    how.add_argument("--forget", action="store_true", help="take back what you said of these")
    _with_json(alike)

    found = commands.add_parser("found", help="in what your sounds differ most, for you to name")
    found.add_argument("-n", dest="count", type=int, default=4, help="directions; 4")
    found.add_argument("-k", type=int, default=8, help="sounds of each end; 8")
    found.add_argument("--where", default="", metavar="QUERY", help="only among these")
    _with_space(found)
    _with_json(found)

    teach = commands.add_parser("teach", help="teach a word of yours by example; alone, list them")
    teach.add_argument("word", nargs="?", metavar="WORD", help="such as crunchy")
    teach.add_argument("--yes", nargs="+", default=[], metavar="SOUND", help="sounds that are it")
    teach.add_argument("--no", nargs="+", default=[], metavar="SOUND", help="sounds that are not")
    teach.add_argument("--forget", action="store_true", help="take these, or all, examples back")
    _with_json(teach)

    train = commands.add_parser("train", help="learn a personal space on your sounds, and use it")
    train.add_argument("name", metavar="NAME", help="of the space")
    train.add_argument("--where", default="", metavar="QUERY", help="only on these")
    train.add_argument(
        "--attributes", default="", metavar="A,B,…", help="what its dimensions follow"
    )
    train.add_argument(
        "--folders", action="store_true", help="names of folders are words to learn, as tags are"
    )
    _with_json(train)

    train.add_argument(
        "--word",
        action="append",
        metavar="WORD",
        help="a word that a dimension follows too; all that were taught if not given; repeatable",
    )
    spaces = commands.add_parser("spaces", help="the spaces of the library")
    _with_json(spaces)
    use = commands.add_parser("use", help="make a space the one that search and the map use")
    use.add_argument("name", metavar="NAME", help="of a space, or house")
    _with_json(use)
    forget = commands.add_parser("forget", help="forget a space; samples lose nothing by it")
    forget.add_argument("name", metavar="NAME", help="of a space that you trained or imported")
    _with_json(forget)
    _add_space(commands)

    _add_codec(commands)

    morph = commands.add_parser("morph", help="sounds in between, as WAV files")
    _with_sounds(morph, "+", "2 to 4 ids or paths")
    morph.add_argument("--steps", type=int, default=7, metavar="N", help="files; 7")
    morph.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    _with_space(morph)
    _with_json(morph)

    vary = commands.add_parser("vary", help="variations of a sound, as WAV files")
    vary.add_argument("sound", metavar="SOUND", help="id or path")
    vary.add_argument("-n", type=int, default=None, metavar="N", help="files; 8, or 1 with --set")
    vary.add_argument("--amount", type=float, metavar="X", help="standard deviations; 1")
    vary.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="ATTR=±V",
        help="move an attribute: +1, -6dB, x0.5; repeatable",
    )
    vary.add_argument(
        "--mine", type=float, default=0.0, metavar="X", help="pull it towards your sounds; 0 to 1"
    )
    vary.add_argument("--seed", type=int, default=0, help="of the random choice; 0")
    vary.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    _with_space(vary)
    _with_json(vary)

    resynth = commands.add_parser("resynth", help="what the codec alone makes of a sound")
    resynth.add_argument("sound", metavar="SOUND", help="id or path")
    resynth.add_argument("--out", type=Path, required=True, metavar="F.wav", help="the file")
    resynth.add_argument(
        "--through",
        choices=["codec", "space"],
        default="codec",
        metavar="WHAT",
        help="codec, or space: what the space in use can say of it; codec",
    )
    resynth.add_argument("--codec", metavar="NAME", help="a codec; the one in use if not given")
    resynth.add_argument("--space", metavar="S", help="through this space")
    _with_json(resynth)

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
    _with_space(map_)
    _with_json(map_)

    vectors = commands.add_parser("vectors", help="the vectors that search uses, as arrays")
    vectors.add_argument("--out", type=Path, required=True, metavar="F.npz", help="the file")
    _with_space(vectors)
    _with_json(vectors)

    doctor = commands.add_parser("doctor", help="check library, index, models and audio device")
    doctor.add_argument("--mend", action="store_true", help="mend what can be mended")
    _with_json(doctor)
    return parser


def _add_similar(commands: argparse._SubParsersAction[Parser]) -> None:
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
    _with_space(similar)
    _with_json(similar)


def _add_space(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the parser of `crate space` and of its own commands."""
    space = commands.add_parser("space", help="what one does with a space: export, import, compare")
    actions = space.add_subparsers(dest="action", metavar="COMMAND", required=True)

    export = actions.add_parser("export", help="write a space to a file for another library")
    export.add_argument("name", metavar="NAME", help="of a space that you trained")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file")
    _with_json(export)

    import_ = actions.add_parser("import", help="take a space from an exported file")
    import_.add_argument("file", type=Path, metavar="FILE", help="what export has written")
    import_.add_argument("--name", metavar="N", help="for the space; that in the file if not given")
    _with_json(import_)

    compare = actions.add_parser("compare", help="which samples have other neighbours in another")
    compare.add_argument("a", metavar="A", help="a space")
    compare.add_argument("b", metavar="B", help="another one")
    compare.add_argument("-k", type=int, default=10, metavar="K", help="neighbours of each; 10")
    compare.add_argument("-n", type=int, default=10, metavar="N", help="samples to tell of; 10")
    compare.add_argument("--where", default="", metavar="QUERY", help="only among these")
    _with_json(compare)


def _add_codec(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the parser of `crate codec` and of its own commands."""
    codec = commands.add_parser(
        "codec", help="the codecs of the library: list, add, trust, use, forget, tune"
    )
    actions = codec.add_subparsers(dest="action", metavar="COMMAND", required=True)

    _with_json(actions.add_parser("list", help="every codec, and how many sounds it has encoded"))

    add = actions.add_parser("add", help="copy a RAVE export or a tuned codec into the library")
    add.add_argument("file", type=Path, metavar="FILE", help="a .ts, .pt or .safetensors file")
    add.add_argument("--name", metavar="N", help="for the codec; the file's if not given")
    _with_json(add)

    trust = actions.add_parser("trust", help="let a codec that is a program run, and try it out")
    trust.add_argument("digest", metavar="DIGEST", help="of the codec; its first 8 digits or more")
    trust.add_argument("--rate", type=int, metavar="HZ", help="if the codec does not say its own")
    _with_json(trust)

    use = actions.add_parser("use", help="learn new spaces on a codec, and encode all sounds")
    use.add_argument("name", metavar="NAME", help="of a codec, or house")
    _with_json(use)

    forget = actions.add_parser("forget", help="delete the library's copy of a codec")
    forget.add_argument("name", metavar="NAME", help="of a codec that no space uses")
    _with_json(forget)

    tune = actions.add_parser("tune", help="adapt the house codec to your sounds")
    tune.add_argument("name", metavar="NAME", help="for the tuned codec")
    tune.add_argument("--where", default="", metavar="QUERY", help="to these sounds; all")
    tune.add_argument("--minutes", type=float, default=10.0, metavar="M", help="to spend; 10")
    _with_json(tune)


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line in which a query may hold terms such as ``-tag:used``.

    argparse takes what begins with a dash for an option, so what follows `--where` and `--region`
    is joined to it, and the negated terms of `ls` are set aside.
    """
    command = ""
    joined: list[str] = []
    negated: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in ("--where", "--region"):
            joined[-1] = f"{joined[-1]}={argument}"
            continue
        if not command and not argument.startswith("-") and joined[-1:] != ["--library"]:
            command = argument
            joined.append(argument)
        elif command == "ls" and argument not in ("-", "-h") and argument[:2].strip("-"):
            (negated if argument.startswith("-") else joined).append(argument)
        else:
            joined.append(argument)
    options = build_parser().parse_args(joined)
    if negated:
        options.query = [*options.query, *negated]
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code: 0 done, 1 nothing found, 2 the user's error, 130 stopped with work kept.
    """
    options = parse_arguments(sys.argv[1:] if arguments is None else arguments)
    from library.errors import UserError

    try:
        if options.command is None:
            from tui.app import run

            return run(options.library)
        from tui import (
            cli_alike,
            cli_category,
            cli_codec,
            cli_commands,
            cli_duplicates,
            cli_found,
            cli_similar,
            cli_spaces,
            cli_teach,
        )
        from tui.quiet import only_we_print

        wanted = f"run_{options.command}"
        modules = (
            cli_commands,
            cli_category,
            cli_alike,
            cli_teach,
            cli_found,
            cli_similar,
            cli_duplicates,
            cli_spaces,
            cli_codec,
        )
        module = next(each for each in modules if hasattr(each, wanted))
        with only_we_print():
            found: bool = getattr(module, wanted)(options)
    except UserError as error:
        print(f"crate: {displayable(str(error))}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("crate: stopped; what is done is kept", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # The reader has closed the pipe; Python would fail again when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return DONE if found else NOTHING_FOUND


if __name__ == "__main__":
    sys.exit(main())
