"""The item quality loop: what asks for a person's look, worst first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.quality import has_finding, in_order, rank
from domain.records import frozen
from models.library import Document, ItemFacts, Published, Revision
from models.measuring import Statistic
from services.actor import Actor
from services.measuring import access, working
from services.measuring.asking import STATISTICS
from services.measuring.working import WorkLine

PAGE = 30


@frozen
class QualityLine:
    """An item to look at. flags: worst first; overdue: since when its facts should be checked."""

    key: str
    title: str
    competency: str
    answers: int
    facility: float | None
    rest_correlation: float | None
    flags: tuple[str, ...]
    overdue: date | None


@frozen
class QualityPage:
    """One page of them. told, all: items with statistics, and items; findings: with more than
    advice; waiting: all that ask for a look; work: how far the statistics are."""

    lines: tuple[QualityLine, ...]
    competency: str
    competencies: tuple[str, ...]
    page: int
    pages: int
    waiting: int
    findings: int
    told: int
    all: int
    work: WorkLine | None


def quality_page(
    session: Session, actor: Actor, competency: str, page: int, now: datetime
) -> QualityPage:
    """Flagged and overdue items, of one competency or of all; three statements."""
    access.trainer(actor)
    items = _published(session)
    flagged = _flagged(session)
    chosen = [row for row in items if competency in ("", row.competency)]
    lines = [_line(row, flagged.get(row.key), now.date()) for row in chosen]
    found = sorted((line for line in lines if line.flags or line.overdue), key=_place)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    return QualityPage(
        lines=tuple(found[(page - 1) * PAGE : page * PAGE]),
        competency=competency,
        competencies=tuple(sorted({row.competency for row in items})),
        page=page,
        pages=pages,
        waiting=len(found),
        findings=sum(has_finding(line.flags) for line in found),
        told=sum(row.key in flagged for row in chosen),
        all=len(chosen),
        work=working.newest(session, STATISTICS),
    )


def flagged(session: Session, actor: Actor, now: datetime) -> list[QualityLine]:
    """Every flagged or overdue item, in the order of the keys; two statements."""
    access.trainer(actor)
    told = _flagged(session)
    lines = (_line(row, told.get(row.key), now.date()) for row in _published(session))
    return [line for line in lines if line.flags or line.overdue]


def _place(line: QualityLine) -> tuple[int, int, date, str]:
    """Findings by their weight, then facts that are overdue, oldest first, then advice."""
    kind = 0 if has_finding(line.flags) else 1 if line.overdue else 2
    weight = 0 if kind == 1 else rank(line.flags)
    return kind, weight, line.overdue or date.max, line.key


def _line(row: Any, told: Any, today: date) -> QualityLine:
    overdue = row.review_by if row.review_by and row.review_by < today else None
    return QualityLine(
        key=row.key,
        title=row.title,
        competency=row.competency,
        answers=told.answers if told else 0,
        facility=told.facility if told else None,
        rest_correlation=told.rest_correlation if told else None,
        flags=in_order(told.flags) if told else (),
        overdue=overdue,
    )


def _published(session: Session) -> list[Any]:
    rows = session.execute(
        select(Document.key, Revision.title, ItemFacts.competency, ItemFacts.review_by)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .where(Document.kind == "item", Published.retired_at.is_(None))
        .order_by(Document.key)
    )
    return list(rows)


def _flagged(session: Session) -> dict[str, Any]:
    """Key -> the newest figures that the list shows, of every item that has some."""
    newest = select(func.max(Statistic.id)).where(Statistic.kind == "item").group_by(Statistic.key)
    rows = session.execute(
        select(
            Statistic.key,
            Statistic.answers,
            Statistic.data["flags"].label("flags"),
            Statistic.data["facility"].as_float().label("facility"),
            Statistic.data["rest_correlation"].as_float().label("rest_correlation"),
        ).where(Statistic.id.in_(newest))
    )
    return {row.key: row for row in rows}
