"""The reading side of hiring: the list of positions, and one position with its candidates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.hiring.applications import Stage, stage
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Decision, Position, PositionMember
from services.actor import Actor
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.competencies.estimates import Estimated
from services.competencies.presenting import RoleFit, fit_for
from services.hiring import access
from services.hiring.access import APPLICATION, ApplicationRecord, PositionRecord
from services.hiring.entering import facts_of
from services.hiring.positions import Member, gates_of, members
from services.library import catalogue
from services.library.catalogue import Framework

PAGE = 50
ENDED = ("submitted", "expired")


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position in the list. candidates, finished: how many applications."""

    id: int
    title: str
    profile: str
    state: str
    owner: str | None
    candidates: int
    finished: int
    created_at: datetime


def positions(session: Session, actor: Actor) -> tuple[PositionLine, ...]:
    """The positions that an actor may see, open ones first; one statement."""
    owner = (
        select(PositionMember.position_id, Person.name)
        .join(Person, Person.id == PositionMember.person_id)
        .where(PositionMember.part == "owner")
        .subquery()
    )
    rows = session.execute(
        select(
            Position.id,
            Position.title,
            Position.profile,
            Position.state,
            func.min(owner.c.name),
            func.count(Application.id),
            func.count(Attempt.id),
            Position.created_at,
        )
        .outerjoin(owner, owner.c.position_id == Position.id)
        .outerjoin(Application, Application.position_id == Position.id)
        .outerjoin(Attempt, and_(Attempt.id == Application.attempt_id, _has_ended()))
        .where(access.visible(actor))
        .group_by(
            Position.id, Position.title, Position.profile, Position.state, Position.created_at
        )
        .order_by(Position.state.desc(), func.lower(Position.title), Position.id)
    )
    return tuple(PositionLine(*row) for row in rows)


def _has_ended() -> ColumnElement[bool]:
    return and_(Attempt.state.in_(ENDED), Attempt.started_at.is_not(None))


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate in the table. deadline: the day the invitation or the running attempt ends.

    fit: to the position's profile, None before there is a result. decision: the newest outcome.
    """

    application_id: int
    name: str
    email: str | None
    stage: Stage
    deadline: datetime | None
    ended_at: datetime | None
    fit: RoleFit | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class PositionPage:
    """One position with one page of its candidates, ordered by name."""

    position: PositionRecord
    members: tuple[Member, ...]
    candidates: tuple[CandidateLine, ...]
    total: int
    finished: int
    page: int
    pages: int
    search: str

    @property
    def owner(self) -> Member | None:
        return next((member for member in self.members if member.part == "owner"), None)

    @property
    def reviewers(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.part == "reviewer")


def position_page(
    session: Session,
    actor: Actor,
    position_id: int,
    page: int,
    search: str,
    lang: str,
    now: datetime,
) -> PositionPage:
    """A position and a page of its candidates; as many statements for five rows as for fifty.

    search: a part of a name or mail address, empty for everybody. Raises NotFound.
    """
    position = access.position(session, actor, position_id)
    wanted = _wanted(position_id, search)
    total, finished = session.execute(
        select(func.count(Application.id), func.count(Attempt.ended_at))
        .join(Person, Person.id == Application.person_id)
        .outerjoin(Attempt, and_(Attempt.id == Application.attempt_id, _has_ended()))
        .where(wanted)
    ).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = session.execute(
        APPLICATION.add_columns(_newest_decision())
        .where(wanted)
        .order_by(func.lower(Person.name), Application.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    found = [(ApplicationRecord(*row[:-1]), row[-1]) for row in rows]
    ended = [record.attempt_id for record, _ in found if record.ended]
    shown = estimates.kept(session, SCOPE, ended)
    framework = catalogue.framework(session)
    return PositionPage(
        position,
        members(session, position_id),
        tuple(
            _line(record, decision, position, shown, framework, lang, now)
            for record, decision in found
        ),
        total,
        finished,
        page,
        pages,
        search,
    )


def _wanted(position_id: int, search: str) -> ColumnElement[bool]:
    here = Application.position_id == position_id
    part = "".join(c for c in search if c.isprintable()).strip()[:100]
    if not part:
        return here
    named = Person.name.icontains(part, autoescape=True)
    return and_(here, or_(named, Person.email.icontains(part, autoescape=True)))


def _newest_decision() -> ColumnElement[str | None]:
    return (
        select(Decision.outcome)
        .where(Decision.application_id == Application.id)
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _line(
    record: ApplicationRecord,
    decision: str | None,
    position: PositionRecord,
    shown: Mapping[int, Mapping[str, Estimated]],
    framework: Framework,
    lang: str,
    now: datetime,
) -> CandidateLine:
    where = stage(facts_of(record), now)
    drawn = shown.get(record.attempt_id) if record.ended else None
    fit = fit_for(position.weights, gates_of(position), drawn, framework, lang) if drawn else None
    return CandidateLine(
        record.id,
        record.name,
        record.email,
        where,
        record.deadline if where is Stage.STARTED else record.expires_at,
        record.ended_at,
        fit,
        decision,
    )
