"""The arguments of the commands that make sounds."""

from __future__ import annotations

from pathlib import Path

from tui.arguments import Commands, with_json, with_sounds, with_space

DREAM_TEMPERATURE = "0.9"


def add_sound_commands(commands: Commands) -> None:
    """Add `crate morph`, `vary`, `dream` and `resynth`."""
    morph = commands.add_parser("morph", help="sounds in between, as WAV files")
    with_sounds(morph, "+", "2 to 4 ids or paths")
    morph.add_argument("--steps", type=int, default=7, metavar="N", help="files; 7")
    morph.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_space(morph)
    with_json(morph)

    vary = commands.add_parser("vary", help="variations of a sound, as WAV files")
    vary.add_argument("sound", metavar="SOUND", help="id or path")
    vary.add_argument("-n", type=int, default=None, metavar="N", help="files; 8, or 1 with --set")
    vary.add_argument("--amount", type=float, metavar="X", help="standard deviations; 1")
    vary.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="ATTR=±V",
        help="move an attribute: +1, -6dB, x0.5; repeatable",
    )
    vary.add_argument(
        "--mine", type=float, default=0.0, metavar="X", help="pull it towards your sounds; 0 to 1"
    )
    vary.add_argument("--seed", type=int, default=0, help="of the random choice; 0")
    vary.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_space(vary)
    with_json(vary)

    dream = commands.add_parser("dream", help="sounds that nobody made, as WAV files")
    dream.add_argument("-n", type=int, default=8, metavar="N", help="files; 8")
    dream.add_argument(
        "--temperature",
        default=DREAM_TEMPERATURE,
        metavar="T",
        help=f"how daring: T, or T0:T1 for a ramp within the sound; {DREAM_TEMPERATURE}",
    )
    dream.add_argument("--where", default="", metavar="QUERY", help="learn only from these")
    dream.add_argument("--like", default="", metavar="QUERY", help="dream between these")
    dream.add_argument("--seed", type=int, default=0, help="of the random choice; 0")
    dream.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_space(dream)
    with_json(dream)

    resynth = commands.add_parser("resynth", help="what the codec alone makes of a sound")
    resynth.add_argument("sound", metavar="SOUND", help="id or path")
    resynth.add_argument("--out", type=Path, required=True, metavar="F.wav", help="the file")
    resynth.add_argument(
        "--through",
        choices=["codec", "space"],
        default="codec",
        metavar="WHAT",
        help="codec, or space: what the space in use can say of it; codec",
    )
    resynth.add_argument("--codec", metavar="NAME", help="a codec; the one in use if not given")
    resynth.add_argument("--space", metavar="S", help="through this space")
    with_json(resynth)
