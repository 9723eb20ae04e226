"""The application in a real terminal, from its first start to a morph that is kept."""

from __future__ import annotations

import sys
from pathlib import Path

from library.decode import read
from library.wav import read_recipe, write_wav
from tests.tui.tmux import Tmux
from vae.synth import demo_sounds, render

SOUNDS = 12


def test_from_the_first_start_to_a_kept_morph(tmp_path: Path) -> None:
    home, sounds = tmp_path / "home", tmp_path / "sounds"
    home.mkdir()
    for relative, patch in demo_sounds(SOUNDS, seed=3):
        write_wav(render(patch), sounds / relative)
    before = {path: path.read_bytes() for path in sorted(sounds.rglob("*.wav"))}
    library = home / "library.sqlite"
    command = [sys.executable, "-m", "tui", "--library", str(library)]
    variables = {"HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    with Tmux(tmp_path, command, variables) as terminal:
        terminal.until("Where are your sounds?")
        terminal.until("~/")
        terminal.type(str(sounds))  # behind what stands there already
        terminal.press("Enter")
        terminal.until(f"{SOUNDS} sounds")
        terminal.until(f"{SOUNDS} analysed")
        first, second = sorted(before, key=lambda path: (path.parent, path.name))[:2]
        terminal.until(first.name)
        terminal.press("m", "j", "m")
        terminal.until("2 marked")
        terminal.press("M")
        screen = terminal.until("enter keeps what is heard")
        assert first.name in screen
        assert second.name in screen
        terminal.press("Right", "Right")
        terminal.press("Enter")
        terminal.until("Where do takes go?")
        terminal.until("~/")
        terminal.type("takes")
        terminal.press("Enter")
        take = terminal.until_there(home / "takes", "*.wav")
        terminal.until("esc close")
        terminal.press("Escape")
        terminal.until(f"{SOUNDS} sounds")
        terminal.press("C-q")
        assert terminal.ended() == 0
    assert list(take.parent.glob("*.wav")) == [take]
    assert read(take).length > 0
    recipe = read_recipe(take)
    assert recipe is not None
    assert [parent.name for parent in recipe.parents] == [first.name, second.name]
    assert {path: path.read_bytes() for path in sorted(sounds.rglob("*.wav"))} == before
