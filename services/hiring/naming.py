"""How a candidate is called: by name, or by a label where a reader sees none.

A reviewer never sees a name, photo or mail address; the owner and recruiters may put their own
view of a position that way. Whatever shows candidates goes through `reader` and `shown`: pages,
comparison, exports, print, API. Words that a reader may search are `searchable`.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.hiring.labels import label
from domain.records import frozen
from models.fairness import BlindView
from models.hiring import PositionMember
from services import journal
from services.actor import Actor
from services.errors import Forbidden
from services.hiring import access
from services.hiring.access import ApplicationRecord

CANDIDATE = {"en": "Candidate {}", "zh_Hans": "候选人 {}"}


@frozen
class Reader:
    """How somebody reads a position. may_switch: whether they may change that for themself."""

    blind: bool
    may_switch: bool

    @property
    def searchable(self) -> bool:
        """Whether a search may look into names: with hidden ones it would tell them."""
        return not self.blind


def reader(session: Session, actor: Actor, position_id: int) -> Reader:
    """How an actor reads a position that was guarded already; one statement."""
    return readers(session, actor, [position_id])[position_id]


def readers(session: Session, actor: Actor, position_ids: Collection[int]) -> dict[int, Reader]:
    """The same for several positions; one statement for a recruiter, two for a manager."""
    asked = select(BlindView.position_id).where(
        BlindView.position_id.in_(position_ids), BlindView.person_id == actor.person_id
    )
    chosen = set(session.scalars(asked))
    if actor.has("recruiter"):
        owned = set(position_ids)
    else:
        own = select(PositionMember.position_id).where(
            PositionMember.position_id.in_(position_ids),
            PositionMember.person_id == actor.person_id,
            PositionMember.part == "owner",
        )
        owned = set(session.scalars(own))
    return {one: Reader(one in chosen or one not in owned, one in owned) for one in position_ids}


def called(application_id: int, lang: str) -> str:
    """What a candidate without a name is called: "Candidate 7F3A"."""
    return CANDIDATE.get(lang, CANDIDATE["en"]).format(label(application_id))


def shown(found: ApplicationRecord, how: Reader, lang: str) -> ApplicationRecord:
    """The record as a reader may see it."""
    if not how.blind:
        return found
    return replace(found, name=called(found.id, lang), email=None)


def note_shown(
    session: Session, actor: Actor, application_id: int, position_id: int, now: datetime
) -> None:
    """Somebody who hides names has asked for this one: journaled. For all others nothing."""
    if reader(session, actor, position_id).blind:
        journal.append(session, actor, "name.shown", "application", application_id, now)


def switch(session: Session, actor: Actor, position_id: int, blind: bool, now: datetime) -> None:
    """Hide or show names in the actor's own view; journaled.

    Raises NotFound for a position that they may not see, Forbidden for a reviewer.
    """
    access.position(session, actor, position_id)
    how = reader(session, actor, position_id)
    if not how.may_switch:
        raise Forbidden
    if how.blind == blind:
        return
    if blind:
        session.execute(
            insert(BlindView).values(position_id=position_id, person_id=actor.person_id)
        )
    else:
        session.execute(
            delete(BlindView).where(
                BlindView.position_id == position_id, BlindView.person_id == actor.person_id
            )
        )
    journal.append(session, actor, "names.switched", "position", position_id, now, hidden=blind)
