"""The journal to be read: newest first, filtered, with names beside the ids."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person
from models.journal import JournalEntry
from services.actor import Actor
from services.admin import access

PER_PAGE = 50
LARGEST_ID = 2**63 - 1


@frozen
class Who:
    """A person behind an id. name is None once the person was erased."""

    id: int
    name: str | None


@frozen
class Entry:
    """One event. actor None: the house itself; about: the person, where it is about one."""

    id: int
    at: datetime
    actor: Who | None
    event: str
    object_kind: str
    object_id: int
    about: Who | None
    facts: tuple[tuple[str, str], ...]
    request_id: str | None


@frozen
class Filter:
    """What to show: empty words show everything.

    event: an id; person: an id, or a part of a name or mail, of who did it or whom it is about;
    thing: a kind of object, and perhaps its id after a blank: "position" or "position 3".
    """

    event: str = ""
    person: str = ""
    thing: str = ""


@frozen
class AuditPage:
    """Entries, every event there is for the choice, and the cursor of the next older page."""

    entries: tuple[Entry, ...]
    events: tuple[str, ...]
    older: int | None


def audit_page(session: Session, actor: Actor, wanted: Filter, before: int | None) -> AuditPage:
    """Entries older than the id `before`, or the newest; three statements."""
    access.guard(actor)
    conditions = list(_conditions(wanted))
    if before is not None:
        conditions.append(JournalEntry.id < min(before, LARGEST_ID))
    entries = _entries(session, conditions, PER_PAGE + 1)
    older = entries[PER_PAGE - 1].id if len(entries) > PER_PAGE else None
    return AuditPage(entries[:PER_PAGE], _events(session), older)


def about_person(session: Session, person_id: int, limit: int) -> tuple[Entry, ...]:
    """The newest entries about one person, or of what they did."""
    return _entries(
        session,
        [_of_person(JournalEntry.object_id == person_id, JournalEntry.actor_id == person_id)],
        limit,
    )


def _conditions(wanted: Filter) -> Sequence[ColumnElement[bool]]:
    conditions = []
    if wanted.event:
        conditions.append(JournalEntry.event == wanted.event)
    if wanted.person:
        ids = select(Person.id).where(_is(wanted.person)).scalar_subquery()
        conditions.append(
            _of_person(JournalEntry.object_id.in_(ids), JournalEntry.actor_id.in_(ids))
        )
    if wanted.thing:
        kind, _, number = wanted.thing.replace("#", " ").partition(" ")
        conditions.append(JournalEntry.object_kind == kind)
        if number.strip():
            conditions.append(JournalEntry.object_id == _id(number.strip()))
    return conditions


def _id(word: str) -> int:
    """The id that a word stands for; -1, which nothing has, for every other word."""
    return min(int(word), LARGEST_ID) if word.isdecimal() else -1


def _is(word: str) -> ColumnElement[bool]:
    if word.isdecimal():
        return Person.id == _id(word)
    return or_(
        Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True)
    )


def _of_person(
    is_object: ColumnElement[bool], is_actor: ColumnElement[bool]
) -> ColumnElement[bool]:
    return or_(is_actor, and_(JournalEntry.object_kind == "person", is_object))


def _entries(
    session: Session, conditions: Sequence[ColumnElement[bool]], limit: int
) -> tuple[Entry, ...]:
    rows = session.scalars(
        select(JournalEntry).where(*conditions).order_by(JournalEntry.id.desc()).limit(limit)
    ).all()
    ids = {row.actor_id for row in rows} | {
        row.object_id for row in rows if row.object_kind == "person"
    }
    found = session.execute(
        select(Person.id, Person.name).where(
            Person.id.in_(ids - {None}), Person.erased_at.is_(None)
        )
    )
    names = dict(found.all())

    def who(person_id: int | None) -> Who | None:
        return Who(person_id, names.get(person_id)) if person_id is not None else None

    return tuple(
        Entry(
            id=row.id,
            at=row.at,
            actor=who(row.actor_id),
            event=row.event,
            object_kind=row.object_kind,
            object_id=row.object_id,
            about=who(row.object_id) if row.object_kind == "person" else None,
            facts=tuple((name, _plain(value)) for name, value in row.data.items()),
            request_id=row.request_id,
        )
        for row in rows
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "–"}[value]
    parts = value if isinstance(value, list) else str(value).split(",")
    return ", ".join(str(part) for part in parts)


def _events(session: Session) -> tuple[str, ...]:
    """Every event that ever happened: hops along the index, from one word to the next higher."""
    first = select(JournalEntry.event.label("event")).order_by(JournalEntry.event).limit(1)
    hops = select(first.subquery().c.event).cte("hops", recursive=True)
    higher = (
        select(JournalEntry.event)
        .where(JournalEntry.event > hops.c.event)
        .order_by(JournalEntry.event)
        .limit(1)
        .scalar_subquery()
    )
    hops = hops.union_all(select(higher).where(hops.c.event.is_not(None)))
    return tuple(session.scalars(select(hops.c.event).where(hops.c.event.is_not(None))))
