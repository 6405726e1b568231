"""The newest figures about items and forms, as a job kept them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.measuring import Statistic


@frozen
class Figures:
    """What was worked out about one item or form; data: see services/measuring/statistics.py."""

    key: str
    answers: int
    data: Mapping[str, Any]
    computed_at: datetime


def figures(session: Session, kind: str, keys: Collection[str] | None = None) -> dict[str, Figures]:
    """Key -> its newest figures; of those keys, or of all; one statement."""
    newest = select(func.max(Statistic.id)).where(Statistic.kind == kind).group_by(Statistic.key)
    if keys is not None:
        newest = newest.where(Statistic.key.in_(keys))
    rows = session.execute(
        select(Statistic.key, Statistic.answers, Statistic.data, Statistic.computed_at)
        .where(Statistic.id.in_(newest))
        .order_by(Statistic.key)
    )
    return {row.key: Figures(*row) for row in rows}
