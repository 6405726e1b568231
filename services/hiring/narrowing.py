"""Filters of a list as conditions in SQL: ten thousand are not loaded to show ten."""

from datetime import datetime
from statistics import NormalDist

from sqlalchemy import ColumnElement, and_, case, false, func, literal, not_, or_, select
from sqlalchemy.sql.selectable import Select

from domain.assessment.attempts import GRACE
from domain.competencies.framework import Gate, Standard
from domain.hiring.pipeline import Column, Filters
from models.accounts import Erasure, Person
from models.assessment import Attempt
from models.competencies import Estimate
from models.hiring import Application, Invitation
from models.selection import Candidacy
from services.assessment.scoring import SCOPE
from services.hiring.access import PositionRecord
from services.hiring.positions import gates_of
from services.library.catalogue import Framework

Condition = ColumnElement[bool]
decided: Condition = Candidacy.outcome.is_not(None)


def column_of(now: datetime) -> ColumnElement[str]:
    """The column of the board, as domain/hiring/pipeline.py has it.

    Needs `application` with its attempt, and `candidacy` by an outer join.
    """
    return case(
        (decided, literal(Column.DECISION.value)),
        (Attempt.started_at.is_(None), literal(Column.INVITED.value)),
        (_running(now), literal(Column.STARTED.value)),
        (Candidacy.review_at.is_not(None), literal(Column.REVIEW.value)),
        else_=literal(Column.FINISHED.value),
    )


def _running(now: datetime) -> Condition:
    in_time = or_(Attempt.deadline.is_(None), Attempt.deadline >= now - GRACE)
    return and_(Attempt.started_at.is_not(None), Attempt.state == "running", in_time)


def conditions(
    filters: Filters, position: PositionRecord, framework: Framework, now: datetime
) -> list[Condition]:
    """What an application of a position must be like. Needs the joins of `listing.JOINED`."""
    gone = select(Erasure.person_id).where(Erasure.done_at.is_not(None))
    found: list[Condition] = [
        Application.position_id == position.id,
        Application.person_id.not_in(gone),  # of them only figures are left
    ]
    if filters.column:
        found.append(column_of(now) == filters.column)
    if filters.invitation:
        found.append(_invitation(filters.invitation, now))
    if filters.outcome:
        found.append(Candidacy.outcome == filters.outcome)
    if filters.lang:
        found.append(Person.locale == filters.lang)
    if filters.bounced:
        found.append(Invitation.refused_at.is_not(None))
    if filters.search:
        named = Person.name.icontains(filters.search, autoescape=True)
        found.append(or_(named, Person.email.icontains(filters.search, autoescape=True)))
    if filters.figures:
        found.append(Application.attempt_id.in_(_by_figures(filters, position, framework)))
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


def _by_figures(filters: Filters, position: PositionRecord, framework: Framework) -> Select[int]:
    """The attempts of a position whose newest kept numbers reach a fit and read so at the gates."""
    newest = (
        select(func.max(Estimate.id).label("id"))
        .join(Application, Application.attempt_id == Estimate.scope_id)
        .where(Estimate.scope_kind == SCOPE, Application.position_id == position.id)
        .group_by(Estimate.scope_id)
        .subquery()
    )
    last = select(Estimate).join(newest, newest.c.id == Estimate.id).subquery()
    of_one_drawing = and_(
        Estimate.scope_kind == last.c.scope_kind,
        Estimate.scope_id == last.c.scope_id,
        Estimate.standard_revision_id == last.c.standard_revision_id,
        Estimate.calibration_id == last.c.calibration_id,
        Estimate.ledger_id == last.c.ledger_id,
    )
    kept = (
        select(Estimate.scope_id)
        .join(last, of_one_drawing)
        .where(Estimate.observations > 0)
        .group_by(Estimate.scope_id)
    )
    if filters.fit is not None:
        kept = kept.having(_reaches(filters.fit, position, framework.standard))
    if filters.gate:
        kept = kept.having(_reads(filters.gate, gates_of(position), framework.standard))
    return kept


def _reaches(points: int, position: PositionRecord, standard: Standard) -> Condition:
    """Whether the 95 % band of the fit reaches the points: who is nearer than the error stays in.

    The square of the difference is held against the variance: SQLite may have no square root.
    """
    shares = {code: weight for code, weight in position.weights.items() if weight > 0}
    total = sum(shares.values())
    share = case(
        *((Estimate.competency == code, weight / total) for code, weight in shares.items()),
        else_=0.0,
    )
    wanted = (points - standard.centre) / standard.per_logit
    difference = func.sum(share * Estimate.theta) - wanted
    variance = func.sum(share * share * Estimate.se * Estimate.se)
    measured = func.sum(case((Estimate.competency.in_(shares), 1), else_=0)) == len(shares)
    near = difference * difference <= standard.critical_z**2 * variance
    return and_(measured, or_(difference >= 0, near))


def _reads(word: str, gates: tuple[Gate, ...], standard: Standard) -> Condition:
    """The gates together: met when all are, not met when one is not, else not yet known."""
    if not gates:
        return literal(word == "met") == literal(True)  # a value, not a switch
    met = func.sum(_sum_of(gates, standard, standard.gate_met, above=True))
    missed = func.sum(_sum_of(gates, standard, standard.gate_not_met, above=False))
    if word == "met":
        return met == len(gates)
    return missed > 0 if word == "not met" else and_(missed == 0, met < len(gates))


def _sum_of(
    gates: tuple[Gate, ...], standard: Standard, chance: float, *, above: bool
) -> ColumnElement[int]:
    """1 for an estimate whose chance of reaching its gate's level is on that side of `chance`."""
    z = NormalDist().inv_cdf(chance)
    hits = []
    for gate in gates:
        beyond = Estimate.theta - standard.cuts[gate.level - 2] - z * Estimate.se
        side = beyond >= 0 if above else beyond <= 0
        hits.append((and_(Estimate.competency == gate.competency, side), 1))
    return case(*hits, else_=0)
