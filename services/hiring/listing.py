"""The candidates of a position as a table: one page by keyset, quick for ten thousand.

A page begins after (or ends before) the application that the address names: its number alone, so
that no name stands in an address. The same statements for one candidate as for all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_
from sqlalchemy.orm import Session

from domain.hiring.applications import Stage, stage
from domain.hiring.pipeline import Column, Filters, column
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.base import UtcDateTime
from models.hiring import Application, Invitation
from models.selection import Candidacy
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.competencies.estimates import Estimated
from services.competencies.presenting import RoleFit, fit_for
from services.hiring import naming
from services.hiring.access import APPLICATION, ApplicationRecord, PositionRecord
from services.hiring.entering import facts_of
from services.hiring.naming import Reader
from services.hiring.narrowing import NUMBER, ORDER, conditions, counted, sifted
from services.hiring.positions import gates_of
from services.library.catalogue import Framework

PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINES = APPLICATION.outerjoin(Candidacy, Candidacy.application_id == Application.id)
MORE = (Candidacy.review_at, Candidacy.outcome, Invitation.refused_at)


@frozen
class CandidateLine:
    """A candidate in a list. deadline: the day the invitation or the running attempt ends.

    fit: to the position's profile, None before there is a result. decision: the newest outcome
    that holds; bounced: the address was refused at delivery.
    """

    application_id: int
    name: str
    email: str | None
    stage: Stage
    column: Column
    deadline: datetime | None
    ended_at: datetime | None
    fit: RoleFit | None
    decision: str | None
    bounced: bool


@frozen
class Slice:
    """One page of a list. before, after: applications where the neighbouring pages end."""

    lines: tuple[CandidateLine, ...]
    before: int | None
    after: int | None


@frozen
class Key:
    """What a list is ordered by, besides the number of the application."""

    value: ColumnElement[Any]
    rising: bool


KEYS: Mapping[str, Key] = {
    "newest": Key(literal(0), rising=False),
    "name": Key(func.lower(Person.name), rising=True),
    "finished": Key(func.coalesce(Attempt.ended_at, literal(EPOCH, UtcDateTime)), rising=False),
    "deadline": Key(Invitation.expires_at.expression, rising=True),
}


@frozen
class Asking:
    """What every list of one request needs: of what, for whom, in which language, when."""

    position: PositionRecord
    how: Reader
    framework: Framework
    lang: str
    now: datetime


def allowed(filters: Filters, how: Reader) -> Filters:
    """Filters as a reader may use them: no search and no order by names that are hidden."""
    if how.searchable:
        return filters
    sort = "newest" if filters.sort == "name" else filters.sort
    return replace(filters, search="", sort=sort)


def page_of(
    session: Session,
    filters: Filters,
    asking: Asking,
    after: int | None = None,
    before: int | None = None,
) -> Slice:
    """A page of the list after, or before, an application; from the start without either."""
    key = KEYS[filters.sort]
    wanted = conditions(filters, asking.position, asking.framework, asking.now)
    pivot, back = (before, True) if before is not None else (after, False)
    if pivot is not None:
        at = session.scalar(sifted([key.value], [Application.id == pivot]))
        if at is not None:
            wanted.append(_beyond(key, at, pivot, back=back))
    by = [key.value, NUMBER] if filters.sort != "newest" else [NUMBER]
    order = [each.asc() if key.rising != back else each.desc() for each in by]
    here = sifted([NUMBER], wanted, order).limit(PAGE + 1)
    # First who stands on the page, then their lines: nobody else's are put in order.
    rows = session.execute(
        LINES.add_columns(*MORE).where(Application.id.in_(here)).order_by(*order)
    ).all()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    lines = lines_of(session, rows[::-1] if back else rows, asking)
    if not lines:
        return Slice((), None, None)
    first, last = lines[0].application_id, lines[-1].application_id
    if back:
        return Slice(lines, first if more else None, last)
    return Slice(lines, first if pivot is not None else None, last if more else None)


def _beyond(key: Key, at: object, pivot: int, *, back: bool) -> ColumnElement[bool]:
    """What stands after (or before) an application in the order of the list."""
    if key is KEYS["newest"]:
        return Application.id > pivot if back else Application.id < pivot
    if key.rising != back:
        further, next_id = key.value > at, Application.id > pivot
    else:
        further, next_id = key.value < at, Application.id < pivot
    return or_(further, and_(key.value == at, next_id))


def counts(session: Session, filters: Filters, asking: Asking) -> dict[Column, int]:
    """How many applications each column holds; one statement, columns without any are 0."""
    wanted = conditions(filters, asking.position, asking.framework, asking.now)
    total, *upto = session.execute(sifted(counted(asking.now), wanted)).one()
    found = {
        each: here - before for each, here, before in zip(ORDER, upto, [0, *upto], strict=False)
    }
    return {each: found.get(each, total - upto[-1]) for each in Column}


def newest(session: Session, ids: Iterable[int], asking: Asking) -> tuple[CandidateLine, ...]:
    """The lines of some applications, the newest first; two statements."""
    rows = session.execute(
        LINES.add_columns(*MORE).where(Application.id.in_(ids)).order_by(Application.id.desc())
    ).all()
    return lines_of(session, rows, asking)


def lines_of(session: Session, rows: Sequence[object], asking: Asking) -> tuple[CandidateLine, ...]:
    """Rows of LINES and MORE as lines, with the fit of those that have ended; one statement."""
    found = [(ApplicationRecord(*row[: -len(MORE)]), row[-len(MORE) :]) for row in rows]  # type: ignore[index]
    ended = [record.attempt_id for record, _ in found if record.ended]
    shown = estimates.kept(session, SCOPE, ended)
    return tuple(
        _line(record, tuple(more), shown.get(record.attempt_id), asking) for record, more in found
    )


def planned_end(record: ApplicationRecord) -> datetime | None:
    """When a running attempt ends by the position's limit: extra time is nobody's business."""
    if record.started_at is None or record.limit_s is None:
        return record.deadline
    return record.started_at + timedelta(seconds=record.limit_s)


def _line(
    record: ApplicationRecord,
    more: tuple[datetime | None, str | None, datetime | None],
    drawn: Mapping[str, Estimated] | None,
    asking: Asking,
) -> CandidateLine:
    review_at, outcome, refused_at = more
    record = naming.shown(record, asking.how, asking.lang)
    where = stage(facts_of(record), asking.now)
    position = asking.position
    fit = None
    if drawn and record.ended:
        gates = gates_of(position)
        fit = fit_for(position.weights, gates, drawn, asking.framework, asking.lang)
    return CandidateLine(
        record.id,
        record.name,
        record.email,
        where,
        column(where, review_at is not None, outcome),
        planned_end(record) if where is Stage.STARTED else record.expires_at,
        record.ended_at,
        fit,
        outcome,
        refused_at is not None,
    )
