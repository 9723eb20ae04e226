"""What `crate robins` and `crate velocities` do: ask the workspace, print."""

from __future__ import annotations

import argparse

from index.workspace import Workspace
from tui.cli_output import report_takes, with_progress

Options = argparse.Namespace


def run_robins(options: Options) -> bool:
    """`crate robins`."""
    with Workspace.open(options.library) as workspace:
        job = workspace.robins(options.sound, options.n, options.out, options.amount, options.seed)
        takes = with_progress(job)
    return report_takes(takes, options.json)


def run_velocities(options: Options) -> bool:
    """`crate velocities`."""
    with Workspace.open(options.library) as workspace:
        job = workspace.velocities(options.sound, options.n, options.out, options.at)
        takes = with_progress(job)
    return report_takes(takes, options.json)
