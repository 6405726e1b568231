"""Saved views: filters of a position's list under a name, for oneself or for the team."""

from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from domain.hiring.pipeline import Filters, parse_filters
from domain.records import frozen
from models.accounts import FreeText, Person
from models.selection import SavedView
from services import journal
from services.actor import Actor
from services.errors import Invalid, NotFound
from services.hiring import access
from services.hiring.invitations import LANGUAGES

MOST_A_PERSON = 20
LONGEST_NAME = 80
ABOUT = "view"


@frozen
class ViewLine:
    """A saved view. by: who shared it, None for one's own."""

    id: int
    name: str
    filters: Filters
    shared: bool
    by: str | None


def views(session: Session, actor: Actor, position_id: int) -> tuple[ViewLine, ...]:
    """One's own views of a position and those that colleagues share; one statement."""
    rows = session.execute(
        select(
            SavedView.id,
            FreeText.body,
            SavedView.query,
            SavedView.shared,
            SavedView.person_id,
            Person.name,
        )
        .join(FreeText, FreeText.id == SavedView.name_id)
        .join(Person, Person.id == SavedView.person_id)
        .where(
            SavedView.position_id == position_id,
            or_(SavedView.person_id == actor.person_id, SavedView.shared),
        )
        .order_by(func.lower(FreeText.body), SavedView.id)
    )
    return tuple(
        ViewLine(
            row.id,
            row.body,
            parse_filters(row.query, LANGUAGES),
            row.shared,
            None if row.person_id == actor.person_id else row.name,
        )
        for row in rows
    )


def save(
    session: Session,
    actor: Actor,
    position_id: int,
    name: str,
    filters: Filters,
    shared: bool,
    now: datetime,
) -> None:
    """Keep filters under a name; the same name again is the same view with the new filters.

    A search is left out: it is a name or a mail address, and those stand with their person alone.
    Raises NotFound, and Invalid for the name and for more views than anybody uses.
    """
    access.lock_position(session, actor, position_id)
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise Invalid(fields={"view_name": f"must have 1 to {LONGEST_NAME} characters"})
    own = [line for line in views(session, actor, position_id) if line.by is None]
    for line in own:
        if line.name == cleaned:
            _remove(session, line.id)
    if len(own) >= MOST_A_PERSON:
        raise Invalid(fields={"view_name": f"you have {MOST_A_PERSON} views here already"})
    query = {key: word for key, word in filters.query().items() if key != "q"}
    name_id = session.execute(
        insert(FreeText)
        .values(
            author_id=actor.person_id,
            about_kind=ABOUT,
            about_id=position_id,
            body=cleaned,
            created_at=now,
        )
        .returning(FreeText.id)
    ).scalar_one()
    session.execute(
        insert(SavedView).values(
            position_id=position_id,
            person_id=actor.person_id,
            name_id=name_id,
            query=query,
            shared=shared,
            created_at=now,
        )
    )
    journal.append(session, actor, "view.saved", "position", position_id, now, shared=shared)


def forget(session: Session, actor: Actor, position_id: int, view_id: int, now: datetime) -> None:
    """Take one's own view away; raises NotFound for everybody else's."""
    access.position(session, actor, position_id)
    access.require_key(view_id)
    mine = session.scalar(
        select(SavedView.id).where(
            SavedView.id == view_id,
            SavedView.position_id == position_id,
            SavedView.person_id == actor.person_id,
        )
    )
    if mine is None:
        raise NotFound
    _remove(session, mine)
    journal.append(session, actor, "view.removed", "position", position_id, now)


def _remove(session: Session, view_id: int) -> None:
    name_id = session.scalar(
        delete(SavedView).where(SavedView.id == view_id).returning(SavedView.name_id)
    )
    session.execute(delete(FreeText).where(FreeText.id == name_id))
