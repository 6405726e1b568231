"""Compiled questions by revision. A revision never changes, so a process compiles it once."""

from collections.abc import Collection

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.items import Item
from domain.records import frozen
from models.library import Revision
from services.library.catalogue import database_of

MOST = 3000  # about 10 MB; a bank of this size is remembered whole

_kept: dict[tuple[URL, int], "Pinned"] = {}


@frozen
class Pinned:
    """A revision of a question, ready to be asked and marked; html is its stem."""

    revision_id: int
    document_id: int
    item: Item
    html: str


def known(session: Session, revision_id: int) -> Pinned:
    """One question; a statement only when this process has not met it."""
    return pinned_all(session, [revision_id])[revision_id]


def pinned_all(session: Session, revision_ids: Collection[int]) -> dict[int, Pinned]:
    """Questions by revision id; one statement at most."""
    database = database_of(session)
    missing = [number for number in revision_ids if (database, number) not in _kept]
    if missing:
        if len(_kept) + len(missing) > MOST:
            _kept.clear()
        rows = session.execute(
            select(Revision.id, Revision.document_id, Revision.meta, Revision.html).where(
                Revision.id.in_(missing)
            )
        )
        for row in rows:
            _kept[database, row.id] = Pinned(row.id, row.document_id, from_dict(row.meta), row.html)
    return {number: _kept[database, number] for number in revision_ids}


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()
