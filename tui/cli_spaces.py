"""What the commands on spaces do: ask the workspace, print."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

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
    if not facts["learned"]:
        return "not learned: too few sounds have it, or all the same"
    return "learned, too few sounds to measure" if facts["spearman"] is None else facts["spearman"]


def run_spaces(options: Options) -> bool:
    """`crate spaces`."""
    with Workspace.open(options.library) as workspace:
        spaces = workspace.spaces()
    if options.json:
        keys = ("name", "samples", "attributes", "in_use", "created_at", "report", "codec")
        print_json({"spaces": [{key: getattr(space, key) for key in keys} for space in spaces]})
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


def run_use(options: Options) -> bool:
    """`crate use`."""
    with Workspace.open(options.library) as workspace:
        workspace.use(options.name)
    if options.json:
        print_json({"space": options.name})
    return True
