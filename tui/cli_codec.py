"""What `crate codec` does: ask the workspace, print. Nothing here loads a model by itself."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping

from index.answers import CodecRow
from index.workspace import Workspace
from tui.cli_output import print_json, print_table, say, with_progress

Options = argparse.Namespace

SHOWN_DIGITS = 12


def run_codec(options: Options) -> bool:
    """`crate codec`: one of its own commands."""
    actions = {
        "list": _list,
        "add": _add,
        "trust": _trust,
        "use": _use,
        "forget": _forget,
        "tune": _tune,
    }
    with Workspace.open(options.library) as workspace:
        return actions[options.action](workspace, options)


def codec_facts(row: CodecRow) -> dict[str, object]:
    """Return what JSON says of a codec."""
    steps = row.steps_per_second
    return {
        "name": row.name,
        "kind": row.kind,
        "digest": row.digest,
        "trusted": row.trusted,
        "in_use": row.in_use,
        "samples": row.samples,
        "steps_per_second": None if steps is None else round(steps, 3),
        "facts": dict(row.facts),
        "report": dict(row.report),
        "created_at": row.created_at,
    }


def _list(workspace: Workspace, options: Options) -> bool:
    rows = workspace.codecs.rows()
    if options.json:
        print_json({"codecs": [codec_facts(row) for row in rows]})
    else:
        print_table(
            (
                "*" if row.in_use else "",
                row.name,
                row.kind,
                row.digest[:SHOWN_DIGITS],
                _unit(row.facts.get("sample_rate"), "Hz"),
                _unit(row.facts.get("dims"), "dims"),
                _unit(row.steps_per_second, "steps/s"),
                "trusted" if row.trusted else "not trusted",
                f"{row.samples} encoded",
            )
            for row in rows
        )
    return True


def _unit(value: object, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.1f} {unit}" if isinstance(value, float) else f"{value} {unit}"


def _add(workspace: Workspace, options: Options) -> bool:
    row = workspace.codecs.add(options.file, options.name)
    line = _line(options, f"codec trust {row.digest[:SHOWN_DIGITS]}")
    if options.json:
        print_json({"codec": codec_facts(row), "to_trust": None if row.trusted else line})
        return True
    print_table([("name", row.name), ("kind", row.kind), ("digest", row.digest)])
    print_table(_told(row.facts))
    if row.trusted:
        say(f"ready: {_line(options, f'codec use {shlex.quote(row.name)}')}")
    else:
        say("It is a program: it could read and write your files. Nothing of it has run yet.")
        say(f"If you trust those who made it: {line}")
    return True


def _line(options: Options, command: str) -> str:
    """Return a command line for the same library."""
    if options.library is None:
        return f"crate {command}"
    return f"crate --library {shlex.quote(str(options.library))} {command}"


def _told(facts: Mapping[str, object]) -> list[tuple[object, ...]]:
    """Return facts as rows of a table; each warning has a row of its own."""
    rows: list[tuple[object, ...]] = []
    for key, value in facts.items():
        if isinstance(value, bool):
            rows.append((key, "yes" if value else "no"))
        elif not isinstance(value, list):
            rows.append((key, value))
        elif key == "warnings":
            rows += [("warning", each) for each in value] or [("warning", "none found")]
        else:
            rows.append((key, ", ".join(map(str, value))))
    return rows


def _trust(workspace: Workspace, options: Options) -> bool:
    row = workspace.codecs.trust(options.digest, options.rate)
    if options.json:
        print_json({"codec": codec_facts(row)})
        return True
    print_table([("name", row.name), ("digest", row.digest), *_told(row.facts)])
    if row.facts.get("discrete"):
        say("Its latents are codes: sounds can go through it, but no space can be learned on it.")
    else:
        say(f"It works. To learn on it: {_line(options, f'codec use {shlex.quote(row.name)}')}")
    return True


def _use(workspace: Workspace, options: Options) -> bool:
    report = with_progress(workspace.codecs.use(options.name))
    if options.json:
        failed = [{"path": str(path), "reason": reason} for _, path, reason in report.failed]
        print_json({"codec": options.name, "encoded": report.encoded, "failed": failed})
        return True
    print_table([("encoded", report.encoded), ("failed", len(report.failed))])
    print_table(("failed", path, reason) for _, path, reason in report.failed)
    if workspace.codecs.row(options.name).facts.get("discrete"):
        say("Its latents are codes, on which no space can be learned: nothing was encoded.")
    return True


def _forget(workspace: Workspace, options: Options) -> bool:
    workspace.codecs.forget(options.name)
    if options.json:
        print_json({"codec": options.name})
    return True


def _tune(workspace: Workspace, options: Options) -> bool:
    def kept() -> str | None:
        rows = workspace.codecs.rows()
        return next((row.digest for row in rows if row.name == options.name), None)

    before = kept()
    try:
        report = with_progress(workspace.codecs.tune(options.name, options.where, options.minutes))
    except KeyboardInterrupt:
        if kept() == before:
            say("Nothing better was found until now: nothing was kept.")
        else:
            _say_kept(options)
        raise
    measured = {
        "before_db": _rounded(report.before_db),
        "after_db": _rounded(report.after_db),
        "steps": report.steps,
        "sounds": report.sounds,
        "held_out": report.held_out,
        "seconds": round(report.seconds, 1),
    }
    if options.json:
        print_json({"codec": report.codec, "improved": report.codec is not None, **measured})
    else:
        print_table((name, value) for name, value in measured.items() if value is not None)
    if report.codec is not None:
        _say_kept(options)
    elif report.steps:
        say(f"No better than the house codec after {report.steps} steps: nothing was kept.")
    else:
        say("There was no time to learn anything, and nothing was kept: give more --minutes.")
    return report.codec is not None


def _rounded(error_db: float | None) -> float | None:
    return None if error_db is None else round(error_db, 3)


def _say_kept(options: Options) -> None:
    say(f"kept: {_line(options, f'codec use {shlex.quote(options.name)}')}")
