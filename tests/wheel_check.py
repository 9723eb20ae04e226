"""Build the wheel, install it into an empty environment, and use it from another folder.

    make wheel-test

What a checkout has and the wheel lacks is seen only so: migrations, model weights, style sheets.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import soundfile

CHECKOUT = Path(__file__).parents[1]
PACKAGES = ("library", "vae", "index", "tui", "migrations")
MUST_HAVE = ("*.py", "*.safetensors", "*.tcss", "*.mako", "*.html", "*.css", "*.js")
PNG = b"\x89PNG\r\n\x1a\n"


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder and return its stdout; its stderr is shown as it comes."""
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "LATENTCRATE_LIBRARY"}}
    done = subprocess.run(command, cwd=folder, env=clean, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"wheel-test: exit {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def expect(holds: bool, what: str) -> None:
    """Leave with a message unless something holds."""
    if not holds:
        raise SystemExit(f"wheel-test: {what}")


def build(folder: Path) -> Path:
    """Build the wheel into a folder."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, folder=CHECKOUT)
    wheels = list(folder.glob("latentcrate-*.whl"))
    expect(len(wheels) == 1, f"one wheel expected, not {wheels}")
    return wheels[0]


def check_contents(wheel: Path) -> None:
    """Everything that the packages of the checkout hold is inside, and no other package is."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for pattern in MUST_HAVE
        for path in (CHECKOUT / package).rglob(pattern)
    }
    expect(any(name.startswith("migrations/versions/0") for name in wanted), "no migration")
    for weights in ("house-codec", "house-space", "house-ear"):
        expect(f"vae/weights/{weights}.safetensors" in wanted, f"no weights of the {weights}")
    expect(wanted <= inside, f"not in the wheel: {sorted(wanted - inside)}")
    foreign = {name.split("/")[0] for name in inside} - set(PACKAGES)
    expect(all(f.endswith(".dist-info") for f in foreign), f"in the wheel too: {foreign}")


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel into a new environment and return its folder of programs."""
    run(sys.executable, "-m", "venv", folder, folder=folder.parent)
    programs = folder / "bin"
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "-c", CHECKOUT / "constraints.txt", wheel, folder=folder.parent)
    return programs


def use(programs: Path, folder: Path) -> int:
    """Run the demo, look at what it wrote, and return how many takes that is."""
    crate = programs / "crate"
    expect(run(crate, "--version", folder=folder).startswith("latentcrate "), "no version")
    home = run(programs / "python", "-c", "import tui; print(tui.__file__)", folder=folder)
    expect(Path(home.strip()).is_relative_to(programs.parent), f"{home} is not the wheel's")
    run(crate, "demo", "--no-tui", "--dir", "made", folder=folder)
    takes = sorted((folder / "made" / "takes").rglob("*.wav"))
    expect(len(takes) >= 7, f"the demo made {len(takes)} takes")
    for take in takes:
        frames, _ = soundfile.read(take)
        expect(frames.any(), f"{take.name} is silent")
    picture = (folder / "made" / "map.png").read_bytes()
    expect(picture.startswith(PNG), "map.png is no picture")
    return len(takes)


def main() -> None:
    """Do all of it in a folder that is removed after."""
    with tempfile.TemporaryDirectory(prefix="latentcrate-wheel-") as name:
        root = Path(name)
        elsewhere = root / "elsewhere"
        elsewhere.mkdir()
        wheel = build(root / "dist")
        check_contents(wheel)
        takes = use(install(wheel, root / "venv"), elsewhere)
        sys.stderr.write(f"wheel-test: {wheel.name} works; the demo made {takes} takes and a map\n")


if __name__ == "__main__":
    main()
