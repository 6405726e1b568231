"""What is kept about a person's abilities: given out to them, and cut off from them for good.

Evidence and estimates stay, for the statistics that rest on them, under a new random subject that
no list, backup or export of before knows. What people said of themselves goes.
"""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.accounts import Person
from models.competencies import Estimate, Evidence, SelfRating
from services.accounts.keeping import Leaving, moment


def erase(session: Session, who: Leaving) -> None:
    """Give the ledger the new subject, and drop the self-ratings."""
    session.execute(delete(SelfRating).where(SelfRating.person_id == who.person_id))
    for table in (Evidence, Estimate):
        session.execute(
            update(table).where(table.subject == who.subject).values(subject=who.renamed)
        )


def told(session: Session, person_id: int) -> dict[str, Any]:
    """Evidence, the numbers that were drawn from it, and self-ratings."""
    subject = select(Person.subject).where(Person.id == person_id).scalar_subquery()
    evidence = session.scalars(
        select(Evidence).where(Evidence.subject == subject).order_by(Evidence.id)
    )
    estimates = session.scalars(
        select(Estimate).where(Estimate.subject == subject).order_by(Estimate.id)
    )
    rated = session.scalars(
        select(SelfRating).where(SelfRating.person_id == person_id).order_by(SelfRating.id)
    )
    return {
        "evidence": [
            {
                "practice": line.competency,
                "source": f"{line.source_kind} {line.source_id}",
                "points": line.mark,
                "of": line.max_mark,
                "weight": line.weight,
                "at": moment(line.observed_at),
            }
            for line in evidence
        ],
        "estimates": [
            {
                "practice": shown.competency,
                "logits": shown.theta,
                "error": shown.se,
                "observations": shown.observations,
                "at": moment(shown.as_of),
            }
            for shown in estimates
        ],
        "self_ratings": [
            {"practice": own.competency, "level": own.level, "at": moment(own.created_at)}
            for own in rated
        ],
    }
