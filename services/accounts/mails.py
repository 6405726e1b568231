"""The mails about accounts, each written when it is sent.

A link's secret is minted here and stands in the mail alone: the outbox holds ids only. A mail that
is tried again carries a fresh link; the older one works as well, and using either ends both.
"""

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from gateways.mail import Message
from models.accounts import Credential, Person
from services.accounts import tokens
from services.accounts.links import address
from services.accounts.tokens import LIFETIMES

# (session, person_id, now, base_url) -> the mail, or None when there is nothing to say now
Compose = Callable[[Session, int, datetime, str], Message | None]


def compose_join(session: Session, person_id: int, now: datetime, base_url: str) -> Message | None:
    """Invite a new member to choose a password; None when they have one or are gone."""
    joined = session.get(Credential, person_id) is not None
    return None if joined else _with_link(session, "join", person_id, now, base_url)


def compose_reset(session: Session, person_id: int, now: datetime, base_url: str) -> Message | None:
    """The link for a new password; None when nobody (id 0) or a disabled person asked."""
    return _with_link(session, "reset", person_id, now, base_url)


def compose_email_change(
    session: Session, person_id: int, now: datetime, base_url: str
) -> Message | None:
    """The link that confirms a new address, sent to that address; None when none is pending."""
    return _with_link(session, "email", person_id, now, base_url)


def compose_test(session: Session, person_id: int, now: datetime, base_url: str) -> Message | None:
    """A test mail to the admin who asked for it."""
    person = _person(session, person_id)
    if person is None or person.email is None:
        return None
    return written("test", person.email, person, site=base_url)


def compose_factor_removed(
    session: Session, person_id: int, now: datetime, base_url: str
) -> Message | None:
    """Tell somebody that an admin took their second factor away."""
    person = _person(session, person_id)
    if person is None or person.email is None:
        return None
    link = f"{base_url}/account/sign-in"
    return written("factor_removed", person.email, person, site=base_url, link=link)


def _with_link(
    session: Session, purpose: str, person_id: int, now: datetime, base_url: str
) -> Message | None:
    person = _person(session, person_id)
    to = person and (person.pending_email if purpose == "email" else person.email)
    if person is None or not to:
        return None
    raw = tokens.issue(session, purpose, person_id, now)
    hours = int(LIFETIMES[purpose].total_seconds()) // 3600
    link = address(base_url, purpose, raw)
    return written(purpose, to, person, site=base_url, link=link, hours=hours, days=hours // 24)


def _person(session: Session, person_id: int) -> Person | None:
    return session.scalar(
        select(Person).where(
            Person.id == person_id, Person.kind == "member", Person.disabled_at.is_(None)
        )
    )


def written(template: str, to: str, person: Person, **words: str | int) -> Message:
    """Render a text of templates/email/ in the person's language; its first line is the subject."""
    company = current_app.extensions["threshold.settings"].company
    with force_locale(person.locale or "en"):
        page = current_app.jinja_env.get_template(f"email/{template}.txt")
        text = page.render(name=person.name, company=company, **words)
    subject, _, body = text.partition("\n\n")
    return Message(to=to, subject=" ".join(subject.split()), text=body.strip() + "\n", html=None)
