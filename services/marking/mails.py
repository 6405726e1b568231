"""The mails about contested questions and corrected numbers."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateways.mail import Message
from models.accounts import FreeText, Person
from models.assessment import Attempt
from models.marking import Contest
from services.accounts.mails import written


def compose_answer(
    session: Session, contest_id: int, now: datetime, base_url: str
) -> Message | None:
    """Tell a person what became of their contest; None when they are gone or have no address."""
    row = session.execute(
        select(Contest, FreeText.body)
        .outerjoin(FreeText, FreeText.id == Contest.answer_id)
        .where(Contest.id == contest_id, Contest.state != "open")
    ).one_or_none()
    person = _reached(session, row.Contest.attempt_id) if row else None
    if row is None or person is None or not person.email:
        return None
    return written(
        "contest",
        person.email,
        person,
        site=base_url,
        position=row.Contest.position,
        upheld=row.Contest.state == "upheld",
        answer=row.body or "",
        link=_page(person, row.Contest.attempt_id, base_url),
    )


def compose_changed(
    session: Session, attempt_id: int, now: datetime, base_url: str
) -> Message | None:
    """Tell a person that a correction changed their numbers; None as above."""
    person = _reached(session, attempt_id)
    if person is None or not person.email:
        return None
    link = _page(person, attempt_id, base_url)
    return written("contest_changed", person.email, person, site=base_url, link=link)


def _reached(session: Session, attempt_id: int) -> Person | None:
    return session.scalar(
        select(Person)
        .join(Attempt, Attempt.person_id == Person.id)
        .where(Attempt.id == attempt_id, Person.disabled_at.is_(None))
    )


def _page(person: Person, attempt_id: int, base_url: str) -> str:
    """Where the person sees their numbers. A candidate needs their own link to come in."""
    if person.kind == "candidate":
        return f"{base_url}/candidate/"
    return f"{base_url}/assess/attempts/{attempt_id}/result"
