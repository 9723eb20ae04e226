"""Runs every command on a folder of sounds, and tells what was opened to be changed in there.

    python -m tests.faults.every_command SOUNDS HOME

A program of its own, as an audit hook stays for as long as a process lives. It prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# Per command: what follows its name. They run in this order; {…} is filled in below.
CASES: dict[str, str] = {
    "add": "{sounds} --exclude nothing*",
    "scan": "",
    "status": "",
    "ls": "is:analysed",
    "tag": "dark {kick} {other}",
    "untag": "dark {other}",
    "rate": "4 {kick}",
    "collect": "kit {kick} {other}",
    "collections": "--rename kit drums",
    "used": "{kick}",
    "searches": "--save fresh -is:used",
    "undo": "--list",
    "export samples": "category:kick --out {out}/kicks --pattern {{n:03}}_{{name}}",
    "export collection": "drums --out {out}/drums",
    "category": "{kick} {other} kick",
    "tempo": "{kick} {other} 120",
    "key": "{kick} {other} Am",
    "alike": "{kick} {other}",
    "teach": "crisp --yes-where category:kick --no-where category:snare",
    "train": "mine --attributes brightness,loudness",
    "spaces": "",
    "use": "mine",
    "similar": "{kick} --region 0:0.1",
    "duplicates": "--near",
    "relink": "{sounds} {sounds}",
    "found": "",
    "map": "--out {out}/map.html",
    "vectors": "--out {out}/vectors.npz",
    "morph": "{kick} {other} --steps 3 --out {out}",
    "vary": "{kick} -n 2 --out {out}",
    "robins": "{kick} -n 2 --out {out}",
    "velocities": "{kick} -n 2 --out {out}",
    "dream": "-n 1 --out {out}",
    "resynth": "{kick} --out {out}/resynth.wav",
    "transfer": "{kick} --out {out}/transfer.wav",
    "mosaic": "{kick} --out {out}/mosaic.wav",
    "splice": "{kick} {other} --out {out}/splice.wav",
    "recipe": "{out}/splice.wav --again --out {out}/again",
    "space export": "mine --out {out}/mine.space",
    "space compare": "mine house",
    "forget": "mine",
    "space import": "{out}/mine.space",
    "codec list": "",
    "codec add": "{codec} --name foreign",
    "codec trust": "{digest}",
    "codec use": "foreign",
    "codec forget": "foreign",
    "codec tune": "tuned --minutes 0.02",
    "doctor": "--mend",
    "demo": "--no-tui --dir {home}/demo",
}

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {
    "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
    "os.setxattr", "os.removexattr", "os.symlink", "os.truncate", "os.utime",
}  # fmt: skip


class Watch:
    """Notes what would change something under a folder.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = os.path.realpath(folder)
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            changes = isinstance(flags, int) and bool(flags & WRITING)
            if changes and self._inside(path):
                self.seen.append(f"open {path!r} {mode} {flags}")
        elif event in CHANGING and any(self._inside(each) for each in arguments):
            self.seen.append(f"{event} {arguments!r}")

    def _inside(self, path: object) -> bool:
        if not isinstance(path, str | bytes):
            return False
        # What stands at the end may be a link, which is itself what would be changed.
        named = Path(os.fsdecode(path))
        return (named.parent.resolve() / named.name).is_relative_to(self.folder)


def main(sounds: Path, home: Path) -> None:
    """Run them all and print what came of it."""
    import tui.demo
    from index.workspace import Workspace
    from tests.vae.rave_standins import standin, written
    from tui.cli import main as crate

    tui.demo.SOUNDS = 40
    (home / "codec").mkdir(parents=True)
    values = {"sounds": sounds, "home": home, "out": home / "out"}
    values["codec"] = written(standin(), home / "codec")
    library = home / "library.sqlite"
    watch = Watch(sounds)
    codes: dict[str, int] = {}
    for name, words in CASES.items():
        arguments = [word.format(**values) for word in words.split()]
        before = len(watch.seen)
        codes[name] = crate(["--library", str(library), *name.split(), *arguments])
        watch.seen[before:] = [f"{name}: {each}" for each in watch.seen[before:]]
        with Workspace.open(library) as workspace:
            if name == "add":
                values["kick"], values["other"] = workspace.ids("kick is:analysed")[:2].tolist()
            if name == "codec add":
                values["digest"] = workspace.codecs.row("foreign").digest
    sys.stderr.flush()
    document = json.dumps({"codes": codes, "changes": watch.seen})
    (home / "found.json").write_text(document)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
