"""What candidates say of themselves after the test, for the fairness figures alone.

It is kept under the random subject, apart from name and application, and no page shows it of one
person but the person's own.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.hiring.attributes import QUESTIONS, answers_of
from domain.records import frozen
from models.fairness import VoluntaryAnswer
from services.actor import Actor
from services.errors import Invalid, NotFound
from services.hiring import access


@frozen
class AboutYou:
    """The candidate's own page. questions: question -> its answers; given: what they said."""

    questions: Mapping[str, tuple[str, ...]]
    given: Mapping[str, str]


def about_you(session: Session, actor: Actor, asked: Sequence[str]) -> AboutYou:
    """What is asked, and what was said; raises NotFound before the end of the test."""
    subject = _subject(session, actor)
    return AboutYou({name: QUESTIONS[name] for name in asked}, _given(session, subject))


def say(session: Session, actor: Actor, given: Mapping[str, str], asked: Sequence[str]) -> None:
    """Keep what was said in the place of what was said before; nothing said is nothing kept.

    Not journaled: a line with person and time would tie the answers to them. Raises NotFound,
    Invalid naming the question.
    """
    subject = _subject(session, actor)
    try:
        kept = answers_of(given, tuple(asked))
    except ValueError as error:
        raise Invalid(fields={str(error): "choose one of the answers"}) from None
    forget(session, subject)
    rows = [{"subject": subject, "question": q, "answer": a} for q, a in kept.items()]
    if rows:
        session.execute(insert(VoluntaryAnswer), rows)


def forget(session: Session, subject: str) -> None:
    """Drop what somebody said."""
    session.execute(delete(VoluntaryAnswer).where(VoluntaryAnswer.subject == subject))


def of_subjects(session: Session, subjects: Sequence[str]) -> dict[str, dict[str, str]]:
    """Subject -> question -> answer, for figures about many. A constant number of statements."""
    wanted, found = set(subjects), dict[str, dict[str, str]]()
    # The table is small and its key is random: reading it whole is one statement at any size.
    for row in session.execute(
        select(VoluntaryAnswer.subject, VoluntaryAnswer.question, VoluntaryAnswer.answer)
    ):
        if row.subject in wanted and row.question in QUESTIONS:
            found.setdefault(row.subject, {})[row.question] = row.answer
    return found


def _subject(session: Session, actor: Actor) -> str:
    own = access.own_application(session, actor)
    if not own.ended:
        raise NotFound
    return own.subject


def _given(session: Session, subject: str) -> dict[str, str]:
    rows = session.execute(
        select(VoluntaryAnswer.question, VoluntaryAnswer.answer).where(
            VoluntaryAnswer.subject == subject
        )
    )
    return {row.question: row.answer for row in rows}
