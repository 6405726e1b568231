"""What became of the questions of an attempt that its person contested, or that were corrected."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText
from models.assessment import AttemptItem
from models.competencies import Evidence
from models.marking import Contest, KeyFix
from services.assessment.keys import Fix, fixes
from services.assessment.scoring import SOURCE


@frozen
class Contested:
    """A question that a person contested. state: open, upheld or dismissed.

    answer: what was said to it; None until it is decided.
    """

    state: str
    opened_at: datetime
    answer: str | None


@frozen
class Correction:
    """A question that changed a number afterwards: its key was wrong, or it was struck out."""

    position: int
    struck: bool
    at: datetime


def contests_of(session: Session, attempt_id: int) -> dict[int, Contested]:
    """Position -> what became of its contest; the caller has guarded the attempt."""
    rows = session.execute(
        select(Contest.position, Contest.state, Contest.opened_at, FreeText.body)
        .outerjoin(FreeText, FreeText.id == Contest.answer_id)
        .where(Contest.attempt_id == attempt_id)
    )
    return {row.position: Contested(row.state, row.opened_at, row.body) for row in rows}


def corrections(session: Session, attempt_id: int) -> tuple[Correction, ...]:
    """The corrections that moved a number of an attempt; one statement where there is none."""
    rows = session.execute(
        select(AttemptItem.id, AttemptItem.position, AttemptItem.revision_id)
        .join(KeyFix, KeyFix.revision_id == AttemptItem.revision_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    if not rows:
        return ()
    fixed = fixes(session, {row.revision_id for row in rows})
    moved = _moved(session, {row.id: fixed[row.revision_id] for row in rows})
    return tuple(
        Correction(row.position, fixed[row.revision_id].struck, fixed[row.revision_id].at)
        for row in rows
        if row.id in moved
    )


def _moved(session: Session, fixed: Mapping[int, Fix]) -> set[int]:
    """The sources whose lines count otherwise than they did at first."""
    rows = session.execute(
        select(
            Evidence.source_id,
            Evidence.competency,
            Evidence.mark,
            Evidence.max_mark,
            Evidence.weight,
        )
        .where(Evidence.source_kind == SOURCE, Evidence.source_id.in_(list(fixed)))
        .order_by(Evidence.id)
    )
    first: dict[tuple[int, str], object] = {}
    newest: dict[tuple[int, str], object] = {}
    for source_id, code, *line in rows:
        counted = tuple(line) if line[-1] else None
        first.setdefault((source_id, code), counted)
        newest[source_id, code] = counted
    return {source[0] for source, counted in newest.items() if counted != first[source]}
