"""Positions: making and changing them, and what the form needs for it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.competencies.framework import Gate
from domain.hiring.profiles import SEVEN, mixed, strictest
from domain.records import frozen
from models.accounts import Person
from models.hiring import Position, PositionMember
from services import journal
from services.actor import Actor
from services.errors import Conflict
from services.hiring import access, planning, wordings
from services.hiring.access import PositionRecord
from services.hiring.planning import AdaptivePlan
from services.hiring.position_drafts import (
    LANGUAGES,
    MIXED,
    NO_GATE,
    STANDARD_PROFILES,
    Choice,
    FormLine,
    checked,
    hiring_forms,
    managers,
)
from services.hiring.position_drafts import PositionDraft as PositionDraft
from services.hiring.wordings import Place, Wording
from services.library import catalogue
from services.library.catalogue import Framework
from services.session import changed_rows


@frozen
class Member:
    """Somebody who may see a position. part: owner or reviewer."""

    person_id: int
    name: str
    part: str


@frozen
class Standing:
    """A position as it stands now, for the form and for the page after a conflict."""

    position: PositionRecord
    members: tuple[Member, ...]
    words: Mapping[Place, str] = field(default_factory=dict)

    @property
    def owner(self) -> Member | None:
        return next((m for m in self.members if m.part == "owner"), None)

    @property
    def reviewers(self) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.part == "reviewer")


@frozen
class Desk:
    """What the form of a position offers, and the position that it is about, if there is one.

    adaptive: what an adaptive assessment would be, and whether the bank allows it.
    """

    managers: tuple[Choice, ...]
    forms: tuple[FormLine, ...]
    practices: tuple[Choice, ...]
    gated: tuple[Choice, ...]
    profiles: dict[str, dict[str, int]]
    standing: Standing | None
    adaptive: AdaptivePlan | None = None


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
        managers(session),
        hiring_forms(session, lang),
        tuple(choice for choice in named if choice.value in SEVEN),
        tuple(named),
        profiles,
        here,
        planning.adaptive_plan(session),
    )


def standing(session: Session, actor: Actor, position_id: int) -> Standing:
    """A position with its members; raises NotFound."""
    found = access.position(session, actor, position_id)
    said = wordings.current(session, position_id)
    words = {place: wording.body for place, wording in said.items()}
    return Standing(found, members(session, position_id), words)


def consent_versions(
    session: Session, actor: Actor, position_id: int
) -> tuple[Standing, tuple[Wording, ...]]:
    """A position, and all versions of its own consent texts, the newest first; raises NotFound."""
    here = standing(session, actor, position_id)
    return here, tuple(wordings.all_versions(session, position_id, "consent"))


def members(session: Session, position_id: int) -> tuple[Member, ...]:
    """Owner and reviewers of a position, the owner first."""
    rows = session.execute(
        select(Person.id, Person.name, PositionMember.part)
        .join(Person, Person.id == PositionMember.person_id)
        .where(PositionMember.position_id == position_id)
        .order_by(PositionMember.part, Person.name, Person.id)
    )
    return tuple(Member(*row) for row in rows)


def gates_of(position: PositionRecord) -> tuple[Gate, ...]:
    """The gates of a position as the domain knows them."""
    return tuple(Gate(code, int(level)) for code, level in sorted(position.gates.items()))


def create(session: Session, actor: Actor, draft: PositionDraft, now: datetime) -> int:
    """Make a position and give back its id; raises Invalid with the fields that are wrong."""
    recruiter = access.require_recruiter(actor)
    framework = catalogue.framework(session)
    draft = checked(session, draft, now.date())
    result = session.execute(
        insert(Position)
        .values(
            **_columns(draft, framework),
            consent_version=1,
            version=1,
            created_by=recruiter,
            created_at=now,
        )
        .returning(Position.id)
    )
    position_id = int(result.scalar_one())
    _keep_members(session, position_id, draft)
    wordings.keep(session, recruiter, position_id, draft.words(), now)
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
    recruiter = access.require_recruiter(actor)
    before = standing(session, actor, position_id)
    framework = catalogue.framework(session)
    draft = checked(session, draft, now.date())
    told = before.position.consent_version + _tells_otherwise(before, draft)
    saved = session.execute(
        update(Position)
        .where(Position.id == position_id, Position.version == version)
        .values(
            **_columns(draft, framework),
            consent_version=told,
            version=version + 1,
        )
    )
    if not changed_rows(saved):
        raise Conflict("Somebody saved this position while you were writing.", before)
    session.execute(delete(PositionMember).where(PositionMember.position_id == position_id))
    _keep_members(session, position_id, draft)
    wordings.keep(session, recruiter, position_id, draft.words(), now)
    journal.append(
        session, actor, "position.saved", "position", position_id, now, version=version + 1
    )


def _tells_otherwise(before: Standing, draft: PositionDraft) -> bool:
    """Whether candidates are now told something else: of time, keeping, readers, own words."""
    seen = {(m.person_id, m.part) for m in before.members}
    wanted = {(draft.owner_id, "owner")} | {(i, "reviewer") for i in draft.reviewer_ids}
    was = before.position
    if any(
        before.words.get(("consent", lang), "") != draft.consents.get(lang, "").strip()
        for lang in LANGUAGES
    ):
        return True
    return (was.limit_s, was.retention_days, was.form_key, seen) != (
        draft.minutes * 60,
        draft.retention_days,
        draft.form_key,
        wanted,
    )


def _weights(draft: PositionDraft, framework: Framework) -> dict[str, int]:
    """The weights that the draft comes to; an own profile's as they were typed."""
    roles = framework.roles
    whole = {
        role: {code: round(weight) for code, weight in roles[role].weights.items()}
        for role in STANDARD_PROFILES
        if role in roles
    }
    if draft.profile == MIXED:
        return mixed(list(whole.values()))
    return whole.get(draft.profile) or dict(draft.weights)


def _gates(draft: PositionDraft, framework: Framework) -> dict[str, int]:
    taken = STANDARD_PROFILES if draft.profile == MIXED else (draft.profile,)
    profile = strictest(
        (gate.competency, gate.level)
        for role in taken
        if role in framework.roles
        for gate in framework.roles[role].gates
    )
    return {c: level for c, level in (profile | dict(draft.gates)).items() if level != NO_GATE}


def _columns(draft: PositionDraft, framework: Framework) -> dict[str, object]:
    weights, cut = _weights(draft, framework), draft.cut
    return {
        "title": draft.title,
        "profile": draft.profile,
        "weights": {code: weights.get(code, 0) for code in SEVEN},
        "gates": _gates(draft, framework),
        "form_key": draft.form_key,
        "limit_s": draft.minutes * 60,
        "retention_days": draft.retention_days,
        "state": draft.state,
        "plan": draft.plan,
        "cut": cut.points if cut else None,
        "cut_method": cut.method if cut else None,
        "cut_set_on": cut.set_on if cut else None,
        "cut_judges": cut.judges if cut else None,
        "analysed_on": draft.analysed_on,
        "reminders": {"before": list(draft.before), "silence": list(draft.silence)},
    }


def _keep_members(session: Session, position_id: int, draft: PositionDraft) -> None:
    rows = [{"person_id": draft.owner_id, "part": "owner"}] + [
        {"person_id": reviewer, "part": "reviewer"} for reviewer in draft.reviewer_ids
    ]
    session.execute(insert(PositionMember), [{"position_id": position_id, **row} for row in rows])
