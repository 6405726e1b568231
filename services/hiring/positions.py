"""Positions: making and changing them, and what the form needs for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.competencies.framework import Gate
from domain.hiring.profiles import SEVEN, gate_faults, weight_faults
from models.accounts import Person, PersonRole
from models.hiring import Position, PositionMember
from services import journal
from services.actor import Actor
from services.errors import Conflict, Invalid
from services.hiring import access
from services.hiring.access import PositionRecord
from services.library import catalogue
from services.library.catalogue import Framework

STANDARD_PROFILES = ("operations", "sales")
STATES = ("open", "closed")
LIMIT_MINUTES = (5, 300)
RETENTION_DAYS = (1, 1095)
NO_GATE = 0


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """What a recruiter typed.

    weights: used by an own profile only, a standard one brings its own. gates: code to level; a
    code that is left out is gated as in the role profile, NO_GATE takes that gate away.
    """

    title: str
    profile: str
    weights: Mapping[str, int]
    gates: Mapping[str, int]
    form_key: str
    minutes: int
    retention_days: int
    state: str
    owner_id: int
    reviewer_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select: a value, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """A hiring form: its key, title and the minutes that its authors planned for it."""

    key: str
    title: str
    minutes: int
    items: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may see a position. part: owner or reviewer."""

    person_id: int
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A position as it stands now, for the form and for the page after a conflict."""

    position: PositionRecord
    members: tuple[Member, ...]

    @property
    def owner(self) -> Member | None:
        return next((m for m in self.members if m.part == "owner"), None)

    @property
    def reviewers(self) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.part == "reviewer")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form of a position offers, and the position that it is about, if there is one."""

    managers: tuple[Choice, ...]
    forms: tuple[FormLine, ...]
    practices: tuple[Choice, ...]
    gated: tuple[Choice, ...]
    profiles: dict[str, dict[str, int]]
    standing: Standing | None


def desk(session: Session, actor: Actor, position_id: int | None, lang: str) -> Desk:
    """The choices of the form. Raises Forbidden for people who are not recruiters, NotFound."""
    access.require_recruiter(actor)
    framework = catalogue.framework(session)
    named = [
        Choice(c.code, c.name.get(lang, c.name["en"])) for c in framework.competencies.values()
    ]
    profiles = {
        role.id: {code: int(weight) for code, weight in role.weights.items()}
        for role in framework.roles.values()
        if role.id in STANDARD_PROFILES
    }
    here = standing(session, actor, position_id) if position_id is not None else None
    return Desk(
        _managers(session),
        hiring_forms(session, lang),
        tuple(choice for choice in named if choice.value in SEVEN),
        tuple(named),
        profiles,
        here,
    )


def standing(session: Session, actor: Actor, position_id: int) -> Standing:
    """A position with its members; raises NotFound."""
    found = access.position(session, actor, position_id)
    return Standing(found, members(session, position_id))


def members(session: Session, position_id: int) -> tuple[Member, ...]:
    """Owner and reviewers of a position, the owner first."""
    rows = session.execute(
        select(Person.id, Person.name, PositionMember.part)
        .join(Person, Person.id == PositionMember.person_id)
        .where(PositionMember.position_id == position_id)
        .order_by(PositionMember.part, Person.name, Person.id)
    )
    return tuple(Member(*row) for row in rows)


def hiring_forms(session: Session, lang: str) -> tuple[FormLine, ...]:
    """The published forms made for hiring."""
    return tuple(
        FormLine(
            form.key,
            form.meta["title"].get(lang, form.meta["title"]["en"]),
            int(form.meta["minutes"]),
            len(form.meta["items"]),
        )
        for form in catalogue.published(session, "form")
        if form.meta["purpose"] == "hiring"
    )


def gates_of(position: PositionRecord) -> tuple[Gate, ...]:
    """The gates of a position as the domain knows them."""
    return tuple(Gate(code, int(level)) for code, level in sorted(position.gates.items()))


def create(session: Session, actor: Actor, draft: PositionDraft, now: datetime) -> int:
    """Make a position and give back its id; raises Invalid with the fields that are wrong."""
    recruiter = access.require_recruiter(actor)
    draft = _checked(session, draft)
    result = session.execute(
        insert(Position)
        .values(
            **_columns(draft, catalogue.framework(session)),
            consent_version=1,
            version=1,
            created_by=recruiter,
            created_at=now,
        )
        .returning(Position.id)
    )
    position_id = int(result.scalar_one())
    _keep_members(session, position_id, draft)
    journal.append(session, actor, "position.created", "position", position_id, now)
    return position_id


def save(
    session: Session,
    actor: Actor,
    position_id: int,
    version: int,
    draft: PositionDraft,
    now: datetime,
) -> None:
    """Change a position that still is as it was when the form was opened.

    Raises Invalid, NotFound, and Conflict with the Standing as `current` when somebody saved since.
    """
    access.require_recruiter(actor)
    before = standing(session, actor, position_id)
    draft = _checked(session, draft)
    told = before.position.consent_version + _tells_otherwise(before, draft)
    saved = session.execute(
        update(Position)
        .where(Position.id == position_id, Position.version == version)
        .values(
            **_columns(draft, catalogue.framework(session)),
            consent_version=told,
            version=version + 1,
        )
    )
    if not saved.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Conflict("Somebody saved this position while you were writing.", before)
    session.execute(delete(PositionMember).where(PositionMember.position_id == position_id))
    _keep_members(session, position_id, draft)
    journal.append(
        session, actor, "position.saved", "position", position_id, now, version=version + 1
    )


def _tells_otherwise(before: Standing, draft: PositionDraft) -> bool:
    """Whether candidates are now told something else about time, keeping or readers."""
    seen = {(m.person_id, m.part) for m in before.members}
    wanted = {(draft.owner_id, "owner")} | {(i, "reviewer") for i in draft.reviewer_ids}
    was = before.position
    return (was.limit_s, was.retention_days, was.form_key, seen) != (
        draft.minutes * 60,
        draft.retention_days,
        draft.form_key,
        wanted,
    )


def _columns(draft: PositionDraft, framework: Framework) -> dict[str, object]:
    weights, gates = dict(draft.weights), dict(draft.gates)
    if draft.profile in STANDARD_PROFILES:
        role = framework.roles[draft.profile]
        weights = {code: round(weight) for code, weight in role.weights.items()}
        gates = {gate.competency: gate.level for gate in role.gates} | gates
    return {
        "title": draft.title,
        "profile": draft.profile,
        "weights": {code: weights.get(code, 0) for code in SEVEN},
        "gates": {code: level for code, level in gates.items() if level != NO_GATE},
        "form_key": draft.form_key,
        "limit_s": draft.minutes * 60,
        "retention_days": draft.retention_days,
        "state": draft.state,
    }


def _keep_members(session: Session, position_id: int, draft: PositionDraft) -> None:
    rows = [{"person_id": draft.owner_id, "part": "owner"}] + [
        {"person_id": reviewer, "part": "reviewer"} for reviewer in draft.reviewer_ids
    ]
    session.execute(insert(PositionMember), [{"position_id": position_id, **row} for row in rows])


def _managers(session: Session) -> tuple[Choice, ...]:
    rows = session.execute(
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == "manager", Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return tuple(Choice(str(row.id), row.name) for row in rows)


def _checked(session: Session, draft: PositionDraft) -> PositionDraft:
    """The draft as it may be kept; raises Invalid naming every field that is wrong."""
    title = " ".join("".join(c if c.isprintable() else " " for c in draft.title).split())
    faults: dict[str, str] = {}
    if not 1 <= len(title) <= 200:
        faults["title"] = "must have 1 to 200 characters"
    if draft.profile not in (*STANDARD_PROFILES, "own"):
        faults["profile"] = "choose one of operations, sales, own"
    if draft.profile == "own":
        found = weight_faults(draft.weights)
        faults |= {f"weight_{key}" if key in SEVEN else key: f for key, f in found.items()}
    kept = {code: level for code, level in draft.gates.items() if level != NO_GATE}
    faults |= {f"gate_{code}": fault for code, fault in gate_faults(kept).items()}
    if draft.form_key not in {form.key for form in hiring_forms(session, "en")}:
        faults["form_key"] = "choose a hiring form"
    if not LIMIT_MINUTES[0] <= draft.minutes <= LIMIT_MINUTES[1]:
        faults["minutes"] = "must be {} to {} minutes".format(*LIMIT_MINUTES)
    if not RETENTION_DAYS[0] <= draft.retention_days <= RETENTION_DAYS[1]:
        faults["retention_days"] = "must be {} to {} days".format(*RETENTION_DAYS)
    if draft.state not in STATES:
        faults["state"] = "choose open or closed"
    managers = {int(choice.value) for choice in _managers(session)}
    if draft.owner_id not in managers:
        faults["owner_id"] = "choose a hiring manager"
    reviewers = tuple(dict.fromkeys(i for i in draft.reviewer_ids if i != draft.owner_id))
    if not managers.issuperset(reviewers):
        faults["reviewer_ids"] = "choose hiring managers"
    if faults:
        raise Invalid(fields=faults)
    return replace(draft, title=title, reviewer_ids=reviewers)
