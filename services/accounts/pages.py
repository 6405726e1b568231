"""The reading side of the accounts: one function and one frozen record per page."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Credential, Person
from services.actor import Actor
from services.errors import NotFound


@frozen
class SettingsPage:
    """One's own account. pending_email: an address that waits for its link to be opened."""

    name: str
    email: str
    pending_email: str | None
    locale: str | None
    theme: str | None
    password_changed_at: datetime | None


def settings_page(session: Session, actor: Actor) -> SettingsPage:
    """The actor's own settings."""
    row = session.execute(
        select(
            Person.name,
            Person.email,
            Person.pending_email,
            Person.locale,
            Person.theme,
            Credential.changed_at,
        )
        .outerjoin(Credential, Credential.person_id == Person.id)
        .where(Person.id == actor.person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    name, email, pending, locale, theme, changed_at = row
    return SettingsPage(name, email or "", pending, locale, theme, changed_at)
