"""What a workspace takes back: all that was said, and what sounds were told by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.conftest import MadeLibrary
from tests.library.organised import state


def test_a_category_that_is_taken_back_teaches_no_more(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        ids = workspace.ids("is:analysed").tolist()
        before = state(workspace._engine)
        workspace.set_category(ids[:12], "voice")
        after = state(workspace._engine)
        assert workspace.undo() == "called 12 samples voice"
        assert state(workspace._engine) == before
        assert workspace.redo() == "called 12 samples voice"
        assert state(workspace._engine) == after


def test_everything_said_through_a_workspace_is_taken_back(library_copy: MadeLibrary) -> None:
    with Workspace.open(library_copy.path) as workspace:
        before = state(workspace._engine)
        workspace.tag([1, 2], ["dark"])
        workspace.rate([1], 5)
        workspace.mark_used([1, 2])
        workspace.teach("Warm", [1], [2])
        workspace.say_alike([1, 2], alike=True)
        assert workspace.collect([2, 1], "Kit") == 2
        assert workspace.collections_of(1) == ["Kit"]
        workspace.rename_collection("kit", "Beats")
        workspace.save_search("Mine", "in:beats is:used")
        workspace.rename_search("mine", "Ours")
        assert [(each.name, each.samples) for each in workspace.collections()] == [("Beats", 2)]
        assert [each.name for each in workspace.saved_searches()] == ["Ours"]
        assert workspace.ids("in:beats is:used").tolist() == [2, 1]
        assert workspace.uncollect([1], "beats") == 1
        workspace.forget_search("ours")
        assert workspace.forget_collection("beats") == 1
        workspace.forget_alike([1])
        assert workspace.forget_word("warm") == 2
        workspace.mark_used([2], used=False)
        workspace.untag([1], ["dark"])
        said = [each.about for each in workspace.history()]
        assert len(said) == 16
        assert [workspace.undo() for _ in said] == said
        assert workspace.undo() is None
        assert all(each.undone for each in workspace.history())
        assert state(workspace._engine) == before


@pytest.mark.parametrize("said", ["rated", "used", "collected"])
def test_a_new_file_of_which_something_is_said_is_no_moved_one(
    library_path: Path, tmp_path: Path, said: str
) -> None:
    """Before its scan could be told, the user spoke of it: it stays a sample of its own."""
    from library.progress import drive
    from library.register import refresh, register

    sounds = tmp_path / "sounds"
    sounds.mkdir()
    (sounds / "kick.wav").write_text("sound")
    with Workspace.open(library_path) as workspace:
        drive(register(workspace._engine, [sounds]))
        (sounds / "kick.wav").rename(sounds / "boom.wav")
        job = refresh(workspace._engine)
        while next(job).done < 1:
            pass
        job.close()
        boom = workspace.find(str(sounds / "boom.wav")).id
        if said == "rated":
            workspace.rate([boom], 5)
        elif said == "used":
            workspace.mark_used([boom])
        else:
            workspace.collect([boom], "Kit")
        report = drive(refresh(workspace._engine))
        assert (report.moved, report.missing) == (0, 1)
