"""What the accounts keep about a person: given out to them, and taken away for good.

Each street has a file of this name: `told` gives out, `erase` takes away. services/admin/erasing.py
calls them from right to left.
"""

import re
import secrets
from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import (
    Credential,
    FreeText,
    Person,
    PersonRole,
    RecoveryCode,
    SecondFactor,
    Token,
)
from services.accounts.people import end_sessions

# Stands where a name or words stood. Not empty: an answer that was given stays one that was given.
ERASED = "[erased]"
LINKS = ("join", "reset", "email")
SHORTEST_NAME = 2  # characters; a shorter one would be found in every other text

TextIds = Select[*tuple[Any, ...]]


@frozen
class Leaving:
    """Whoever is being erased. words: name and addresses, as they may stand in others' texts.

    subject is what evidence knows them by so far, renamed what it will know them by.
    """

    person_id: int
    kind: str
    subject: str
    renamed: str
    words: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the words as whole words, also where JSON spells them out in ASCII."""
        spelled = {form for word in self.words for form in (word, dumps(word)[1:-1])}
        longest_first = sorted(spelled, key=len, reverse=True)
        return re.compile(
            "|".join(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])" for form in longest_first)
            or r"(?!)",
            re.IGNORECASE,
        )


def leaving(session: Session, person_id: int) -> Leaving | None:
    """The person with what has to be found of them; None when nobody or erased already."""
    row = session.execute(
        select(Person.kind, Person.subject, Person.name, Person.email, Person.pending_email).where(
            Person.id == person_id, Person.erased_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    words = (row.name, row.email, row.pending_email)
    kept = tuple(word for word in words if word and len(word) >= SHORTEST_NAME)
    return Leaving(person_id, row.kind, row.subject, secrets.token_hex(16), kept)


def gone(session: Session, person_id: int) -> tuple[Leaving, datetime] | None:
    """Somebody who was erased, and when; nothing is known of them that could be looked for."""
    row = session.execute(
        select(Person.kind, Person.subject, Person.erased_at).where(
            Person.id == person_id, Person.erased_at.is_not(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return Leaving(person_id, row.kind, row.subject, row.subject, ()), row.erased_at


def blank(session: Session, ids: TextIds) -> None:
    """Take the words out of free texts; the rows stay, for what points at them."""
    session.execute(
        update(FreeText)
        .where(FreeText.id.in_(ids))
        .values(body=ERASED)
        .execution_options(synchronize_session=False)
    )


def erase(session: Session, who: Leaving, now: datetime) -> None:
    """Take away what lets in, what the person wrote as a candidate, and at last name and mail."""
    if who.kind == "candidate":
        blank(session, select(FreeText.id).where(FreeText.author_id == who.person_id))
    _redact(session, who)
    session.execute(delete(Token).where(Token.purpose.in_(LINKS), Token.bound_id == who.person_id))
    for table in (Credential, SecondFactor, RecoveryCode, PersonRole):
        session.execute(delete(table).where(table.person_id == who.person_id))
    end_sessions(session, who.person_id)
    session.execute(
        update(Person)
        .where(Person.id == who.person_id)
        .values(
            name=ERASED,
            email=None,
            pending_email=None,
            locale=None,
            theme=None,
            subject=who.renamed,
            disabled_at=now,
            erased_at=now,
        )
    )


def _redact(session: Session, who: Leaving) -> None:
    """Take name and addresses out of what others wrote, a mention in a note for example."""
    pattern = who.pattern
    for text_id, body in session.execute(
        select(FreeText.id, FreeText.body).where(_holds_any(who))
    ).all():
        told = pattern.sub(ERASED, body)
        if told != body:
            session.execute(update(FreeText).where(FreeText.id == text_id).values(body=told))


def _holds_any(who: Leaving) -> ColumnElement[bool]:
    """A first, coarse sieve; a part in ASCII finds what is spelled out too."""
    forms = {form for word in who.words for form in (word, dumps(word)[1:-1])}
    return or_(FreeText.id.is_(None), *(FreeText.body.icontains(f, autoescape=True) for f in forms))


def told(session: Session, person_id: int) -> dict[str, Any]:
    """What the accounts keep about a person, as JSON can say it; secrets are named, not shown."""
    person = session.execute(
        select(
            Person.name, Person.email, Person.pending_email, Person.locale, Person.theme,
            Person.kind, Person.created_at, Credential.changed_at, SecondFactor.confirmed_at,
        )
        .outerjoin(Credential, Credential.person_id == Person.id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id == person_id)
    ).one()  # fmt: skip
    roles = session.scalars(
        select(PersonRole.role).where(PersonRole.person_id == person_id).order_by(PersonRole.role)
    )
    texts = session.execute(
        select(FreeText.about_kind, FreeText.body, FreeText.created_at)
        .where(FreeText.author_id == person_id)
        .order_by(FreeText.id)
    )
    return {
        "name": person.name,
        "email": person.email,
        "email_waiting": person.pending_email,
        "language": person.locale,
        "theme": person.theme,
        "kind": person.kind,
        "added_at": person.created_at.isoformat(),
        "password_set_at": moment(person.changed_at),
        "second_factor_since": moment(person.confirmed_at),
        "roles": list(roles),
        "written": [
            {"about": kind, "text": body, "at": at.isoformat()} for kind, body, at in texts
        ],
    }


def moment(at: datetime | None) -> str | None:
    """A time as the download writes it."""
    return at.isoformat() if at else None
