"""What each command does: ask the workspace, print. Each returns whether anything was found."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from index.answers import AddReport
from index.map_file import SavedMap
from index.workspace import Workspace
from library.errors import UserError
from tui.cli_output import (
    encode_lacking,
    in_seconds,
    print_json,
    print_table,
    report_takes,
    sample_facts,
    say,
    space_to_search,
    unreadable_line,
    with_progress,
)
from tui.cli_watch import tell_of_changes
from tui.quiet import answers

Options = argparse.Namespace

_PAGE = 1_000
"""Rows in memory while all are printed."""


def run_demo(options: Options) -> bool:
    """`crate demo`."""
    from tui.demo import demo

    library = demo(options.dir or Path("latentcrate-demo"))
    if answers().isatty() and not options.no_tui:
        from tui.app import run

        run(library)
    return True


def run_add(options: Options) -> bool:
    """`crate add`."""
    with Workspace.open(options.library) as workspace:
        report = with_progress(workspace.add(options.folders, options.exclude))
        found = _report_add(report, options)
        if options.watch:
            tell_of_changes(workspace, options.folders)
    return found


def run_scan(options: Options) -> bool:
    """`crate scan`."""
    with Workspace.open(options.library) as workspace:
        report = with_progress(workspace.scan())
        found = _report_add(report, options)
        if options.watch:
            tell_of_changes(workspace)
    return found


def _report_add(report: AddReport, options: Options) -> bool:
    counts = {
        "found": report.found,
        "new": report.new,
        "changed": report.changed,
        "moved": report.moved,
        "missing": report.missing,
        "analysed": report.analysed,
        "encoded": report.encoded,
    }
    if options.json:
        failed = [{"path": str(path), "reason": reason} for path, reason in report.failed]
        unreadable = [str(path) for path in report.unreadable]
        print_json(
            {
                **counts,
                "failed": failed,
                "unreadable": unreadable,
                "seconds": round(report.seconds, 2),
            }
        )
    else:
        print_table([*counts.items(), ("failed", len(report.failed))])
        if report.failed:
            say(f"{len(report.failed)} files could not be read: crate status tells why")
    if report.unreadable:
        say(unreadable_line(report.unreadable))
    if report.trouble:
        say(report.trouble)
    return report.found > 0 or report.missing > 0


def run_status(options: Options) -> bool:
    """`crate status`."""
    with Workspace.open(options.library) as workspace:
        status = workspace.status()
    facts = {
        "samples": status.samples,
        "listed": status.listed,
        "analysed": status.analysed,
        "missing": status.missing,
        "duration": round(status.duration, 3),
    }
    if options.json:
        failed = [{"path": str(path), "reason": reason} for path, reason in status.failed]
        roots = [str(root) for root in status.roots]
        print_json({**facts, "failed": failed, "roots": roots, "tags": dict(status.tags)})
    else:
        print_table([("folder", root) for root in status.roots])
        print_table(facts.items())
        print_table([("failed", path, reason) for path, reason in status.failed])
        if status.missing:
            say("missing files keep all you said of them: plug in their disk, or see crate relink")
    return True


def run_ls(options: Options) -> bool:
    """`crate ls`."""
    with Workspace.open(options.library) as workspace:
        ids = workspace.ids(" ".join(options.query))
        pages = (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
        rows = (row for page in pages for row in workspace.rows(page))
        if options.json:
            print_json({"samples": [sample_facts(row) for row in rows]})
        else:
            print_table(
                (row.id, in_seconds(row.duration), row.category, ",".join(row.tags), row.path)
                for row in rows
            )
    return len(ids) > 0


def _label(options: Options, write: Callable[[Workspace, list[int]], None]) -> bool:
    """Write something on the samples named, all of them or, where one is not there, none."""
    with Workspace.open(options.library) as workspace:
        ids = [workspace.find(sound).id for sound in options.sounds]
        write(workspace, ids)
        if options.json:
            print_json({"samples": [sample_facts(row) for row in workspace.rows(ids)]})
    return True


def run_tag(options: Options) -> bool:
    """`crate tag`."""
    return _label(options, lambda workspace, ids: workspace.tag(ids, [options.word]))


def run_untag(options: Options) -> bool:
    """`crate untag`."""
    return _label(options, lambda workspace, ids: workspace.untag(ids, [options.word]))


def run_rate(options: Options) -> bool:
    """`crate rate`."""
    return _label(options, lambda workspace, ids: workspace.rate(ids, options.rating or None))


def run_morph(options: Options) -> bool:
    """`crate morph`."""
    glide = not options.keep_pitch
    through = options.through or ("space" if options.space else "spectrum")
    if options.through == "spectrum" and options.space:
        raise UserError("the spectrum takes no space", "leave --space out, or --through spectrum")
    with Workspace.open(options.library) as workspace:
        if options.within is not None:
            if through != "spectrum":
                raise UserError(
                    "a morph within one sound goes through its spectrum",
                    "leave --through and --space out",
                )
            job = workspace.morph_within(options.sounds, options.within, options.out, glide)
        else:
            job = workspace.morph(
                options.sounds,
                options.steps,
                options.out,
                through,
                options.space,
                glide=glide,
                even=options.even,
            )
        takes = with_progress(job)
    return report_takes(takes, options.json)


def run_vary(options: Options) -> bool:
    """`crate vary`."""
    settings: dict[str, str] = {}
    for text in options.set:
        name, separator, value = text.partition("=")
        if not separator:
            raise UserError(f"--set {text} has no value", "write it like --set brightness=+1")
        if name.strip() in settings:
            raise UserError(f"{name.strip()} is set twice", "set each attribute once")
        settings[name.strip()] = value
    only_set = (settings or options.mine) and options.amount is None
    count = options.n if options.n is not None else (1 if only_set else 8)
    with Workspace.open(options.library) as workspace:
        job = workspace.vary(
            options.sound,
            count,
            options.out,
            options.amount,
            settings,
            options.space,
            options.seed,
            options.mine,
            [name.strip() for name in options.hold.split(",") if name.strip()],
        )
        takes = with_progress(job)
    return report_takes(takes, options.json)


def run_splice(options: Options) -> bool:
    """`crate splice`."""
    from vae.splice import Timing

    timing = Timing(options.gap, options.bpm, options.beats, options.cut, options.fade)
    with Workspace.open(options.library) as workspace:
        take = with_progress(workspace.splice(options.sounds, options.out, timing))
    return report_takes([take], options.json)


def run_map(options: Options) -> bool:
    """`crate map`."""
    from index.map_file import check_ending, map_document, save_map

    if options.out is not None:
        check_ending(options.out)
    if not options.megabytes >= 0:
        raise UserError(f"--megabytes {options.megabytes} is no size", "give 0 or more")
    with Workspace.open(options.library) as workspace:
        points = workspace.map_points(options.space)
        if options.fresh or len(points.ids) != workspace.status().analysed:
            if len(workspace.ids("is:analysed")):
                with_progress(workspace.project(options.space, options.fresh))
            points = workspace.map_points(options.space)
        rows = workspace.rows(points.ids)
    if options.out is not None:
        job = save_map(points, rows, options.out, options.sounds, options.megabytes)
        saved = with_progress(job)
        say(f"wrote {saved.path}")
        if saved.path.suffix.lower() == ".html":
            say(_heard(saved, options.sounds))
    if options.json:
        print_json(map_document(points, rows))
    return bool(len(points.ids))


def _heard(saved: SavedMap, sounds: str) -> str:
    """Return what a page plays, and what that means for who gets it."""
    if sounds == "link":
        return "it names where your files are, and plays them on this machine only"
    if sounds == "none":
        return "it holds names, and no sounds"
    told = f"it holds the beginnings of {saved.heard:,} of {saved.points:,} sounds"
    return told if saved.heard == saved.points else f"{told}; --sounds link plays all, here only"


def run_vectors(options: Options) -> bool:
    """`crate vectors`."""
    from index.vector_file import write_vectors

    with Workspace.open(options.library) as workspace:
        space = space_to_search(workspace, options.space)
        encode_lacking(workspace, space)
        table = workspace.vectors(space)
    path = write_vectors(table, options.out)
    n, d = table.matrix.shape
    if options.json:
        print_json({"out": str(path), "samples": n, "dims": d})
    else:
        print_table([(path, n, d)])
    return bool(n)


def run_doctor(options: Options) -> bool:
    """`crate doctor`."""
    from tui.doctor import examine

    findings = examine(options.library, mend=options.mend, run=with_progress)
    if options.json:
        print_json({"checks": [asdict(finding) for finding in findings]})
    else:
        print_table((finding.state, finding.check, finding.about) for finding in findings)
    return all(finding.state != "broken" for finding in findings)
