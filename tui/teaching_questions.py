"""What the screens of words and spaces ask the workspace. These run in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from library.errors import LibraryError, UserError
from tui.messages import ChoicesReady, ExamplesReady, ProposalsReady, SpaceChosen, SpacesReady, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.workspace import Workspace

LOOKED_AT = 500
"""Of how many samples it is told in which share an attribute is known."""


def trouble_with_word(line: str) -> str:
    """Return why a line is no word to teach, or nothing."""
    from library.word_examples import checked

    try:
        checked(line)
    except UserError as error:
        return str(error)
    return ""


def examples(workspace: Workspace) -> ExamplesReady:
    """Return the words that were taught."""
    return ExamplesReady(workspace.examples(), {})


def say(workspace: Workspace, word: str, said: Mapping[int, bool | None]) -> ExamplesReady:
    """Keep what was said of samples: True, False, or None to take it back."""
    yes, no = ([i for i, fits in said.items() if fits is wanted] for wanted in (True, False))
    taken = [i for i, fits in said.items() if fits is None]
    if yes or no:
        workspace.teach(word, yes, no)
    if taken:
        workspace.forget_word(word, taken)
    return ExamplesReady(workspace.examples(), dict(said))


def forget(workspace: Workspace, word: str) -> ExamplesReady:
    """Forget a word with all its examples."""
    workspace.forget_word(word)
    return ExamplesReady(workspace.examples(), {})


def these(workspace: Workspace, ids: Sequence[int], what: str) -> ProposalsReady:
    """Return samples to be listed."""
    return ProposalsReady(workspace.rows(list(ids)), what)


def proposals(workspace: Workspace, word: str, where: str) -> ProposalsReady:
    """Return the samples most worth an answer."""
    rows = workspace.propose_examples(word, where)
    return ProposalsReady(rows, "proposed: likely ones and unsure ones in turns")


def choices(workspace: Workspace, query: str) -> ChoicesReady:
    """Return what a space may be learned from."""
    ids = workspace.ids(query)
    some = ids
    if len(ids) > LOOKED_AT:
        some = np.random.default_rng(0).choice(ids, LOOKED_AT, replace=False)
    counts: dict[str, int] = {}
    for row in workspace.rows(some):
        for name, value in row.attributes.items():
            counts[name] = counts.get(name, 0) + (value is not None)
    spaces = sorted(workspace.spaces(), key=lambda space: not space.in_use)
    codec = next(each.name for each in workspace.codecs.rows() if each.in_use)
    return ChoicesReady(
        query,
        len(ids),
        {name: count / len(some) for name, count in counts.items()},
        workspace.examples(),
        [space.name for space in spaces],
        codec,
    )


def spaces(workspace: Workspace) -> SpacesReady:
    """Return the spaces."""
    return SpacesReady(workspace.spaces())


def use(workspace: Workspace, name: str) -> SpaceChosen:
    """Use a space."""
    workspace.use(name)
    return SpaceChosen(name)


def trouble_with_name(names: Sequence[str], line: str) -> str:
    """Return why a new space cannot have a name, or nothing."""
    from index.codec_rows import check_plain

    try:
        check_plain(line.strip(), "a space")
    except UserError as error:
        return str(error)
    return "there is one of that name: choose another" if line.strip() in names else ""


def forget_space(workspace: Workspace, name: str) -> SpacesReady:
    """Forget a space."""
    was_in_use = workspace.forget_space(name)
    return SpacesReady(workspace.spaces(), was_in_use)


def alike(workspace: Workspace, ids: Sequence[int], together: bool) -> Told:
    """Say of samples whether they belong together."""
    if len(ids) < 2:
        raise LibraryError("mark two sounds or more with m", "A and d are said of marked sounds")
    workspace.say_alike(list(ids), together)
    what = "belong together" if together else "do not belong together"
    return Told(f"{len(ids)} sounds {what}; T learns from that")
