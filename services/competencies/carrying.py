"""Evidence that goes with a person from one record to another, because they said so.

Lines are copied and not moved: the old record ends when its time is over, the new one stays. A copy
names the line that it came from, and a second carrying adds nothing.
"""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.competencies import Evidence
from services.competencies.ledger import evidence

SOURCE = "carried"


def carry(session: Session, old: str, new: str, now: datetime) -> int:
    """Copy the measured lines that hold from one subject to another; how many."""
    lines = [line for line in evidence(session, old) if line.source_kind != SOURCE]
    known = set(
        session.scalars(
            select(Evidence.source_id).where(
                Evidence.source_kind == SOURCE,
                Evidence.source_id.in_([line.id for line in lines]),
            )
        )
    )
    rows = [
        {
            "subject": new,
            "competency": line.competency,
            "source_kind": SOURCE,
            "source_id": line.id,
            "item_revision_id": line.item_revision_id,
            "rule_revision_id": line.rule_revision_id,
            "mark": line.mark,
            "max_mark": line.max_mark,
            "weight": line.weight,
            "observed_at": line.observed_at,
            "recorded_at": now,
        }
        for line in lines
        if line.id not in known
    ]
    if rows:
        session.execute(insert(Evidence), rows)
    return len(rows)
