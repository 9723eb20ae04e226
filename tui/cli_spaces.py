"""What the commands on spaces do: ask the workspace, print."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping

from index.answers import SpaceRow
from index.space_rows import HOUSE
from index.workspace import Workspace
from library.names import displayable
from tui.cli_output import print_json, print_table, say, with_progress

Options = argparse.Namespace


def run_train(options: Options) -> bool:
    """`crate train`."""
    names = [name.strip() for name in options.attributes.split(",") if name.strip()]
    with Workspace.open(options.library) as workspace:
        words = [word.strip().casefold() for word in options.word] if options.word else None
        learning = workspace.train(options.name, options.where, names, options.folders, words)
        report = with_progress(learning)
    if options.json:
        print_json(
            {
                "space": report.space,
                "samples": report.samples,
                "seconds": round(report.seconds, 2),
                "attributes": {name: dict(facts) for name, facts in report.attributes.items()},
                "error": dict(report.error),
                "codec": report.codec,
                "words": list(report.words),
                "taught": {word: dict(facts) for word, facts in report.taught.items()},
                "pairs": {"together": report.together, "apart": report.apart},
            }
        )
    else:
        told = f"learned {report.space} on {report.samples} sounds in {report.seconds:.1f} s"
        say(f"{told}, as the codec {report.codec} hears them")
        if report.words:
            say(f"and the words {', '.join(map(displayable, report.words))}")
        for word, facts in report.taught.items():
            say(
                f"{displayable(word)}: {facts['yes']} yes, {facts['no']} no; told from each other"
                f" in {facts['auc']:.0%} of pairs, give or take {2 * facts['error']:.0%}"
            )
        if report.together or report.apart:
            say(f"and {report.together} pairs together, {report.apart} apart")
        print_table((name, _reading(facts)) for name, facts in report.attributes.items())
    return True


def _reading(facts: Mapping[str, object]) -> object:
    if not facts["learned"] and facts["spearman"] is None:
        return "not learned: too few sounds have it, or all the same"
    if not facts["learned"]:
        return (
            f"not learned: what is read of it is in its order by {facts['spearman']}, or by chance"
        )
    return "learned, too few sounds to measure" if facts["spearman"] is None else facts["spearman"]


def run_spaces(options: Options) -> bool:
    """`crate spaces`."""
    with Workspace.open(options.library) as workspace:
        spaces = workspace.spaces()
    if options.json:
        print_json({"spaces": [space_facts(space) for space in spaces]})
    else:
        print_table(
            (
                "*" if s.in_use else "",
                s.name,
                s.samples,
                ",".join(s.attributes),
                s.codec or "its codec is gone: train it again",
            )
            for s in spaces
        )
    return True


def space_facts(space: SpaceRow) -> dict[str, object]:
    """Return what JSON says of a space."""
    keys = ("name", "samples", "attributes", "in_use", "created_at", "report", "codec")
    return {key: getattr(space, key) for key in keys}


def run_use(options: Options) -> bool:
    """`crate use`."""
    with Workspace.open(options.library) as workspace:
        workspace.use(options.name)
    if options.json:
        print_json({"space": options.name})
    return True


def run_forget(options: Options) -> bool:
    """`crate forget`."""
    with Workspace.open(options.library) as workspace:
        was_in_use = workspace.forget_space(options.name)
        used = workspace.space_in_use()
    if was_in_use:
        say(f"{options.name} was in use: search and the map use the house space again")
    if options.json:
        print_json({"space": options.name, "in_use": used})
    return True


def run_space(options: Options) -> bool:
    """`crate space`: one of its own commands."""
    actions = {"export": _export, "import": _import, "compare": _compare}
    with Workspace.open(options.library) as workspace:
        return actions[options.action](workspace, options)


def _export(workspace: Workspace, options: Options) -> bool:
    workspace.export_space(options.name, options.out)
    codec = next(space.codec for space in workspace.spaces() if space.name == options.name)
    path = options.out.absolute()
    if options.json:
        print_json({"space": options.name, "path": str(path), "codec": codec})
        return True
    print_table([[path]])
    if codec not in (None, HOUSE):
        say(f"It opens in libraries that have the codec {codec}: crate codec add its file there.")
    return True


def _import(workspace: Workspace, options: Options) -> bool:
    space = workspace.import_space(options.file, options.name)
    if options.json:
        print_json({"space": space_facts(space)})
        return True
    print_table([(space.name, space.samples, ",".join(space.attributes), space.codec)])
    if not space.in_use:
        say(f"To use it: crate use {shlex.quote(space.name)}")
    return True


def _compare(workspace: Workspace, options: Options) -> bool:
    job = workspace.compare_spaces(options.a, options.b, options.k, options.where, options.n)
    found = with_progress(job)
    if options.json:
        moved = [
            {
                "id": each.row.id,
                "path": str(each.row.path),
                "name": each.row.name,
                "kept": round(each.kept, 4),
                "nearest": {
                    name: {"id": row.id, "path": str(row.path), "name": row.name}
                    for name, row in zip(("a", "b"), each.nearest, strict=True)
                },
            }
            for each in found.moved
        ]
        print_json(
            {
                "a": found.spaces[0],
                "b": found.spaces[1],
                "k": found.k,
                "samples": found.samples,
                "compared": found.compared,
                "kept": round(found.kept, 4),
                "chance": round(found.chance, 4),
                "moved": moved,
            }
        )
        return True
    a, b = found.spaces
    say(
        f"of the {found.k} nearest, {found.kept:.0%} are the same in {a} and {b} "
        f"(by chance {found.chance:.1%}), in the mean of {found.compared} of {found.samples} sounds"
    )
    if found.moved:
        say(f"most changed: how many are the same, the nearest in {a}, the nearest in {b}")
    print_table(
        (each.row.id, each.row.name, f"{each.kept:.0%}", *(row.name for row in each.nearest))
        for each in found.moved
    )
    return True
