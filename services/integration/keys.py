"""Keys to the API: made by a person, shown once, kept as SHA-256, ended by date or by hand.

A key acts as the recruiter who made it and reads candidates as they do. Its scopes narrow that and
never widen it: when its maker is shut out or is no recruiter any more, the key opens nothing.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText, Person
from models.hiring import Position
from models.integration import ApiKey
from services import journal
from services.accounts import limiter, tokens
from services.accounts.limiter import Source
from services.accounts.people import load_viewer
from services.actor import Actor
from services.assessment.access import GREATEST_ID
from services.errors import Invalid, NotFound
from services.hiring import access
from services.integration.floods import Flood
from services.roles import require
from services.session import changed_rows

# What a key may be allowed to do. Those of PEOPLE show or make candidates.
SCOPES = (
    "positions:read", "applications:read", "reports:read", "decisions:read", "invitations:write",
)  # fmt: skip
MARK = "thr_"  # so that a key that leaked can be found and told from other secrets
MOST_DAYS = 366
LONGEST_NAME = 80
USED_EVERY = timedelta(minutes=1)  # how exactly its last use is known
KIND = "api_key"
MAKERS = ("recruiter", "admin")
flood = Flood(most=600, window_s=60)


@frozen
class KeyDraft:
    """What somebody typed. days: how long it is to work."""

    name: str
    scopes: tuple[str, ...]
    days: int
    position_id: int | None


@frozen
class NewKey:
    """A key in clear, for the only time."""

    id: int
    name: str
    key: str
    expires_at: datetime


@frozen
class KeyLine:
    """A key in the list. state: works, expired, revoked."""

    id: int
    name: str
    scopes: tuple[str, ...]
    position: str | None
    maker: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


@frozen
class Client:
    """A program behind a request. actor: for whom it acts; position_id: the only one it knows."""

    key_id: int
    actor: Actor
    scopes: frozenset[str]
    position_id: int | None

    def require_position(self, position_id: int) -> None:
        """Raise NotFound for any position but the key's own."""
        if self.position_id not in (None, position_id):
            raise NotFound


def make(session: Session, actor: Actor, draft: KeyDraft, now: datetime) -> NewKey:
    """Make a key; journaled. Raises Invalid naming every field that is wrong, and Forbidden.

    An admin sees no candidates, and neither do keys that an admin makes: who wants those must be a
    recruiter.
    """
    me = require(actor, *MAKERS)
    faults = _faults(session, actor, draft)
    if faults:
        raise Invalid(fields=faults)
    raw = MARK + secrets.token_urlsafe(32)
    name = " ".join(draft.name.split())
    name_id = session.execute(
        insert(FreeText)
        .values(author_id=me, about_kind=KIND, about_id=0, body=name, created_at=now)
        .returning(FreeText.id)
    ).scalar_one()
    expires_at = now + timedelta(days=draft.days)
    key_id = session.execute(
        insert(ApiKey)
        .values(
            digest=tokens.digest(raw),
            name_id=name_id,
            scopes=sorted(draft.scopes),
            position_id=draft.position_id,
            made_by=me,
            made_at=now,
            expires_at=expires_at,
        )
        .returning(ApiKey.id)
    ).scalar_one()
    journal.append(
        session, actor, "api_key.made", KIND, key_id, now,
        scopes=",".join(sorted(draft.scopes)), position=draft.position_id,
    )  # fmt: skip
    return NewKey(key_id, name, raw, expires_at)


def _faults(session: Session, actor: Actor, draft: KeyDraft) -> dict[str, str]:
    faults = {}
    name = " ".join(draft.name.split())
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        faults["name"] = f"must have 1 to {LONGEST_NAME} characters"
    if not draft.scopes or not set(SCOPES).issuperset(draft.scopes):
        faults["scopes"] = f"choose one or more of {', '.join(SCOPES)}"
    elif not actor.has("recruiter") and set(draft.scopes) != {"positions:read"}:
        faults["scopes"] = "only a recruiter makes keys that show or invite candidates"
    if not 1 <= draft.days <= MOST_DAYS:
        faults["days"] = f"must be 1 to {MOST_DAYS} days"
    if draft.position_id is not None:
        found = None
        if 0 < draft.position_id <= GREATEST_ID:
            found = session.scalar(select(Position.id).where(Position.id == draft.position_id))
        if found is None:
            faults["position_id"] = "choose a position"
    return faults


def revoke(session: Session, actor: Actor, key_id: int, now: datetime) -> None:
    """End a key at once: one's own, or as an admin anybody's. Raises NotFound; a repeat is none."""
    me = require(actor, *MAKERS)
    access.require_key(key_id)
    own = [] if actor.has("admin") else [ApiKey.made_by == me]
    if session.scalar(select(ApiKey.id).where(ApiKey.id == key_id, *own)) is None:
        raise NotFound
    ended = session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    if changed_rows(ended):
        journal.append(session, actor, "api_key.revoked", KIND, key_id, now)


def lines(session: Session, actor: Actor, now: datetime) -> tuple[KeyLine, ...]:
    """The actor's keys, an admin's view of all; the newest first."""
    me = require(actor, *MAKERS)
    asked = (
        select(ApiKey, FreeText.body, Position.title, Person.name)
        .join(FreeText, FreeText.id == ApiKey.name_id)
        .join(Person, Person.id == ApiKey.made_by)
        .outerjoin(Position, Position.id == ApiKey.position_id)
        .order_by(ApiKey.id.desc())
    )
    if not actor.has("admin"):
        asked = asked.where(ApiKey.made_by == me)
    return tuple(
        KeyLine(
            key.id, name, tuple(key.scopes), title, maker, key.made_at, key.expires_at,
            key.last_used_at, _state(key, now),
        )
        for key, name, title, maker in session.execute(asked)
    )  # fmt: skip


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at <= now else "works"


def choices(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """The positions that a key can be bound to."""
    require(actor, *MAKERS)
    rows = session.execute(select(Position.id, Position.title).order_by(Position.id.desc()))
    return [(row.id, row.title) for row in rows]


def client(session: Session, raw: str, now: datetime) -> Client | None:
    """The program that a key stands for; None for a key that opens nothing.

    Raises TooMany for one that asks too often.
    """
    key = session.execute(
        select(ApiKey).where(
            ApiKey.digest == tokens.digest(raw[:200]),
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at > now,
        )
    ).scalar_one_or_none()
    if key is None:
        return None
    maker = load_viewer(session, key.made_by)
    if maker is None or maker.roles.isdisjoint(MAKERS):
        return None
    scopes = frozenset(key.scopes)
    if "recruiter" not in maker.roles:
        scopes &= {"positions:read"}
    flood.count(key.id, now)
    actor = Actor(maker.id, maker.subject, frozenset({"recruiter"}))
    return Client(key.id, actor, scopes, key.position_id)


def worn(session: Session, key_id: int, now: datetime) -> bool:
    """Whether its last use is to be noted again."""
    last = session.scalar(select(ApiKey.last_used_at).where(ApiKey.id == key_id))
    return last is None or last <= now - USED_EVERY


def note_use(session: Session, key_id: int, now: datetime) -> None:
    """Note that a key was used now."""
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))


def note_wrong(session: Session, source: Source, now: datetime) -> None:
    """Count a key that opens nothing; raises TooMany. A right one is never held up by wrong ones.

    There is no person to count for, so it is counted for its address.
    """
    limiter.take(session, f"api_key:{source.address}", source, now)
