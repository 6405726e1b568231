"""Keeping how far a person is in a lesson."""

from datetime import datetime

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from models.learning import LessonProgress
from services import journal
from services.actor import Actor
from services.errors import Invalid
from services.learning.prerequisites import refuse_closed
from services.library import catalogue
from services.library.asks import newest_ask
from services.session import changed_rows


def keep_place(
    session: Session, actor: Actor, key: str, section: str, lang: str, now: datetime
) -> None:
    """Note that a section was read.

    Raises NotFound and Waiting for a lesson, and Invalid for a section.
    """
    refuse_closed(session, actor, key)
    lesson = catalogue.lesson(session, key, lang)
    anchors = _anchors(lesson)
    if section not in anchors:
        raise Invalid(fields={"section": "this lesson has no such section"})
    _keep(session, actor, lesson, {section}, section, now)


def finish(session: Session, actor: Actor, key: str, lang: str, now: datetime) -> None:
    """Note that the whole lesson was read; a second time changes nothing, unless the lesson
    changed so much since that it is asked of people again. Raises NotFound and Waiting."""
    refuse_closed(session, actor, key)
    lesson = catalogue.lesson(session, key, lang)
    anchors = _anchors(lesson)
    _keep(session, actor, lesson, set(anchors), anchors[-1], now)
    ask = newest_ask(session, lesson.document_id)
    never = LessonProgress.finished_at.is_(None)
    unread = or_(never, LessonProgress.finished_at < ask.at) if ask else never
    done = session.execute(
        update(LessonProgress)
        .where(
            LessonProgress.person_id == actor.person_id,
            LessonProgress.lesson_key == key,
            unread,
        )
        .values(finished_at=now)
    )
    if changed_rows(done):
        journal.append(
            session,
            actor,
            "lesson.finished",
            "document",
            lesson.document_id,
            now,
            revision=lesson.revision_id,
        )


def _anchors(lesson: catalogue.LessonText) -> list[str]:
    return [section["anchor"] for section in lesson.meta["sections"]]


def _keep(
    session: Session,
    actor: Actor,
    lesson: catalogue.LessonText,
    seen: set[str],
    last: str,
    now: datetime,
) -> None:
    mine = (LessonProgress.person_id == actor.person_id) & (LessonProgress.lesson_key == lesson.key)
    before = session.scalar(select(LessonProgress.sections).where(mine))
    # In the lesson's order, and without sections that a later revision dropped.
    kept = [anchor for anchor in _anchors(lesson) if anchor in seen or anchor in (before or [])]
    values = {
        "sections": kept,
        "last_section": last,
        "touched_at": now,
        "revision_id": lesson.revision_id,
    }
    if before is None:
        session.execute(
            insert(LessonProgress).values(
                person_id=actor.person_id, lesson_key=lesson.key, started_at=now, **values
            )
        )
    else:
        session.execute(update(LessonProgress).where(mine).values(**values))
