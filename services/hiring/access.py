"""Who sees which position: load and guard in one call.

A recruiter sees all positions; a manager those where they are owner or reviewer. To everybody else
a position and what hangs on it are not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, select, true
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import is_adaptive
from domain.hiring.applications import kept_until
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Invitation, Position, PositionMember
from services.actor import Actor
from services.assessment.access import GREATEST_ID
from services.errors import NotFound
from services.roles import require


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
    return require(actor, "recruiter")


def require_key(number: int) -> None:
    """Raise NotFound for a number that no database key can be."""
    if number > GREATEST_ID:
        raise NotFound


@frozen
class PositionRecord:
    """A position as it stands. weights: whole numbers, 100 together; gates: code to level.

    cut: points on the 0 to 100 scale, which inform people and reject nobody; None without one.
    analysed_on: when the job was analysed; None where there is no validation statement.
    reminders: "before" and "silence" -> days.
    """

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
    plan: str = "form"
    cut: int | None = None
    cut_method: str | None = None
    cut_set_on: date | None = None
    cut_judges: int | None = None
    analysed_on: date | None = None
    reminders: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return self.limit_s // 60

    @property
    def validated(self) -> bool:
        """Whether the company has said on which analysis of the job the use here rests.

        Without that every report says so: see `unvalidated` in templates/hiring/_words.html.
        """
        return self.analysed_on is not None


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
    Position.plan,
    Position.cut,
    Position.cut_method,
    Position.cut_set_on,
    Position.cut_judges,
    Position.analysed_on,
    Position.reminders,
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


def positions_of(session: Session, position_ids: Sequence[int]) -> list[PositionRecord]:
    """Positions that were guarded already, newest first; one statement."""
    rows = session.execute(
        _POSITION.where(Position.id.in_(position_ids)).order_by(Position.id.desc())
    )
    return [PositionRecord(*row) for row in rows]


def lock_position(session: Session, actor: Actor, position_id: int) -> PositionRecord:
    """The same, held until the transaction ends, so that two invitations come one by one."""
    require_key(position_id)
    # With key_share: who decides about one application holds that and then points at its position.
    held = select(Position.id).where(Position.id == position_id).with_for_update(key_share=True)
    session.execute(held)
    return position(session, actor, position_id)


@frozen
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
    consent_words_id: int | None = None
    refused_at: datetime | None = None
    refused_code: int | None = None
    form_key: str = ""

    @property
    def adaptive(self) -> bool:
        """Whether their questions were chosen by their answers."""
        return is_adaptive(self.form_key)

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
        Application.consent_words_id,
        Invitation.refused_at,
        Invitation.refused_code,
        Attempt.form_key,
    )
    .join(Person, Person.id == Application.person_id)
    .join(Attempt, Attempt.id == Application.attempt_id)
    .join(Invitation, Invitation.application_id == Application.id)
    .join(Position, Position.id == Application.position_id)
    # Of somebody who was erased only figures are left.
    .where(Person.erased_at.is_(None))
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
