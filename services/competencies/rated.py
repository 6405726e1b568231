"""Evidence that people rated in a talk: kept beside what was measured and never mixed with it.

Its lines weigh nothing and name the revision of a guide, which is no question with a difficulty: so
no estimate, norm, calibration or count of answers ever meets them (a test holds that).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.competencies import Evidence

SOURCE = "interview"
HIGHEST = 5


@frozen
class Rating:
    """One question as one interviewer rated it. level: 1 to 5."""

    source_id: int
    competency: str
    guide_revision_id: int
    level: int
    rated_at: datetime


def record(session: Session, subject: str, ratings: Sequence[Rating], now: datetime) -> None:
    """Append ratings of a person; the caller sees to it that each is recorded once."""
    if not ratings:
        return
    session.execute(
        insert(Evidence),
        [
            {
                "subject": subject,
                "competency": rating.competency,
                "source_kind": SOURCE,
                "source_id": rating.source_id,
                "item_revision_id": rating.guide_revision_id,
                "rule_revision_id": rating.guide_revision_id,
                "mark": rating.level,
                "max_mark": HIGHEST,
                "weight": 0.0,
                "observed_at": rating.rated_at,
                "recorded_at": now,
            }
            for rating in ratings
        ],
    )


def ratings(session: Session, subject: str) -> tuple[Rating, ...]:
    """Everything that was rated of a person, oldest first."""
    rows = session.execute(
        select(
            Evidence.source_id,
            Evidence.competency,
            Evidence.item_revision_id,
            Evidence.mark,
            Evidence.observed_at,
        )
        .where(Evidence.subject == subject, Evidence.source_kind == SOURCE)
        .order_by(Evidence.id)
    )
    return tuple(Rating(*row) for row in rows)
