"""Takes made again: bit for bit, from sounds wherever they lie now, or one line on what is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from sqlalchemy import func, select

from index.answers import Remade, Take, ToldRecipe
from index.remaking import LackingError, differing
from index.workspace import Workspace
from library.clip import Clip
from library.content import audio_digest, content_hash
from library.database import reading
from library.decode import read
from library.errors import UserError
from library.progress import drive
from library.recipe import Recipe, RecipeError, to_text
from library.tables import Take as TakeRow
from library.tables import TakeParent
from library.wav import read_recipe, write_wav
from tests.audio_cases import clip as audio
from tests.audio_cases import write
from tests.conftest import MadeLibrary
from tests.index.conftest import ping
from vae.splice import Timing


@pytest.fixture
def crate(library_copy: MadeLibrary) -> Iterator[Workspace]:
    """The shared library, to be changed; its space `mine` is in use."""
    with Workspace.open(library_copy.path) as workspace:
        yield workspace


def stereo(number: int, rate: int) -> Clip:
    """Two channels of another rate, one louder than full scale."""
    frames = np.concatenate([ping(number, 0.2).frames, 4 * ping(number + 1, 0.2).frames])
    return Clip(np.ascontiguousarray(frames), rate)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files outside the library: mono; stereo floats beyond full scale; low rates; very quiet."""
    return {
        "mono": write(tmp_path / "f" / "mono å.wav", ping(1, 0.2)),
        "stereo": write(tmp_path / "f" / "wide.wav", stereo(3, 48_000), "FLOAT"),
        "low": write(tmp_path / "f" / "low.flac", Clip(ping(5, 0.2).frames, 22_050)),
        "quiet": write(tmp_path / "f" / "quiet.wav", audio(1e-5 * ping(6).frames), "FLOAT"),
    }


Make = Callable[[Workspace, dict[str, Path], Path], list[Take]]


def morphed(*names: str, **more: object) -> Make:
    return lambda crate, files, out: drive(
        crate.morph([str(files[n]) for n in names], 3, out, **more)  # type: ignore[arg-type]
    )


def morphed_within(*names: str, course: str = "0:1") -> Make:
    return lambda crate, files, out: drive(
        crate.morph_within([str(files[n]) for n in names], course, out)
    )


def on_a_pad(*names: str, glide: bool = True) -> Make:
    def make(crate: Workspace, files: dict[str, Path], out: Path) -> list[Take]:
        pad = crate.morph_pad([str(files[n]) for n in names], glide)
        way = [(0.0, 0.2, 0.1), (0.3, 1.0, 0.4), (0.9, 0.5, 0.5)]
        places = [(0.0, 0.5), (0.37, 0.61), (1 / 3, 0.1)]
        return [*(pad.keep(place, out) for place in places), pad.keep_along(way, out)]

    return make


def shaped(name: str, moves: dict[str, float], space: str) -> Make:
    return lambda crate, files, out: [crate.shaper(str(files[name]), space).keep(moves, out)]


def varied(name: str, *arguments: object) -> Make:
    return lambda crate, files, out: drive(crate.vary(str(files[name]), 2, out, *arguments))  # type: ignore[arg-type]


def moved(name: str, settings: dict[str, str], **more: object) -> Make:
    return lambda crate, files, out: drive(
        crate.vary(str(files[name]), 1, out, settings=settings, **more)  # type: ignore[arg-type]
    )


def said(name: str, space: str | None) -> Make:
    return lambda crate, files, out: [
        drive(crate.resynth(str(files[name]), out / "said.wav", "house" if not space else None,
                            space))
    ]  # fmt: skip


def like(name: str, space: str) -> Make:
    def make(crate: Workspace, files: dict[str, Path], out: Path) -> list[Take]:
        report = drive(crate.resynth_like(str(files[name]), out / "like.wav", space))
        return [report.take, report.rest]

    return make


def robins(name: str, amount: float, seed: int) -> Make:
    return lambda crate, files, out: drive(crate.robins(str(files[name]), 2, out, amount, seed))


def layers(name: str, at: int) -> Make:
    return lambda crate, files, out: drive(crate.velocities(str(files[name]), 3, out, at))


def joined(timing: Timing, *names: str) -> Make:
    return lambda crate, files, out: [
        drive(crate.splice([str(files[n]) for n in names], out / "joined.wav", timing))
    ]


def rebuilt(name: str, grain_ms: float = 250.0) -> Make:
    return lambda crate, files, out: [
        drive(crate.mosaic(str(files[name]), out / "rebuilt.wav", "", grain_ms)).take
    ]


WAYS: dict[str, Make] = {
    "morph mono": morphed("mono", "low"),
    "morph stereo": morphed("stereo", "mono", "low"),
    "morph with pitches kept": morphed("stereo", "mono", glide=False),
    "morph of quiet ends": morphed("quiet", "mono"),
    "morph by number": morphed("mono", "low", even=False),
    "morph through a codec": morphed("mono", "stereo", through="codec"),
    "morph through a space": morphed("mono", "low", through="space", space="mine"),
    "morph within": morphed_within("stereo", "mono"),
    "morph within, three": morphed_within("stereo", "mono", "low", course="0@0,1@50%,0.5@100%"),
    "morph on a pad": on_a_pad("quiet", "mono"),
    "morph on a pad of three": on_a_pad("mono", "low", "quiet", glide=False),
    "morph on a pad of four": on_a_pad("stereo", "mono", "low", "quiet"),
    "vary by sliders": shaped("low", {"brightness": 0.5, "pitch": -2.0, "attack": 0.25}, "house"),
    "vary": varied("mono", 1.0),
    "vary stereo": varied("stereo", 0.7, None, None, 5),
    "vary house": varied("low", 1.0, None, "house"),
    "vary holding": varied("mono", 1.5, {"brightness": "+1"}, None, 2, 0.0, ("length", "loudness")),
    "vary mine": moved("mono", {"loudness": "-3dB"}, mine=0.6),
    "vary set": moved("stereo", {"brightness": "+1", "pitch": "-2st"}),
    "vary over time": moved("mono", {"brightness": "-1:+1", "loudness": "depth0.5"}),
    "robins": robins("mono", 1.0, 0),
    "robins stereo": robins("stereo", 1.5, 7),
    "velocities": layers("stereo", 127),
    "velocities of the softest": layers("quiet", 30),
    "resynth": said("stereo", None),
    "resynth space": said("low", "mine"),
    "resynth like": like("low", "mine"),
    "splice": joined(Timing(gap=0.1), "stereo", "mono", "low"),
    "splice in time": joined(Timing(bpm=300, beats=0.5, cut=True, fade_ms=4), "mono", "low"),
    "mosaic": rebuilt("mono"),
    "mosaic of fine grain": rebuilt("stereo", 50.0),
}


def told(crate: Workspace, file: object) -> ToldRecipe:
    found = crate.recipe(str(file))
    assert found is not None
    return found


def again(crate: Workspace, file: object, out: Path) -> Remade:
    return drive(crate.make_again(told(crate, file), out))


@pytest.mark.parametrize("way", WAYS)
def test_every_take_can_be_made_again_bit_for_bit(
    crate: Workspace, files: dict[str, Path], tmp_path: Path, way: str
) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files.values()}
    for take in WAYS[way](crate, files, tmp_path / "out"):
        remade = again(crate, take.path, tmp_path / "again")
        assert remade.same
        assert remade.versions == {}
        # The very same file: audio, coding and recipe.
        assert remade.take.path.read_bytes() == take.path.read_bytes()
        assert remade.take.attributes == take.attributes
        assert remade.take.weights == take.weights
        assert remade.take.z == take.z
        recipe = told(crate, take.path).recipe
        assert recipe.verb == way.split()[0]
        assert recipe.audio == audio_digest(read(take.path))
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in files.values()} == before


def test_a_take_is_made_again_on_as_many_threads(crate: Workspace, tmp_path: Path) -> None:
    """Two threads sum in another order than one."""
    sound = write(tmp_path / "long.wav", ping(1, 1.0))
    torch.set_num_threads(2)
    takes = drive(crate.vary(str(sound), 2, tmp_path / "out", 1.0))
    torch.set_num_threads(1)
    for take in takes:
        assert told(crate, take.path).recipe.threads == 2
        assert again(crate, take.path, tmp_path / "again").same
    assert torch.get_num_threads() == 1


def test_takes_are_of_both_codings(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    """Or the test above would not look at floats."""
    made = [t for way in ("morph stereo", "morph of quiet ends", "vary")
            for t in WAYS[way](crate, files, tmp_path / "out")]  # fmt: skip
    assert {soundfile.info(take.path).subtype for take in made} == {"PCM_24", "FLOAT"}


def test_another_seed_or_sound_would_not_be_the_same(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    """What a recipe says is what is done; and a difference is seen."""
    take = WAYS["vary"](crate, files, tmp_path / "out")[0]
    found = told(crate, take.path)
    shift = found.recipe.made["shift"]
    assert isinstance(shift, list)
    for change in (
        {"made": {"number": 1, "shift": [0.5 * float(v) for v in shift]}},
        {"options": {**found.recipe.options, "settings": {"brightness": "+1"}}},
        {"options": {**found.recipe.options, "mine": 0.5}},
    ):
        other = replace(found, recipe=replace(found.recipe, **change))  # type: ignore[arg-type]
        assert not drive(crate.make_again(other, tmp_path / "again")).same


def test_a_recipe_tells_names_and_digests_and_no_folder(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["vary holding"](crate, files, tmp_path / "out")[1]
    found = told(crate, take.path)
    recipe = found.recipe
    assert [(p.name, p.content) for p in recipe.parents] == [
        ("mono å.wav", content_hash(files["mono"]))
    ]
    assert recipe.options == {
        "n": 2, "amount": 1.5, "settings": {"brightness": "+1"}, "mine": 0.0,
        "hold": ["length", "loudness"],
    }  # fmt: skip
    assert (recipe.seed, recipe.made["number"]) == (2, 2)
    assert recipe.space == crate.space("mine").digest
    assert (found.space, found.codec, found.kept_in, found.changed) == (
        "mine", "house", "file", False,
    )  # fmt: skip
    (parent,) = found.parents
    assert parent is not None
    assert (parent.path, parent.sample_id) == (files["mono"], None)
    assert str(tmp_path).encode() not in take.path.read_bytes()


def counted(crate: Workspace) -> tuple[int, int]:
    with reading(crate._engine) as session:
        takes = session.scalar(select(func.count()).select_from(TakeRow))
        parents = session.scalar(select(func.count()).select_from(TakeParent))
    return takes or 0, parents or 0


def test_the_library_keeps_takes_but_not_those_only_listened_to(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    sounds = [str(files["mono"]), str(files["low"])]
    heard = drive(crate.morph(sounds, 2, tmp_path / "heard", remember=False))
    assert counted(crate) == (0, 0)
    drive(crate.morph(sounds, 2, tmp_path / "kept"))
    assert counted(crate) == (2, 4)
    assert read_recipe(heard[0].path) is not None


def test_a_take_that_lost_its_recipe_is_known_by_its_audio(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["vary"](crate, files, tmp_path / "out")[0]
    bare = tmp_path / "elsewhere" / "renamed.flac"
    write(bare, read(take.path), "PCM_24")
    found = told(crate, bare)
    assert (found.kept_in, found.changed) == ("library", False)
    assert found.recipe == told(crate, take.path).recipe
    assert again(crate, bare, tmp_path / "again").same


def test_a_take_that_is_added_is_known_as_a_sample_even_while_its_disk_is_gone(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["morph mono"](crate, files, tmp_path / "out")[1]
    shutil.move(take.path, tmp_path / "added.wav")
    (tmp_path / "mine").mkdir()
    there = Path(shutil.move(tmp_path / "added.wav", tmp_path / "mine" / "best.wav"))
    drive(crate.add([tmp_path / "mine"]))
    sample = crate.find(str(there))
    assert told(crate, sample.id).kept_in == "file"
    there.rename(tmp_path / "gone.wav")
    found = told(crate, sample.id)
    assert (found.kept_in, found.changed, found.recipe.verb) == ("library", None, "morph")
    assert again(crate, sample.id, tmp_path / "again").same


def test_a_sound_that_nobody_made_here_has_no_recipe(
    crate: Workspace, files: dict[str, Path]
) -> None:
    assert crate.recipe(str(files["mono"])) is None
    sample = crate.rows(crate.ids("is:analysed"))[0]
    assert crate.recipe(str(sample.id)) is None


def test_a_sample_whose_disk_is_gone_is_told_to_be_so(crate: Workspace, tmp_path: Path) -> None:
    plain = write(tmp_path / "mine" / "plain.wav", ping(1))
    drive(crate.add([plain.parent]))
    sample = crate.find(str(plain))
    plain.unlink()
    with pytest.raises(UserError, match=r"cannot read plain\.wav"):
        crate.recipe(str(sample.id))


def test_a_take_that_was_changed_is_compared_with_how_it_was_made(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["vary"](crate, files, tmp_path / "out")[0]
    recipe = read_recipe(take.path)
    louder = Clip(np.float32(0.5) * read(take.path).frames, 44_100)
    write_wav(louder, take.path, overwrite=True, recipe=recipe)
    assert told(crate, take.path).changed
    assert again(crate, take.path, tmp_path / "again").same


@pytest.mark.parametrize("analysed", [True, False])
def test_a_sound_is_found_where_it_was_moved_to(
    crate: Workspace, tmp_path: Path, analysed: bool
) -> None:
    first = write(tmp_path / "lib" / "a" / "kick.wav", ping(1))
    drive(crate.add([tmp_path / "lib"]))
    take = drive(crate.vary(str(first), 1, tmp_path / "out", 1.0))[0]
    (parent,) = told(crate, take.path).parents
    assert parent is not None
    assert parent.sample_id == crate.find(str(first)).id
    (tmp_path / "lib" / "b").mkdir()
    moved_to = first.rename(tmp_path / "lib" / "b" / "boom.wav")
    assert told(crate, take.path).parents == (None,)
    if analysed:
        drive(crate.scan())
    else:  # a copy that the library came to know by another way: the same sound once more
        copy = shutil.copy(moved_to, tmp_path / "copy.wav")
        drive(crate.vary(str(copy), 1, tmp_path / "other", 1.0))
        moved_to = Path(copy)
    (parent,) = told(crate, take.path).parents
    assert parent is not None
    assert parent.path == moved_to
    assert again(crate, take.path, tmp_path / "again").same


def test_a_sound_that_changed_is_not_the_sound(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["morph mono"](crate, files, tmp_path / "out")[1]
    write(files["low"], Clip(ping(9).frames, 22_050))
    with pytest.raises(LackingError) as lacking:
        again(crate, take.path, tmp_path / "again")
    assert str(lacking.value).startswith("low.flac is not there: plug its disk in")
    assert not (tmp_path / "again").exists()


def test_a_take_is_a_parent_and_found_where_it_was_written(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    takes = WAYS["morph mono"](crate, files, tmp_path / "out")
    spliced = drive(
        crate.splice([str(t.path) for t in takes], tmp_path / "all.wav", Timing(gap=0.2))
    )
    assert spliced.starts is not None
    assert spliced.starts[0] == 0
    found = told(crate, spliced.path)
    assert [origin.path for origin in found.parents if origin] == [t.path for t in takes]
    assert again(crate, spliced.path, tmp_path / "again").same


def test_a_mosaic_is_made_again_whatever_has_come_into_the_library(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    report = drive(crate.mosaic(str(files["mono"]), tmp_path / "m.wav"))
    write(tmp_path / "more" / "itself.wav", read(files["mono"]), "PCM_24")
    drive(crate.add([tmp_path / "more"]))
    other = drive(crate.mosaic(str(files["mono"]), tmp_path / "other.wav"))
    assert {p.row.id for p in other.pieces} != {p.row.id for p in report.pieces}
    assert again(crate, report.take.path, tmp_path / "again").same


@pytest.mark.parametrize("gone", [True, False])
def test_a_sample_of_a_mosaic_that_is_gone_or_changed_is_told(
    crate: Workspace, files: dict[str, Path], tmp_path: Path, gone: bool
) -> None:
    hits = [write(tmp_path / "hits" / f"hit{n}.wav", ping(n, 0.3)) for n in (10, 11)]
    drive(crate.add([tmp_path / "hits"]))
    report = drive(crate.mosaic(str(files["mono"]), tmp_path / "m.wav", "hit"))
    used = {piece.row.name for piece in report.pieces}
    for path in hits:
        path.unlink()
        if not gone:
            write(path, ping(77))
    with pytest.raises(LackingError) as lacking:
        again(crate, report.take.path, tmp_path / "again")
    assert {line.split(" is not there: plug its")[0] for line in lacking.value.lines} == used
    assert not (tmp_path / "again").exists()


def test_the_recipe_of_a_mosaic_stays_small(crate: Workspace, tmp_path: Path) -> None:
    """Some forty bytes for each piece, and once for each sample its name."""
    sound = write(tmp_path / "long.wav", audio(np.tile(ping(3, 0.5).frames, 8)))
    report = drive(crate.mosaic(str(sound), tmp_path / "m.wav", "", 40.0))
    assert len(report.pieces) > 80
    recipe = told(crate, report.take.path).recipe
    assert len(to_text(recipe)) < 1_000 + 40 * len(report.pieces) + 120 * len(recipe.parents)


def test_each_thing_that_is_missing_has_its_line(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    varied_take = WAYS["vary"](crate, files, tmp_path / "out")[0]
    morph_take = WAYS["morph stereo"](crate, files, tmp_path / "out")[1]
    crate.forget_space("mine")
    with pytest.raises(LackingError) as lacking:
        again(crate, varied_take.path, tmp_path / "again")
    assert "was forgotten or trained again: crate space import" in str(lacking.value)
    # A morph through the spectrum takes no space.
    assert again(crate, morph_take.path, tmp_path / "again").same
    files["mono"].unlink()
    files["low"].unlink()
    with pytest.raises(LackingError, match="2 things that it was made with") as lacking:
        again(crate, morph_take.path, tmp_path / "again")
    assert [line.split(" is ")[0] for line in lacking.value.lines] == ["mono å.wav", "low.flac"]
    with pytest.raises(LackingError) as lacking:
        again(crate, varied_take.path, tmp_path / "again")
    assert len(lacking.value.lines) == 2


def test_a_codec_that_is_gone_is_told(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["resynth"](crate, files, tmp_path / "out")[0]
    found = told(crate, take.path)
    gone = replace(found, recipe=replace(found.recipe, codec="0" * 32))
    with pytest.raises(LackingError, match="the codec 000000000000 is not there: crate codec add"):
        drive(crate.make_again(gone, tmp_path / "again"))


def other(found: ToldRecipe, **changes: object) -> ToldRecipe:
    recipe: Recipe = replace(found.recipe, **changes)  # type: ignore[arg-type]
    pairs = zip(recipe.parents, found.parents, strict=False)
    return replace(found, recipe=recipe, parents=tuple(origin for _, origin in pairs))


# One piece, of the first sample, over all of a sound of 8820 frames.
LAID = {"lengths": [8820], "joins": [0], "begun": [0], "samples": [1], "frames": [0]}


@pytest.mark.parametrize(
    ("way", "changes"),
    [
        ("vary", {"made": {}}),
        ("vary", {"made": {"number": 1, "shift": [1e30]}}),
        ("vary", {"made": {"number": 1, "shift": [0.0]}}),
        ("vary", {"made": {"number": 1, "shift": "all"}}),
        ("vary", {"options": {}}),
        ("vary", {"space": None}),
        ("vary", {"codec": None}),
        ("vary", {"codec": "0" * 32}),
        ("vary", {"parents": ()}),
        ("morph mono", {"made": {"weights": [1.0], "line": [1.0]}}),
        ("morph mono", {"made": {"weights": [0.9, 0.9], "line": [0.5, 0.5]}}),
        ("morph mono", {"made": {"weights": [0.5, 0.5], "line": [0.9, 0.9]}}),
        ("morph mono", {"made": {"weights": [-0.5, 1.5], "line": [0.5, 0.5]}}),
        ("morph mono", {"made": {"weights": [True, False], "line": [0.5, 0.5]}}),
        ("morph mono", {"parents": (), "made": {"weights": [], "line": []}}),
        ("morph within", {"options": {"course": 3, "keep_pitch": False}}),
        ("resynth", {"codec": None}),
        ("resynth", {"parents": ()}),
        ("splice", {"options": {"gap": "1"}}),
        ("splice", {"options": {"gap": 1e12, "cut": False}}),
        ("splice", {"options": {"gap": 0, "cut": False, "bpm": 1e-9, "beats": 1}}),
        ("splice", {"options": {"gap": 0, "cut": 1}}),
        ("splice", {"parents": ()}),
        ("mosaic", {"made": {}}),
        ("mosaic", {"made": LAID | {"lengths": [1]}}),
        ("mosaic", {"made": LAID | {"lengths": [8820.0]}}),
        ("mosaic", {"made": LAID | {"lengths": [4410, 4410]}}),
        ("mosaic", {"made": LAID | {"samples": [2]}}),
        ("mosaic", {"made": LAID | {"joins": [3]}}),
        ("mosaic", {"made": LAID | {"frames": [-1]}}),
        ("mosaic", {"made": LAID, "parents": ()}),
    ],
)
def test_a_recipe_that_cannot_be_followed_is_told_and_writes_nothing(
    crate: Workspace,
    files: dict[str, Path],
    tmp_path: Path,
    way: str,
    changes: dict[str, object],
) -> None:
    found = other(told(crate, WAYS[way](crate, files, tmp_path / "out")[0].path), **changes)
    with pytest.raises(UserError) as refused:
        drive(crate.make_again(found, tmp_path / "again"))
    assert str(refused.value).isprintable()
    assert not list((tmp_path / "again").glob("*"))


def test_what_an_unknown_command_made_cannot_be_made_again(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    found = told(crate, WAYS["splice"](crate, files, tmp_path / "out")[0].path)
    with pytest.raises(UserError, match="what crate conjure made cannot be made again"):
        drive(crate.make_again(other(found, verb="conjure"), tmp_path / "again"))


def test_a_setting_that_the_space_has_not_is_told(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    found = told(crate, WAYS["vary set"](crate, files, tmp_path / "out")[0].path)
    options = {**found.recipe.options, "settings": {"warmth": "+1"}}
    with pytest.raises(UserError, match="no attribute 'warmth'"):
        drive(crate.make_again(other(found, options=options), tmp_path / "again"))


def test_other_versions_are_told(crate: Workspace, files: dict[str, Path], tmp_path: Path) -> None:
    found = told(crate, WAYS["splice"](crate, files, tmp_path / "out")[0].path)
    versions = {**found.recipe.versions, "latentcrate": "0.0.1", "numpy": "1.0"}
    remade = drive(crate.make_again(other(found, versions=versions), tmp_path / "again"))
    assert remade.same
    assert set(remade.versions) == {"latentcrate", "numpy"}
    assert remade.versions["numpy"] == ("1.0", found.recipe.versions["numpy"])
    assert differing({"a": "1"}, {"b": "2"}) == {"a": ("1", None), "b": (None, "2")}


def test_a_library_made_by_somebody_else_is_not_believed_either(
    crate: Workspace, files: dict[str, Path], tmp_path: Path
) -> None:
    take = WAYS["splice"](crate, files, tmp_path / "out")[0]
    plain = write(tmp_path / "plain.wav", read(take.path), "PCM_24")
    with crate._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE take SET recipe = '{\"recipe\": 1}'")
    with pytest.raises(RecipeError, match="damaged"):
        crate.recipe(str(plain))
