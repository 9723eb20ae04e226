"""`crate dream`: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.answers import DreamReport
from index.workspace import Workspace
from tui.cli_output import print_json, print_table, say, take_facts, with_progress

_REASONS = {
    "copy": "near-copies of samples",
    "far": "too far from all samples",
    "silent": "silent",
    "short": "too short",
    "constant": "with a direct current",
    "clipped": "clipped",
    "hum": "nothing but hum",
    "noise": "nothing but steady noise",
    "broken": "broken",
    "spare": "good, and to spare",
}


def run_dream(options: argparse.Namespace) -> bool:
    """`crate dream`."""
    with Workspace.open(options.library) as workspace:
        job = workspace.dream(
            options.n,
            options.out,
            options.temperature,
            options.where,
            options.like,
            options.space,
            options.seed,
        )
        report = with_progress(job)
    say(told(report))
    if len(report.takes) < options.n:
        say(f"Only {len(report.takes)} of {options.n} were good: another --temperature may help")
    if options.json:
        document = {
            "space": report.space,
            "files": [take_facts(take) for take in report.takes],
            "drawn": report.drawn,
            "fell": dict(report.fell),
            "learned": {"samples": report.sounds, "loss": round(report.loss, 4)},
        }
        print_json(document)
    else:
        print_table(
            (
                take.path,
                f"{take.why.distance:.2f}",
                take.why.nearest.name,
                f"novelty {take.why.novelty:.2f}",
                f"density {take.why.density:.2f}",
            )
            for take in report.takes
            if take.why is not None
        )
    return bool(report.takes)


def told(report: DreamReport) -> str:
    """Return in one line how many were drawn, how many kept, and why others were not."""
    fell = ", ".join(f"{number} {_REASONS[reason]}" for reason, number in report.fell.items())
    return f"{report.drawn} drawn, {len(report.takes)} kept" + (f"; {fell}" if fell else "")
