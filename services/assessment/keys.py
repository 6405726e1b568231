"""Wrong keys: by which revision an answer is marked instead of the one that was asked.

A key is never mended in place. A `key_fix` leads from a wrong revision to the one that mends it, or
nowhere where the question was struck out; a mending revision may turn out wrong in its turn.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.marking import KeyFix


@frozen
class Fix:
    """What became of a revision. mending_id: at the end of the chain; None: struck out.

    at: when the last link of the chain was made.
    """

    revision_id: int
    mending_id: int | None
    at: datetime

    @property
    def struck(self) -> bool:
        return self.mending_id is None

    @property
    def rule_id(self) -> int:
        """What evidence names as its rule."""
        return self.mending_id or self.revision_id


def fixes(session: Session, revision_ids: Collection[int]) -> dict[int, Fix]:
    """What became of those revisions whose key was wrong; one statement."""
    links = _links(session)
    return {number: _follow(number, links) for number in revision_ids if number in links}


def led_to(session: Session, revision_id: int) -> list[int]:
    """The revisions whose answers are marked by this one: itself and what it mends."""
    links = _links(session)
    mended = [number for number in links if _follow(number, links).mending_id == revision_id]
    return [revision_id, *sorted(mended)]


def _links(session: Session) -> dict[int, tuple[int | None, datetime]]:
    """All fixes there are: wrong keys are few."""
    rows = session.execute(select(KeyFix.revision_id, KeyFix.fixed_revision_id, KeyFix.fixed_at))
    return {row.revision_id: (row.fixed_revision_id, row.fixed_at) for row in rows}


def _follow(revision_id: int, links: Mapping[int, tuple[int | None, datetime]]) -> Fix:
    """The end of a chain; it has one, as each link leads to a newer revision."""
    mending_id, at = links[revision_id]
    while mending_id is not None and mending_id in links:
        mending_id, at = links[mending_id]
    return Fix(revision_id, mending_id, at)
