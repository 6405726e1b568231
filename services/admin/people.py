"""The members as an admin sees them: who they are and what they may do, never how they answered.

Candidates are not members: they belong to their position and are shown by hiring only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import ROLES, Credential, Person, PersonRole
from models.journal import JournalEntry
from services.accounts import second_factor
from services.actor import Actor
from services.admin import access, erasing
from services.admin.audit import Entry, about_person
from services.errors import NotFound

PER_PAGE = 25
STATES = ("active", "invited", "disabled")
RECENT = 12

# Each state as a condition on a person outer-joined with their credential.
_STATE: dict[str, ColumnElement[bool]] = {
    "active": and_(Person.disabled_at.is_(None), Credential.person_id.is_not(None)),
    "invited": and_(Person.disabled_at.is_(None), Credential.person_id.is_(None)),
    "disabled": Person.disabled_at.is_not(None),
}


@frozen
class PersonLine:
    """A member in the list. state: active, invited (no password yet) or disabled."""

    id: int
    name: str
    email: str
    state: str
    invented: bool
    roles: tuple[str, ...]
    added_at: datetime


@frozen
class PeoplePage:
    """One page of the list. page counts from 1; found: how many the search finds in all."""

    lines: tuple[PersonLine, ...]
    found: int
    page: int
    pages: int


@frozen
class PersonPage:
    """One member with the newest entries of the journal about them.

    has_factor: a second factor is on; erasing: they are to be erased within seconds.
    """

    line: PersonLine
    has_factor: bool
    erasing: bool
    joined_at: datetime | None
    signed_in_at: datetime | None
    entries: tuple[Entry, ...]


def people_page(
    session: Session, actor: Actor, words: str, role: str, state: str, page: int
) -> PeoplePage:
    """Members by name; three statements however many there are.

    words: all of them stand in name or mail; role and state: empty means any. Unknown ones find
    nobody, and a page beyond the last one is the last.
    """
    access.guard(actor)
    here = (Person.kind == "member", Person.erased_at.is_(None))
    wanted = [*here, *(_holds(word) for word in words.split()[:5])]
    if role:
        with_role = select(PersonRole.person_id).where(PersonRole.role == role)
        wanted.append(Person.id.in_(with_role))
    if state:
        wanted.append(_STATE[state] if state in STATES else Person.id.is_(None))
    people = select(Person, Credential.person_id).outerjoin(Credential).where(*wanted)
    found = session.scalar(people.with_only_columns(func.count(Person.id))) or 0
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(1, page), pages)
    rows = session.execute(
        people.with_only_columns(*_COLUMNS)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    roles = _roles_of(session, [row.id for row in rows])
    return PeoplePage(tuple(_line(row, roles[row.id]) for row in rows), found, page, pages)


_COLUMNS = (
    Person.id,
    Person.name,
    Person.email,
    Person.invented,
    Person.created_at,
    Person.disabled_at,
    Credential.changed_at,
)


def _holds(word: str) -> ColumnElement[bool]:
    return or_(
        Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True)
    )


def _roles_of(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    rows = session.execute(
        select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(ids))
    )
    roles: dict[int, set[str]] = defaultdict(set)
    for person_id, role in rows:
        roles[person_id].add(role)
    return roles


def _line(row: Any, roles: Iterable[str]) -> PersonLine:
    state = "active" if row.changed_at else "invited"
    return PersonLine(
        row.id,
        row.name,
        row.email or "",
        "disabled" if row.disabled_at else state,
        row.invented,
        tuple(role for role in ROLES if role in roles),
        row.created_at,
    )


def person_page(session: Session, actor: Actor, person_id: int) -> PersonPage:
    """One member; raises NotFound for candidates and for nobody."""
    access.guard(actor)
    row = session.execute(
        select(*_COLUMNS)
        .outerjoin(Credential)
        .where(Person.id == person_id, Person.kind == "member", Person.erased_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    # Both by the index on what an entry is about.
    times = session.execute(
        select(JournalEntry.event, func.max(JournalEntry.at))
        .where(
            JournalEntry.object_kind == "person",
            JournalEntry.object_id == person_id,
            JournalEntry.event.in_(("person.joined", "sign_in.succeeded")),
        )
        .group_by(JournalEntry.event)
    )
    at = dict(times.all())
    return PersonPage(
        line=_line(row, _roles_of(session, [person_id])[person_id]),
        has_factor=second_factor.is_on(session, person_id),
        erasing=erasing.standing(session, person_id) is not None,
        joined_at=at.get("person.joined"),
        signed_in_at=at.get("sign_in.succeeded"),
        entries=about_person(session, person_id, RECENT),
    )
