"""Norm groups: named, dated groups of people, and where somebody stands in one.

A group is a copy of estimates at one moment: it does not grow, and holds no name and no subject.
"""

from collections.abc import Mapping
from datetime import date, datetime
from statistics import quantiles

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.statistics.norms import LEAST_PEOPLE
from domain.assessment.statistics.norms import NormGroup as Group
from domain.competencies.framework import Standard
from domain.competencies.scale import points
from domain.records import frozen
from models.assessment import Attempt
from models.competencies import Estimate
from models.measuring import NormGroup
from services import journal
from services.actor import Actor
from services.assessment.reviews import ended_attempt
from services.assessment.scoring import ENDED, SCOPE
from services.competencies.estimates import kept_with_basis
from services.competencies.presenting import localised
from services.errors import Conflict, Invalid
from services.library import catalogue
from services.measuring import access

LONGEST_NAME = 120
PLACEMENT = "placement"
PURPOSES = (PLACEMENT, "hiring")


@frozen
class Source:
    """Sittings that a group can be made of: all placements, or those of one hiring form."""

    form_key: str
    attempts: int

    @property
    def is_placement(self) -> bool:
        return self.form_key == PLACEMENT


@frozen
class NormLine:
    """A group in one competency; quartiles in points."""

    competency: str
    people: int
    quartiles: tuple[float, float, float]


@frozen
class NormSet:
    """All that was defined under one name at one time."""

    name: str
    defined_at: datetime
    lines: tuple[NormLine, ...]


@frozen
class NormsPage:
    """What there is, newest first, and what a group can be made of."""

    sets: tuple[NormSet, ...]
    sources: tuple[Source, ...]
    least: int = LEAST_PEOPLE


@frozen
class Standing:
    """Where a number stands in a group. percentile: 0 to 100; None: read by criterion only.

    low, high: the percentiles one standard error to either side, where the error was given.
    """

    name: str
    as_of: date | None
    people: int
    percentile: float | None
    low: float | None = None
    high: float | None = None


@frozen
class StandingLine:
    """A practice with its place in a group."""

    code: str
    short: str
    standing: Standing


@frozen
class Compared:
    """The numbers of one attempt in the newest group of its form; as_of: None without a group."""

    name: str
    as_of: date | None
    lines: tuple[StandingLine, ...]
    least: int = LEAST_PEOPLE


def norms_page(session: Session, actor: Actor) -> NormsPage:
    """The page of norm groups; a constant number of statements."""
    access.trainer(actor)
    standard = catalogue.framework(session).standard
    rows = session.scalars(
        select(NormGroup).order_by(
            NormGroup.defined_at.desc(), NormGroup.name, NormGroup.competency
        )
    )
    sets: dict[str, list[NormGroup]] = {}
    for row in rows:
        sets.setdefault(row.name, []).append(row)
    return NormsPage(
        tuple(
            NormSet(name, own[0].defined_at, _lines(own, standard)) for name, own in sets.items()
        ),
        _sources(session),
    )


def _lines(rows: list[NormGroup], standard: Standard) -> tuple[NormLine, ...]:
    found = []
    for row in rows:
        low, middle, high = (points(theta, standard) for theta in quantiles(row.thetas, n=4))
        found.append(NormLine(row.competency, row.people, (low, middle, high)))
    return tuple(found)


def _sources(session: Session) -> tuple[Source, ...]:
    rows = session.execute(
        select(Attempt.form_key, func.count(Attempt.id))
        .where(Attempt.purpose.in_(PURPOSES), Attempt.state.in_(ENDED))
        .group_by(Attempt.form_key)
        .order_by(Attempt.form_key)
    )
    return tuple(Source(key, int(attempts)) for key, attempts in rows)


def define(session: Session, actor: Actor, name: str, form_key: str, now: datetime) -> list[str]:
    """Make a group of everybody's newest sitting of a form; the competencies that it covers.

    Raises Invalid for a name that is empty or too long, or where no competency has LEAST_PEOPLE;
    Conflict for a name that is taken.
    """
    access.trainer(actor)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(fields={"name": "Give the group a name of up to 120 characters."})
    if session.scalar(select(NormGroup.id).where(NormGroup.name == name).limit(1)) is not None:
        raise Conflict("A norm group of this name exists already.")
    found = {
        code: sorted(thetas.values())
        for code, thetas in _thetas(session, form_key).items()
        if len(thetas) >= LEAST_PEOPLE
    }
    if not found:
        raise Invalid(fields={"form_key": "No practice has 100 people yet."})
    rows = [
        {
            "name": name,
            "competency": code,
            "people": len(thetas),
            "thetas": thetas,
            "form_key": form_key,
            "defined_by": actor.person_id,
            "defined_at": now,
        }
        for code, thetas in sorted(found.items())
    ]
    session.execute(insert(NormGroup), rows)
    first = session.scalar(select(func.min(NormGroup.id)).where(NormGroup.name == name)) or 0
    codes = sorted(found)
    journal.append(
        session, actor, "norms.defined", "norm_group", first, now,
        form=form_key, practices=",".join(codes),
    )  # fmt: skip
    return codes


def _thetas(session: Session, form_key: str) -> dict[str, dict[str, float]]:
    """Competency -> subject -> their number from their newest sitting of the form."""
    rows = session.execute(
        select(Estimate.competency, Estimate.subject, Estimate.theta)
        .join(Attempt, Attempt.id == Estimate.scope_id)
        .where(
            Estimate.scope_kind == SCOPE,
            Estimate.observations > 0,
            Attempt.form_key == form_key,
            Attempt.purpose.in_(PURPOSES),
            Attempt.state.in_(ENDED),
        )
        .order_by(Estimate.as_of, Estimate.id)
    )
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        found.setdefault(row.competency, {})[row.subject] = row.theta
    return found


def standings(
    session: Session,
    name: str,
    thetas: Mapping[str, float],
    errors: Mapping[str, float] | None = None,
) -> dict[str, Standing]:
    """Where numbers stand in the group of that name. One statement; loads nothing heavy.

    name: of a group (`names`, or `newest_name` of the form that was sat); thetas, errors:
    competency -> the estimate and its standard error in logits, as `estimates.kept_with_basis`
    gives them. The answer has a line for each of `thetas`. Without such a group, or in one of fewer
    than LEAST_PEOPLE, a number is read by criterion only: its percentile is None. To be shown with
    the group's name, size and day: "above 62 % of the 214 people of ..., 3 March 2026".
    """
    rows = session.scalars(
        select(NormGroup).where(NormGroup.name == name, NormGroup.competency.in_(list(thetas)))
    )
    groups = {
        row.competency: Group(row.name, row.defined_at.date(), tuple(row.thetas)) for row in rows
    }
    return {
        code: _standing(name, groups.get(code), theta, (errors or {}).get(code))
        for code, theta in thetas.items()
    }


def _standing(name: str, group: Group | None, theta: float, error: float | None) -> Standing:
    if group is None:
        return Standing(name, None, 0, None)
    low = high = None
    if error is not None:
        low, high = group.percentile(theta - error), group.percentile(theta + error)
    people = len(group.scores)
    return Standing(name, group.as_of, people, group.percentile(theta), low, high)


def newest_name(session: Session, form_key: str) -> str:
    """The newest group made of people who sat this form; "" where there is none."""
    found = session.scalar(
        select(NormGroup.name)
        .where(NormGroup.form_key == form_key)
        .order_by(NormGroup.defined_at.desc(), NormGroup.id.desc())
        .limit(1)
    )
    return found or ""


def compared(session: Session, actor: Actor, attempt_id: int, lang: str) -> Compared:
    """The actor's own ended attempt beside the newest group of its form; raises NotFound."""
    attempt, _ = ended_attempt(session, actor, attempt_id)
    framework = catalogue.framework(session)
    kept = kept_with_basis(session, SCOPE, [attempt_id]).get(attempt_id)
    found = kept.estimates if kept else {}
    name = newest_name(session, attempt.form_key)
    thetas = {code: one.ability.theta for code, one in found.items()}
    errors = {code: one.ability.se for code, one in found.items()}
    stand = standings(session, name, thetas, errors) if name else {}
    return Compared(
        name,
        max((one.as_of for one in stand.values() if one.as_of), default=None),
        tuple(
            StandingLine(practice.code, localised(practice.short, lang), stand[practice.code])
            for practice in framework.practices
            if practice.code in stand
        ),
    )


def names(session: Session) -> list[str]:
    """The names of all groups, newest first, for whoever chooses one to compare with."""
    rows = session.execute(
        select(NormGroup.name, func.max(NormGroup.defined_at).label("at"))
        .group_by(NormGroup.name)
        .order_by(func.max(NormGroup.defined_at).desc(), NormGroup.name)
    )
    return [row.name for row in rows]
