"""The arguments of the commands on spaces, words, pairs and codecs."""

from __future__ import annotations

from pathlib import Path

from tui.arguments import Commands, with_json, with_sounds, with_space


def add_space_commands(commands: Commands) -> None:
    """Add `crate alike` to `crate codec`."""
    alike = commands.add_parser("alike", help="say what belongs together; without sounds, list it")
    with_sounds(alike, "*", "ids or paths; every two of them belong together")
    how = alike.add_mutually_exclusive_group()
    how.add_argument("--not", dest="unlike", action="store_true", help="no two of them do")
    how.add_argument("--forget", action="store_true", help="take back what you said of these")
    with_json(alike)

    found = commands.add_parser("found", help="in what your sounds differ most, for you to name")
    found.add_argument("-n", dest="count", type=int, default=4, help="directions; 4")
    found.add_argument("-k", type=int, default=8, help="sounds of each end; 8")
    found.add_argument("--where", default="", metavar="QUERY", help="only among these")
    with_space(found)
    with_json(found)

    teach = commands.add_parser("teach", help="teach a word of yours by example; alone, list them")
    teach.add_argument("word", nargs="?", metavar="WORD", help="such as crunchy")
    teach.add_argument("--yes", nargs="+", default=[], metavar="SOUND", help="sounds that are it")
    teach.add_argument("--no", nargs="+", default=[], metavar="SOUND", help="sounds that are not")
    for option, says in (("--yes-where", "are it: rating>3"), ("--no-where", "are not: rating<3")):
        teach.add_argument(option, metavar="QUERY", help=f"all that a query finds {says}")
    teach.add_argument("--forget", action="store_true", help="take these, or all, examples back")
    with_json(teach)

    train = commands.add_parser("train", help="learn a personal space on your sounds, and use it")
    train.add_argument("name", metavar="NAME", help="of the space")
    train.add_argument("--where", default="", metavar="QUERY", help="only on these")
    train.add_argument(
        "--attributes", default="", metavar="A,B,…", help="what its dimensions follow"
    )
    train.add_argument(
        "--folders", action="store_true", help="names of folders are words to learn, as tags are"
    )
    train.add_argument(
        "--word",
        action="append",
        metavar="WORD",
        help="a word that a dimension follows too; all that were taught if not given; repeatable",
    )
    with_json(train)

    spaces = commands.add_parser("spaces", help="the spaces of the library")
    with_json(spaces)
    use = commands.add_parser("use", help="make a space the one that search and the map use")
    use.add_argument("name", metavar="NAME", help="of a space, or house")
    with_json(use)
    forget = commands.add_parser("forget", help="forget a space; samples lose nothing by it")
    forget.add_argument("name", metavar="NAME", help="of a space that you trained or imported")
    with_json(forget)
    _add_space(commands)

    _add_codec(commands)


def _add_space(commands: Commands) -> None:
    """Add the parser of `crate space` and of its own commands."""
    space = commands.add_parser("space", help="what one does with a space: export, import, compare")
    actions = space.add_subparsers(dest="action", metavar="COMMAND", required=True)

    export = actions.add_parser("export", help="write a space to a file for another library")
    export.add_argument("name", metavar="NAME", help="of a space that you trained")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file")
    with_json(export)

    import_ = actions.add_parser("import", help="take a space from an exported file")
    import_.add_argument("file", type=Path, metavar="FILE", help="what export has written")
    import_.add_argument("--name", metavar="N", help="for the space; that in the file if not given")
    with_json(import_)

    compare = actions.add_parser("compare", help="which samples have other neighbours in another")
    compare.add_argument("a", metavar="A", help="a space")
    compare.add_argument("b", metavar="B", help="another one")
    compare.add_argument("-k", type=int, default=10, metavar="K", help="neighbours of each; 10")
    compare.add_argument("-n", type=int, default=10, metavar="N", help="samples to tell of; 10")
    compare.add_argument("--where", default="", metavar="QUERY", help="only among these")
    with_json(compare)


def _add_codec(commands: Commands) -> None:
    """Add the parser of `crate codec` and of its own commands."""
    codec = commands.add_parser(
        "codec", help="the codecs of the library: list, add, trust, use, forget, tune"
    )
    actions = codec.add_subparsers(dest="action", metavar="COMMAND", required=True)

    with_json(actions.add_parser("list", help="every codec, and how many sounds it has encoded"))

    add = actions.add_parser("add", help="copy a RAVE export or a tuned codec into the library")
    add.add_argument("file", type=Path, metavar="FILE", help="a .ts, .pt or .safetensors file")
    add.add_argument("--name", metavar="N", help="for the codec; the file's if not given")
    with_json(add)

    trust = actions.add_parser("trust", help="let a codec that is a program run, and try it out")
    trust.add_argument("digest", metavar="DIGEST", help="of the codec; its first 8 digits or more")
    trust.add_argument("--rate", type=int, metavar="HZ", help="if the codec does not say its own")
    with_json(trust)

    use = actions.add_parser("use", help="learn new spaces on a codec, and encode all sounds")
    use.add_argument("name", metavar="NAME", help="of a codec, or house")
    with_json(use)

    forget = actions.add_parser("forget", help="delete the library's copy of a codec")
    forget.add_argument("name", metavar="NAME", help="of a codec that no space uses")
    with_json(forget)

    tune = actions.add_parser("tune", help="adapt the house codec to your sounds")
    tune.add_argument("name", metavar="NAME", help="for the tuned codec")
    tune.add_argument("--where", default="", metavar="QUERY", help="to these sounds; all")
    tune.add_argument("--minutes", type=float, default=10.0, metavar="M", help="to spend; 10")
    with_json(tune)
