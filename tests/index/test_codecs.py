"""Codecs: copies in the library's folder, which run only when they are trusted and unchanged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from index import codec_rows
from index.codec_files import facts_of
from index.codecs import Codecs
from index.encode import encode
from index.tuning import keep_tuned
from index.workspace import Workspace
from library.database import reading, writing
from library.errors import LibraryError, ModelError, UserError
from library.locations import trusted_codecs
from library.progress import Job, Progress, drive
from library.tables import Codec as CodecTable
from library.tables import Latents as LatentsRow
from library.tables import Space as SpaceTable
from tests.conftest import MadeLibrary
from tests.index.conftest import keep_space, ping
from tests.vae.rave_standins import Touchy, digest, scripted, standin, written
from vae.house_codec import house_codec, to_bytes
from vae.house_model import HouseNet
from vae.house_tuning import TuneReport
from vae.space_file import house_space
from vae.space_file import to_bytes as space_to_bytes


@pytest.fixture
def codecs(engine: Engine, library_path: Path) -> Codecs:
    """Those of an empty library."""
    return Codecs(engine, library_path.parent / "library.crate" / "codecs")


@pytest.fixture
def rave(tmp_path: Path) -> Path:
    return written(standin(), tmp_path, "rave.ts")


@pytest.fixture
def never_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no TorchScript file be loaded."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a program was loaded")

    monkeypatch.setattr(torch.jit, "load", refuse)


@cache
def tuned_bytes(seed: int = 0) -> bytes:
    """A house codec with slightly other weights."""
    net = HouseNet(house_codec().net.config)
    rng = torch.Generator().manual_seed(seed)
    weights = house_codec().net.state_dict()
    shaken = {k: v + 0.01 * v.std().nan_to_num() * torch.randn(v.shape, generator=rng)
              for k, v in weights.items()}  # fmt: skip
    net.load_state_dict(shaken)
    return to_bytes(net, {"tuned": "yes"})


def count_latents(engine: Engine, codec: str) -> int:
    with reading(engine) as session:
        counted = select(func.count()).where(LatentsRow.codec == codec)
        return session.scalar(counted) or 0


# What is told without loading a model.


def test_the_house_codec_is_always_there_and_told_truly(codecs: Codecs) -> None:
    (house,) = codecs.rows()
    assert (house.name, house.kind, house.trusted, house.in_use) == ("house", "house", True, True)
    assert house.digest == house_codec().digest == house_space().codec_digest
    assert house.facts == facts_of(house_codec())
    assert house.steps_per_second == pytest.approx(21.53, abs=0.01)
    assert codecs.load() is codecs.load("house") is house_codec()


def test_codecs_are_listed_without_a_model(made_library: MadeLibrary) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom index.workspace import Workspace\n"
        f"with Workspace.open(Path({str(made_library.path)!r})) as workspace:\n"
        "    (house,) = workspace.codecs.rows()\n"
        "assert house.samples == 40, house\nassert workspace.codecs.trouble('house') is None\n"
        "print(*{'torch', 'scipy', 'faiss'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# Adding.


@pytest.mark.usefixtures("never_loaded")
def test_a_program_is_copied_and_looked_at_and_does_not_run(
    codecs: Codecs, rave: Path, tmp_path: Path
) -> None:
    row = codecs.add(rave)
    assert (row.name, row.kind, row.trusted, row.in_use) == ("rave", "torchscript", False, False)
    assert row.digest == digest(rave.read_bytes())
    assert row.facts["program"] == "Standin"
    assert {"encode", "decode"} <= set(row.facts["methods"])  # type: ignore[call-overload]
    assert row.facts["warnings"] == []
    assert row.steps_per_second is None
    (copy,) = codecs.files.iterdir()
    assert copy.read_bytes() == rave.read_bytes()
    for use in (lambda: codecs.load("rave"), lambda: drive(codecs.use("rave"))):
        with pytest.raises(ModelError, match=f"not trusted: crate codec trust {row.digest[:12]}"):
            use()
    assert codecs.row("house").in_use
    spy = written(scripted(Touchy(str(tmp_path / "touched"))), tmp_path, "spy.ts")
    assert codecs.add(spy).facts["warnings"] == ["writes files (save)"]
    assert not (tmp_path / "touched").exists()


@pytest.mark.usefixtures("never_loaded")
def test_a_codec_is_added_once_under_a_name_of_its_own(
    codecs: Codecs, rave: Path, tmp_path: Path
) -> None:
    other = written(standin(hop=1024), tmp_path, "rave v2 (44.1k)!.ts")
    assert codecs.add(other).name == "rave v2 -44-1k"
    assert codecs.add(rave, "my rave").name == "my rave"
    with pytest.raises(UserError, match="the library has this codec, as 'my rave'"):
        codecs.add(rave, "again")
    third = written(standin(hop=256), tmp_path, "third.ts")
    with pytest.raises(UserError, match=r"there is a codec 'my rave' already: .*--name"):
        codecs.add(third, "my rave")
    for name in ("house", "", "a/b", "../x", "a\x1b[1m", "x" * 61):
        with pytest.raises(UserError, match=r"one house codec only|cannot be the name of a codec"):
            codecs.add(third, name)
    assert [row.name for row in codecs.rows()] == ["house", "rave v2 -44-1k", "my rave"]
    assert len(list(codecs.files.iterdir())) == 2, "what is refused leaves nothing behind"


@pytest.mark.usefixtures("never_loaded")
def test_what_is_no_codec_is_refused_in_one_line(codecs: Codecs, tmp_path: Path) -> None:
    cut = written(standin()[:-2000], tmp_path, "cut.ts")
    weights = tmp_path / "weights.pt"
    torch.save({"a": torch.ones(2)}, weights)
    space = written(space_to_bytes(house_space()), tmp_path, "space.safetensors")
    for path, told in (
        (cut, "cut short"),
        (weights, "no program"),
        (written(b"", tmp_path, "empty.ts"), "is empty"),
        (written(b"RIFF....WAVE", tmp_path, "kick.wav"), "not TorchScript"),
        (space, "space.safetensors is not a tuned house codec"),
        (written(b"\x08" + bytes(7) + b"{}      ", tmp_path, "x.safetensors"), "not a tuned"),
        (tmp_path / "nowhere.ts", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
        (tmp_path, "is not a file"),
    ):
        with pytest.raises(ModelError, match=told) as failure:
            codecs.add(path, "x")
        assert "\n" not in str(failure.value)
    assert len(codecs.rows()) == 1
    assert list(codecs.files.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_what_never_ends_is_not_opened(codecs: Codecs, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.ts"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ModelError, match=r"is not a file: give a \.ts"):
            codecs.add(path)
    assert list(codecs.files.iterdir()) == []


def test_the_longest_names_have_files(codecs: Codecs, rave: Path, tmp_path: Path) -> None:
    name = "\N{MATHEMATICAL BOLD SMALL X}" * 60
    assert codecs.add(rave, name).name == name
    assert codecs.add(written(tuned_bytes(), tmp_path, "t"), f"y{name[1:]}").trusted
    assert [codecs.trouble(row.name) for row in codecs.rows()] == [None] * 3


def test_a_disk_that_refuses_is_told(codecs: Codecs, rave: Path) -> None:
    codecs.files.parent.mkdir(parents=True)
    codecs.files.write_text("in the way")
    with pytest.raises(LibraryError, match=r"the codec cannot be kept .*make room"):
        codecs.add(rave)
    assert len(codecs.rows()) == 1


def test_a_tuned_codec_of_another_library_needs_no_trust(codecs: Codecs, tmp_path: Path) -> None:
    path = written(tuned_bytes(), tmp_path, "mine.safetensors")
    row = codecs.add(path)
    assert (row.kind, row.trusted) == ("tuned", True)
    assert row.facts == facts_of(house_codec())
    codec = codecs.load("mine")
    assert (codec.name, codec.digest) == ("mine", row.digest)
    assert codecs.of_digest(row.digest) is codec
    assert not np.array_equal(codec.encode(ping(1)).values, house_codec().encode(ping(1)).values)
    assert codecs.trust(row.digest).trusted
    house = written(codec_rows._house_file().read_bytes(), tmp_path, "house copy.safetensors")
    with pytest.raises(UserError, match="this is the house codec"):
        codecs.add(house)


def spoilt_bytes(value: float) -> bytes:
    """A tuned codec with one weight, or all of them, spoilt."""
    net = HouseNet(house_codec().net.config)
    net.load_state_dict(house_codec().net.state_dict())
    weights = list(net.parameters())
    if np.isfinite(value):
        for each in weights:
            each.data.fill_(value)
    else:
        weights[3].data.view(-1)[5] = value
    return to_bytes(net, {})


@pytest.mark.parametrize("value", [np.nan, np.inf, 65_000.0], ids=["nan", "inf", "huge"])
def test_a_tuned_codec_that_makes_no_numbers_is_refused(
    engine: Engine, codecs: Codecs, tmp_path: Path, value: float
) -> None:
    data = spoilt_bytes(value)
    with pytest.raises(ModelError, match=r"bad\.safetensors is not a tuned house codec"):
        codecs.add(written(data, tmp_path, "bad.safetensors"))
    assert len(codecs.rows()) == 1
    assert list(codecs.files.iterdir()) == []


def test_a_tuned_codec_without_numbers_is_not_loaded(engine: Engine, codecs: Codecs) -> None:
    data = spoilt_bytes(np.nan)
    codecs.files.mkdir(parents=True)
    (codecs.files / "bad.safetensors").write_bytes(data)
    with writing(engine) as session:  # as in a library that somebody else has made
        values = {"name": "bad", "kind": "tuned", "digest": digest(data), "file": "bad.safetensors"}
        session.execute(insert(CodecTable), values)
    with pytest.raises(ModelError, match="the codec 'bad' is not a tuned house codec: forget it"):
        codecs.load("bad")


def test_a_tuned_codec_is_loaded_from_the_bytes_that_were_added(
    engine: Engine, codecs: Codecs, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(1), {})
    (kept,) = codecs.files.iterdir()
    kept.write_bytes(tuned_bytes(2))
    with pytest.raises(LibraryError, match="has changed: crate codec add mends it"):
        codecs.load("mine")
    # Exchanged just after it was looked at.
    monkeypatch.setattr("index.codec_files.checked_path", lambda *_: kept)
    with pytest.raises(LibraryError, match="has changed: crate codec add mends it"):
        codecs.load("mine")


# Trusting and loading.


def test_a_trusted_program_says_what_it_is_and_runs(codecs: Codecs, rave: Path) -> None:
    row = codecs.trust(codecs.add(rave).digest[:8].upper())
    assert row.trusted
    facts = {"sample_rate": 44100, "channels": 1, "dims": 64, "hop": 512,
             "discrete": False, "random": False}  # fmt: skip
    assert facts.items() <= row.facts.items()
    assert row.facts["program"] == "Standin"
    assert row.steps_per_second == pytest.approx(44100 / 512)
    codec = codecs.load("rave")
    assert (codec.name, codec.digest, codec.dims) == ("rave", row.digest, 64)
    assert codecs.of_digest(row.digest) is codec is codecs.load("rave")
    assert codecs.of_digest("of no codec") is None


def test_trust_is_kept_for_the_next_time(engine: Engine, codecs: Codecs, rave: Path) -> None:
    codecs.trust(codecs.add(rave).digest)
    again = Codecs(engine, codecs.files)
    assert again.row("rave").facts == codecs.row("rave").facts
    assert again.load("rave").dims == 64


def test_trust_does_not_travel_with_a_library(
    engine: Engine, codecs: Codecs, rave: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = codecs.trust(codecs.add(rave).digest)
    theirs = trusted_codecs().rename(trusted_codecs().with_name("theirs.txt"))
    fresh = Codecs(engine, codecs.files)
    assert not fresh.row("rave").trusted
    with monkeypatch.context() as patched:
        patched.setattr(torch.jit, "load", None)
        with pytest.raises(ModelError, match=f"not trusted: crate codec trust {row.digest[:12]}"):
            fresh.load("rave")
    assert fresh.trust(row.digest).trusted
    assert trusted_codecs().read_text() == theirs.read_text() == f"{row.digest}\n"
    assert Codecs(engine, codecs.files).load("rave").dims == 64


def test_what_the_user_trusts_is_not_trusted_in_every_library(codecs: Codecs, rave: Path) -> None:
    codecs.trust(codecs.add(rave).digest)
    codecs.forget("rave")
    assert not codecs.add(rave).trusted


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"fault": "encode raises"}, "cannot encode this"),
        ({"fault": "decodes to no numbers"}, "not numbers"),
        ({"says": "nothing"}, "does not say its sample rate"),
        ({"sizes": (64, float("nan"))}, "says sizes that cannot be"),
    ],
)
def test_a_program_that_fails_stays_untrusted_with_the_reason(
    codecs: Codecs, tmp_path: Path, options: dict[str, str], told: str
) -> None:
    row = codecs.add(written(standin(**options), tmp_path, "bad.ts"))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=told):
        codecs.trust(row.digest)
    after = codecs.row("bad")
    assert not after.trusted
    assert told in str(after.report["failed"])
    assert after.facts == row.facts
    with pytest.raises(ModelError, match="not trusted"):
        codecs.load("bad")


def test_a_rate_may_be_given_to_a_program_that_says_none(
    engine: Engine, codecs: Codecs, tmp_path: Path
) -> None:
    row = codecs.add(written(standin(says="nothing"), tmp_path, "quiet.ts"))
    with pytest.raises(ModelError):
        codecs.trust(row.digest)
    for rate in (0, -5, 10**12):
        with pytest.raises(UserError, match=f"{rate} Hz cannot be the sample rate"):
            codecs.trust(row.digest, rate)
    assert not codecs.row("quiet").trusted
    trusted = codecs.trust(row.digest, 48_000)
    assert trusted.facts["sample_rate"] == 48_000
    assert trusted.report == {}
    assert Codecs(engine, codecs.files).load("quiet").sample_rate == 48_000


def test_another_rate_makes_other_latents(small: Workspace, tmp_path: Path) -> None:
    codecs, engine = small.codecs, small._engine
    theirs = Codecs(engine, codecs.files)
    row = codecs.add(written(standin(says="nothing"), tmp_path, "quiet.ts"))
    codecs.trust(row.digest, 48_000)
    drive(codecs.use("quiet"))
    before = theirs.load("quiet")
    assert codecs.trust(row.digest, 48_000).samples == 12, "the same rate changes nothing"
    assert codecs.trust(row.digest).samples == 12, "nor does none"
    job = encode(engine, before, [int(i) for i in small.ids()])
    assert codecs.trust(row.digest, 32_000).samples == 0
    assert count_latents(engine, house_codec().digest) == 12
    for loaded in (codecs.load("quiet"), theirs.load("quiet"), theirs.of_digest(row.digest)):
        assert loaded is not None
        assert loaded.sample_rate == 32_000
    assert drive(job).encoded == 0, "what still runs at the old rate keeps nothing"
    assert drive(codecs.use("quiet")).encoded == 12


def test_a_rate_that_a_space_needs_is_kept(
    engine: Engine, codecs: Codecs, space_bytes: bytes, tmp_path: Path
) -> None:
    row = codecs.add(written(standin(says="nothing"), tmp_path, "quiet.ts"))
    codecs.trust(row.digest, 48_000)
    keep_space(engine, "my drums", space_bytes, {}, tmp_path / "spaces")
    with writing(engine) as session:
        session.query(SpaceTable).update({"codec": row.digest})
    with pytest.raises(LibraryError, match=r"'my drums' uses the codec 'quiet': .* 48000 Hz"):
        codecs.trust(row.digest, 32_000)
    assert codecs.load("quiet").sample_rate == 48_000
    assert codecs.row("quiet").facts["given_rate"] == 48_000


@pytest.mark.usefixtures("never_loaded")
def test_a_digest_must_be_named_well_enough(engine: Engine, codecs: Codecs) -> None:
    for n, each in enumerate(("abcdef0123456789", "abcdef0199999999")):
        with writing(engine) as session:
            values = {"name": f"c{n}", "kind": "torchscript", "digest": each, "file": f"{n}.ts"}
            session.execute(insert(CodecTable), values)
    for beginning, told in (
        ("abcdef0", "at least 8 digits"),
        ("abcdefg0", "not the beginning of a digest"),
        ("%%%%%%%%", "not the beginning of a digest"),
        ("", "not the beginning of a digest"),
        ("abcdef01", "2 codecs have a digest that begins so: give more"),
        ("bbbbbbbb", "no codec with the digest bbbbbbbb"),
        ("abcdef0123", "cannot be read"),
    ):
        with pytest.raises(UserError, match=told):
            codecs.trust(beginning)


def test_a_file_that_has_changed_or_is_lost_is_not_run(
    engine: Engine, codecs: Codecs, rave: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codecs.trust(codecs.add(rave).digest)
    (copy,) = codecs.files.iterdir()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a program was loaded")

    for spoil, told in (
        (lambda: copy.write_bytes(standin(hop=256)), "has changed: crate codec add mends it"),
        (copy.unlink, r"cannot be read \(No such file or directory\): crate codec add puts it"),
    ):
        spoil()
        fresh = Codecs(engine, codecs.files)
        with monkeypatch.context() as patched:
            patched.setattr(torch.jit, "load", refuse)
            with pytest.raises(LibraryError, match=told):
                fresh.load("rave")
        assert fresh.trouble("rave") is not None
        assert fresh.add(rave, "any").name == "rave"
        assert fresh.trouble("rave") is None
        assert fresh.load("rave").dims == 64, "the same file is still trusted"


def test_a_codec_that_is_exchanged_while_another_is_tried_out_is_not_trusted(
    engine: Engine, codecs: Codecs, rave: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = codecs.add(rave)
    other = written(standin(hop=256), tmp_path, "other.ts")

    def exchange(_: object) -> None:
        theirs = Codecs(engine, codecs.files)
        theirs.forget("rave")
        theirs.add(other, "rave")

    monkeypatch.setattr("index.codec_files.try_out", exchange)
    with pytest.raises(LibraryError, match="was forgotten in the meantime: crate codec add"):
        codecs.trust(row.digest)
    (found,) = codecs.rows()[1:]
    assert (found.digest, found.trusted) == (digest(other.read_bytes()), False)


@pytest.mark.parametrize("lead", ["../../victim", "absolute"])
def test_a_row_that_names_a_file_elsewhere_reaches_nothing(
    engine: Engine, codecs: Codecs, tmp_path: Path, lead: str
) -> None:
    path = written(tuned_bytes(1), tmp_path, "mine.safetensors")
    codecs.add(path)
    victim = codecs.files.parent.parent / "victim"
    victim.write_bytes(tuned_bytes(1))
    with writing(engine) as session:
        session.query(CodecTable).update({"file": lead if lead[0] == "." else str(victim)})
    (copy,) = codecs.files.iterdir()
    for use in (lambda: codecs.load("mine"), lambda: drive(codecs.use("mine"))):
        with pytest.raises(LibraryError, match="names a file outside its folder"):
            use()
    wrong = codecs.trouble("mine")
    assert wrong is not None
    assert "names a file outside its folder" in wrong[0]
    victim.write_text("of the user")
    with pytest.raises(LibraryError, match="names a file outside its folder"):
        codecs.add(path)
    assert victim.read_text() == "of the user"
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(2), {})
    assert victim.exists()
    assert codecs.load("mine").digest == digest(tuned_bytes(2))
    with writing(engine) as session:
        session.query(CodecTable).update({"file": str(victim)})
    codecs.forget("mine")
    assert victim.read_text() == "of the user"
    assert copy.exists()


# Using and forgetting.


def test_use_encodes_what_lacks_latents_and_goes_on_where_it_was(
    small: Workspace, rave: Path
) -> None:
    codecs = small.codecs
    row = codecs.trust(codecs.add(rave).digest)
    job = codecs.use("rave")
    while next(job).done < 4:
        pass
    job.close()
    assert (codecs.row("rave").in_use, codecs.row("rave").samples) == (True, 4)
    assert drive(codecs.use("rave")).encoded == 8
    assert [(each.samples, each.in_use) for each in codecs.rows()] == [(12, False), (12, True)]
    assert codecs.load().digest == row.digest
    drive(codecs.use("house"))
    assert codecs.row("house").in_use
    with pytest.raises(LibraryError, match="no codec 'nosuch': crate codec list"):
        drive(codecs.use("nosuch"))


def test_codes_are_not_made_for_nothing(small: Workspace, tmp_path: Path) -> None:
    codes = written(standin(codes=True), tmp_path, "codes.ts")
    row = small.codecs.trust(small.codecs.add(codes).digest)
    assert row.facts["discrete"]
    assert drive(small.codecs.use("codes")).encoded == 0
    with pytest.raises(ModelError, match="no space can be learned on the codec 'codes': its lat"):
        drive(small.train("x"))


def test_forgetting_deletes_our_copy_and_its_latents_alone(small: Workspace, rave: Path) -> None:
    codecs, engine = small.codecs, small._engine
    row = codecs.trust(codecs.add(rave).digest)
    drive(codecs.use("rave"))
    codecs.forget("rave")
    assert [each.name for each in codecs.rows()] == ["house"]
    assert codecs.row("house").in_use
    assert list(codecs.files.iterdir()) == []
    assert rave.exists()
    assert count_latents(engine, row.digest) == 0
    assert count_latents(engine, house_codec().digest) == 12
    with pytest.raises(LibraryError, match="no codec 'rave'"):
        codecs.load("rave")
    with pytest.raises(LibraryError, match="no codec 'rave'"):
        codecs.forget("rave")
    with pytest.raises(UserError, match="house codec cannot be forgotten"):
        codecs.forget("house")
    assert not codecs.add(rave).trusted, "trust is forgotten too"


def test_a_codec_that_a_space_needs_is_not_forgotten(
    engine: Engine, codecs: Codecs, rave: Path, space_bytes: bytes, tmp_path: Path
) -> None:
    row = codecs.add(rave)
    keep_space(engine, "my drums", space_bytes, {}, tmp_path / "spaces")
    with writing(engine) as session:
        session.query(SpaceTable).update({"codec": row.digest})
    with pytest.raises(LibraryError, match="the space 'my drums' uses the codec 'rave'"):
        codecs.forget("rave")
    assert codecs.trouble("rave") is None


def test_forgetting_looks_at_the_row_that_it_deletes(
    engine: Engine, codecs: Codecs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(1), {})
    begin = writing

    def later(engine: Engine) -> AbstractContextManager[Session]:
        # As another process does, just before this one may write.
        monkeypatch.setattr("index.codecs.writing", begin)
        keep_tuned(engine, codecs.files, "mine", tuned_bytes(2), {})
        with begin(engine) as session:
            session.execute(insert(SpaceTable), {"name": "s", "codec": digest(tuned_bytes(2)),
                            "digest": "d", "attributes": [], "report": {}})  # fmt: skip
        return begin(engine)

    monkeypatch.setattr("index.codecs.writing", later)
    with pytest.raises(LibraryError, match="the space 's' uses the codec 'mine'"):
        codecs.forget("mine")
    assert codecs.trouble("mine") is None
    with writing(engine) as session:
        session.query(SpaceTable).delete()
    codecs.forget("mine")
    assert list(codecs.files.iterdir()) == []


def test_what_a_kill_has_left_is_cleaned_when_codecs_change(
    engine: Engine, codecs: Codecs, rave: Path, tmp_path: Path
) -> None:
    orphan, part = codecs.files / "lost-0123456789ab.ts", codecs.files / "12-34.part"

    def spill() -> None:
        for path in (orphan, part):
            path.write_text("x")
        for path in codecs.files.iterdir():
            os.utime(path, (0, 0))

    codecs.add(rave)
    for change in (
        lambda: codecs.add(written(tuned_bytes(3), tmp_path, "theirs.safetensors")),
        lambda: keep_tuned(engine, codecs.files, "mine", tuned_bytes(1), {}),
        lambda: keep_tuned(engine, codecs.files, "mine", tuned_bytes(2), {}),
        lambda: codecs.forget("theirs"),
    ):
        spill()
        change()
        assert not orphan.exists()
        assert not part.exists()
        with reading(engine) as session:
            named = sorted(session.scalars(select(CodecTable.file)))
        assert sorted(path.name for path in codecs.files.iterdir()) == named
    assert len(named) == 2


# Tuning.


class Tuning:
    """Stands for the tuning itself: it finds a better codec at each of its steps but the first."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[Path], float]] = []
        self.improves, self.steps = True, 3

    def tune(
        self,
        sounds: Sequence[Path],
        minutes: float,
        threads: int = 2,
        keep: Callable[[TuneReport], None] | None = None,
    ) -> Job[TuneReport]:
        assert keep is not None
        self.calls.append((list(sounds), minutes))
        found = TuneReport(b"", 2.1, 2.1, 9, 3, 1.5, False, self.steps)
        for step in range(4):
            if step and self.improves:
                after = 2.1 - 0.1 * step
                found = TuneReport(tuned_bytes(step), 2.1, after, 9, 3, 1.5, True, step)
                keep(found)
            yield Progress("tune", step, 3, f"error {found.after_db:.1f} dB, was 2.1")
        return found


@pytest.fixture
def tuning(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tuning]:
    fake = Tuning()
    monkeypatch.setattr("index.tuning.tune", fake.tune)
    return fake


def test_a_codec_is_tuned_on_the_samples_that_match(small: Workspace, tuning: Tuning) -> None:
    gone = small.find(str(small.rows(small.ids())[3].path))
    gone.path.unlink()
    drive(small.scan())
    report = drive(small.codecs.tune("mine", "-ping_001", 2.5))
    ((heard, minutes),) = tuning.calls
    assert minutes == 2.5
    assert sorted(path.name for path in heard) == sorted(
        f"ping_{n:03d}.wav" for n in range(12) if n not in (1, 3)
    )
    assert (report.codec, report.before_db, report.after_db) == ("mine", 2.1, pytest.approx(1.8))
    row = small.codecs.row("mine")
    assert (row.kind, row.trusted, row.in_use, row.samples) == ("tuned", True, False, 0)
    assert row.digest == digest(tuned_bytes(3))
    assert row.report["where"] == "-ping_001"
    assert row.report["after_db"] == pytest.approx(1.8)
    assert "data" not in row.report
    assert [path.read_bytes() for path in small.codecs.files.iterdir()] == [tuned_bytes(3)]
    assert drive(small.codecs.use("mine")).encoded == 11


def test_a_stopped_tuning_keeps_its_best(engine: Engine, codecs: Codecs, tuning: Tuning) -> None:
    job: Job[object] = codecs.tune("mine")
    while next(job).done < 2:
        pass
    job.close()
    assert codecs.row("mine").digest == digest(tuned_bytes(2))
    assert codecs.load("mine").digest == digest(tuned_bytes(2))
    (kept,) = codecs.files.iterdir()
    assert kept.read_bytes() == tuned_bytes(2)


def test_what_is_no_better_is_not_kept(codecs: Codecs, tuning: Tuning) -> None:
    tuning.improves = False
    report = drive(codecs.tune("mine"))
    assert (report.codec, report.before_db, report.after_db) == (None, 2.1, 2.1)
    assert (report.steps, report.sounds, report.held_out) == (3, 9, 3)
    assert len(codecs.rows()) == 1
    tuning.steps = 0
    hasty = drive(codecs.tune("mine"))
    assert (hasty.codec, hasty.before_db, hasty.after_db) == (None, None, None)
    assert (hasty.steps, hasty.sounds, hasty.held_out) == (0, 0, 3)
    assert len(codecs.rows()) == 1
    assert not codecs.files.exists()


def test_tuning_again_replaces_the_codec_and_its_latents(small: Workspace, tuning: Tuning) -> None:
    codecs = small.codecs
    keep_tuned(small._engine, codecs.files, "mine", tuned_bytes(9), {})
    drive(codecs.use("mine"))
    assert codecs.row("mine").samples == 12
    drive(codecs.tune("mine"))
    row = codecs.row("mine")
    assert (row.digest, row.samples, row.in_use) == (digest(tuned_bytes(3)), 0, True)
    assert count_latents(small._engine, digest(tuned_bytes(9))) == 0
    assert len(list(codecs.files.iterdir())) == 1


def test_the_same_codec_is_kept_once(engine: Engine, codecs: Codecs) -> None:
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(1), {"round": 1})
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(1), {"round": 2})
    assert codecs.row("mine").report == {"round": 2}
    with pytest.raises(UserError, match="the codec 'mine' is the same"):
        keep_tuned(engine, codecs.files, "other", tuned_bytes(1), {})
    assert codecs.trouble("mine") is None
    assert len(list(codecs.files.iterdir())) == 1


def test_a_name_that_cannot_be_tuned_is_refused_before_anything_is_done(
    engine: Engine,
    codecs: Codecs,
    tuning: Tuning,
    rave: Path,
    space_bytes: bytes,
    tmp_path: Path,
) -> None:
    codecs.add(rave)
    keep_tuned(engine, codecs.files, "mine", tuned_bytes(9), {})
    keep_space(engine, "my drums", space_bytes, {}, tmp_path / "spaces")
    with writing(engine) as session:
        session.query(SpaceTable).update({"codec": digest(tuned_bytes(9))})
    for name, told in (
        ("house", "one house codec only"),
        ("a/b", "cannot be the name"),
        ("rave", "a codec 'rave' that was not tuned: choose another name"),
        ("mine", "the space 'my drums' uses the codec 'mine': choose another name"),
    ):
        with pytest.raises(UserError, match=told):
            drive(codecs.tune(name))
    assert tuning.calls == []
    assert codecs.row("mine").digest == digest(tuned_bytes(9))
