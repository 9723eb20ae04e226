"""What a codec has refused to encode: remembered, or every search would try it again.

A content is remembered, not a sample: what has changed is tried anew. `crate codec use` tries all.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from library.tables import Setting


def _key(digest: str) -> str:
    return f"refused by codec {digest}"


def refused(session: Session, digest: str) -> frozenset[str]:
    """Return the digests of the contents that the codec of a digest has refused."""
    setting = session.get(Setting, _key(digest))
    return frozenset(setting.value) if setting is not None else frozenset()


def remember(session: Session, digest: str, contents: Collection[str]) -> None:
    """Add contents that the codec of a digest has refused."""
    known = refused(session, digest)
    if not known.issuperset(contents):
        session.merge(Setting(key=_key(digest), value=sorted(known.union(contents))))


def drop(session: Session, digest: str) -> None:
    """Forget what the codec of a digest has refused."""
    if (setting := session.get(Setting, _key(digest))) is not None:
        session.delete(setting)
