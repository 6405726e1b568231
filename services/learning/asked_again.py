"""Lessons that a person had finished and that changed so much since that they are asked again."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Attempt
from models.learning import LessonProgress
from models.library import Publication, Revision
from services.actor import Actor
from services.learning.pages import QUIZ_PURPOSE, LessonState
from services.library.asks import NOTHING, RETEST


@frozen
class Again:
    """kind: "reread", or "retest" where the text is read again and its quiz is still to take."""

    state: LessonState
    kind: str


def asked_again(session: Session, actor: Actor, states: Iterable[LessonState]) -> tuple[Again, ...]:
    """What is asked of this person anew, in the order of the course; at most two statements."""
    rows = session.execute(
        select(
            LessonProgress.lesson_key,
            LessonProgress.finished_at,
            Publication.asks,
            Publication.published_at,
        )
        .join(Revision, Revision.id == LessonProgress.revision_id)
        .join(Publication, Publication.document_id == Revision.document_id)
        .where(
            LessonProgress.person_id == actor.person_id,
            LessonProgress.finished_at.is_not(None),
            LessonProgress.started_at < Publication.published_at,
            Publication.asks != NOTHING,
        )
        .order_by(Publication.id)
    ).all()
    newest = {row.lesson_key: row for row in rows}
    kinds = {key: "reread" for key, row in newest.items() if row.finished_at < row.published_at}
    retests = {key: row for key, row in newest.items() if row.asks == RETEST and key not in kinds}
    if retests:
        taken = session.execute(
            select(Attempt.form_key, func.max(Attempt.created_at))
            .where(
                Attempt.person_id == actor.person_id,
                Attempt.purpose == QUIZ_PURPOSE,
                Attempt.form_key.in_(retests),
                Attempt.ended_at.is_not(None),
            )
            .group_by(Attempt.form_key)
        )
        kinds |= {key: RETEST for key, at in taken if at < retests[key].published_at}
    return tuple(
        Again(state, kinds[state.lesson.key]) for state in states if state.lesson.key in kinds
    )
