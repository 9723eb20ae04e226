"""What `crate resynth` does: ask the workspace, print."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from itertools import pairwise

from index.answers import NearestReport
from index.workspace import Workspace
from library.errors import UserError
from tui.cli_output import print_json, print_table, report_takes, rounded, take_facts, with_progress

Options = argparse.Namespace


def run_resynth(options: Options) -> bool:
    """`crate resynth`."""
    with Workspace.open(options.library) as workspace:
        in_space = options.like or options.through == "space"
        space = options.space or (workspace.space_in_use() if in_space else None)
        if space is not None and options.codec:
            raise UserError("a space has its own codec", "leave --codec out, or the space")
        if options.like:
            job = workspace.resynth_like(options.sound, options.out, space)
            return _report_nearest(with_progress(job), options, str(space))
        if space is not None:
            take = with_progress(workspace.resynth(options.sound, options.out, space=space))
            return report_takes([take], options.json, space=space)
        name = options.codec or next(row.name for row in workspace.codecs.rows() if row.in_use)
        take = with_progress(workspace.resynth(options.sound, options.out, name))
    return report_takes([take], options.json, codec=name)


def _report_nearest(report: NearestReport, options: Options, space: str) -> bool:
    from vae.left_out import EDGES_HZ, in_words

    bands = list(zip(pairwise(EDGES_HZ), report.bands, strict=True))
    if options.json:
        print_json(
            {
                "space": space,
                "files": [take_facts(report.take), take_facts(report.rest)],
                "left_out": {
                    "distance_db": round(report.distance_db, 3),
                    "codec_db": round(report.codec_db, 3),
                    "bands": [
                        {"from": low, "to": high, "db": None if db is None else round(db, 2)}
                        for (low, high), db in bands
                    ],
                    "attributes": _both(report.attributes),
                },
            }
        )
        return True
    print_table([(report.take.path, "nearest"), (report.rest.path, "left out")])
    print_table(
        [
            ("distance", f"{report.distance_db:.1f} dB"),
            ("the codec's own", f"{report.codec_db:.1f} dB"),
            ("left out", in_words(report.bands)),
            *((f"{low} to {high} Hz", f"{db:+.1f} dB") for (low, high), db in bands
              if db is not None),
        ]
    )  # fmt: skip
    return True


def _both(
    attributes: Mapping[str, tuple[float | None, float | None]],
) -> dict[str, dict[str, float | None]]:
    sides = [rounded({name: pair[side] for name, pair in attributes.items()}) for side in (0, 1)]
    return {name: {"target": sides[0][name], "nearest": sides[1][name]} for name in attributes}
