"""What people decide about themselves: name, language, theme, password, mail, sessions."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Person
from services import journal, outbox
from services.accounts import signing_in, tokens
from services.accounts.people import Viewer, clean_email, clean_name, end_sessions, load_viewer
from services.actor import Actor
from services.errors import Conflict, Gone, Invalid, NotFound

LOCALES = ("en", "zh_Hans")
THEMES = ("light", "dark")


def save(session: Session, actor: Actor, name: str, locale: str, theme: str, now: datetime) -> None:
    """Keep name, language and theme; an empty language or theme follows the device."""
    if locale and locale not in LOCALES:
        raise Invalid(fields={"locale": f"choose one of {', '.join(LOCALES)}"})
    if theme and theme not in THEMES:
        raise Invalid(fields={"theme": f"choose one of {', '.join(THEMES)}"})
    me = _me(actor)
    session.execute(
        update(Person)
        .where(Person.id == me)
        .values(name=clean_name(name), locale=locale or None, theme=theme or None)
    )
    journal.append(session, actor, "settings.saved", "person", me, now)


def choose_language(session: Session, actor: Actor, locale: str) -> None:
    """Keep a language chosen at the switch; it holds on every device of the person."""
    if locale not in LOCALES:
        raise Invalid(fields={"locale": f"choose one of {', '.join(LOCALES)}"})
    session.execute(update(Person).where(Person.id == _me(actor)).values(locale=locale))


def change_password(session: Session, actor: Actor, password: str, now: datetime) -> Viewer:
    """Set a new password once the old one was checked; ends every session.

    Gives back the person, so that this device begins a new session.
    """
    signing_in.set_password(session, actor, _me(actor), password, now)
    return _renewed(session, actor)


def ask_email_change(session: Session, actor: Actor, email: str, now: datetime) -> None:
    """Keep a new address as pending and mail a link to it; older links for a change end.

    Raises Invalid for nonsense and Conflict when the address is another member's.
    """
    me, wanted = _me(actor), clean_email(email)
    taken = select(Person.id).where(Person.kind == "member", Person.email == wanted)
    if session.scalar(taken):
        raise Conflict("A member with this mail address exists already.")
    tokens.void(session, "email", me, now)
    session.execute(update(Person).where(Person.id == me).values(pending_email=wanted))
    outbox.ask(session, "mail.email_change", now, person_id=me)
    journal.append(session, actor, "email.change_asked", "person", me, now)


def pending_email(session: Session, raw: str, now: datetime) -> str:
    """The address that a link would confirm; raises NotFound or Gone, and uses nothing up."""
    link = tokens.look(session, "email", raw, now)
    if not link.usable:
        raise Gone("used" if link.used else "expired")
    pending = session.scalar(
        select(Person.pending_email).where(Person.id == link.bound_id, Person.disabled_at.is_(None))
    )
    if pending is None:
        raise Gone("revoked")
    return pending


def confirm_email(session: Session, raw: str, now: datetime) -> None:
    """Make the pending address the person's own, once. Links sent to the old one end.

    Raises NotFound or Gone for the link, Conflict when another member took the address meanwhile.
    """
    pending = pending_email(session, raw, now)
    person_id = tokens.redeem(session, "email", raw, now)
    try:
        session.execute(
            update(Person).where(Person.id == person_id).values(email=pending, pending_email=None)
        )
    except IntegrityError:
        raise Conflict("A member with this mail address exists already.") from None
    for purpose in ("email", "reset", "join"):
        tokens.void(session, purpose, person_id, now)
    journal.append(session, Actor(person_id), "email.changed", "person", person_id, now)


def sign_out_everywhere(session: Session, actor: Actor, now: datetime) -> None:
    """End every session of the actor, this one too."""
    end_sessions(session, _me(actor))
    journal.append(session, actor, "sessions.ended", "person", _me(actor), now)


def _me(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound
    return actor.person_id


def _renewed(session: Session, actor: Actor) -> Viewer:
    viewer = load_viewer(session, _me(actor))
    if viewer is None:
        raise NotFound
    return viewer
