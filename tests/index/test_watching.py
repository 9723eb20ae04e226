"""Watching: which folders a change concerns, and what comes of the changes, without waiting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine
from watchfiles import Change

from index import watching
from index.answers import AddReport
from index.watching import Changes, WatchNews, parts, watch
from library import catalog
from library.errors import LibraryError
from library.progress import Job, drive
from library.register import Part, RegisterReport, register
from library.roots import KnownRoot, known_roots


def touch(path: Path, content: str = "sound") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("kick.wav", "808/snare.wav", "808/deep/hat.wav"):
        touch(tmp_path / "sounds" / name, name)
    return tmp_path / "sounds"


def concerned(folder: Path, *changes: tuple[Change, str], excludes: tuple[str, ...] = ()) -> object:
    root = KnownRoot(1, str(folder), excludes)
    found = parts([root], {(change, str(folder / name)) for change, name in changes})
    return [
        (str(Path(each.folder).relative_to(folder)), each.deep) if isinstance(each, Part) else "all"
        for each in found
    ]


@pytest.mark.parametrize(
    ("change", "name", "place"),
    [
        (Change.added, "808/snare.wav", [("808", False)]),
        (Change.modified, "kick.wav", [(".", False)]),
        (Change.deleted, "808/gone.wav", [("808", False), ("808/gone.wav", True)]),
        (Change.deleted, "gone", [("gone", True)]),
        (Change.added, "808", [("808", True)]),
        (Change.modified, "808", [("808", False)]),
        (Change.added, "808/notes.txt", []),
        (Change.added, "808/.hidden.wav", []),
        (Change.added, ".git/x.wav", []),
        (Change.added, "808/a loop.wav", []),
        (Change.added, "link", ["all"][:1]),
        (Change.added, "link/far.wav", ["all"]),
    ],
)
def test_a_change_concerns_its_folder_alone(
    folder: Path, tmp_path: Path, change: Change, name: str, place: object
) -> None:
    touch(folder / "808" / "notes.txt")
    touch(folder / "808" / "a loop.wav")
    touch(tmp_path / "away" / "far.wav")
    (folder / "link").symlink_to(tmp_path / "away", target_is_directory=True)
    assert concerned(folder, (change, name), excludes=("*loop*",)) == place


def test_what_is_looked_at_anyway_is_not_looked_at_twice(folder: Path) -> None:
    changes = [(Change.added, name) for name in ("808", "808/snare.wav", "808/deep")]
    assert concerned(folder, *changes) == [("808", True)]


def test_a_folder_is_looked_at_for_each_root_that_it_lies_in(folder: Path) -> None:
    outer = KnownRoot(1, str(folder), ("deep",))
    inner = KnownRoot(2, str(folder / "808" / "deep"), ())
    changes = {(Change.added, str(folder / name)) for name in ("808", "808/deep/hat.wav")}
    inside = KnownRoot(3, str(folder / "808"), ())
    assert parts([outer, inner], changes) == [
        Part(outer, str(folder / "808"), deep=True),
        Part(inner, inner.path, deep=False),
    ]
    changes = {(Change.added, str(folder / name)) for name in ("808", "808/snare.wav")}
    assert parts([outer, inside], changes) == [
        Part(outer, str(folder / "808"), deep=True),
        Part(inside, inside.path, deep=False),
    ]


def test_very_many_changes_are_a_look_at_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [(Change.deleted, f"{number}") for number in range(9)]
    assert len(concerned(folder, *changes)) == 9  # type: ignore[arg-type]
    monkeypatch.setattr(watching, "MOST_PARTS", 8)
    assert concerned(folder, *changes) == ["all"]
    monkeypatch.setattr(watching, "MOST_CHANGES", 8)
    assert concerned(folder, *changes) == ["all"]


def test_a_change_outside_concerns_nothing(folder: Path) -> None:
    (folder.parent / "sounds 2").mkdir()
    assert concerned(folder, (Change.added, "../sounds 2")) == []


# Watching, with changes that a test makes up.

Step = Callable[[], Changes]


@pytest.fixture
def happen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the system tell what each step returns; the last one is Ctrl+C."""

    def steps(*wanted: Step | Exception) -> None:
        left: list[Step | Exception] = list(wanted)

        def batches(roots: Sequence[KnownRoot]) -> Iterator[Changes]:
            while True:
                if not left:
                    raise KeyboardInterrupt
                step = left.pop(0)
                if isinstance(step, Exception):
                    raise step
                yield step()

        monkeypatch.setattr(watching, "_batches", batches)

        def sleep(seconds: float) -> None:
            if not left:
                raise KeyboardInterrupt
            step = left.pop(0)
            assert not isinstance(step, Exception)
            step()

        monkeypatch.setattr(watching.time, "sleep", sleep)

    return steps


def analysed(registering: Job[RegisterReport]) -> Job[AddReport]:
    seen = yield from registering
    return AddReport(
        seen.found, seen.new, seen.changed, seen.moved, seen.missing, seen.new, (), 0.0
    )


def watched(engine: Engine, folders: Sequence[Path] | None = None) -> list[WatchNews]:
    news: list[WatchNews] = []
    with pytest.raises(KeyboardInterrupt):
        news.extend(watch(engine, folders, analysed))  # keeps what came before
    return news


def told(engine: Engine) -> list[str]:
    found = []
    iterator = watch(engine, None, analysed)
    try:
        for news in iterator:
            report = news.report
            counts = "" if report is None else f": {report.new} {report.moved} {report.lost}"
            found.append(news.about + counts)
    except KeyboardInterrupt:
        return found
    raise AssertionError("it must not end by itself")


def nothing() -> Changes:
    return set()


def test_what_changed_before_watching_began_is_found(
    engine: Engine, folder: Path, happen: Callable[..., None]
) -> None:
    drive(register(engine, [folder]))
    touch(folder / "808" / "new.wav", "new")
    happen(nothing)
    assert told(engine) == [f"{folder}: 1 0 0"]


def test_files_come_move_and_go(engine: Engine, folder: Path, happen: Callable[..., None]) -> None:
    drive(register(engine, [folder]))
    ids = set(catalog.ids(engine).tolist())

    def comes() -> Changes:
        return {(Change.added, str(touch(folder / "808" / "new.wav", "new")))}

    def moves() -> Changes:
        (folder / "808").rename(folder / "909")
        return {(Change.deleted, str(folder / "808")), (Change.added, str(folder / "909"))}

    def goes() -> Changes:
        (folder / "909" / "new.wav").unlink()
        return {(Change.deleted, str(folder / "909" / "new.wav"))}

    happen(nothing, comes, nothing, moves, goes)
    assert told(engine) == [
        f"{folder / '808'}: 1 0 0",
        f"{folder / '808'} and 1 more: 0 3 0",
        f"{folder / '909'} and 1 more: 0 0 1",
    ]
    assert set(catalog.ids(engine).tolist()) == ids


def test_a_root_may_go_and_come_back(
    engine: Engine, folder: Path, happen: Callable[..., None]
) -> None:
    drive(register(engine, [folder]))
    away = folder.with_name("away")

    def unplugged() -> Changes:
        folder.rename(away)
        return set()

    def plugged() -> Changes:
        away.rename(folder)
        touch(folder / "new.wav", "new")
        return set()

    happen(nothing, unplugged, nothing, plugged, nothing)
    assert told(engine) == [
        f"{folder} is not there",
        f"{folder}: 0 0 3",
        f"{folder} is there again",
        f"{folder}: 1 0 0",
    ]
    assert len(catalog.ids(engine)) == 4


@pytest.mark.parametrize(
    "errors",
    [
        [OSError("OS file watch limit reached.")],
        [RuntimeError("Unable to decode path"), RuntimeError("Unable to decode path")],
    ],
)
def test_where_the_system_cannot_tell_it_is_said_and_looked_now_and_then(
    engine: Engine, folder: Path, happen: Callable[..., None], errors: list[Exception]
) -> None:
    drive(register(engine, [folder]))

    def comes() -> Changes:
        touch(folder / "808" / "new.wav", "new")
        return set()

    happen(*errors, nothing, comes)
    first, second = told(engine)
    assert str(errors[0]) in first
    assert "every 30 s" in first
    assert second == f"{folder}: 1 0 0"


def test_a_batch_that_was_lost_is_a_look_at_everything(
    engine: Engine, folder: Path, happen: Callable[..., None]
) -> None:
    drive(register(engine, [folder]))

    def comes() -> Changes:
        touch(folder / "808" / "deep" / "new.wav", "new")
        return set()

    happen(nothing, RuntimeError("Unable to decode path"), comes, nothing)
    assert told(engine) == [f"{folder}: 1 0 0"]


def test_only_the_folders_named_are_watched(
    engine: Engine, folder: Path, tmp_path: Path, happen: Callable[..., None]
) -> None:
    touch(tmp_path / "other" / "a.wav")
    drive(register(engine, [folder, tmp_path / "other"]))
    assert len(known_roots(engine)) == 2
    watched_roots: list[list[str]] = []

    def tells(roots: Sequence[KnownRoot]) -> Iterator[Changes]:
        watched_roots.append([root.path for root in roots])
        raise KeyboardInterrupt
        yield set()

    happen()
    watching._batches = tells  # type: ignore[assignment] - `happen` puts the right one back
    assert watched(engine, [tmp_path / "other"]) == []
    assert watched_roots == [[str(tmp_path / "other")]]


def test_a_library_without_folders_cannot_be_watched(engine: Engine) -> None:
    with pytest.raises(LibraryError, match="no folder to watch"):
        next(watch(engine, None, analysed))


@pytest.mark.skipif(os.name != "posix", reason="what others tell of changes differs")
def test_the_system_tells_of_a_new_file(engine: Engine, folder: Path) -> None:
    """Without anything made up: it ends as soon as the file is told."""
    drive(register(engine, [folder]))
    news = watch(engine, None, analysed)
    touch(folder / "before.wav", "before")
    assert next(news).about == str(folder)
    touch(folder / "808" / "after.wav", "after")
    assert next(news) == WatchNews(str(folder / "808"), AddReport(2, 1, 0, 0, 0, 1, (), 0.0))
    news.close()
