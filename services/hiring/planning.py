"""How the assessment of a position may be put together.

An adaptive test asks each person other questions. With few calibrated ones it asks almost the same
of everybody and claims an order that nobody has measured, so a position may choose it only where
every practice that it weighs has a bank that is large enough.
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.library import ItemFacts, Published
from services.assessment.adaptive import HIRING_NEEDS
from services.library import catalogue

FORM, ADAPTIVE = "form", "adaptive"


def calibrated(session: Session) -> dict[str, int]:
    """Practice -> how many secure questions are published and calibrated in the live run."""
    models = catalogue.framework(session).models
    rows = session.execute(
        select(ItemFacts.revision_id, ItemFacts.competency)
        .join(Published, Published.revision_id == ItemFacts.revision_id)
        .where(ItemFacts.pool == "secure", Published.retired_at.is_(None))
    )
    return Counter(code for revision_id, code in rows if (revision_id, code) in models)


def too_few(session: Session, weights: Mapping[str, int]) -> dict[str, int]:
    """Practices that weigh something and have fewer calibrated questions than an adaptive test
    needs, each with the number that it has."""
    known = calibrated(session)
    return {
        code: known.get(code, 0)
        for code, weight in sorted(weights.items())
        if weight > 0 and known.get(code, 0) < HIRING_NEEDS
    }
