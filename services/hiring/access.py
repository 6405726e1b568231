"""Who sees which position: load and guard in one call.

A recruiter sees all positions; a manager those where they are owner or reviewer. To everybody else
a position and what hangs on it are not there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, select, true
from sqlalchemy.orm import Session

from domain.hiring.applications import kept_until
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Invitation, Position, PositionMember
from services.actor import Actor
from services.assessment.access import GREATEST_ID
from services.errors import Forbidden, NotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `position` that holds for the positions an actor may see."""
    if actor.has("recruiter"):
        return true()
    if not actor.has("manager"):
        return false()
    return exists(
        select(PositionMember.person_id).where(
            PositionMember.position_id == Position.id,
            PositionMember.person_id == actor.person_id,
        )
    )


def require_recruiter(actor: Actor) -> int:
    """The id of a recruiter; Forbidden for everybody else."""
    if not actor.has("recruiter") or actor.person_id is None:
        raise Forbidden
    return actor.person_id


def require_key(number: int) -> None:
    """Raise NotFound for a number that no database key can be."""
    if number > GREATEST_ID:
        raise NotFound


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """A position as it stands. weights: whole numbers, 100 together; gates: code to level."""

    id: int
    title: str
    profile: str
    weights: dict[str, int]
    gates: dict[str, int]
    form_key: str
    limit_s: int
    retention_days: int
    consent_version: int
    state: str
    version: int

    @property
    def minutes(self) -> int:
        return self.limit_s // 60


_POSITION = select(
    Position.id,
    Position.title,
    Position.profile,
    Position.weights,
    Position.gates,
    Position.form_key,
    Position.limit_s,
    Position.retention_days,
    Position.consent_version,
    Position.state,
    Position.version,
)


def position(session: Session, actor: Actor, position_id: int) -> PositionRecord:
    """A position that the actor may see; raises NotFound."""
    require_key(position_id)
    row = session.execute(_POSITION.where(Position.id == position_id, visible(actor))).one_or_none()
    if row is None:
        raise NotFound
    return PositionRecord(*row)


def position_of(session: Session, position_id: int) -> PositionRecord:
    """The position of an application that was guarded already."""
    return PositionRecord(*session.execute(_POSITION.where(Position.id == position_id)).one())


def lock_position(session: Session, actor: Actor, position_id: int) -> PositionRecord:
    """The same, held until the transaction ends, so that two invitations come one by one."""
    require_key(position_id)
    session.execute(select(Position.id).where(Position.id == position_id).with_for_update())
    return position(session, actor, position_id)


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """An application with its candidate, invitation and attempt."""

    id: int
    position_id: int
    person_id: int
    subject: str
    name: str
    email: str | None
    locale: str | None
    attempt_id: int
    attempt_state: str
    limit_s: int | None
    deadline: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    consented_at: datetime | None
    consent_version: int | None
    retention_days: int | None
    return_code: str | None
    invitation_id: int
    invited_by: int
    invited_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether the answers were marked: only then is there a result to show."""
        return self.attempt_state in ("submitted", "expired") and self.started_at is not None

    @property
    def kept_until(self) -> datetime | None:
        """When the time of keeping is over, as the candidate agreed to it; None before the end."""
        if self.ended_at is None or self.retention_days is None:
            return None
        return kept_until(self.ended_at, self.retention_days)


APPLICATION: Select[*tuple[Any, ...]] = (
    select(
        Application.id,
        Application.position_id,
        Application.person_id,
        Person.subject,
        Person.name,
        Person.email,
        Person.locale,
        Application.attempt_id,
        Attempt.state,
        Attempt.limit_s,
        Attempt.deadline,
        Attempt.started_at,
        Attempt.ended_at,
        Application.consented_at,
        Application.consent_version,
        Application.retention_days,
        Application.return_code,
        Invitation.id,
        Invitation.invited_by,
        Invitation.created_at,
        Invitation.expires_at,
        Invitation.revoked_at,
    )
    .join(Person, Person.id == Application.person_id)
    .join(Attempt, Attempt.id == Application.attempt_id)
    .join(Invitation, Invitation.application_id == Application.id)
    .join(Position, Position.id == Application.position_id)
)


def application(session: Session, actor: Actor, application_id: int) -> ApplicationRecord:
    """An application of a position that the actor may see; raises NotFound."""
    require_key(application_id)
    return found(
        session.execute(
            APPLICATION.where(Application.id == application_id, visible(actor))
        ).one_or_none()
    )


def own_application(session: Session, actor: Actor) -> ApplicationRecord:
    """The application of a signed-in candidate; raises NotFound."""
    return found(
        session.execute(
            APPLICATION.where(Application.person_id == actor.person_id, Person.kind == "candidate")
        ).one_or_none()
    )


def found(row: Row[*tuple[Any, ...]] | None) -> ApplicationRecord:
    """The record of a row of APPLICATION; raises NotFound where there is none."""
    if row is None:
        raise NotFound
    return ApplicationRecord(*row)
