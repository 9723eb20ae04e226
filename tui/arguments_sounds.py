"""The arguments of the commands that make sounds."""

from __future__ import annotations

from pathlib import Path

from tui.arguments import Commands, with_json, with_sounds, with_space

DREAM_TEMPERATURE = "0.9"


def add_sound_commands(commands: Commands) -> None:
    """Add the commands that make sounds, and `crate recipe`."""
    morph = commands.add_parser("morph", help="sounds in between, as WAV files")
    with_sounds(morph, "+", "2 to 4 ids or paths")
    morph.add_argument("--steps", type=int, default=7, metavar="N", help="files; 7")
    morph.add_argument(
        "--keep-pitch", action="store_true", help="no glide where all sounds have a pitch"
    )
    even = morph.add_mutually_exclusive_group()
    even.add_argument(
        "--even",
        action="store_true",
        default=True,
        help="steps that sound evenly far apart; so they are if not given",
    )
    even.add_argument(
        "--no-even", dest="even", action="store_false", help="steps that mix in equal parts"
    )
    morph.add_argument(
        "--through",
        choices=("spectrum", "codec", "space"),
        help="what says how sounds mix; spectrum, or space where one is named",
    )
    morph.add_argument(
        "--within",
        nargs="?",
        const="0:1",
        metavar="COURSE",
        help="one sound that turns from the first into the last while it plays; 0:1, or "
        "0@0,1@50%%,0@100%%",
    )
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
        help="move an attribute: +1, -6dB, x0.5; over time: -1:+2, 0@0,+2@50%%,0@1.5s, depth2; "
        "repeatable",
    )
    vary.add_argument(
        "--hold", default="", metavar="ATTR,…", help="what --amount must leave as it is"
    )
    vary.add_argument(
        "--mine", type=float, default=0.0, metavar="X", help="pull it towards your sounds; 0 to 1"
    )
    vary.add_argument("--seed", type=int, default=0, help="of the random choice; 0")
    vary.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_space(vary)
    with_json(vary)

    robins = commands.add_parser("robins", help="round robins: one hit, hit again and again")
    robins.add_argument("sound", metavar="SOUND", help="id or path")
    robins.add_argument("-n", type=int, default=8, metavar="N", help="files; 8")
    robins.add_argument(
        "--amount", type=float, default=1.0, metavar="X", help="1 is as real takes differ; 1"
    )
    robins.add_argument("--seed", type=int, default=0, help="of the random choice; 0")
    robins.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_json(robins)

    velocities = commands.add_parser("velocities", help="one hit as played softer and harder")
    velocities.add_argument("sound", metavar="SOUND", help="id or path")
    velocities.add_argument("-n", type=int, default=5, metavar="N", help="files; 5")
    velocities.add_argument(
        "--at", type=int, default=127, metavar="V", help="velocity of the sound itself; 127"
    )
    velocities.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go")
    with_json(velocities)

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
    resynth.add_argument(
        "--like",
        action="store_true",
        help="the nearest sound that the space can make, and what it leaves out beside it",
    )
    resynth.add_argument("--codec", metavar="NAME", help="a codec; the one in use if not given")
    resynth.add_argument("--space", metavar="S", help="through this space")
    with_json(resynth)

    transfer = commands.add_parser("transfer", help="any sound as your own sounds would say it")
    transfer.add_argument("sound", metavar="IN", help="id or path")
    transfer.add_argument("--out", type=Path, required=True, metavar="F.wav", help="the file")
    transfer.add_argument(
        "--amount",
        type=float,
        default=1.0,
        metavar="X",
        help="0 the codec alone, 1 a sound of yours, up to 2 beyond; 1",
    )
    transfer.add_argument(
        "--keep", default="envelope", metavar="WHAT,…", help="envelope, pitch, or none; envelope"
    )
    with_space(transfer)
    with_json(transfer)

    mosaic = commands.add_parser("mosaic", help="a sound rebuilt from your samples")
    mosaic.add_argument("sound", metavar="IN", help="id or path")
    mosaic.add_argument("--out", type=Path, required=True, metavar="F.wav", help="the file")
    mosaic.add_argument("--where", default="", metavar="QUERY", help="only from these")
    mosaic.add_argument(
        "--grain", type=float, default=250.0, metavar="MS", help="longest piece, ms; 250"
    )
    with_json(mosaic)

    splice = commands.add_parser("splice", help="sounds joined in order, as one WAV file")
    with_sounds(splice, "+", "ids or paths, in order")
    splice.add_argument("--out", type=Path, required=True, metavar="F.wav", help="the file")
    splice.add_argument(
        "--gap", type=float, default=0.0, metavar="S", help="silence between them, seconds; 0"
    )
    splice.add_argument("--bpm", type=float, metavar="B", help="tempo: each begins on a beat")
    splice.add_argument("--beats", type=float, metavar="N", help="from one beginning to the next")
    splice.add_argument("--cut", action="store_true", help="end each where the next begins")
    splice.add_argument(
        "--fade",
        type=float,
        metavar="MS",
        help="of each end and each beginning at a join; 2 ms, where it would click",
    )
    with_json(splice)

    recipe = commands.add_parser("recipe", help="how a take was made, and make it again")
    recipe.add_argument("file", metavar="FILE", help="a take: path or id")
    recipe.add_argument("--again", action="store_true", help="make it again, into --out")
    recipe.add_argument("--out", type=Path, metavar="DIR", help="where it goes, with --again")
    with_json(recipe)
