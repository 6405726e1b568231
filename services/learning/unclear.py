"""Readers say "this is unclear" at a section; trainers see it until they have mended it."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.learning import UnclearMark
from services import journal
from services.actor import Actor
from services.errors import Invalid
from services.learning.assignments import guard
from services.learning.prerequisites import refuse_closed
from services.library import catalogue
from services.session import changed_rows


def mark(session: Session, actor: Actor, key: str, section: str, lang: str, now: datetime) -> bool:
    """Note that a section is unclear to this reader; False where it is noted already.

    Raises NotFound and Waiting for a lesson, and Invalid for a section.
    """
    refuse_closed(session, actor, key)
    lesson = catalogue.lesson(session, key, lang)
    if section not in {entry["anchor"] for entry in lesson.meta["sections"]}:
        raise Invalid(fields={"section": "this lesson has no such section"})
    mine = (
        (UnclearMark.person_id == actor.person_id)
        & (UnclearMark.document_id == lesson.document_id)
        & (UnclearMark.section == section)
    )
    known = session.execute(select(UnclearMark.resolved_at).where(mine)).one_or_none()
    if known is not None and known.resolved_at is None:
        return False
    values = {
        "revision_id": lesson.revision_id,
        "marked_at": now,
        "resolved_at": None,
        "resolved_by": None,
    }
    if known is None:
        session.execute(
            insert(UnclearMark).values(
                person_id=actor.person_id,
                document_id=lesson.document_id,
                section=section,
                **values,
            )
        )
    else:
        session.execute(update(UnclearMark).where(mine).values(**values))
    journal.append(
        session, actor, "section.unclear", "document", lesson.document_id, now,
        revision=lesson.revision_id,
    )  # fmt: skip
    return True


def resolve(session: Session, actor: Actor, document_id: int, section: str, now: datetime) -> int:
    """Close the open marks at a section, for a trainer who mended it; gives back how many."""
    guard(actor)
    done = session.execute(
        update(UnclearMark)
        .where(
            UnclearMark.document_id == document_id,
            UnclearMark.section == section,
            UnclearMark.resolved_at.is_(None),
        )
        .values(resolved_at=now, resolved_by=actor.person_id)
    )
    count = int(changed_rows(done))
    if count:
        journal.append(
            session, actor, "section.resolved", "document", document_id, now, marks=count
        )
    return count
