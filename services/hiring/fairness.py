"""The fairness page: who gets through, by what candidates said of themselves. Aggregates only."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.competencies.rolefit import role_fit
from domain.competencies.scale import points
from domain.hiring import fairness
from domain.hiring.attributes import CROSSED
from domain.hiring.fairness import CutRow, Member, Table
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Decision, Position
from services import journal
from services.actor import Actor
from services.assessment.scoring import ENDED, SCOPE
from services.competencies import estimates
from services.hiring import access, harder, voluntary
from services.hiring.access import PositionRecord
from services.library import catalogue
from services.measuring.working import WorkLine

THROUGH = ("advance", "offer", "hired")
DECIDED = (*THROUGH, "reject")


@frozen
class FairnessPage:
    """One position, or the whole company (position: None).

    finished, decided, through: everybody, whatever they said. asked: the questions; by: the one
    that the what-if is split by. dif: the newest look at the questions of the test, for the
    company only.
    """

    position: PositionRecord | None
    finished: int
    decided: int
    through: int
    asked: tuple[str, ...]
    tables: tuple[Table, ...]
    by: str
    cuts: tuple[CutRow, ...]
    leave_small: bool
    dif: WorkLine | None

    @property
    def comparable(self) -> bool:
        return any(one.comparable for one in self.tables)

    @property
    def has_small(self) -> bool:
        return any(line.small for one in self.tables for line in one.lines)


def position_page(
    session: Session,
    actor: Actor,
    position_id: int,
    asked: Sequence[str],
    by: str,
    leave_small: bool,
    now: datetime,
) -> FairnessPage:
    """The figures of a position; the view is journaled. Raises NotFound.

    asked: questions that this installation asks; by: one of them, any other word is the first.
    """
    position = access.position(session, actor, position_id)
    found = _page(session, position, asked, by, leave_small)
    journal.append(
        session, actor, "fairness.viewed", "position", position_id, now, left_out=leave_small
    )
    return found


def company_page(
    session: Session, actor: Actor, asked: Sequence[str], leave_small: bool, now: datetime
) -> FairnessPage:
    """The figures of all positions together, for recruiters; the view is journaled."""
    access.require_recruiter(actor)
    found = _page(session, None, asked, "", leave_small)
    journal.append(session, actor, "fairness.viewed", "company", 0, now, left_out=leave_small)
    return found


def _page(
    session: Session,
    position: PositionRecord | None,
    asked: Sequence[str],
    by: str,
    leave_small: bool,
) -> FairnessPage:
    people = finished(session, position.id if position else None)
    said = voluntary.of_subjects(session, [row.subject for row in people])
    decided = [row for row in people if row.outcome in DECIDED]
    totals: dict[int, int] = {}
    for row in decided:
        totals[row.position_id] = totals.get(row.position_id, 0) + 1
    members = fairness.counted(
        [
            Member(
                row.position_id,
                f"{row.decided_at.isoformat()} {row.subject}",
                said[row.subject],
                row.outcome in THROUGH,
            )
            for row in decided
            if row.subject in said
        ],
        together=position is None,
    )
    tables = [fairness.table(members, question, totals, leave_small) for question in asked]
    tables += [
        fairness.crossed(members, pair, totals, leave_small)
        for pair in CROSSED
        if set(pair) <= set(asked)
    ]
    by = by if by in asked else next(iter(asked), "")
    beside = next((one for one in tables if one.questions == (by,)), None)
    cuts: tuple[CutRow, ...] = ()
    if position is not None and by:
        cuts = _cuts(session, position, people, said, members, beside, by, leave_small)
    return FairnessPage(
        position,
        len(people),
        len(decided),
        sum(row.outcome in THROUGH for row in decided),
        tuple(asked),
        tuple(tables),
        by,
        cuts,
        leave_small,
        harder.newest(session) if position is None else None,
    )


def finished(session: Session, position_id: int | None) -> Sequence[Any]:
    """Everybody whose test has ended, in one position or all, with the newest decision about them.

    One statement.
    """
    newest = (
        select(func.max(Decision.id))
        .where(Decision.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    asked = (
        select(
            Application.position_id,
            Application.attempt_id,
            Person.subject,
            Attempt.ended_at,
            Decision.outcome,
            Decision.decided_at,
        )
        .join(Position, Position.id == Application.position_id)
        .join(Person, Person.id == Application.person_id)
        .join(Attempt, Attempt.id == Application.attempt_id)
        .outerjoin(Decision, Decision.id == newest)
        .where(Attempt.state.in_(ENDED), Attempt.started_at.is_not(None))
    )
    if position_id is not None:
        asked = asked.where(Application.position_id == position_id)
    return session.execute(asked).all()


def _cuts(
    session: Session,
    position: PositionRecord,
    people: Sequence[Any],
    said: Mapping[str, Mapping[str, str]],
    decided: Sequence[Member],
    beside: Table | None,
    by: str,
    leave_small: bool,
) -> tuple[CutRow, ...]:
    """The what-if over all who finished, or over those alone about whom it was decided."""
    fits = _fits(session, position, [row.attempt_id for row in people])
    finished = fairness.counted(
        [
            Member(
                position.id,
                f"{row.ended_at.isoformat()} {row.subject}",
                said[row.subject],
                True,
                fits[row.attempt_id],
            )
            for row in people
            if row.subject in said and row.attempt_id in fits
        ]
    )
    points_of = {row.subject: fits.get(row.attempt_id) for row in people}
    known = [replace(m, points=points_of[m.order.split()[-1]]) for m in decided]
    only_decided = [m for m in known if m.points is not None]
    return fairness.what_if(
        (finished, only_decided), by, list(fits.values()), position.cut, beside, leave_small
    )


def _fits(
    session: Session, position: PositionRecord, attempt_ids: Sequence[int]
) -> dict[int, float]:
    """Attempt -> fit to the position in points, where it can be known."""
    standard = catalogue.framework(session).standard
    found = {}
    for attempt_id, drawn in estimates.kept(session, SCOPE, attempt_ids).items():
        abilities = {code: one.ability for code, one in drawn.items()}
        if (fit := role_fit(abilities, position.weights)) is not None:
            found[attempt_id] = points(fit.theta, standard)
    return found
