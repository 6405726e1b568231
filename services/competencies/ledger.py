"""The evidence ledger: what was observed of whom, appended once and read by everybody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Person
from models.competencies import Evidence
from models.library import ItemFacts
from services.errors import NotFound


@frozen
class Observed:
    """One mark on one question. competencies: code -> how much of it is evidence, 0 to 1.

    The source is where the mark comes from, for example ("response", id of the attempt's item).
    rule_revision_id: by what it was marked where that is not the standard: the revision that mends
    a wrong key or, for a question that was struck out, the revision that was.
    """

    source_kind: str
    source_id: int
    item_revision_id: int
    item_document_id: int
    competencies: Mapping[str, float]
    mark: int
    max_mark: int
    observed_at: datetime
    rule_revision_id: int | None = None


@frozen
class EvidenceLine:
    """One line of the ledger. weight 0: kept and shown, but not counted.

    difficulty: 1 to 5, as the author of the item's pinned revision set it.
    """

    id: int
    competency: str
    source_kind: str
    source_id: int
    item_revision_id: int
    rule_revision_id: int
    difficulty: int
    mark: int
    max_mark: int
    weight: float
    observed_at: datetime


def record(
    session: Session, subject: str, observed: Sequence[Observed], standard_id: int, now: datetime
) -> None:
    """Append what was observed; a repeat under the same rule changes nothing.

    A question counts the first time only. Whoever has met it before, in another revision or
    another sitting, gets a line of weight 0. Raises NotFound where nobody has the subject any more.
    """
    if not observed:
        return
    # One recording at a time per person: of two sittings at once, only one is the first. Whoever
    # was erased while this waited has another subject now, and nothing may stand under the old one.
    theirs = select(Person.id).where(Person.subject == subject)
    if session.scalar(theirs.with_for_update(key_share=True)) is None:
        raise NotFound
    history = _History(_known(session, subject, {o.item_document_id for o in observed}))
    rows: list[dict[str, Any]] = []
    for line in observed:
        counts = history.meet(line)
        rule_id = line.rule_revision_id or standard_id
        rows.extend(
            {
                "subject": subject,
                "competency": code,
                "source_kind": line.source_kind,
                "source_id": line.source_id,
                "item_revision_id": line.item_revision_id,
                "rule_revision_id": rule_id,
                "mark": line.mark,
                "max_mark": line.max_mark,
                "weight": weight if counts else 0.0,
                "observed_at": line.observed_at,
                "recorded_at": now,
            }
            for code, weight in line.competencies.items()
            if not history.holds(line, code, rule_id)
        )
    if rows:
        session.execute(insert(Evidence), rows)


class _History:
    """Which source met each question first, and which lines stand in the ledger already."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._first: dict[int, tuple[str, int]] = {}
        self._held: set[tuple[str, int, str, int]] = set()
        for row in rows:
            source = (row.source_kind, row.source_id)
            self._first.setdefault(row.document_id, source)
            self._held.add((*source, row.competency, row.rule_revision_id))

    def meet(self, line: Observed) -> bool:
        """Whether this source is the first to meet the question; it is from now on if none was."""
        source = (line.source_kind, line.source_id)
        return self._first.setdefault(line.item_document_id, source) == source

    def holds(self, line: Observed, code: str, rule_id: int) -> bool:
        return (line.source_kind, line.source_id, code, rule_id) in self._held


def _known(session: Session, subject: str, documents: set[int]) -> Iterable[Any]:
    return session.execute(
        select(
            Evidence.source_kind,
            Evidence.source_id,
            Evidence.competency,
            Evidence.rule_revision_id,
            ItemFacts.document_id,
        )
        .join(ItemFacts, ItemFacts.revision_id == Evidence.item_revision_id)
        .where(Evidence.subject == subject, ItemFacts.document_id.in_(documents))
        .order_by(Evidence.id)
    )


_LINES = (
    select(
        Evidence.id,
        Evidence.competency,
        Evidence.source_kind,
        Evidence.source_id,
        Evidence.item_revision_id,
        Evidence.rule_revision_id,
        ItemFacts.difficulty,
        Evidence.mark,
        Evidence.max_mark,
        Evidence.weight,
        Evidence.observed_at,
    )
    .join(ItemFacts, ItemFacts.revision_id == Evidence.item_revision_id)
    .order_by(Evidence.id)
)


def evidence(
    session: Session,
    subject: str,
    *,
    as_of: datetime | None = None,
    sources: tuple[str, Collection[int]] | None = None,
    up_to: int | None = None,
) -> list[EvidenceLine]:
    """The lines of one person, oldest first; of a source recorded under several rules, the newest.

    as_of: leaves out what was observed later; up_to: what was recorded after that line number;
    sources: (kind, ids) keeps the lines of those sources only.
    """
    statement = _LINES.where(Evidence.subject == subject)
    if as_of is not None:
        statement = statement.where(Evidence.observed_at <= as_of)
    if up_to is not None:
        statement = statement.where(Evidence.id <= up_to)
    if sources is not None:
        kind, ids = sources
        statement = statement.where(Evidence.source_kind == kind, Evidence.source_id.in_(ids))
    return _newest(EvidenceLine(*row) for row in session.execute(statement))


def evidence_of(
    session: Session, subjects: Collection[str], *, as_of: datetime
) -> dict[str, list[EvidenceLine]]:
    """The same for many people, in one statement; a person without any has an empty list."""
    statement = _LINES.add_columns(Evidence.subject).where(
        Evidence.subject.in_(subjects), Evidence.observed_at <= as_of
    )
    found: dict[str, list[EvidenceLine]] = {subject: [] for subject in subjects}
    for *columns, subject in session.execute(statement):
        found[subject].append(EvidenceLine(*columns))
    return {subject: _newest(lines) for subject, lines in found.items()}


def _newest(lines: Iterable[EvidenceLine]) -> list[EvidenceLine]:
    """Of each source and competency the line that was recorded last."""
    newest = {(line.source_kind, line.source_id, line.competency): line for line in lines}
    return sorted(newest.values(), key=lambda line: line.id)


def head(session: Session, subject: str) -> int:
    """The number of the newest line of a person; 0 where there is none."""
    return session.scalar(select(func.max(Evidence.id)).where(Evidence.subject == subject)) or 0
