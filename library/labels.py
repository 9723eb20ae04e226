"""What the user says of samples: words, ratings, categories, and that they are used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from library.catalog import Ids, chunks
from library.category import USER, Told, category_in_root, known_category
from library.errors import LibraryError
from library.journal import changing
from library.musical_rows import settle
from library.names import displayable
from library.query_terms import folded
from library.tables import Root, Sample, SampleTag, Tag, now


def tag(engine: Engine, sample_ids: Ids, words: Sequence[str]) -> None:
    """Put words on samples; a word that a sample has already stays.

    Raises:
        LibraryError: A word is empty, or holds a quotation mark or a control character.
    """
    cleaned = sorted({clean_tag(word) for word in words})
    with changing(engine, lambda samples: f"tagged {samples}: {', '.join(cleaned)}") as session:
        tag_ids: Sequence[int] = ()
        for chunk in chunks(sample_ids):
            known = session.scalars(select(Sample.id).where(Sample.id.in_(chunk))).all()
            if known and not tag_ids:  # a word that no sample has is none
                for word in cleaned:
                    session.execute(sqlite_insert(Tag).values(word=word).on_conflict_do_nothing())
                tag_ids = session.scalars(select(Tag.id).where(Tag.word.in_(cleaned))).all()
            pairs = [{"sample_id": s, "tag_id": t} for s in known for t in tag_ids]
            if pairs:
                session.execute(insert(SampleTag).prefix_with("OR IGNORE"), pairs)


def untag(engine: Engine, sample_ids: Ids, words: Sequence[str]) -> None:
    """Take words off samples; a word that no sample has any more is forgotten."""
    cleaned = sorted({clean_tag(word) for word in words})
    with changing(engine, lambda samples: f"took {', '.join(cleaned)} off {samples}") as session:
        tag_ids = session.scalars(select(Tag.id).where(Tag.word.in_(cleaned))).all()
        for chunk in chunks(sample_ids):
            session.execute(
                delete(SampleTag).where(
                    SampleTag.sample_id.in_(chunk), SampleTag.tag_id.in_(tag_ids)
                )
            )
        used = select(SampleTag.tag_id).where(SampleTag.tag_id == Tag.id).exists()
        session.execute(delete(Tag).where(Tag.id.in_(tag_ids), ~used))


def rate(engine: Engine, sample_ids: Ids, rating: int | None) -> None:
    """Rate samples from 1 to 5; None or 0 takes the rating away.

    Raises:
        LibraryError: The rating is another number.
    """
    if rating is not None and not 0 <= rating <= 5:
        raise LibraryError(f"{rating} is not a rating", "give 1 to 5, or 0 for none")
    about = "took the rating off {}" if not rating else f"rated {{}} {rating}"
    with changing(engine, about.format) as session:
        for chunk in chunks(sample_ids):
            session.execute(
                update(Sample).where(Sample.id.in_(chunk)).values(rating=rating or None)
            )


def mark_used(engine: Engine, sample_ids: Ids, used: bool) -> None:
    """Say of samples that they are used in a piece, or that they are not.

    One that is marked keeps the time at which it was.
    """
    about = "marked {} as used" if used else "marked {} as not used"
    with changing(engine, about.format) as session:
        moment = now() if used else None
        for chunk in chunks(sample_ids):
            other = Sample.used_at.is_(None) if used else Sample.used_at.is_not(None)
            session.execute(
                update(Sample).where(Sample.id.in_(chunk), other).values(used_at=moment)
            )


def set_category(engine: Engine, sample_ids: Ids, word: str | None) -> None:
    """Say of what category samples are; None takes back what was said.

    A sample of which that is taken back is of the category that its path tells. What its sound
    tells, :func:`index.categories.categorise` finds.

    Raises:
        LibraryError: There is no such category.
    """
    category = None if word is None else known_category(word)
    about = "took back the category of {}" if category is None else f"called {{}} {category}"
    with changing(engine, about.format) as session:
        for chunk in chunks(sample_ids):
            chosen = Sample.id.in_(chunk)
            if category is not None:
                values = {"category": category, "category_source": USER}
                session.execute(
                    update(Sample).where(chosen).values(category_probability=None, **values)
                )
                settle(session, chunk)
                continue
            mine = select(Sample.id, Root.path, Sample.path).join(Root, Root.id == Sample.root_id)
            rows = session.execute(mine.where(chosen, Sample.category_source == USER)).all()
            by_path: defaultdict[Told, list[int]] = defaultdict(list)
            for sample_id, root, path in rows:
                by_path[category_in_root(root, path)].append(sample_id)
            for told, ids in by_path.items():
                of_path = update(Sample).where(Sample.id.in_(ids))
                session.execute(of_path.values(category=told.category, category_source=told.source))
            settle(session, chunk)


def clean_tag(word: str) -> str:
    """Return a tag as it is stored: without blanks around it and without capitals.

    Raises:
        LibraryError: The word is empty, or holds a quotation mark or a control character.
    """
    cleaned = folded(word.strip())
    if not cleaned or '"' in cleaned or displayable(cleaned) != cleaned:
        raise LibraryError(
            f"{displayable(word) or 'nothing'} cannot be a tag", "use letters, digits and blanks"
        )
    return cleaned
