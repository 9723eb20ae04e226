"""Sound queries, answered on a library of synthesised sounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from index.sound_query import Region, SoundQuery
from index.workspace import Workspace
from library.decode import read
from library.errors import DecodeError, UserError
from library.progress import drive
from tests.audio_cases import RATE_HZ, silence, tone, write
from tests.audio_cases import clip as audio
from tests.conftest import MadeLibrary
from vae.onset import from_onset, onset
from vae.synth import demo_sounds, render
from vae.vector import blocks, distance_of, score


def ids_of(workspace: Workspace, query: SoundQuery) -> list[int]:
    return [found.row.id for found in workspace.similar(query)]


@pytest.fixture
def kicks(made: Workspace) -> list[str]:
    return [str(i) for i in made.ids("category:kick")]


@pytest.fixture
def bells(made: Workspace) -> list[str]:
    return [str(i) for i in made.ids("folder:bells")]


@pytest.fixture
def mapped(library_copy: MadeLibrary):  # type: ignore[no-untyped-def]
    """A library with a map."""
    with Workspace.open(library_copy.path) as workspace:
        drive(workspace.project())
        yield workspace


def test_a_blend_is_near_to_all_of_it(made: Workspace, kicks: list[str], bells: list[str]) -> None:
    table = made.vectors()
    place = {int(i): n for n, i in enumerate(table.ids)}
    named = [int(kicks[0]), int(bells[0])]
    middle = table.matrix[[place[i] for i in named]].mean(axis=0)
    distances = np.linalg.norm(table.matrix - middle, axis=1)
    distances[[place[i] for i in named]] = np.inf
    wanted = table.ids[np.argsort(distances)[:10]].tolist()
    found = ids_of(made, SoundQuery(kicks[0], 10, like=(bells[0],)))
    assert found == wanted
    assert ids_of(made, SoundQuery(k=10, like=(kicks[0], bells[0]))) == wanted
    alone = ids_of(made, SoundQuery(kicks[0], 10))
    assert alone != wanted
    assert ids_of(made, SoundQuery(kicks[0], 10, like=(kicks[0],))) == alone
    twice = ids_of(made, SoundQuery(kicks[0], 10, like=(kicks[0], bells[0])))
    assert twice != wanted, "a sound named twice counts twice"


def test_unlike_ones_go_back_and_are_no_answer(made: Workspace) -> None:
    table = made.vectors()
    pushed, near = [], []
    for i in table.ids[::3].tolist():
        before = made.similar(SoundQuery(str(i), 6))
        unlike = before[1].row.id
        after = made.similar(SoundQuery(str(i), 5, unlike=(str(unlike),)))
        kept = [n for n in before if n.row.id != unlike][:5]
        assert unlike not in [n.row.id for n in after]
        assert i not in [n.row.id for n in after]
        vector = {int(j): row for j, row in zip(table.ids, table.matrix, strict=True)}

        def mean_distance(
            found: list[int], to: int, vector: Mapping[int, np.ndarray] = vector
        ) -> float:
            return float(np.mean([np.linalg.norm(vector[j] - vector[to]) for j in found]))

        first, second = ([n.row.id for n in found] for found in (kept, after))
        pushed.append(mean_distance(second, unlike) >= mean_distance(first, unlike))
        near.append(mean_distance(second, i) / mean_distance(first, i))
    assert np.mean(pushed) > 0.9
    assert np.mean(near) < 1.3


def test_a_word_moves_what_is_measured(made: Workspace) -> None:
    """Every answer measures more than the sound, and the middle of them more than without it."""
    for attribute in ("brightness", "decay"):
        for step, sign in (("+1", 1), ("-1", -1)):
            moved = []
            for row in made.rows(made.ids("is:analysed sort:len"))[8:-8:4]:
                before = made.similar(SoundQuery(str(row.id), 5))
                after = made.similar(SoundQuery(str(row.id), 5, moves={attribute: step}))
                measured = [n.row.attributes[attribute] or 0.0 for n in after]
                own = row.attributes[attribute] or 0.0
                assert all((value - own) * sign > 0 for value in measured)
                if len(after) == 5:
                    without = [n.row.attributes[attribute] or 0.0 for n in before]
                    moved.append((np.median(measured) - np.median(without)) * sign > 0)
            assert np.mean(moved) > 0.8, (attribute, step)


def test_two_words_move_both(made: Workspace) -> None:
    row = made.rows(made.ids("is:analysed sort:brightness"))[20]
    found = made.similar(SoundQuery(str(row.id), 3, moves={"brightness": "+1", "decay": "-0.5"}))
    for each in found:
        assert (each.row.attributes["brightness"] or 0) > (row.attributes["brightness"] or 0)
        assert (each.row.attributes["decay"] or 0) < (row.attributes["decay"] or 0)


def test_louder_is_louder_and_counts_the_level(made: Workspace) -> None:
    row = made.rows(made.ids("is:analysed sort:loudness"))[10]
    found = made.similar(SoundQuery(str(row.id), 5, moves={"loudness": "+3dB"}))
    assert found
    assert all(
        (n.row.attributes["loudness"] or 0) > (row.attributes["loudness"] or 0) for n in found
    )
    # With the level left out of the distance, only that they are louder is left.
    query = SoundQuery(str(row.id), 5, moves={"loudness": "+3dB"}, weights={"loudness": 0.0})
    scope = f"loudness>{row.attributes['loudness']!r}"
    assert ids_of(made, query) == ids_of(made, SoundQuery(str(row.id), 5, scope))


def test_words_keep_to_the_scope(made: Workspace, bells: list[str]) -> None:
    inside = set(made.ids("folder:drums").tolist())
    found = ids_of(made, SoundQuery(bells[0], 9, "folder:drums", moves={"brightness": "-1"}))
    assert found
    assert set(found) <= inside


def test_what_has_no_pitch_cannot_be_moved_in_it(made: Workspace) -> None:
    unpitched = next(r for r in made.rows(made.ids("is:analysed")) if r.attributes["pitch"] is None)
    with pytest.raises(UserError, match="no pitch to move from"):
        made.similar(SoundQuery(str(unpitched.id), moves={"pitch": "+1"}))


def test_weights_are_exact(made: Workspace, kicks: list[str]) -> None:
    table = made.vectors()
    parts = blocks(made.space())
    place = table.ids.tolist().index(int(kicks[0]))
    apart = np.square(table.matrix - table.matrix[place])
    weights = {"timbre": 4.0, "attributes": 0.0}
    total = np.sum(
        [weights.get(name, 1.0) * apart[:, part].sum(axis=1) for name, part in parts.items()],
        axis=0,
    )
    total[place] = np.inf
    found = made.similar(SoundQuery(kicks[0], 10, weights=weights))
    assert [n.row.id for n in found] == table.ids[np.argsort(total)[:10]].tolist()
    assert [n.distance for n in found] == pytest.approx(np.sqrt(np.sort(total)[:10]), abs=1e-4)
    inside = ids_of(made, SoundQuery(kicks[0], 3, "-category:kick", weights=weights))
    drop = set(made.ids("category:kick").tolist())
    order = [int(i) for i in table.ids[np.argsort(total)] if int(i) not in drop]
    assert inside == order[:3]


def test_one_aspect_alone_grades_as_that_aspect(made: Workspace, kicks: list[str]) -> None:
    weights = {name: 0.0 for name in blocks(made.space()) if name != "attributes"}
    for each in made.similar(SoundQuery(kicks[0], 5, weights=weights)):
        assert each.score == pytest.approx(each.aspects["attributes"], abs=1e-6)


def test_the_level_counts_where_it_is_asked_for(
    made: Workspace, kicks: list[str], tmp_path: Path
) -> None:
    row = made.find(kicks[0])
    quiet = write(tmp_path / "quiet.wav", audio(0.05 * read(row.path).frames), "PCM_24")
    plain = made.similar(SoundQuery(str(quiet), 1))[0]
    assert plain.row.id == row.id
    assert plain.aspects["loudness"] < 0.1
    weights = {**dict.fromkeys(blocks(made.space()), 0.0), "loudness": 1.0}
    level = (row.attributes["loudness"] or 0.0) + 20 * np.log10(0.05)
    rows = made.rows(made.ids("is:analysed"))
    nearest = min(rows, key=lambda each: abs((each.attributes["loudness"] or 0.0) - level))
    assert ids_of(made, SoundQuery(str(quiet), 1, weights=weights)) == [nearest.id]


def test_a_point_on_the_map_finds_what_is_there(mapped: Workspace) -> None:
    points = mapped.map_points()
    for n in (0, 11, 30):
        x, y = points.xy[n].tolist()
        found = mapped.similar(SoundQuery(k=3, at=(x, y)))
        assert found[0].row.id == points.ids[n], "what is there is an answer"
        assert found[0].distance < 0.01
    both = ids_of(mapped, SoundQuery(str(points.ids[3]), 40, at=(x, y)))
    assert int(points.ids[3]) not in both
    assert len(both) == 39


def test_a_region_is_a_sound_of_its_own(made: Workspace, kicks: list[str], tmp_path: Path) -> None:
    """A piece of a long file finds what a file of that piece finds, and what is in it."""
    kick, bell = (
        read(made.find(made_id).path) for made_id in (kicks[0], str(made.ids("folder:bells")[0]))
    )
    rate = kick.sample_rate
    gap = np.zeros((1, rate), np.float32)
    joined = np.concatenate([kick.mono()[None], gap, bell.mono()[None]], axis=1)
    path = write(tmp_path / "long.wav", audio(joined, rate), "PCM_24")
    end = kick.duration
    assert ids_of(made, SoundQuery(str(path), 1, region=Region(None, end)))[0] == int(kicks[0])
    start = end + 1.0
    bell_id = int(made.ids("folder:bells")[0])
    for region in (Region(start), Region(-bell.duration), Region(start, start + bell.duration)):
        assert ids_of(made, SoundQuery(str(path), 1, region=region))[0] == bell_id
    part = write(tmp_path / "part.wav", audio(joined[:, : rate // 10], rate), "PCM_24")
    piece = made.similar(SoundQuery(str(path), 5, region=Region(0.0, 0.1)))
    alone = made.similar(SoundQuery(str(part), 5))
    assert [n.row.id for n in piece] == [n.row.id for n in alone]
    # A piece of a sample is found in the sample.
    whole = Region(0.0, kick.duration)
    assert ids_of(made, SoundQuery(kicks[0], 39, region=whole))[0] == int(kicks[0])


@pytest.mark.parametrize(
    ("region", "told"),
    [
        (Region(1.0), "outside sound.wav, 1.00 s long: give one that is inside it"),
        (Region(5.0, 6.0), "outside sound.wav"),
        (Region(0.5, 1.2), "outside sound.wav"),
        (Region(-1.2), "outside sound.wav"),
        (Region(0.9, -0.5), "nothing in that region of sound.wav"),
        (Region(0.5, 0.500001), "nothing in that region"),
        (Region(0.0, 0.2), "nothing but silence in that region of sound.wav"),
    ],
)
def test_a_region_that_holds_nothing_is_told(
    made: Workspace, tmp_path: Path, region: Region, told: str
) -> None:
    frames = np.concatenate([silence(0.25).frames, tone(duration=0.75).frames], axis=1)
    path = write(tmp_path / "sound.wav", audio(frames))
    with pytest.raises(UserError, match=told):
        made.similar(SoundQuery(str(path), region=region))


def test_a_region_may_end_where_a_display_says(made: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "sound.wav", tone(duration=0.996))
    assert made.similar(SoundQuery(str(path), 3, region=Region(0.5, 1.0)))


def test_a_region_of_no_sound_is_told(made: Workspace, made_library: MadeLibrary) -> None:
    with pytest.raises(DecodeError, match=r"broken\.wav"):
        made.similar(SoundQuery(str(made_library.broken), region=Region(0.0, 1.0)))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (SoundQuery(), "no SOUND is named"),
        (SoundQuery(unlike=("1",)), "no SOUND is named"),
        (SoundQuery(k=0, like=("1",)), "-k 0 asks for nothing"),
        (SoundQuery(like=("1",), region=Region(0.0, 1.0)), "a region is of SOUND"),
        (SoundQuery(at=(0.5, 0.5)), "no map yet"),
        (
            SoundQuery("2", weights={"colour": 1.0}),
            "no aspect 'colour': the aspects are ear, timbre",
        ),
        (SoundQuery("2", unlike=("99999",)), "no sample 99999"),
        (SoundQuery("2", moves={"warmth": "+1"}), "no attribute 'warmth'"),
    ],
)
def test_a_wrong_query_is_told(made: Workspace, query: SoundQuery, told: str) -> None:
    with pytest.raises(UserError, match=told):
        made.similar(query)


# Places inside long sounds.

PIECES = 6
PIECE_S = 1.5


@pytest.fixture(scope="module")
def long_library(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Six long files of sounds one after the other, and twenty short ones."""
    folder = tmp_path_factory.mktemp("long")
    sounds = [render(patch) for _, patch in demo_sounds(92, seed=31)]
    for n in range(6):
        row = [s.mono()[: RATE_HZ // 2] for s in sounds[n:72:6]]
        write(folder / "s" / f"long_{n}.wav", audio(np.concatenate(row)), "PCM_24")
    for n, sound in enumerate(sounds[72:]):
        write(folder / "s" / f"short_{n}.wav", sound, "PCM_24")
    with Workspace.open(folder / "l.sqlite") as workspace:
        drive(workspace.add([folder / "s"]))
        yield workspace


def pieces(workspace: Workspace, folder: Path) -> Iterator[tuple[int, float, Path]]:
    """Cut pieces out of the long files, quieter: of which sample, where, as which file."""
    rng = np.random.default_rng(4)
    for row in workspace.rows(workspace.ids("long")):
        clip = from_onset(read(row.path))
        at = float(rng.uniform(1.0, clip.duration - PIECE_S))
        first = round(at * RATE_HZ)
        frames = 0.4 * clip.frames[:, first : first + round(PIECE_S * RATE_HZ)]
        path = write(folder / f"piece_{row.id}.wav", audio(frames), "PCM_24")
        # Search looks from the onset of the piece on.
        before = onset(read(row.path)) + onset(audio(frames))
        yield row.id, at + before / RATE_HZ, path


def test_a_piece_of_a_long_sound_finds_it_and_where(
    long_library: Workspace, tmp_path: Path
) -> None:
    found = 0
    for sample_id, at, path in pieces(long_library, tmp_path):
        answers = long_library.similar(SoundQuery(str(path), 5))
        first = answers[0]
        found += 1
        assert first.row.id == sample_id
        assert first.start == pytest.approx(at, abs=0.002)
        assert first.score > 0.95
        assert [n.distance for n in answers] == sorted(n.distance for n in answers)
        assert [n.score for n in answers] == sorted((n.score for n in answers), reverse=True)
        assert len({n.row.id for n in answers}) == len(answers) == 5
    assert found == PIECES


def test_places_are_graded_like_whole_samples(long_library: Workspace, tmp_path: Path) -> None:
    _, _, path = next(pieces(long_library, tmp_path))
    everything = long_library.similar(SoundQuery(str(path), 99))
    assert len(everything) == 26
    assert any(n.start is None for n in everything)
    for each in everything:
        assert each.score == pytest.approx(score(each.distance), abs=1e-6)
        assert set(each.aspects) == {*blocks(long_library.space()), "loudness"}
        if each.start is None:
            assert each.score == pytest.approx(
                score(float(np.sqrt(sum(v**2 for v in apart_of(each.aspects).values())))), abs=1e-4
            )
    # Fewer answers are the first of many.
    for k in (1, 3, 10):
        fewer = long_library.similar(SoundQuery(str(path), k))
        assert [n.row.id for n in fewer] == [n.row.id for n in everything[:k]]
        assert [n.start for n in fewer] == [n.start for n in everything[:k]]


def apart_of(aspects: Mapping[str, float]) -> dict[str, float]:
    """The distance in each aspect that counts."""
    return {name: distance_of(grade) for name, grade in aspects.items() if name != "loudness"}


def test_a_scope_holds_for_places(long_library: Workspace, tmp_path: Path) -> None:
    for sample_id, _, path in pieces(long_library, tmp_path):
        row = long_library.find(str(sample_id))
        others = ids_of(long_library, SoundQuery(str(path), 99, f"-{row.path.stem}"))
        assert sample_id not in others
        assert len(others) == 25
        alone = long_library.similar(SoundQuery(str(path), 99, row.path.stem))
        assert [n.row.id for n in alone] == [sample_id]


def test_a_region_of_a_sample_finds_the_sample_first(
    long_library: Workspace, tmp_path: Path
) -> None:
    row = long_library.rows(long_library.ids("long"))[2]
    found = long_library.similar(SoundQuery(str(row.id), 99, region=Region(1.0, 2.5)))
    assert found[0].row.id == row.id
    assert found[0].start == pytest.approx(1.0, abs=0.002)
    assert len(found) == 26


def test_only_a_sound_alone_is_looked_for_in_others(
    long_library: Workspace, tmp_path: Path
) -> None:
    """A blend, a move or a weight is of whole sounds, and so is a sample."""
    sample_id, _, path = next(pieces(long_library, tmp_path))
    assert long_library.similar(SoundQuery(str(path), 1))[0].start is not None
    other = str(next(i for i in long_library.ids() if i != sample_id))
    for query in (
        SoundQuery(other, 20),
        SoundQuery(str(path), 20, like=(other,)),
        SoundQuery(str(path), 20, unlike=(other,)),
        SoundQuery(str(path), 20, moves={"brightness": "+0.5"}),
        SoundQuery(str(path), 20, weights={"ear": 2.0}),
    ):
        assert all(n.start is None for n in long_library.similar(query)), query


def test_a_point_on_the_map_counts_beside_a_piece(mapped: Workspace, tmp_path: Path) -> None:
    points = mapped.map_points()
    held = []
    for row in mapped.rows(mapped.ids("len>1")):
        frames = read(row.path).mono()[RATE_HZ // 2 :][: RATE_HZ // 2]
        path = write(tmp_path / f"{row.id}.wav", audio(frames), "PCM_24")
        if all(n.start is None for n in mapped.similar(SoundQuery(str(path), 3))):
            continue
        held.append(path)
        x, y = map(float, points.xy[7])
        found = mapped.similar(SoundQuery(str(path), 40, at=(x, y)))
        assert all(n.start is None for n in found)
    assert held, "or nothing is shown"
