"""Mail on its way: how it is sent here, and what became of the newest."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from domain.records import frozen
from models.accounts import Person
from models.journal import OutboxEntry
from services import journal, outbox
from services.actor import Actor
from services.admin import access

SHOWN = 30
FAMILY = "mail."


@frozen
class Letter:
    """A mail that was asked for. state: sent, waiting, failing (tried again later) or given_up.

    to: the member's name, or None where the mail is about something else (`about`).
    """

    id: int
    task: str
    to: str | None
    about: tuple[str, str]
    asked_at: datetime
    state: str
    sent_at: datetime | None
    due_at: datetime
    tries: int
    error: str | None


@frozen
class MailPage:
    """server: host and port, or None where mail goes into the folder."""

    server: str | None
    folder: str
    sender: str
    letters: tuple[Letter, ...]


def mail_page(session: Session, actor: Actor, settings: Settings) -> MailPage:
    """How mail is sent and the newest entries of the outbox; two statements."""
    access.guard(actor)
    rows = session.scalars(
        select(OutboxEntry)
        .where(OutboxEntry.task.startswith(FAMILY))
        .order_by(OutboxEntry.id.desc())
        .limit(SHOWN)
    ).all()
    ids = {row.data.get("person_id") for row in rows} - {None}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    names = dict(found.all())
    return MailPage(
        server=_host(settings.smtp_url),
        folder=str(settings.instance / "outbox"),
        sender=settings.mail_from,
        letters=tuple(_letter(row, names) for row in rows),
    )


def _host(url: str | None) -> str | None:
    """Scheme, host and port of a URL, without its name and password."""
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def _letter(row: OutboxEntry, names: dict[int, str]) -> Letter:
    key, value = next(iter(row.data.items()), ("", ""))
    return Letter(
        id=row.id,
        task=row.task.removeprefix(FAMILY),
        to=names.get(row.data.get("person_id", 0)),
        about=(key.removesuffix("_id"), str(value)),
        asked_at=row.created_at,
        state=outbox_state(row),
        sent_at=row.done_at,
        due_at=row.due_at,
        tries=row.tries,
        error=row.error,
    )


def outbox_state(row: OutboxEntry) -> str:
    """What became of an entry: sent, failing, given_up, or waiting for the jobs."""
    if row.done_at:
        return "sent"
    if row.error:
        return "given_up" if row.tries >= outbox.TRIES else "failing"
    return "waiting"


def ask_test(session: Session, actor: Actor, now: datetime) -> None:
    """Ask for a test mail to the admin who asks."""
    access.guard(actor)
    if actor.person_id is not None:
        outbox.ask(session, "mail.test", now, person_id=actor.person_id)
        journal.append(session, actor, "mail.test_asked", "person", actor.person_id, now)
