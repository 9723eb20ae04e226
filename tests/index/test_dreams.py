"""Dreams of a small library: written, judged, repeatable; the prior is kept as long as it fits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index import dream_drawing
from index import dreams as dreams_module
from index.answers import DreamReport
from index.dream_judging import hear, judged, spread_of
from index.prior_files import prior_file, read_prior
from index.search import SearchIndex
from index.workspace import Workspace
from library.decode import read
from library.errors import LibraryError, ModelError, UserError
from library.progress import Progress, drive
from tests.conftest import MadeLibrary
from tests.index.conftest import folder_of
from vae.dream_sound import fault_in
from vae.dream_training import PriorRecipe
from vae.house_codec import house_codec
from vae.latents import Latents


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn and draw as little as shows what is asked."""
    monkeypatch.setattr("vae.dream_training.PriorRecipe", partial(PriorRecipe, updates=30))
    monkeypatch.setattr(dreams_module, "ABUNDANCE", 4)


@pytest.fixture
def mine(library_copy: MadeLibrary):  # type: ignore[no-untyped-def]
    """A library of 40 sounds, open, to be changed."""
    with Workspace.open(library_copy.path) as workspace:
        yield workspace


def priors(workspace: Workspace) -> list[Path]:
    return sorted((workspace.path.with_suffix(".crate") / "priors").iterdir())


def stages(workspace: Workspace, out: Path, **how: str) -> list[str]:
    """Which stages a dream went through."""
    seen: list[Progress] = []
    drive(workspace.dream(1, out, **how), seen.append)
    return list(dict.fromkeys(step.stage for step in seen))


def files(report: DreamReport) -> list[bytes]:
    return [take.path.read_bytes() for take in report.takes]


def test_dreams_are_sounds_that_are_told_of(mine: Workspace, tmp_path: Path) -> None:
    report = drive(mine.dream(3, tmp_path / "out", "0.7:1.1"))
    assert [take.path.name for take in report.takes] == [f"dream_{n:02d}.wav" for n in (1, 2, 3)]
    assert report.drawn >= 3 * dreams_module.ABUNDANCE
    assert sum(report.fell.values()) + len(report.takes) == report.drawn
    assert (report.space, report.sounds) == ("mine", 40)
    known = set(mine.ids("is:analysed").tolist())
    for take in report.takes:
        clip = read(take.path)
        assert clip.sample_rate == house_codec().sample_rate
        assert fault_in(clip) is None
        assert np.abs(clip.frames).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
        assert take.temperature == (0.7, 1.1)
        assert len(take.z or ()) == mine.space().dims
        why = take.why
        assert why is not None
        assert why.nearest.id in known
        assert why.distance > 0
        assert 0 < why.density <= 1
    apart = [take.why.apart for take in report.takes if take.why is not None]
    assert apart[0] is None
    assert all(each is not None and each > 0 for each in apart[1:])


def test_the_seed_decides_and_a_temperature_matters(mine: Workspace, tmp_path: Path) -> None:
    def made(seed: int, temperature: str = "0.8") -> list[bytes]:
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        return files(drive(mine.dream(2, out, temperature, seed=seed)))

    first = made(1)
    assert made(1) == first
    assert not set(first) & set(made(2))
    assert not set(first) & set(made(1, "1.2"))


def test_a_prior_is_learned_once_and_again_when_the_sounds_are_others(
    mine: Workspace, tmp_path: Path
) -> None:
    assert "learn" in stages(mine, tmp_path / "a")
    assert "learn" not in stages(mine, tmp_path / "b")
    (kept,) = priors(mine)
    assert kept.name == prior_file(mine.space().digest, "")
    # Some more change little; many make another library of it.
    folder_of(tmp_path / "few", 3)
    drive(mine.add([tmp_path / "few"]))
    assert "learn" not in stages(mine, tmp_path / "c")
    folder_of(tmp_path / "many", 12, 50)
    drive(mine.add([tmp_path / "many"]))
    assert "learn" in stages(mine, tmp_path / "d")
    assert len(priors(mine)) == 1
    kept.write_bytes(kept.read_bytes()[:1000])
    assert "learn" in stages(mine, tmp_path / "e")


def test_what_is_stopped_is_gone_on_from(mine: Workspace, tmp_path: Path) -> None:
    job = mine.dream(1, tmp_path / "a")
    for step in job:
        if step.stage == "learn" and step.done >= 20:
            break
    job.close()
    (kept,) = priors(mine)
    begun = read_prior(kept.parent, kept.name)
    assert begun is not None
    assert not begun.finished
    assert "learn" in stages(mine, tmp_path / "b")
    finished = read_prior(kept.parent, kept.name)
    assert finished is not None
    assert finished.finished
    assert finished.loss <= begun.loss


def test_where_learns_from_nothing_else(mine: Workspace, tmp_path: Path) -> None:
    some = mine.ids("is:analysed")[:25].tolist()
    mine.tag(some, ["chosen"])
    report = drive(mine.dream(1, tmp_path / "out", where="tag:chosen"))
    assert report.sounds == 25
    (kept,) = priors(mine)
    prior = read_prior(kept.parent, kept.name)
    assert prior is not None
    assert set(prior.sounds.tolist()) == set(some)
    drive(mine.dream(1, tmp_path / "out"))
    assert len(priors(mine)) == 2


def test_like_goes_where_the_liked_sounds_are(
    mine: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []

    def told(prior, steps, temperature, seed, places=None):  # type: ignore[no-untyped-def]
        seen.append(places)
        return genuine(prior, steps, temperature, seed, places)

    genuine = dream_drawing.dream
    monkeypatch.setattr(dream_drawing, "dream", told)
    liked = mine.ids("is:analysed")[[3, 8]].tolist()
    mine.tag(liked, ["liked"])
    drive(mine.dream(1, tmp_path / "out", like="tag:liked"))
    drive(mine.dream(1, tmp_path / "out"))
    (kept,) = priors(mine)
    prior = read_prior(kept.parent, kept.name)
    assert prior is not None
    z = prior.places.numpy()
    outside = (seen[-1] < z.min(axis=0) - 0.05) | (seen[-1] > z.max(axis=0) + 0.05)
    assert not outside.any()
    # Between two sounds there is a line.
    lines = [np.linalg.matrix_rank(each - each.mean(axis=0), tol=1e-3) for each in seen]
    assert lines[0] == 1 < lines[-1]
    vary = [
        drive(mine.vary(str(i), 1, tmp_path / "v", amount=0.0))[0].z for i in liked
    ]  # z of the liked sounds, from their audio
    ends = np.array(vary)
    low, high = ends.min(axis=0) - 0.05, ends.max(axis=0) + 0.05
    assert ((seen[0] >= low) & (seen[0] <= high)).mean() > 0.98


def test_forgetting_a_space_forgets_its_priors(mine: Workspace, tmp_path: Path) -> None:
    drive(mine.dream(1, tmp_path / "out"))
    drive(mine.dream(1, tmp_path / "out", space="house"))
    folder = priors(mine)[0].parent
    (folder / "prior-mine.safetensors").write_bytes(b"a user's own file")
    assert len(priors(mine)) == 3
    mine.forget_space("mine")
    house = prior_file(mine.space("house").digest, "")
    assert {path.name for path in priors(mine)} == {house, "prior-mine.safetensors"}


def test_mistakes_are_told_before_anything_is_done(mine: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for how, told in (
        ({"n": 0}, "0 dreams cannot be made: choose 1 to"),
        ({"temperature": "warm"}, "'warm' is no temperature"),
        ({"where": "tag:nothing"}, "no sample matches 'tag:nothing'"),
        ({"like": "tag:nothing"}, "no sample matches 'tag:nothing'"),
        ({"space": "nowhere"}, "there is no space 'nowhere'"),
    ):
        with pytest.raises(UserError, match=told):
            drive(mine.dream(**{"n": 1, "out": out, **how}))  # type: ignore[arg-type]
    assert not out.exists()


def test_few_sounds_are_too_few(small: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="12 analysed sounds are too few to dream from"):
        drive(small.dream(1, tmp_path / "out"))
    told = pytest.raises(LibraryError, match="no sounds to dream from: crate add")
    with Workspace.open(tmp_path / "empty.sqlite") as empty, told:
        drive(empty.dream(1, tmp_path / "out"))


def test_liked_sounds_must_be_analysed(mine: Workspace, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no sample that matches 'is:failed' is analysed"):
        drive(mine.dream(1, tmp_path / "out", like="is:failed"))


def test_what_the_library_has_falls_and_what_is_broken_too(made: Workspace) -> None:
    opened = made._spaces.complete(None)
    index = made._spaces.search_index(opened.row)
    ids = index.ids
    spread = spread_of(index, ids)
    one = hear(opened.space, opened.codec, _latents(made, int(ids[4])))
    assert one.vector is not None
    itself = replace(one, vector=index.vectors_of(ids[4:5])[0])
    assert judged(itself, index, ids, spread) == "copy"
    far = replace(one, vector=one.vector + 30)
    assert judged(far, index, ids, spread) == "far"
    quiet = _latents(made, int(ids[4])).values.copy()
    quiet[:, 0] = -6.0  # 120 dB under full scale
    silent = hear(opened.space, opened.codec, Latents(quiet))
    assert judged(silent, index, ids, spread) == "silent"
    good = judged(replace(one, vector=one.vector), index, ids, spread)
    assert good in ("copy", "far") or good.standing.nearest == ids[4]  # type: ignore[union-attr]


def test_copies_in_the_library_do_not_hide_copies() -> None:
    points = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    twice = np.concatenate([points, points])
    index = SearchIndex.build(np.arange(100), twice)
    spread = spread_of(index, np.arange(100))
    alone = spread_of(SearchIndex.build(np.arange(50), points), np.arange(50))
    assert spread.copy_limit == pytest.approx(alone.copy_limit, rel=0.3)
    assert spread.copy_limit > 0.2


def _latents(workspace: Workspace, sample_id: int) -> Latents:
    return house_codec().encode(workspace.clip(sample_id))


def test_a_dream_is_made_again_bit_for_bit_without_its_prior(
    mine: Workspace, tmp_path: Path
) -> None:
    takes = drive(mine.dream(2, tmp_path / "out", "0.7:1.1")).takes
    for path in priors(mine):
        path.unlink()
    for take in takes:
        told = mine.recipe(str(take.path))
        assert told is not None
        assert told.recipe.options["temperature"] == "0.7:1.1"
        remade = drive(mine.make_again(told, tmp_path / "again"))
        assert remade.same
        assert remade.take.z == take.z
        assert remade.take.path.read_bytes() == take.path.read_bytes()


@pytest.mark.parametrize("latents", ["", "AAAA", "é", None, 5, "AAAA" * 20])
def test_a_dream_whose_latents_are_damaged_is_told(
    mine: Workspace, tmp_path: Path, latents: object
) -> None:
    take = drive(mine.dream(1, tmp_path / "out")).takes[0]
    told = mine.recipe(str(take.path))
    assert told is not None
    hurt = replace(told, recipe=replace(told.recipe, made={"latents": latents}))  # type: ignore[dict-item]
    with pytest.raises(UserError, match="the recipe is damaged"):
        drive(mine.make_again(hurt, tmp_path / "again"))
    assert not list((tmp_path / "again").glob("*.wav"))
