"""Filters of a list as conditions in SQL: ten thousand are not loaded to show ten."""

import functools
import operator
from collections.abc import Sequence
from datetime import datetime
from statistics import NormalDist
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Column as TableColumn
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement

from domain.assessment.attempts import GRACE
from domain.competencies.framework import Gate, Standard
from domain.hiring.pipeline import Column, Filters
from models.accounts import Erasure, Person
from models.assessment import Attempt
from models.competencies import CODES, newest_estimates
from models.hiring import Application, Invitation
from models.selection import Candidacy
from services.assessment.scoring import SCOPE
from services.hiring.access import PositionRecord
from services.hiring.positions import gates_of
from services.library.catalogue import Framework

Condition = ColumnElement[bool]
NUMBER: ColumnElement[int] = Application.id.expression
# The columns in the order in which an application is asked; where all say no it is the last.
ORDER = (Column.DECISION, Column.INVITED, Column.STARTED, Column.REVIEW)
LAST = Column.FINISHED
# What stands beside an application, and how it is found; some applications have no candidacy.
BESIDE: tuple[tuple[Any, Condition, bool], ...] = (
    (Attempt.__table__, Attempt.id == Application.attempt_id, False),
    (Invitation.__table__, Invitation.application_id == Application.id, False),
    (Person.__table__, Person.id == Application.person_id, False),
    (
        newest_estimates,
        and_(
            newest_estimates.c.scope_kind == SCOPE,
            newest_estimates.c.scope_id == Application.attempt_id,
        ),
        False,
    ),
    (Candidacy.__table__, Candidacy.application_id == Application.id, True),
)


def sifted(
    columns: Sequence[ColumnElement[Any]],
    wanted: Sequence[Condition],
    order: Sequence[ColumnElement[Any]] = (),
) -> Select[*tuple[Any, ...]]:
    """Columns of the applications that are wanted, joined with what is named and no more.

    A join that nobody asks anything of is a look-up for each of ten thousand.
    """
    named = {
        part.table.name
        for clause in (*columns, *wanted, *order)
        for part in visitors.iterate(clause)
        if isinstance(part, TableColumn)
    }
    statement: Select[*tuple[Any, ...]] = select(*columns).select_from(Application)
    for table, found_by, outer in BESIDE:
        if table.name in named:
            statement = statement.join(table, found_by, isouter=outer)
    return statement.where(*wanted).order_by(*order)


class Holds(FunctionElement[bool]):
    """A column holds a text, small letters or large."""

    inherit_cache = True
    type = Boolean()


@compiles(Holds)
def _found(element: Holds, compiler: Any, **options: Any) -> str:
    # PostgreSQL takes LIKE '%...%' for rare, and would look up each of ten thousand singly.
    column, text = (compiler.process(part, **options) for part in element.clauses)
    return f"(strpos(lower({column}), lower({text})) > 0)"


@compiles(Holds, "sqlite")
def _folded(element: Holds, compiler: Any, **options: Any) -> str:
    # LIKE folds there exactly what lower() does, which would copy each of ten thousand names.
    column, text = (compiler.process(part, **options) for part in element.clauses)
    for mark in "/%_":
        text = f"replace({text}, '{mark}', '/{mark}')"
    return f"({column} LIKE '%' || {text} || '%' ESCAPE '/')"


def column_of(now: datetime) -> ColumnElement[str]:
    """The column of the board, as domain/hiring/pipeline.py has it."""
    asked = (literal(each.value) for each in ORDER)
    return case(*zip(_questions(now), asked, strict=True), else_=literal(LAST.value))


def stands_in(column: Column, now: datetime) -> Condition:
    """Whether an application stands in a column; databases guess better at this than at a CASE."""
    questions = _questions(now)
    place = ORDER.index(column) if column in ORDER else len(ORDER)
    return and_(*(not_(question) for question in questions[:place]), *questions[place : place + 1])


def counted(now: datetime) -> list[ColumnElement[int]]:
    """How many there are, and of them how many stand in the first of ORDER, in the first two, on.

    Sums of one pass: to put ten thousand in groups would sort them first.
    """
    questions = _questions(now)
    upto = [func.count().filter(or_(*questions[: n + 1])) for n in range(len(questions))]
    return [func.count(), *upto]


def _questions(now: datetime) -> list[Condition]:
    """Whether an application stands in each of ORDER, where it stands in none before."""
    return [
        Candidacy.outcome.is_not(None),
        Attempt.started_at.is_(None),
        _running(now),
        Candidacy.review_at.is_not(None),
    ]


def _running(now: datetime) -> Condition:
    in_time = or_(Attempt.deadline.is_(None), Attempt.deadline >= now - GRACE)
    return and_(Attempt.started_at.is_not(None), Attempt.state == "running", in_time)


def conditions(
    filters: Filters, position: PositionRecord, framework: Framework, now: datetime
) -> list[Condition]:
    """What an application of a position must be like."""
    gone = select(Erasure.person_id).where(Erasure.done_at.is_not(None))
    found: list[Condition] = [
        Application.position_id == position.id,
        Application.person_id.not_in(gone),  # of them only figures are left
    ]
    if filters.column:
        found.append(stands_in(Column(filters.column), now))
    if filters.invitation:
        found.append(_invitation(filters.invitation, now))
    if filters.outcome:
        found.append(Candidacy.outcome == filters.outcome)
    if filters.lang:
        found.append(Person.locale == filters.lang)
    if filters.bounced:
        found.append(Invitation.refused_at.is_not(None))
    if filters.search:
        found.append(or_(*(Holds(of, filters.search) for of in (Person.name, Person.email))))
    if filters.fit is not None:
        found.append(_reaches(filters.fit, position, framework.standard))
    if filters.gate:
        found.append(_reads(filters.gate, gates_of(position), framework.standard))
    return found


def _invitation(word: str, now: datetime) -> Condition:
    """What became of an invitation that has started nothing; see domain/hiring/applications.py."""
    unused = Attempt.started_at.is_(None)
    revoked = Invitation.revoked_at.is_not(None)
    over = or_(Invitation.expires_at <= now, Attempt.state == "expired")
    waits = and_(unused, not_(revoked), not_(over))
    return {
        "open": and_(waits, Application.consented_at.is_(None)),
        "opened": and_(waits, Application.consented_at.is_not(None)),
        "expired": and_(unused, not_(revoked), over),
        "revoked": and_(unused, revoked),
    }.get(word, false())


def _figure(figure: str, code: str) -> ColumnElement[float]:
    """A number that holds of an attempt, as far as that is measured: theta or se of a practice."""
    found: ColumnElement[float] = newest_estimates.c[f"{figure}_{code.lower()}"]
    return found


def _reaches(points: int, position: PositionRecord, standard: Standard) -> Condition:
    """Whether the 95 % band of the fit reaches the points: who is nearer than the error stays in.

    NULL, which is not reached, while a practice that has a weight is not measured. The square of
    the difference is held against the variance: SQLite may have no square root.
    """
    total = sum(position.weights.values())
    shares = {code: weight / total for code, weight in position.weights.items() if weight > 0}
    wanted = (points - standard.centre) / standard.per_logit
    fit = _sum([share * _figure("theta", code) for code, share in shares.items()])
    variance = _sum(
        [
            share * share * _figure("se", code) * _figure("se", code)
            for code, share in shares.items()
        ]
    )
    near = (fit - wanted) * (fit - wanted) <= standard.critical_z**2 * variance
    return or_(fit >= wanted, near)


def _sum(terms: Sequence[ColumnElement[float]]) -> ColumnElement[float]:
    return functools.reduce(operator.add, terms)


def _reads(word: str, gates: Sequence[Gate], standard: Standard) -> Condition:
    """The gates together: met when all are, not met when one is not, else not yet known.

    Without a result they are not read at all.
    """
    measured = func.coalesce(*(_figure("theta", code) for code in CODES)).is_not(None)
    met = and_(measured, *(_beyond(gate, standard, standard.gate_met) >= 0 for gate in gates))
    missed = or_(false(), *(_beyond(gate, standard, standard.gate_not_met) <= 0 for gate in gates))
    return {
        "met": met,
        "not met": missed,
        "not yet known": and_(
            measured, not_(func.coalesce(met, false())), not_(func.coalesce(missed, false()))
        ),
    }[word]


def _beyond(gate: Gate, standard: Standard, chance: float) -> ColumnElement[float]:
    """How far an estimate is beyond where its gate's level is reached with that chance."""
    z = NormalDist().inv_cdf(chance)
    theta, se = _figure("theta", gate.competency), _figure("se", gate.competency)
    return theta - standard.cuts[gate.level - 2] - z * se
