"""The workspace on real libraries: what both front ends rely on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from index.workspace import Workspace
from library.decode import read
from library.errors import DecodeError, LibraryError, ModelError, QueryError, UserError
from library.progress import drive
from tests.audio_cases import clip as audio
from tests.audio_cases import noise, write
from tests.conftest import MadeLibrary
from tests.fake_codec import FakeCodec
from tests.index.conftest import folder_of, ping
from vae.house_codec import house_codec
from vae.onset import from_onset
from vae.vector import vectors


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
    found = [n.row.id for n in small.similar(str(moved.id), 50)]
    assert len(found) == 10
    assert gone.id not in found
    (tmp_path / "elsewhere.wav").rename(gone.path)
    drive(small.scan())
    assert gone.id in [n.row.id for n in small.similar(str(moved.id), 50)]


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
        assert len(workspace.similar(str(first))) == 3
        assert drive(workspace.scan()).analysed == 2
        assert len(workspace.similar(str(first))) == 5


def test_the_nearest_are_those_of_the_vectors(made: Workspace) -> None:
    table = made.vectors()
    for i in (0, 17, 39):
        distances = np.linalg.norm(table.matrix - table.matrix[i], axis=1)
        distances[i] = np.inf
        wanted = table.ids[np.argsort(distances)[:10]]
        found = made.similar(str(table.ids[i]), 10)
        assert [n.row.id for n in found] == wanted.tolist()
        assert [n.distance for n in found] == pytest.approx(sorted(distances)[:10], abs=1e-3)


def test_neighbours_are_graded_and_the_sound_itself_is_not_among_them(made: Workspace) -> None:
    row = made.rows(made.ids("category:kick"))[0]
    found = made.similar(str(row.id), 100)
    assert len(found) == 39
    assert row.id not in [n.row.id for n in found]
    assert [n.distance for n in found] == sorted(n.distance for n in found)
    assert [n.score for n in found] == sorted((n.score for n in found), reverse=True)
    for each in found:
        assert set(each.aspects) == {"timbre", "attributes", "free"}
        assert all(each.score <= grade <= 1 for grade in each.aspects.values())
    by_path = made.similar(str(row.path), 100)
    assert [n.row.id for n in by_path] == [n.row.id for n in found]


def test_a_query_scopes_the_search_itself(made: Workspace) -> None:
    """The nearest three of a scope, not what of the nearest three lies in it."""
    bell = made.rows(made.ids("folder:bells"))[0]
    everything = [n.row.id for n in made.similar(str(bell.id), 100)]
    inside = [i for i in everything if i in set(made.ids("folder:drums").tolist())]
    assert not set(inside[:3]) & set(everything[:3]), "or the test shows nothing"
    found = made.similar(str(bell.id), 3, where="folder:drums")
    assert [n.row.id for n in found] == inside[:3]
    assert made.similar(str(bell.id), 3, where="nothingiscalledthis") == []
    with pytest.raises(QueryError):
        made.similar(str(bell.id), 3, where="len<<2")


def test_a_sound_from_elsewhere_finds_its_like(made: Workspace, tmp_path: Path) -> None:
    for row in made.rows(made.ids("is:analysed"))[::9]:
        clip = read(row.path)
        quieter = write(tmp_path / "copy.wav", audio(0.3 * clip.frames), "PCM_24")
        nearest = made.similar(str(quieter), 3)[0]
        assert nearest.row.id == row.id
        assert nearest.score > 0.9


def test_silence_before_a_sound_does_not_hide_it(made: Workspace, tmp_path: Path) -> None:
    found = []
    for row in made.rows(made.ids("is:analysed"))[::5]:
        late = np.pad(read(row.path).frames, ((0, 0), (round(0.3 * 44_100), 0)))
        nearest = made.similar(str(write(tmp_path / "late.wav", audio(late), "PCM_24")), 1)[0]
        found.append(nearest.row.id == row.id and nearest.distance < 0.25)
    assert np.mean(found) > 0.85


def test_the_vectors_are_those_of_the_files(made: Workspace) -> None:
    """From file to vector again, by hand: what is cached is what it says."""
    table = made.vectors("house")
    assert table.matrix.shape[0] == len(table.ids) == len(table.paths) == 40
    some = [0, 13, 25]
    latents = [house_codec().encode(from_onset(read(table.paths[i]))) for i in some]
    by_hand = vectors(made.space("house"), latents, house_codec())
    assert np.allclose(by_hand, table.matrix[some], atol=0.05)
    assert not np.allclose(by_hand[[1, 2, 0]], table.matrix[some], atol=0.5)


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
        ours, theirs = (workspace.similar(kick, 5, space=s) for s in ("mine", None))
        assert [n.distance for n in ours] != [n.distance for n in theirs]
        with pytest.raises(LibraryError, match="no space 'nosuch'"):
            workspace.use("nosuch")
        with pytest.raises(LibraryError, match="no space 'nosuch'"):
            workspace.similar(kick, space="nosuch")
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
    assert set(report.error) == {"house space", "this space"}
    assert [s.name for s in small.spaces() if s.in_use] == ["tiny"]
    assert small.lacking_vectors() == 0
    with pytest.raises(ModelError, match="too few"):
        drive(small.train("tinier", where="ping_00"))
    with pytest.raises(LibraryError):
        small.use("tinier")


def test_a_space_learned_again_forgets_the_old_vectors(small: Workspace, tmp_path: Path) -> None:
    """The same sounds are the same space; the index of its former vectors must not come back."""
    folder_of(tmp_path / "more", 4, start=80)
    drive(small.add([tmp_path / "more"]))
    drive(small.train("t", where="folder:pings"))
    changing = small.find(str(tmp_path / "more" / "ping_081.wav"))
    query = str(small.find(str(tmp_path / "pings" / "ping_000.wav")).id)
    small.similar(query, 99)
    write(changing.path, noise(0.4))
    drive(small.scan())
    drive(small.train("t", where="folder:pings"))
    table = small.vectors()
    ids = table.ids.tolist()
    true = np.linalg.norm(
        table.matrix[ids.index(changing.id)] - table.matrix[ids.index(int(query))]
    )
    found = {n.row.id: n.distance for n in small.similar(query, 99)}
    assert found[changing.id] == pytest.approx(true, abs=1e-4)


def test_a_space_of_another_codec_is_told(
    small: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small._spaces, "codec", FakeCodec)
    with pytest.raises(UserError, match="codec"):
        small.similar(str(small.ids()[0]))


def test_a_damaged_cache_costs_no_answers(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        kick = str(workspace.ids("category:kick")[0])
        wanted = [n.row.id for n in workspace.similar(kick, 9)]
    cache = library_copy.path.with_name("library.crate") / "cache"
    files = list(cache.glob("*.faiss"))
    assert files
    for path in files:
        path.write_bytes(path.read_bytes()[:-700])
    with Workspace.open(library_copy.path) as workspace:
        assert [n.row.id for n in workspace.similar(kick, 9)] == wanted


def test_what_is_not_there_is_told(made: Workspace, made_library: MadeLibrary) -> None:
    with pytest.raises(LibraryError, match="there is no sample"):
        made.similar("99999")
    with pytest.raises(LibraryError, match="there is no sample"):
        made.similar("/no/such/file.wav")
    with pytest.raises(LibraryError, match=r"broken.wav is not analysed: it failed"):
        made.similar(str(made_library.broken))
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
    small.similar(str(ids[0]))
    # Even into the folder of the samples, takes are new files.
    drive(small.morph([str(ids[0]), str(ids[1])], 3, pings))
    drive(small.vary(str(ids[0]), 2, pings))
    drive(small.scan())
    after = state_of(pings)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 5
