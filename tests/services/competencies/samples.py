"""Observations and ledger lines for tests, made of real items of the content."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.library import Document, ItemFacts
from services.competencies.ledger import EvidenceLine, Observed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def line(id: int, difficulty: int, mark: int, max_mark: int = 1, **given: Any) -> EvidenceLine:
    """A line of the ledger of C1, observed now, unless `given` says otherwise."""
    fields = {
        "competency": "C1",
        "source_kind": "response",
        "source_id": id,
        "item_revision_id": id,
        "rule_revision_id": 1,
        "weight": 1.0,
        "observed_at": NOW,
    } | given
    return EvidenceLine(id=id, difficulty=difficulty, mark=mark, max_mark=max_mark, **fields)


def observations(
    session: Session, keys: Sequence[str], marks: Sequence[int], first_source: int = 1
) -> list[Observed]:
    """One observation per item key, weighing 1 for the item's own competency."""
    facts = {
        row.key: row
        for row in session.execute(
            select(Document.key, ItemFacts)
            .join(ItemFacts, ItemFacts.document_id == Document.id)
            .where(Document.key.in_(keys))
        )
    }
    return [
        Observed(
            source_kind="response",
            source_id=first_source + place,
            item_revision_id=facts[key].ItemFacts.revision_id,
            item_document_id=facts[key].ItemFacts.document_id,
            competencies={facts[key].ItemFacts.competency: 1.0},
            mark=mark,
            max_mark=facts[key].ItemFacts.max_mark,
            observed_at=NOW,
        )
        for place, (key, mark) in enumerate(zip(keys, marks, strict=True))
    ]
