"""Numbers drawn from the ledger, and the numbers that were shown.

A number is a function of what stands beside it: the standard, the calibration, the last line of the
ledger that it has seen, and the moment as of which it was drawn.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.competencies.scale import Ability, aged, provisional
from domain.records import frozen
from models.competencies import CODES, Estimate, newest_estimates
from services.competencies.ledger import EvidenceLine
from services.library.catalogue import Framework

MONTH = timedelta(days=365.25 / 12)


@frozen
class Estimated:
    """One competency in logits. observations: the lines that counted."""

    code: str
    theta: float
    se: float
    observations: int
    provisional: bool

    @property
    def ability(self) -> Ability:
        return Ability(self.theta, self.se, self.observations)


@frozen
class Kept:
    """The numbers that were shown for one scope, with what they were drawn from."""

    estimates: dict[str, Estimated]
    standard_id: int
    calibration_id: int
    ledger_id: int
    as_of: datetime

    @property
    def drawing(self) -> tuple[int, int, int]:
        return self.standard_id, self.calibration_id, self.ledger_id


def draw(
    lines: Iterable[EvidenceLine], framework: Framework, as_of: datetime
) -> dict[str, Estimated]:
    """Estimate every competency that has a counted line. Pure, and blind to the order of the lines.

    A number that rests on an author's difficulty is provisional, and its error widened; then it is
    aged from the middle of its evidence to `as_of`. Lines observed after `as_of` do not count.
    """
    by_code: dict[str, list[EvidenceLine]] = {}
    for line in lines:
        if line.weight > 0 and line.observed_at <= as_of:
            by_code.setdefault(line.competency, []).append(line)
    return {
        code: _estimate(code, sorted(found, key=lambda line: line.id), framework, as_of)
        for code, found in sorted(by_code.items())
    }


def _estimate(
    code: str, lines: list[EvidenceLine], framework: Framework, as_of: datetime
) -> Estimated:
    standard = framework.standard
    seen = [Observation(model_of(line, framework), line.mark, line.weight) for line in lines]
    known = all(calibrated(line, framework) for line in lines)
    # A fresh answer does not make the old ones fresh: the age is the weighted mean, not the newest.
    age = sum(line.weight * ((as_of - line.observed_at) / MONTH) for line in lines)
    months = age / sum(line.weight for line in lines)
    ability = estimate_ability(seen)
    found = aged(ability if known else provisional(ability, standard), months, standard)
    return Estimated(code, found.theta, found.se, found.n, provisional=not known)


def nothing(code: str) -> Estimated:
    """What is kept where numbers were shown and no answer counts any more: read as no number."""
    return Estimated(code, 0.0, 1.0, 0, provisional=True)


def calibrated(line: EvidenceLine, framework: Framework) -> ItemModel | None:
    """The calibrated model of a line's item, where it has one that fits its marks."""
    model = framework.models.get((line.item_revision_id, line.competency))
    return model if model and model.max_mark == line.max_mark else None


def model_of(line: EvidenceLine, framework: Framework) -> ItemModel:
    """The model of a line's item; its author's difficulty and the standard's slope until then."""
    if model := calibrated(line, framework):
        return model
    standard = framework.standard
    b = standard.b_of_difficulty[line.difficulty - 1]
    thresholds = spread_thresholds(b, line.max_mark, standard.threshold_spread)
    return ItemModel(standard.discrimination, thresholds)


def keep(
    session: Session,
    subject: str,
    scope_kind: str,
    scope_id: int,
    estimates: Mapping[str, Estimated],
    framework: Framework,
    ledger_id: int,
    as_of: datetime,
) -> None:
    """Keep the numbers of one scope as shown; a repeat from the same evidence changes nothing.

    ledger_id: the last line that the numbers have seen, see `ledger.head`.
    """
    held = set(
        session.scalars(
            select(Estimate.competency).where(
                Estimate.scope_kind == scope_kind,
                Estimate.scope_id == scope_id,
                Estimate.standard_revision_id == framework.standard_id,
                Estimate.calibration_id == framework.calibration_id,
                Estimate.ledger_id == ledger_id,
            )
        )
    )
    rows = [
        {
            "subject": subject,
            "scope_kind": scope_kind,
            "scope_id": scope_id,
            "competency": code,
            "theta": found.theta,
            "se": found.se,
            "observations": found.observations,
            "provisional": found.provisional,
            "standard_revision_id": framework.standard_id,
            "calibration_id": framework.calibration_id,
            "ledger_id": ledger_id,
            "as_of": as_of,
        }
        for code, found in estimates.items()
        if code not in held
    ]
    if rows:
        # First: on PostgreSQL two drawings of one scope wait for each other here.
        keep_newest(session, scope_kind, {scope_id: estimates})
        session.execute(insert(Estimate), rows)


def keep_newest(
    session: Session, scope_kind: str, scopes: Mapping[int, Mapping[str, Estimated]]
) -> None:
    """Write the row of each scope in `newest_estimates`: what lists are sifted by."""
    rows: list[dict[str, object]] = []
    for scope_id, estimates in scopes.items():
        row: dict[str, object] = {"scope_kind": scope_kind, "scope_id": scope_id}
        for code in CODES:
            found = estimates.get(code)
            known = found if found and found.observations else None
            row[f"theta_{code.lower()}"] = known.theta if known else None
            row[f"se_{code.lower()}"] = known.se if known else None
        rows.append(row)
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(newest_estimates)
    figures = [column.name for column in newest_estimates.columns if not column.primary_key]
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["scope_kind", "scope_id"],
            set_={name: statement.excluded[name] for name in figures},
        ),
        rows,
    )


def kept(
    session: Session, scope_kind: str, scope_ids: Iterable[int]
) -> dict[int, dict[str, Estimated]]:
    """The newest kept numbers per scope, in one statement; a scope without any is absent."""
    found = kept_with_basis(session, scope_kind, scope_ids)
    return {scope_id: record.estimates for scope_id, record in found.items()}


_KEPT = (
    select(
        Estimate.scope_id,
        Estimate.standard_revision_id,
        Estimate.calibration_id,
        Estimate.ledger_id,
        Estimate.as_of,
        Estimate.competency,
        Estimate.theta,
        Estimate.se,
        Estimate.observations,
        Estimate.provisional,
    )
    .where(
        Estimate.scope_kind == bindparam("scope_kind"),
        Estimate.scope_id.in_(bindparam("scope_ids", expanding=True)),
    )
    .order_by(Estimate.id)
)


def kept_with_basis(session: Session, scope_kind: str, scope_ids: Iterable[int]) -> dict[int, Kept]:
    """The same with standard, ledger line and moment; those of the newest row of each scope."""
    rows = session.execute(_KEPT, {"scope_kind": scope_kind, "scope_ids": list(scope_ids)})
    found: dict[int, Kept] = {}
    for row in rows:
        before = found.get(row.scope_id)
        drawing = (row.standard_revision_id, row.calibration_id, row.ledger_id)
        if before is None or before.drawing != drawing:
            # Rows of one drawing are written together: a new drawing replaces the one before.
            found[row.scope_id] = before = Kept({}, *drawing, row.as_of)
        if row.observations:
            before.estimates[row.competency] = Estimated(
                row.competency, row.theta, row.se, row.observations, row.provisional
            )
    return found
