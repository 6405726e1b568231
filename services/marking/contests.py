"""Contesting a question of an own ended attempt."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import is_final
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.marking import Contest
from services import journal
from services.actor import Actor
from services.assessment.access import own_attempt
from services.assessment.contested import Contested, contests_of
from services.assessment.inserting import InsertOnce
from services.assessment.responding import Asked, asked
from services.assessment.scoring import UNSCORED
from services.competencies.profile import subtopic_name
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.marking import texts

LEAST_REASON, MOST_REASON = 10, 2000
MOST_OPEN = 20  # contests of one person that nobody has decided yet
GREATEST_POSITION = 2**31 - 1
REASON = "contest"
_insert_contest = InsertOnce(
    Contest,
    Contest.__table__.c.id,
    ("attempt_id", "position", "revision_id", "state", "opened_at"),
)


@frozen
class ContestPage:
    """A question that its person may contest. html: empty where its words stay closed.

    contested: what became of it, where it was contested already.
    """

    attempt_id: int
    purpose: str
    position: int
    competency: str
    subtopic: str
    html: str
    struck: bool
    contested: Contested | None


def contest_page(
    session: Session, actor: Actor, attempt_id: int, position: int, lang: str
) -> ContestPage:
    """One question of an own ended attempt; raises NotFound."""
    purpose, question = _question(session, actor, attempt_id, position)
    framework = catalogue.framework(session)
    item = question.item
    return ContestPage(
        attempt_id,
        purpose,
        position,
        question.competency,
        subtopic_name(framework, item.home, item.subtopic, lang),
        "" if item.is_secure else question.html,
        question.struck,
        contests_of(session, attempt_id).get(position),
    )


def contest(
    session: Session, actor: Actor, attempt_id: int, position: int, reason: str, now: datetime
) -> str:
    """Contest a question, once; a repeat changes nothing. Gives back the attempt's purpose.

    Raises NotFound, Invalid naming `reason`, and Conflict for a question that counts no more or
    where the person has MOST_OPEN contests waiting.
    """
    purpose, question = _question(session, actor, attempt_id, position)
    if actor.person_id is None:
        raise NotFound
    if position in contests_of(session, attempt_id):
        return purpose
    if question.struck:
        raise Conflict("This question was struck out and counts for nothing.")
    body = texts.cleaned(reason, "reason", LEAST_REASON, MOST_REASON)
    # One at a time for each person, so that two at once cannot both be the last one allowed.
    session.execute(
        select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True)
    )
    if _open_contests(session, actor.person_id) >= MOST_OPEN:
        raise Conflict("Twenty of your contests wait for an answer. Wait for one of them first.")
    contest_id = _insert_contest(
        session,
        attempt_id=attempt_id,
        position=position,
        revision_id=question.revision_id,
        state="open",
        opened_at=now,
    )
    if contest_id is not None:
        text_id = texts.keep(session, actor.person_id, REASON, contest_id, body, now)
        session.execute(update(Contest).where(Contest.id == contest_id).values(text_id=text_id))
        about = {"attempt": attempt_id, "position": position}
        journal.append(session, actor, "contest.opened", "contest", contest_id, now, **about)
    return purpose


def _question(session: Session, actor: Actor, attempt_id: int, position: int) -> tuple[str, Asked]:
    """The attempt's purpose and its question, for its person and after its end."""
    attempt = own_attempt(session, actor, attempt_id)
    if not is_final(attempt.state) or attempt.purpose == UNSCORED:
        raise NotFound
    questions = asked(session, attempt_id, [min(position, GREATEST_POSITION)])
    if not questions:
        raise NotFound
    return attempt.purpose, questions[0]


def _open_contests(session: Session, person_id: int) -> int:
    found = (
        select(func.count(Contest.id))
        .join(Attempt, Attempt.id == Contest.attempt_id)
        .where(Attempt.person_id == person_id, Contest.state == "open")
    )
    return session.scalar(found) or 0
