"""The arguments of the commands on collections, searches, what was said last, and copies."""

from __future__ import annotations

import argparse
from pathlib import Path

from library.name_pattern import FIELDS, NAME
from tui.arguments import Commands, Parser, with_json, with_sounds


def add_organise_commands(commands: Commands) -> None:
    """Add `crate collect` to `crate export`."""
    collect = commands.add_parser("collect", help="put samples into a collection")
    collect.add_argument("name", metavar="NAME", help="of the collection, new or not")
    with_sounds(collect, "*", "ids or paths, in order")
    collect.add_argument("--where", metavar="QUERY", help="all these, instead of sounds")
    collect.add_argument("--remove", action="store_true", help="take them out of it instead")
    with_json(collect)

    collections = commands.add_parser("collections", help="list, rename or delete collections")
    _with_names(collections, "collection; its samples stay")
    with_json(collections)

    used = commands.add_parser("used", help="mark samples as used in a piece")
    with_sounds(used, "*", "ids or paths")
    used.add_argument("--where", metavar="QUERY", help="all these, instead of sounds")
    used.add_argument("--not", action="store_true", dest="unused", help="take the mark off")
    with_json(used)

    searches = commands.add_parser("searches", help="list, save, rename or delete searches")
    one = _with_names(searches, "search")
    one.add_argument("--save", nargs=2, metavar=("NAME", "QUERY"), help="keep a query line")
    with_json(searches)

    undo = commands.add_parser("undo", help="take back what you said last of samples")
    how = undo.add_mutually_exclusive_group()
    how.add_argument("--redo", action="store_true", help="say again what was taken back last")
    how.add_argument("--list", action="store_true", help="only list what was said")
    with_json(undo)

    export = commands.add_parser("export", help="copy samples into a folder")
    kinds = export.add_subparsers(dest="export_command", metavar="COMMAND", required=True)
    samples = kinds.add_parser("samples", help="copy the samples that match into a folder")
    samples.add_argument("query", nargs="*", metavar="QUERY", help="see docs/query.md")
    _with_export(samples)
    collection = kinds.add_parser("collection", help="copy a collection into a folder")
    collection.add_argument("name", metavar="NAME", help="of the collection")
    _with_export(collection)


def _with_names(parser: Parser, what: str) -> argparse._MutuallyExclusiveGroup:
    """Add `--rename` and `--delete`, and return the group in which one excludes the other."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--rename", nargs=2, metavar=("OLD", "NEW"), help="give another name")
    one.add_argument("--delete", metavar="NAME", help=f"delete a {what}")
    return one


def _with_export(parser: Parser) -> None:
    fields = ", ".join(FIELDS)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder")
    parser.add_argument(
        "--pattern",
        default=NAME,
        metavar="P",
        help=f"names of the copies, like {{n:03}}_{{name}}; fields {fields}; {NAME}",
    )
    parser.add_argument("--dry-run", action="store_true", help="only show what would be copied")
    with_json(parser)
