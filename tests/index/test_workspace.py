"""The workspace on real libraries: what both front ends rely on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete, select, update

from index.sound_query import SoundQuery
from index.workspace import Workspace
from library.database import reading, writing
from library.decode import read
from library.descriptors import describe
from library.errors import DecodeError, LibraryError, ModelError, QueryError, UserError
from library.progress import drive
from library.tables import Latents, Space, Vector
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, write
from tests.conftest import MadeLibrary
from tests.index.conftest import folder_of, ping
from tests.vae.rave_standins import standin, written
from vae.channels import through
from vae.codec import BaseCodec
from vae.house_codec import house_codec
from vae.space import Space as LoadedSpace
from vae.vector import blocks, vector_of


def state_of(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of every file."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def of_files(paths: Sequence[Path], space: LoadedSpace, codec: BaseCodec) -> NDArray[np.float32]:
    """The vectors of files, by hand."""
    clips = [read(path) for path in paths]
    return np.stack([vector_of(clip, describe(clip).pitch, space, codec) for clip in clips])


def test_adding_lists_analyses_and_reports(small: Workspace, tmp_path: Path) -> None:
    folder_of(tmp_path / "more", 3, start=50)
    (tmp_path / "more" / "broken.wav").write_bytes(b"not audio")
    report = drive(small.add([tmp_path / "more"]))
    assert (report.found, report.new, report.analysed) == (4, 4, 3)
    assert [(path.name, bool(reason)) for path, reason in report.failed] == [("broken.wav", True)]
    status = small.status()
    assert (status.samples, status.analysed, status.listed) == (16, 15, 0)
    assert status.failed == report.failed
    assert small.lacking_vectors() == 0
    assert len(small.vectors().ids) == 15


def test_a_second_scan_does_nothing(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a file was analysed again")

    monkeypatch.setattr("index.analyse.analyse_file", never)
    before = small.vectors()
    for report in (drive(small.scan()), drive(small.add([tmp_path / "pings"]))):
        assert report.found == 12
        assert (report.new, report.changed, report.moved, report.missing) == (0, 0, 0, 0)
        assert (report.analysed, report.failed) == (0, ())
    assert np.array_equal(small.vectors().matrix, before.matrix)


def test_a_changed_file_is_analysed_again(small: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pings" / "ping_003.wav"
    sample_id = small.find(str(path)).id
    before = small.vectors()
    write(path, noise(0.6))
    report = drive(small.scan())
    assert (report.changed, report.analysed, report.new) == (1, 1, 0)
    after = small.vectors()
    assert after.ids.tolist() == before.ids.tolist()
    changed = np.abs(after.matrix - before.matrix).max(axis=1) > 1e-3
    assert after.ids[changed].tolist() == [sample_id]
    assert small.find(str(path)).duration == pytest.approx(0.6)


def test_moved_and_missing_files_keep_their_rows(small: Workspace, tmp_path: Path) -> None:
    pings = tmp_path / "pings"
    moved, gone = small.find(str(pings / "ping_001.wav")), small.find(str(pings / "ping_002.wav"))
    small.tag([moved.id, gone.id], ["dear"])
    (pings / "sub").mkdir()
    moved.path.rename(pings / "sub" / "renamed.wav")
    gone.path.rename(tmp_path / "elsewhere.wav")
    report = drive(small.scan())
    assert (report.moved, report.missing, report.new, report.analysed) == (1, 1, 0, 0)
    assert small.find(str(moved.id)).path == pings / "sub" / "renamed.wav"
    assert small.find(str(gone.id)).missing
    assert {row.tags for row in small.rows([moved.id, gone.id])} == {("dear",)}
    # What is not there cannot be heard, and is no answer.
    found = [n.row.id for n in small.similar(SoundQuery(str(moved.id), 50))]
    assert len(found) == 10
    assert gone.id not in found
    (tmp_path / "elsewhere.wav").rename(gone.path)
    drive(small.scan())
    assert gone.id in [n.row.id for n in small.similar(SoundQuery(str(moved.id), 50))]


def test_a_job_closed_halfway_keeps_what_it_did(tmp_path: Path) -> None:
    folder_of(tmp_path / "s", 6)
    with Workspace.open(tmp_path / "l.sqlite") as workspace:
        job = workspace.add([tmp_path / "s"])
        while (step := next(job)).stage != "analyse" or step.done < 4:
            pass
        job.close()
        assert workspace.status().analysed == 4
        # What was analysed can be searched at once, although its vectors were never asked for.
        first = int(workspace.ids("is:analysed")[0])
        assert len(workspace.similar(SoundQuery(str(first)))) == 3
        assert drive(workspace.scan()).analysed == 2
        assert len(workspace.similar(SoundQuery(str(first)))) == 5


def test_the_nearest_are_those_of_the_vectors(made: Workspace) -> None:
    table = made.vectors()
    for i in (0, 17, 39):
        distances = np.linalg.norm(table.matrix - table.matrix[i], axis=1)
        distances[i] = np.inf
        wanted = table.ids[np.argsort(distances)[:10]]
        found = made.similar(SoundQuery(str(table.ids[i]), 10))
        assert [n.row.id for n in found] == wanted.tolist()
        assert [n.distance for n in found] == pytest.approx(sorted(distances)[:10], abs=1e-3)


def test_neighbours_are_graded_and_the_sound_itself_is_not_among_them(made: Workspace) -> None:
    row = made.rows(made.ids("category:kick"))[0]
    found = made.similar(SoundQuery(str(row.id), 100))
    assert len(found) == 39
    assert row.id not in [n.row.id for n in found]
    assert [n.distance for n in found] == sorted(n.distance for n in found)
    assert [n.score for n in found] == sorted((n.score for n in found), reverse=True)
    for each in found:
        assert set(each.aspects) == {*blocks(made.space()), "loudness"}
        # The loudness does not count, unless it is asked for.
        of_vector = [grade for name, grade in each.aspects.items() if name != "loudness"]
        assert all(each.score <= grade <= 1 for grade in of_vector)
    by_path = made.similar(SoundQuery(str(row.path), 100))
    assert [n.row.id for n in by_path] == [n.row.id for n in found]


def test_a_query_scopes_the_search_itself(made: Workspace) -> None:
    """The nearest three of a scope, not what of the nearest three lies in it."""
    bell = made.rows(made.ids("folder:bells"))[0]
    everything = [n.row.id for n in made.similar(SoundQuery(str(bell.id), 100))]
    inside = [i for i in everything if i in set(made.ids("folder:drums").tolist())]
    assert not set(inside[:3]) <= set(everything[:3]), "or the test shows nothing"
    found = made.similar(SoundQuery(str(bell.id), 3, where="folder:drums"))
    assert [n.row.id for n in found] == inside[:3]
    assert made.similar(SoundQuery(str(bell.id), 3, where="nothingiscalledthis")) == []
    with pytest.raises(QueryError):
        made.similar(SoundQuery(str(bell.id), 3, where="len<<2"))


def test_a_sound_from_elsewhere_finds_its_like(made: Workspace, tmp_path: Path) -> None:
    for row in made.rows(made.ids("is:analysed"))[::9]:
        clip = read(row.path)
        quieter = write(tmp_path / "copy.wav", audio(0.3 * clip.frames), "PCM_24")
        nearest = made.similar(SoundQuery(str(quieter), 3))[0]
        assert nearest.row.id == row.id
        assert nearest.score > 0.9


def test_silence_before_a_sound_does_not_hide_it(made: Workspace, tmp_path: Path) -> None:
    found = []
    for row in made.rows(made.ids("is:analysed"))[::5]:
        late = np.pad(read(row.path).frames, ((0, 0), (round(0.3 * 44_100), 0)))
        nearest = made.similar(
            SoundQuery(str(write(tmp_path / "late.wav", audio(late), "PCM_24")), 1)
        )[0]
        found.append(nearest.row.id == row.id and nearest.distance < 0.25)
    assert np.mean(found) > 0.85


def test_the_vectors_are_those_of_the_files(made: Workspace) -> None:
    """From file to vector again, by hand: what is cached is what it says."""
    table = made.vectors("house")
    assert table.matrix.shape[0] == len(table.ids) == len(table.paths) == 40
    some = [0, 13, 25]
    by_hand = of_files([table.paths[i] for i in some], made.space("house"), house_codec())
    assert np.linalg.norm(by_hand - table.matrix[some], axis=1).max() < 0.02
    assert np.linalg.norm(by_hand[[1, 2, 0]] - table.matrix[some], axis=1).min() > 0.2


def test_spaces_are_listed_and_chosen(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        assert [(s.name, s.in_use) for s in workspace.spaces()] == [
            ("house", False),
            ("mine", True),
        ]
        mine = workspace.spaces()[1]
        assert mine.samples == 40
        assert mine.report["samples"] == 40
        shape = workspace.vectors().matrix.shape
        workspace.use("house")
        assert workspace.vectors().matrix.shape != shape
        assert workspace.vectors("mine").matrix.shape == shape
        kick = str(workspace.ids("category:kick")[0])
        ours, theirs = (workspace.similar(SoundQuery(kick, 5, space=s)) for s in ("mine", None))
        assert [n.distance for n in ours] != [n.distance for n in theirs]
        with pytest.raises(LibraryError, match="no space 'nosuch'"):
            workspace.use("nosuch")
        with pytest.raises(LibraryError, match="no space 'nosuch'"):
            workspace.similar(SoundQuery(kick, space="nosuch"))
    with Workspace.open(library_copy.path) as workspace:
        assert [s.name for s in workspace.spaces() if s.in_use] == ["house"]


def test_training_reports_and_takes_the_space_into_use(small: Workspace, tmp_path: Path) -> None:
    report = drive(small.train("tiny", attributes=("brightness", "decay")))
    assert (report.space, report.samples) == ("tiny", 12)
    assert list(report.attributes) == ["brightness", "decay"]
    for facts in report.attributes.values():
        low, high = facts["range"]  # type: ignore[misc]
        assert low < high  # type: ignore[has-type]
        assert "spearman" in facts
    assert (report.codec, set(report.error)) == ("house", {"house space", "this space"})
    assert [s.name for s in small.spaces() if s.in_use] == ["tiny"]
    assert small.lacking_vectors() == 0
    with pytest.raises(ModelError, match="too few"):
        drive(small.train("tinier", where="ping_00"))
    with pytest.raises(LibraryError):
        small.use("tinier")


def test_a_space_learns_what_belongs_together(small: Workspace) -> None:
    ids = small.ids().tolist()
    drive(small.train("plain"))
    before = small.vectors()
    small.say_alike(ids[:4], alike=True)
    near = [n.row.id for n in small.similar(SoundQuery(str(ids[6])))][:2]
    for each in near:
        small.say_alike([ids[6], each], alike=False)
    report = drive(small.train("taught"))
    assert (report.together, report.apart) == (6, 2)
    after = small.vectors()
    assert np.array_equal(after.ids, before.ids)

    def apart(one: int, other: int) -> float:
        """How much farther two are from each other, beside all others, than they were."""
        place = {int(i): at for at, i in enumerate(before.ids)}
        found = []
        for matrix in (before.matrix, after.matrix):
            distance = np.linalg.norm(matrix[:, None] - matrix[None], axis=2)
            found.append(distance[place[one], place[other]] / distance.mean())
        return float(found[1] / found[0])

    pairs = small.pairs()
    assert all(apart(p.first, p.second) < 0.95 for p in pairs if p.alike)
    assert all(apart(p.first, p.second) > 1.02 for p in pairs if not p.alike)
    small.forget_alike(ids)
    assert drive(small.train("taught")).together == 0
    assert np.array_equal(small.vectors().matrix, before.matrix), "as if it was never said"


def test_pairs_outside_of_what_is_learned_teach_nothing(small: Workspace, tmp_path: Path) -> None:
    folder_of(tmp_path / "more", 4, start=80)
    drive(small.add([tmp_path / "more"]))
    inside, outside = small.ids("folder:pings").tolist(), small.ids("folder:more").tolist()
    small.say_alike([inside[0], *outside], alike=True)
    small.say_alike(inside[:3], alike=False)
    report = drive(small.train("t", where="folder:pings"))
    assert (report.together, report.apart) == (0, 3)
    assert small.spaces()[-1].report["pairs"] == {"together": 0, "apart": 3}


def test_sounds_of_pairs_are_among_the_ones_chosen(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_of(tmp_path / "pings", 20)
    drive(small.scan())
    small.say_alike(small.ids().tolist()[::4], alike=True)
    monkeypatch.setattr("index.training.MOST_SOUNDS", 12)
    report = drive(small.train("t"))
    assert report.together == 10
    assert 12 <= report.samples < 18


def test_a_space_learned_again_forgets_the_old_vectors(small: Workspace, tmp_path: Path) -> None:
    """The same sounds are the same space; the index of its former vectors must not come back."""
    folder_of(tmp_path / "more", 4, start=80)
    drive(small.add([tmp_path / "more"]))
    drive(small.train("t", where="folder:pings"))
    changing = small.find(str(tmp_path / "more" / "ping_081.wav"))
    query = str(small.find(str(tmp_path / "pings" / "ping_000.wav")).id)
    small.similar(SoundQuery(query, 99))
    write(changing.path, noise(0.4))
    drive(small.scan())
    drive(small.train("t", where="folder:pings"))
    table = small.vectors()
    ids = table.ids.tolist()
    true = np.linalg.norm(
        table.matrix[ids.index(changing.id)] - table.matrix[ids.index(int(query))]
    )
    found = {n.row.id: n.distance for n in small.similar(SoundQuery(query, 99))}
    assert found[changing.id] == pytest.approx(true, abs=1e-4)


@pytest.fixture
def rave(small: Workspace, tmp_path: Path) -> str:
    """The name of a codec of the library that is trusted, and not in use."""
    path = written(standin(hop=1024, dims=24), tmp_path, "rave.ts")
    return small.codecs.trust(small.codecs.add(path).digest).name


def test_spaces_of_several_codecs_live_side_by_side(
    small: Workspace, tmp_path: Path, rave: str
) -> None:
    drive(small.train("ours", attributes=("brightness",)))
    drive(small.codecs.use(rave))
    report = drive(small.train("theirs", attributes=("brightness",)))
    assert (report.codec, report.samples, set(report.error)) == ("rave", 12, {"this space"})
    assert [(s.name, s.codec) for s in small.spaces()] == [
        ("house", "house"),
        ("ours", "house"),
        ("theirs", "rave"),
    ]
    assert small.spaces()[2].report["codec"] == "rave"
    codec = small.codecs.load(rave)
    table = small.vectors("theirs")
    by_hand = of_files(table.paths, small.space("theirs"), codec)
    assert np.linalg.norm(by_hand - table.matrix, axis=1).max() < 0.02
    assert small.space("ours").codec_digest != small.space("theirs").codec_digest == codec.digest
    # Each is searched with its own, in any order, whatever codec is in use.
    for space in ("theirs", "ours", "theirs"):
        matrix = small.vectors(space).matrix
        found = small.similar(SoundQuery(str(table.ids[4]), 3, space=space))
        distances = np.sort(np.linalg.norm(matrix - matrix[4], axis=1))[1:4]
        assert [n.distance for n in found] == pytest.approx(distances, abs=1e-3)
    outside = write(tmp_path / "my.wav", ping(4), "FLOAT")
    assert small.similar(SoundQuery(str(outside), 1))[0].row.path.name == "ping_004.wav"
    out = tmp_path / "out"
    (moved,) = drive(small.vary(str(table.ids[0]), 1, out, amount=1.0))
    (still,) = drive(small.vary(str(table.ids[0]), 1, out, amount=0.0))
    assert not np.array_equal(read(moved.path).frames, read(still.path).frames)
    assert len(drive(small.morph([str(i) for i in table.ids[:2]], 3, out))) == 3
    with pytest.raises(LibraryError, match="the space 'theirs' uses the codec 'rave': train it"):
        small.codecs.forget("rave")


def test_a_space_of_another_codec_keeps_up_with_the_disks(
    small: Workspace, tmp_path: Path, rave: str
) -> None:
    drive(small.codecs.use(rave))
    drive(small.train("theirs"))
    folder_of(tmp_path / "pings", 3, start=60)
    gone, changed = (small.rows(small.ids())[n] for n in (2, 5))
    gone.path.unlink()
    write(changed.path, noise(0.3))
    before = small.vectors()
    report = drive(small.scan())
    assert (report.analysed, report.encoded, report.trouble) == (4, 0, "")
    after = small.vectors()
    assert len(after.ids) == 15
    assert small.lacking_vectors() == 0
    where = {int(i): row for i, row in zip(after.ids, after.matrix, strict=True)}
    moved = [int(i) for i, row in zip(before.ids, before.matrix, strict=True)
             if not np.allclose(where[int(i)], row)]  # fmt: skip
    assert moved == [changed.id]
    # What comes between two scans is made up for by the search itself.
    folder_of(tmp_path / "pings", 1, start=70)
    drive(small.scan())
    new = small.find(str(tmp_path / "pings" / "ping_070.wav")).id
    with writing(small._engine) as session:
        for table in (Latents, Vector):
            session.execute(delete(table).where(table.sample_id == new))
        session.execute(delete(Latents).where(Latents.codec != house_codec().digest))
    assert len(small.similar(SoundQuery(str(new), 50))) == 14
    assert small.codecs.row("rave").samples == 15, "the missing one is not there to be encoded"


def outdate(workspace: Workspace) -> None:
    """Make a library as an earlier house codec would have left it."""
    with writing(workspace._engine) as session:
        session.execute(update(Latents).values(codec="older"))
        session.execute(update(Space).values(codec="older"))
        session.execute(update(Space).where(Space.name == "house").values(digest="older"))


def test_an_update_of_the_house_codec_renews_what_it_made(small: Workspace, rave: str) -> None:
    wanted = small.vectors("house")
    drive(small.train("t"))
    outdate(small)
    with Workspace.open(small.path) as workspace:
        assert [(s.name, s.codec) for s in workspace.spaces()] == [("house", None), ("t", None)]
        sound = str(wanted.ids[0])
        with pytest.raises(LibraryError, match="'t' was learned on an older house codec: train it"):
            workspace.similar(SoundQuery(sound))
        stages = []
        job = workspace.scan()
        report = drive(job, lambda step: stages.append(step.stage))
        assert (report.encoded, report.analysed) == (12, 0)
        assert "train it again" in report.trouble
        assert stages.count("encode") == 13
        with reading(workspace._engine) as session:
            digests = set(session.scalars(select(Latents.codec)))
        assert digests == {house_codec().digest}
        assert np.allclose(workspace.vectors("house").matrix, wanted.matrix, atol=1e-5)
        assert [s.codec for s in workspace.spaces()] == ["house", None]
        drive(workspace.train("t"))
        assert [s.codec for s in workspace.spaces()] == ["house", "house"]
        assert len(workspace.similar(SoundQuery(sound))) == 11
        assert drive(workspace.scan()).trouble == ""


def test_a_search_encodes_few_sounds_and_leaves_many_to_a_job(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdate(small)
    with Workspace.open(small.path) as workspace:
        assert workspace.lacking_vectors() == 12
        with monkeypatch.context() as patched:
            patched.setattr("index.open_spaces.ENCODED_AT_ONCE", 11)
            with pytest.raises(LibraryError, match=r"12 sounds wait to be encoded .*: crate scan"):
                workspace.similar(SoundQuery(str(workspace.ids()[0])))
        assert len(workspace.similar(SoundQuery(str(workspace.ids()[0])))) == 11
        assert workspace.lacking_vectors() == 0


def test_sounds_that_a_codec_refuses_stop_no_search(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = write(tmp_path / "pings" / "loud.wav", audio(np.sin(np.arange(4000) / 9)))
    drive(small.scan())
    path = written(standin(fault="refuses loud sounds", hop=1024, dims=24), tmp_path, "picky.ts")
    picky = small.codecs.trust(small.codecs.add(path).digest).name
    report = drive(small.codecs.use(picky))
    assert loud in [path for _, path, _ in report.failed]
    assert all("too loud" in reason for _, _, reason in report.failed)
    folder_of(tmp_path / "pings", 6, start=20)
    drive(small.scan())
    drive(small.train("t", attributes=("brightness",)))
    refused = small.lacking_vectors()
    assert 1 <= refused < 4
    first = str(small.find(str(tmp_path / "pings" / "ping_000.wav")).id)
    assert len(small.similar(SoundQuery(first, 50))) == 18 - refused
    monkeypatch.setattr("index.open_spaces.ENCODED_AT_ONCE", 0)
    assert len(small.similar(SoundQuery(first, 50))) == 18 - refused, (
        "they are not tried again and again"
    )
    with Workspace.open(small.path) as later:
        assert len(later.similar(SoundQuery(first, 50))) == 18 - refused, "nor by the next process"
        assert later.lacking_vectors() == refused, "and still told"
        assert len(drive(later.codecs.use(picky)).failed) == refused
    with pytest.raises(ModelError, match="too loud"):
        small.similar(SoundQuery(str(loud)))


def test_a_sound_goes_through_a_codec_alone(small: Workspace, tmp_path: Path, rave: str) -> None:
    outside = write(tmp_path / "my.wav", noise(0.3, channels=2))
    original = read(outside)
    for name in ("rave", "house"):
        take = drive(small.resynth(str(outside), tmp_path / "out" / f"{name}.wav", name))
        made = read(take.path)
        assert made.frames.shape == original.frames.shape
        wanted = through(small.codecs.load(name), original)
        assert np.abs(made.frames - wanted.frames).max() < 2**-22
        assert take.attributes["loudness"] == pytest.approx(describe(made).loudness, abs=0.01)
    drive(small.codecs.use("rave"))
    again = drive(small.resynth(str(outside), tmp_path / "again.WAV"))
    assert again.path.read_bytes() == (tmp_path / "out" / "rave.wav").read_bytes()
    before = outside.read_bytes()
    with pytest.raises(UserError, match="is there already"):
        drive(small.resynth("1", outside))
    with pytest.raises(UserError, match=r"cannot be written as a.flac: end in .wav"):
        drive(small.resynth("1", tmp_path / "a.flac"))
    with pytest.raises(LibraryError, match="no codec 'nosuch'"):
        small.resynth("1", tmp_path / "b.wav", "nosuch")
    assert outside.read_bytes() == before


def test_a_damaged_cache_costs_no_answers(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        kick = str(workspace.ids("category:kick")[0])
        wanted = [n.row.id for n in workspace.similar(SoundQuery(kick, 9))]
    cache = library_copy.path.with_name("library.crate") / "cache"
    files = list(cache.glob("*.faiss"))
    assert files
    for path in files:
        path.write_bytes(path.read_bytes()[:-700])
    with Workspace.open(library_copy.path) as workspace:
        assert [n.row.id for n in workspace.similar(SoundQuery(kick, 9))] == wanted


def test_what_is_not_there_is_told(made: Workspace, made_library: MadeLibrary) -> None:
    with pytest.raises(LibraryError, match="there is no sample"):
        made.similar(SoundQuery("99999"))
    with pytest.raises(LibraryError, match="there is no sample"):
        made.similar(SoundQuery("/no/such/file.wav"))
    with pytest.raises(LibraryError, match=r"broken.wav is not analysed: it failed"):
        made.similar(SoundQuery(str(made_library.broken)))
    with pytest.raises(LibraryError, match="there is no sample 99999"):
        made.clip(99999)
    with pytest.raises(DecodeError, match=r"broken.wav"):
        made.morph([str(made_library.broken), "1"], 3, made_library.sounds)


def test_a_clip_is_the_file(made: Workspace) -> None:
    row = made.rows(made.ids("is:analysed"))[3]
    assert np.array_equal(made.clip(row.id).frames, read(row.path).frames)
    assert made.clip(row.id, 0.01).length == 441
    assert made.rows([10**9]) == []


def test_takes_are_made_of_samples_and_of_files(library_copy: MadeLibrary, tmp_path: Path) -> None:
    outside = write(tmp_path / "my sound.wav", ping(3, 0.2))
    out = tmp_path / "out"
    with Workspace.open(library_copy.path) as workspace:
        kick = workspace.rows(workspace.ids("category:kick"))[0]
        takes = drive(workspace.morph([str(kick.id), str(outside)], 3, out))
        assert takes[0].path.name == f"{kick.path.stem}_to_my sound_00.wav"
        assert np.abs(read(takes[0].path).frames - read(kick.path).frames).max() < 2**-23
        takes += drive(workspace.vary(str(outside), 2, out, amount=0.5, seed=4))
        takes += drive(workspace.vary(str(kick.path), 1, out, settings={"loudness": "-6dB"}))
        assert takes[-1].attributes["loudness"] == pytest.approx(
            (kick.attributes["loudness"] or 0) - 6, abs=0.01
        )
    assert sorted(out.iterdir()) == sorted(take.path for take in takes)


def test_samples_are_never_touched(small: Workspace, tmp_path: Path) -> None:
    pings = tmp_path / "pings"
    (pings / "broken.wav").write_bytes(b"not audio")
    for path in pings.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    before = state_of(pings)
    drive(small.scan())
    ids = [int(i) for i in small.ids("is:analysed")]
    small.tag(ids, ["mine"])
    small.rate(ids[:3], 5)
    drive(small.train("mine"))
    small.similar(SoundQuery(str(ids[0])))
    # Even into the folder of the samples, takes are new files.
    drive(small.morph([str(ids[0]), str(ids[1])], 3, pings))
    drive(small.vary(str(ids[0]), 2, pings))
    drive(small.scan())
    after = state_of(pings)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 5
