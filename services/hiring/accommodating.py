"""What a candidate asks for before the start: extra time, or other conditions, in private.

Recruiters answer. Owners and reviewers of the position never learn of it, no report shows it, and
the journal holds ids alone.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.clocks import EXTRA_PERCENTS
from domain.records import frozen
from models.accounts import FreeText, Person
from models.hiring import AccommodationRequest, Application, Invitation, Position
from services import journal, outbox
from services.actor import Actor
from services.assessment import grants
from services.assessment.grants import Extra
from services.assessment.inserting import InsertOnce
from services.errors import Conflict, Gone, Invalid
from services.hiring import access
from services.session import changed_rows

WISH, REPLY = "accommodation", "accommodation_answer"
PERCENTS = (0, *EXTRA_PERCENTS)
MOST = 2000
MOST_LISTED = 200
_insert = InsertOnce(
    AccommodationRequest,
    AccommodationRequest.__table__.c.application_id,
    ("application_id", "percent", "words_id", "state", "asked_at"),
)


@frozen
class Wish:
    """What was asked for and what came of it. percent 0: only words; given: per cent of extra time.

    state: asked, given, declined or withdrawn.
    """

    application_id: int
    name: str
    position: str
    percent: int
    words: str
    state: str
    given: int | None
    answer: str
    asked_at: datetime
    expires_at: datetime


_words, _reply = FreeText.__table__.alias("words"), FreeText.__table__.alias("reply")
_WISH = (
    select(
        AccommodationRequest.application_id,
        Person.name,
        Position.title,
        AccommodationRequest.percent,
        _words.c.body,
        AccommodationRequest.state,
        AccommodationRequest.given,
        _reply.c.body,
        AccommodationRequest.asked_at,
        Invitation.expires_at,
    )
    .join(Application, Application.id == AccommodationRequest.application_id)
    .join(Invitation, Invitation.application_id == Application.id)
    .join(Position, Position.id == Application.position_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(_words, _words.c.id == AccommodationRequest.words_id)
    .outerjoin(_reply, _reply.c.id == AccommodationRequest.answer_id)
)


def _wish(row: tuple[object, ...]) -> Wish:
    about, name, title, percent, words, state, given, reply, *times = row
    return Wish(about, name, title, percent, words or "", state, given, reply or "", *times)  # type: ignore[arg-type]  # a row of _WISH


def wish_of(session: Session, application_id: int) -> Wish | None:
    """What the candidate of an application asked for; the caller has guarded who may know."""
    row = session.execute(
        _WISH.where(AccommodationRequest.application_id == application_id)
    ).one_or_none()
    return _wish(tuple(row)) if row else None


def wish_for(session: Session, actor: Actor, application_id: int) -> Wish | None:
    """The same for a page of readers: None for everybody but recruiters."""
    return wish_of(session, application_id) if actor.has("recruiter") else None


@frozen
class OwnWish:
    """The candidate's side: until when they may start, with how much time, and their wish."""

    position: str
    minutes: int
    started: bool
    has_mail: bool
    wish: Wish | None


def own_wish(session: Session, actor: Actor, now: datetime) -> OwnWish:
    """What a signed-in candidate asked for; raises NotFound, and Gone when the offer ended."""
    own = access.own_application(session, actor)
    over = own.revoked_at is not None or own.expires_at <= now
    if over and own.started_at is None:
        raise Gone("revoked" if own.revoked_at is not None else "expired")
    return OwnWish(
        access.position_of(session, own.position_id).title,
        (own.limit_s or 0) // 60,
        own.started_at is not None,
        own.email is not None,
        wish_of(session, own.id),
    )


def waiting(session: Session, actor: Actor) -> tuple[Wish, ...]:
    """Wishes without an answer, the oldest first; for recruiters. Raises Forbidden."""
    access.require_recruiter(actor)
    rows = session.execute(
        _WISH.where(AccommodationRequest.state == "asked")
        .order_by(AccommodationRequest.asked_at, AccommodationRequest.application_id)
        .limit(MOST_LISTED)
    )
    return tuple(_wish(tuple(row)) for row in rows)


def ask(session: Session, actor: Actor, percent: int, words: str, now: datetime) -> None:
    """Keep what a signed-in candidate asks for; until it is answered they may ask otherwise.

    Raises NotFound, Invalid, and Conflict after the start or an answer.
    """
    own = access.own_application(session, actor)
    words = words.strip()
    if percent not in PERCENTS:
        raise Invalid(fields={"percent": "choose one of the percentages"})
    if len(words) > MOST or not (percent or words):
        raise Invalid(fields={"words": f"choose extra time, or write up to {MOST} characters"})
    if own.started_at is not None:
        raise Conflict("Your assessment has begun.")
    words_id = _text(session, actor, WISH, own.id, words, now) if words else None
    new = _insert(
        session, application_id=own.id, percent=percent, words_id=words_id, state="asked",
        asked_at=now,
    )  # fmt: skip
    if new is None:
        changed = session.execute(
            update(AccommodationRequest)
            .where(
                AccommodationRequest.application_id == own.id,
                AccommodationRequest.state.in_(("asked", "withdrawn")),
            )
            .values(percent=percent, words_id=words_id, state="asked", asked_at=now)
        )
        if not changed_rows(changed):
            raise Conflict("Your wish was answered already.")
    journal.append(session, actor, "accommodation.asked", "application", own.id, now)


def answer(
    session: Session, actor: Actor, application_id: int, percent: int, words: str, now: datetime
) -> None:
    """Give extra time (0: none) with some words, and tell the candidate that there is an answer.

    Raises Invalid where nothing is given and nothing is said, and Conflict where somebody answered
    before, or the assessment has begun.
    """
    access.require_recruiter(actor)
    found = access.application(session, actor, application_id)
    words = words.strip()
    if percent not in PERCENTS:
        raise Invalid(fields={"percent": "choose one of the percentages"})
    if len(words) > MOST or not (percent or words):
        raise Invalid(
            fields={"words": f"give extra time, or say why not, in up to {MOST} characters"}
        )
    if found.started_at is not None:
        raise Conflict("This assessment has begun: give time to the running one.")
    answered = session.execute(
        update(AccommodationRequest)
        .where(
            AccommodationRequest.application_id == application_id,
            AccommodationRequest.state == "asked",
        )
        .values(
            state="given" if percent else "declined",
            given=percent,
            answer_id=_text(session, actor, REPLY, application_id, words, now) if words else None,
            answered_by=actor.person_id,
            answered_at=now,
        )
    )
    if not changed_rows(answered):
        raise Conflict("Nothing waits for an answer here.")
    if percent:
        grants.extend(session, actor, found.attempt_id, Extra(percent, 0), 0, now)
    journal.append(session, actor, "accommodation.answered", "application", application_id, now)
    if found.email is not None:
        outbox.ask(session, "mail.accommodation", now, invitation_id=found.invitation_id)


def settle(session: Session, application_id: int, without: bool, now: datetime) -> None:
    """Before a start: a wish without an answer stops it, unless the candidate goes on without.

    Raises Conflict("waiting").
    """
    if without:
        session.execute(
            update(AccommodationRequest)
            .where(
                AccommodationRequest.application_id == application_id,
                AccommodationRequest.state == "asked",
            )
            .values(state="withdrawn", answered_at=now)
        )
        return
    state = session.scalar(
        select(AccommodationRequest.state).where(
            AccommodationRequest.application_id == application_id
        )
    )
    if state == "asked":
        raise Conflict("waiting")


def _text(
    session: Session, actor: Actor, kind: str, application_id: int, body: str, now: datetime
) -> int:
    return session.execute(
        insert(FreeText)
        .values(
            author_id=actor.person_id, about_kind=kind, about_id=application_id, body=body,
            created_at=now,
        )
        .returning(FreeText.id)
    ).scalar_one()  # fmt: skip
