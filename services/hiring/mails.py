"""The mails to candidates, each written when it is sent, in the candidate's language.

Link and code stand in the mail alone. A mail that is tried again carries a fresh link, and an older
one works on. It carries the same code, which takes the place of the old one when the mail is out:
with the mail server away, the code that the candidate has goes on.
"""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.hiring.applications import Stage, stage
from domain.hiring.wording import fill
from gateways.mail import Message
from models.accounts import Person
from models.hiring import Invitation, Position
from services import journal
from services.accounts import tokens
from services.actor import SYSTEM
from services.hiring import access, codes, wordings
from services.hiring.access import APPLICATION, ApplicationRecord
from services.hiring.entering import facts_of
from services.hiring.invitations import PURPOSE, address, keep_code

WAITING = (Stage.INVITED, Stage.OPENED)


def compose_invitation(
    session: Session, invitation_id: int, now: datetime, base_url: str
) -> Message | None:
    """The invitation with its own link; None once it was taken back or has ended."""
    found = _application(session, invitation_id)
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        return None
    link = address(base_url, tokens.issue(session, PURPOSE, invitation_id, now))
    words = {"link": link, "expires_at": found.expires_at}
    written = _written(session, "invitation", found, base_url, **words)
    return _in_own_words(session, found, written, link)


def compose_reminder(
    session: Session, invitation_id: int, now: datetime, base_url: str
) -> Message | None:
    """The reminder, with a link of its own; None once the candidate began or the offer ended."""
    found = _application(session, invitation_id)
    if found is None or stage(facts_of(found), now) not in WAITING:
        return None
    link = address(base_url, tokens.issue(session, PURPOSE, invitation_id, now))
    return _written(session, "reminder", found, base_url, link=link, expires_at=found.expires_at)


def compose_accommodation(
    session: Session, invitation_id: int, now: datetime, base_url: str
) -> Message | None:
    """That a wish for other conditions was answered. What it was stands behind the link alone."""
    found = _application(session, invitation_id)
    if found is None or stage(facts_of(found), now) not in WAITING:
        return None
    link = address(base_url, tokens.issue(session, PURPOSE, invitation_id, now))
    return _written(
        session, "accommodation", found, base_url, link=link, expires_at=found.expires_at
    )


def compose_return_code(
    session: Session, invitation_id: int, now: datetime, base_url: str, once: str
) -> Message | None:
    """The return code that `once` draws, with a link; None for a candidate who has not consented.

    Nobody gets in with it before `return_code_sent`.
    """
    found = _application(session, invitation_id)
    if found is None or found.consented_at is None:
        return None
    link = address(base_url, tokens.issue(session, PURPOSE, invitation_id, now))
    code = codes.spaced(codes.draw(found.id, once))
    return _written(session, "return_code", found, base_url, link=link, code=code)


def return_code_sent(session: Session, invitation_id: int, now: datetime, once: str) -> None:
    """The mail is out: its code takes the place of the old one."""
    found = _application(session, invitation_id)
    if found is not None:
        keep_code(session, found.id, codes.draw(found.id, once))
        journal.append(session, SYSTEM, "return_code.mailed", "application", found.id, now)


def _application(session: Session, invitation_id: int) -> ApplicationRecord | None:
    row = session.execute(APPLICATION.where(Invitation.id == invitation_id)).one_or_none()
    if row is None:
        return None
    found = access.found(row)
    return found if found.email else None


def _in_own_words(
    session: Session, about: ApplicationRecord, standard: Message, link: str
) -> Message:
    """The company's wording for this position and language in the place of the standard one."""
    own = wordings.current(session, about.position_id)
    subject = wordings.in_language(own, "subject", about.locale)
    body = wordings.in_language(own, "mail", about.locale)
    if subject is None and body is None:
        return standard
    position, sender = _names(session, about)
    settings = current_app.extensions["threshold.settings"]
    with force_locale(about.locale or "en"):
        values = {
            "name": about.name,
            "position": position,
            "sender": sender,
            "company": settings.company,
            "minutes": str((about.limit_s or 0) // 60),
            "day": format_date(about.expires_at, "long"),
            "link": link,
        }
    text = fill(body.body, values).strip() + "\n" if body else standard.text
    head = " ".join(fill(subject.body, values).split()) if subject else standard.subject
    return Message(to=standard.to, subject=head[:200], text=text, html=None)


def _names(session: Session, about: ApplicationRecord) -> tuple[str, str]:
    """The position's title, and the name of whoever invited."""
    position = session.scalar(select(Position.title).where(Position.id == about.position_id))
    sender = session.scalar(select(Person.name).where(Person.id == about.invited_by))
    return position or "", sender or ""


def _written(
    session: Session, template: str, about: ApplicationRecord, site: str, **words: object
) -> Message:
    """Render a text of templates/email/ in the candidate's language; line one is the subject."""
    position, sender = _names(session, about)
    with force_locale(about.locale or "en"):
        page = current_app.jinja_env.get_template(f"email/{template}.txt")
        text = page.render(
            name=about.name,
            position=position,
            sender=sender,
            company=current_app.extensions["threshold.settings"].company,
            minutes=(about.limit_s or 0) // 60,
            site=site,
            **words,
        )
    subject, _, body = text.partition("\n\n")
    to = about.email or ""
    return Message(to=to, subject=" ".join(subject.split()), text=body.strip() + "\n", html=None)
