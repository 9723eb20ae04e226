"""Examples of the user's own words: samples that are what a word means, and some that are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from library.database import reading
from library.errors import LibraryError, UserError
from library.journal import changing
from library.tables import WordExample, now

LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Examples:
    """What was said of one word.

    Attributes:
        word: In lower case, without spaces around it.
        fitting: Ids of samples that are what it means, rising.
        unfitting: Ids of samples that are not, rising.
    """

    word: str
    fitting: tuple[int, ...]
    unfitting: tuple[int, ...]


def checked(word: str) -> str:
    """Return a word as it is kept.

    Raises:
        UserError: It is none.
    """
    plain = word.strip().casefold()
    odd = not plain.isprintable() or any(c in plain for c in "=,:+-") or plain[:1].isdigit()
    if not plain or odd or len(plain) > LONGEST_WORD:
        raise UserError(f"{word!r} is no word to teach", "use letters, at most 40, such as crunchy")
    return plain


def teach(engine: Engine, word: str, fitting: Sequence[int], unfitting: Sequence[int]) -> None:
    """Keep examples of a word; what was said of the same samples before goes.

    Args:
        engine: The library.
        word: As `checked`.
        fitting: Ids of samples that are what it means.
        unfitting: Ids of samples that are not.

    Raises:
        LibraryError: There is no example, or one is said to be both.
    """
    if not fitting and not unfitting:
        raise LibraryError(f"no example of {word!r} is given", "name sounds after --yes and --no")
    if both := set(fitting) & set(unfitting):
        raise LibraryError(f"sample {min(both)} cannot be {word!r} and not be it", "name it once")
    moment = now()
    rows = [
        {"word": word, "sample_id": sample_id, "fits": fits, "said_at": moment}
        for fits, ids in ((True, fitting), (False, unfitting))
        for sample_id in sorted(set(ids))
    ]
    # A row that is replaced would not tell that it goes.
    said = insert(WordExample)
    newer = {"fits": said.excluded.fits, "said_at": said.excluded.said_at}
    upsert = said.on_conflict_do_update(index_elements=["word", "sample_id"], set_=newer)
    with changing(engine, lambda samples: f"taught {word} with {samples}") as session:
        session.execute(upsert, rows)


def forget(engine: Engine, word: str, sample_ids: Sequence[int]) -> int:
    """Take back what was said of samples, or all examples of a word where none is named.

    Returns:
        How many examples were taken back.
    """
    gone = delete(WordExample).where(WordExample.word == word)
    if sample_ids:
        gone = gone.where(WordExample.sample_id.in_(list(sample_ids)))
    with changing(engine, lambda samples: f"untaught {word} with {samples}") as session:
        return len(session.scalars(gone.returning(WordExample.sample_id)).all())


def examples(engine: Engine) -> list[Examples]:
    """Return all examples, by word."""
    columns = select(WordExample.word, WordExample.sample_id, WordExample.fits)
    found: dict[str, tuple[list[int], list[int]]] = {}
    with reading(engine) as session:
        for word, sample_id, fits in session.execute(
            columns.order_by(WordExample.word, WordExample.sample_id)
        ):
            found.setdefault(word, ([], []))[0 if fits else 1].append(sample_id)
    return [Examples(word, tuple(yes), tuple(no)) for word, (yes, no) in found.items()]
