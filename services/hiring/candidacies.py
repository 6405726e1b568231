"""Writing where applications stand: in review or not, and the decisions about them.

All of these take many applications at once, in the same number of statements as for one. The caller
holds the applications and has asked whether the actor may.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from domain.hiring.pipeline import NO_DECISION
from domain.records import frozen
from models.accounts import FreeText
from models.hiring import Application, Decision
from models.selection import Candidacy
from services import journal
from services.actor import Actor

REASON = "decision"


@frozen
class Verdict:
    """What is decided about one application. replaces: the earlier decision that it corrects."""

    application_id: int
    outcome: str
    replaces: int | None


def hold(session: Session, application_ids: Collection[int]) -> None:
    """Hold applications until the transaction ends: a doubled request waits for the first."""
    session.execute(
        select(Application.id)
        .where(Application.id.in_(application_ids))
        .order_by(Application.id)
        .with_for_update(key_share=True)
    ).all()


def newest(session: Session, application_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Application -> (number, outcome) of its newest decision; those without any are absent."""
    last = (
        select(func.max(Decision.id))
        .where(Decision.application_id.in_(application_ids))
        .group_by(Decision.application_id)
    )
    rows = session.execute(
        select(Decision.application_id, Decision.id, Decision.outcome).where(Decision.id.in_(last))
    )
    return {row.application_id: (row.id, row.outcome) for row in rows}


def decide(
    session: Session,
    actor: Actor,
    verdicts: Sequence[Verdict],
    reason_code: str,
    reason: str,
    now: datetime,
    **note: int,
) -> dict[int, int]:
    """Append one decision for each application, each with a reason of its own to keep or erase.

    note: what the journal's lines say besides the outcome. Gives back application -> decision.
    """
    if not verdicts:
        return {}
    texts = session.execute(
        insert(FreeText).returning(FreeText.about_id, FreeText.id),
        [
            {
                "author_id": actor.person_id,
                "about_kind": REASON,
                "about_id": verdict.application_id,
                "body": reason,
                "created_at": now,
            }
            for verdict in verdicts
        ],
    )
    reasons: dict[int, int] = dict(texts.all())
    made = session.execute(
        insert(Decision).returning(Decision.application_id, Decision.id),
        [
            {
                "application_id": verdict.application_id,
                "decided_by": actor.person_id,
                "outcome": verdict.outcome,
                "reason_code": reason_code,
                "reason_id": reasons[verdict.application_id],
                "decided_at": now,
                "replaces_id": verdict.replaces,
            }
            for verdict in verdicts
        ],
    )
    decisions: dict[int, int] = dict(made.all())
    by_outcome: dict[str, list[int]] = {}
    for verdict in verdicts:
        by_outcome.setdefault(verdict.outcome, []).append(verdict.application_id)
    for outcome, ids in by_outcome.items():
        stands = None if outcome == NO_DECISION else outcome
        put(session, {one: {"outcome": stands} for one in ids})
        journal.append_all(
            session, actor, "decision.recorded", "application", ids, now, outcome=outcome, **note
        )
    return decisions


def put(session: Session, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep where applications stand. values: application -> the same columns for each of them."""
    ids = list(values)
    known = set(
        session.scalars(select(Candidacy.application_id).where(Candidacy.application_id.in_(ids)))
    )
    if old := [one for one in ids if one in known]:
        columns = list(values[old[0]])
        session.connection().execute(
            _changing(columns),
            [{"about": one, **{f"new_{c}": values[one][c] for c in columns}} for one in old],
        )
    if new := [one for one in ids if one not in known]:
        rows = session.execute(
            select(Application.id, Application.position_id).where(Application.id.in_(new))
        )
        session.execute(
            insert(Candidacy),
            [
                {"application_id": row.id, "position_id": row.position_id, **values[row.id]}
                for row in rows
            ],
        )


def _changing(columns: Sequence[str]) -> Update:
    table = Candidacy.__table__
    return (
        update(table)  # type: ignore[arg-type]
        .where(table.c.application_id == bindparam("about"))
        .values({column: bindparam(f"new_{column}") for column in columns})
    )
