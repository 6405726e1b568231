"""People: who they are to the rest of the house, adding them, changing their roles."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import ROLES, Credential, Person, PersonRole, SecondFactor
from services import journal
from services.accounts.tokens import void
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.prepared import Prepared
from services.session import peek

CANDIDATE_ROLES = frozenset({"candidate"})
# More epochs than any person gets through between a backup and the day on which it is restored.
GIVEN_OUT_SINCE = 1_000_000


@frozen
class Viewer:
    """A signed-in person as pages and guards know them.

    has_factor: a code is asked of them when they sign in. short_password: theirs is too short to
    be enough without one.
    """

    id: int
    subject: str
    kind: str
    name: str
    epoch: int
    locale: str | None
    theme: str | None
    roles: frozenset[str]
    has_factor: bool = False
    short_password: bool = False

    @property
    def initials(self) -> str:
        """One or two letters for the round sign in the menu."""
        parts = self.name.split()
        letters = [part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)]
        return "".join(letters).upper()[:2]


# Prepared: this statement runs on every signed-in request.
_person, _role = Person.__table__.c, PersonRole.__table__.c
_factor, _credential = SecondFactor.__table__.c, Credential.__table__.c
_VIEWER_COLUMNS = (
    _person.id,
    _person.subject,
    _person.kind,
    _person.name,
    _person.session_epoch,
    _person.locale,
    _person.theme,
    _role.role,
    _factor.confirmed_at,
    _credential.is_short,
)
_VIEWER = (
    select(*_VIEWER_COLUMNS)
    .select_from(
        Person.__table__.outerjoin(PersonRole.__table__)
        .outerjoin(SecondFactor.__table__, _factor.person_id == _person.id)
        .outerjoin(Credential.__table__, _credential.person_id == _person.id)
    )
    .where(_person.disabled_at.is_(None), _person.id == bindparam("person_id"))
)
_PREPARED_VIEWER = Prepared(_VIEWER, _VIEWER_COLUMNS)


def load_viewer(session: Session, person_id: int) -> Viewer | None:
    """A person as pages and guards know them; None when disabled or gone."""
    return _viewer(session.execute(_VIEWER, {"person_id": person_id}).all())


def viewer_of(person_id: int, epoch: int) -> Viewer | None:
    """The person behind a session cookie; None when disabled, gone or of an older epoch."""
    viewer = _viewer(peek(_PREPARED_VIEWER, {"person_id": person_id}))
    return viewer if viewer is not None and viewer.epoch == epoch else None


def _viewer(rows: Sequence[Any]) -> Viewer | None:
    """One row a role, or one row with none."""
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(row.role for row in rows if row.role)
    return Viewer(
        first.id,
        first.subject,
        first.kind,
        first.name,
        first.session_epoch,
        first.locale,
        first.theme,
        CANDIDATE_ROLES if first.kind == "candidate" else roles,
        first.confirmed_at is not None,
        bool(first.is_short),
    )


def clean_email(raw: str) -> str:
    """A mail address in its one form; raises Invalid with the field's name."""
    # Its tables take 15 ms of every start, and hardly any request writes an address.
    from email_validator import EmailNotValidError, validate_email

    try:
        # Test and example domains are welcome: demo people live there.
        result = validate_email(raw.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid(fields={"email": str(error)}) from None
    return result.normalized.lower()


def clean_name(raw: str) -> str:
    """A name without control characters, 1 to 200 long; raises Invalid with the field's name."""
    name = " ".join("".join(c if c.isprintable() else " " for c in raw).split())
    if not 1 <= len(name) <= 200:
        raise Invalid(fields={"name": "must have 1 to 200 characters"})
    return name


def add_member(
    session: Session,
    actor: Actor,
    name: str,
    email: str,
    roles: Iterable[str],
    now: datetime,
    *,
    invented: bool = False,
    locale: str | None = None,
) -> int:
    """Add a member of the company and give back their id. They have no password yet.

    Raises Invalid for nonsense and Conflict when the address is already a member's.
    """
    address, wanted = clean_email(email), _clean_roles(roles)
    cleaned = clean_name(name)
    try:
        person_id = insert_person(
            session, "member", cleaned, address, now, invented=invented, locale=locale
        )
    except IntegrityError:  # the address is UNIQUE among members
        raise Conflict("A member with this mail address exists already.") from None
    session.execute(
        insert(PersonRole),
        [{"person_id": person_id, "role": role} for role in sorted(wanted)],
    )
    journal.append(session, actor, "person.added", "person", person_id, now)
    return person_id


def insert_person(
    session: Session,
    kind: str,
    name: str,
    email: str | None,
    now: datetime,
    *,
    invented: bool = False,
    locale: str | None = None,
) -> int:
    """Insert a row of `person` under a fresh random subject and give back its id."""
    result = session.execute(
        insert(Person)
        .values(
            subject=secrets.token_hex(16),
            kind=kind,
            name=name,
            email=email,
            locale=locale,
            session_epoch=0,
            invented=invented,
            created_at=now,
        )
        .returning(Person.id)
    )
    return int(result.scalar_one())


def _clean_roles(roles: Iterable[str]) -> set[str]:
    wanted = set(roles)
    if not wanted or not wanted.issubset(ROLES):
        raise Invalid(fields={"roles": f"choose one or more of {', '.join(ROLES)}"})
    return wanted


def set_roles(
    session: Session, actor: Actor, person_id: int, roles: Iterable[str], now: datetime
) -> None:
    """Replace a member's roles. Their sessions end: rights never outlive a change."""
    wanted = _clean_roles(roles)
    member = select(Person.id).where(
        Person.id == person_id, Person.kind == "member", Person.erased_at.is_(None)
    )
    # Held: of two changes at once the second replaces what the first one left.
    if session.scalar(member.with_for_update(key_share=True)) is None:
        raise NotFound
    if person_id == actor.person_id and "admin" not in wanted:
        raise Invalid(fields={"roles": "You cannot take the admin role from yourself."})
    session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    session.execute(
        insert(PersonRole),
        [{"person_id": person_id, "role": role} for role in sorted(wanted)],
    )
    end_sessions(session, person_id)
    journal.append(
        session,
        actor,
        "person.roles_changed",
        "person",
        person_id,
        now,
        roles=",".join(sorted(wanted)),
    )


def end_sessions(session: Session, person_id: int) -> None:
    """End every session of a person, on every device."""
    session.execute(
        update(Person).where(Person.id == person_id).values(session_epoch=Person.session_epoch + 1)
    )


def end_all_sessions(session: Session) -> None:
    """End every session of everybody, also those that began since a backup was made."""
    session.execute(update(Person).values(session_epoch=Person.session_epoch + GIVEN_OUT_SINCE))


def has_password(session: Session, person_id: int) -> bool:
    """Whether the person can sign in with a password."""
    return session.get(Credential, person_id) is not None


def disable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Shut a member out: no sign-in, no session and no open link is left. Keeps what they did."""
    if person_id == actor.person_id:
        raise Invalid(fields={"person": "You cannot disable yourself."})
    _switch(session, person_id, now)
    end_sessions(session, person_id)
    for purpose in ("join", "reset", "email"):
        void(session, purpose, person_id, now)
    journal.append(session, actor, "person.disabled", "person", person_id, now)


def enable(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a disabled member in again, with their old password."""
    _switch(session, person_id, None)
    journal.append(session, actor, "person.enabled", "person", person_id, now)


def _switch(session: Session, person_id: int, disabled_at: datetime | None) -> None:
    member = select(Person.id).where(
        Person.id == person_id, Person.kind == "member", Person.erased_at.is_(None)
    )
    if session.scalar(member) is None:
        raise NotFound
    session.execute(update(Person).where(Person.id == person_id).values(disabled_at=disabled_at))
