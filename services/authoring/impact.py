"""What a new revision of a lesson touches: people, evidence, items, translations. Counts only."""

from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.competencies import Evidence
from models.learning import LessonProgress
from models.library import Document, Published, Revision
from services.actor import Actor
from services.assessment.scoring import SOURCE
from services.authoring import access
from services.authoring.access import LessonDocument
from services.library import catalogue

QUIZ = "quiz"


@frozen
class Translation:
    """A text in another language. stale: it is older than what is published already."""

    name: str
    lang: str
    stale: bool


@frozen
class Impact:
    """What rests on the published revision.

    begun, finished: people in the middle of the lesson, and through with it, in this language.
    open_quizzes, quizzes: attempts at its quiz that stand on this revision. evidence: lines of the
    ledger that came of them; they stay as they are. items: questions that name the lesson.
    """

    begun: int
    finished: int
    open_quizzes: int
    quizzes: int
    evidence: int
    items: tuple[str, ...]
    translations: tuple[Translation, ...]


def impact(session: Session, actor: Actor, path: str) -> Impact:
    """What publishing the lesson anew would touch; raises NotFound."""
    return impact_of(session, access.lesson_document(session, actor, path))


def impact_of(session: Session, document: LessonDocument) -> Impact:
    """The same for a lesson that is loaded already; two statements."""
    begun, finished, attempts, ended, evidence = session.execute(_counts(document)).one()
    items, translations = _texts(session, document)
    return Impact(
        begun=begun - finished,
        finished=finished,
        open_quizzes=attempts - ended,
        quizzes=ended,
        evidence=evidence or 0,
        items=items,
        translations=translations,
    )


def _counts(document: LessonDocument) -> Any:
    """People who began and finished, attempts begun and ended, lines of evidence; in one row."""
    revisions = select(Revision.id).where(Revision.document_id == document.id)
    people = (
        LessonProgress.lesson_key == document.key,
        LessonProgress.revision_id.in_(revisions),
    )
    quizzes = (Attempt.purpose == QUIZ, Attempt.form_revision_id == document.revision_id)
    came_of = (
        select(func.count(Evidence.id))
        .join(AttemptItem, AttemptItem.id == Evidence.source_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Evidence.source_kind == SOURCE, *quizzes)
    )
    return select(
        select(func.count()).select_from(LessonProgress).where(*people).scalar_subquery(),
        select(func.count(LessonProgress.finished_at)).where(*people).scalar_subquery(),
        select(func.count()).select_from(Attempt).where(*quizzes).scalar_subquery(),
        select(func.count(Attempt.ended_at)).where(*quizzes).scalar_subquery(),
        came_of.scalar_subquery(),
    )


def _texts(
    session: Session, document: LessonDocument
) -> tuple[tuple[str, ...], tuple[Translation, ...]]:
    """Published questions whose lesson this is, and texts that were made from this one.

    All translations are older than what is published next.
    """
    if document.lang != catalogue.SOURCE_LANG:
        return (), ()
    questions = and_(Document.kind == "item", Revision.meta["lesson"].as_string() == document.key)
    others = and_(
        Document.kind == "lesson", Document.key == document.key, Document.lang != document.lang
    )
    rows = session.execute(
        select(
            Document.kind,
            Document.key,
            Document.path,
            Document.lang,
            Revision.meta["translation_of"].as_string().label("made"),
        )
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Published.retired_at.is_(None), or_(questions, others))
        .order_by(Document.key, Document.lang)
    ).all()
    translations = tuple(
        Translation(
            row.path.rpartition("/")[2].removesuffix(".md"),
            row.lang,
            not document.digest.startswith(row.made or "-"),
        )
        for row in rows
        if row.kind == "lesson"
    )
    return tuple(row.key for row in rows if row.kind == "item"), translations
