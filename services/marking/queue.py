"""What waits to be marked by people, and how far the raters agree."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.assessment.agreement import Agreement, agreement
from domain.assessment.rubrics import FIRST, SECOND, Stage, standing
from domain.records import frozen
from models.assessment import Attempt, AttemptItem
from models.competencies import Evidence
from models.library import Document, ItemFacts, Revision
from models.marking import Rating
from services.actor import Actor
from services.assessment.scoring import ENDED, SOURCE, UNSCORED
from services.roles import trainer

OPEN = "open"


@frozen
class ItemQueue:
    """The answers to one question. key: the question's; agreement: None without a double rating."""

    key: str
    title: str
    waiting: int
    adjudications: int
    agreement: Agreement | None


@frozen
class QueuePage:
    """All that waits. oldest: when the first of them was handed in.

    for_me: how many this trainer may mark; next_id: the oldest of those.
    """

    waiting: int
    oldest: datetime | None
    adjudications: int
    for_me: int
    next_id: int | None
    overall: Agreement | None
    items: tuple[ItemQueue, ...]


@frozen
class _Waiting:
    id: int
    key: str
    handed_in: datetime
    stage: Stage
    for_me: bool


def queue_page(session: Session, actor: Actor) -> QueuePage:
    """The queue as a trainer sees it; four statements however long it is."""
    rater_id = trainer(actor)
    waiting = _waiting(session, rater_id)
    mine = [line for line in waiting if line.for_me]
    doubles = _doubles(session)
    titles = _titles(session)
    asked = {line.key for line in waiting} | doubles.keys()
    return QueuePage(
        len(waiting),
        min((line.handed_in for line in waiting), default=None),
        sum(line.stage is Stage.THIRD for line in waiting),
        len(mine),
        mine[0].id if mine else None,
        agreement([pair for pairs in doubles.values() for pair in pairs]),
        tuple(_item(key, titles, waiting, doubles) for key in sorted(asked)),
    )


def next_id(session: Session, actor: Actor) -> int | None:
    """The oldest answer that this trainer may mark."""
    mine = (line.id for line in _waiting(session, trainer(actor)) if line.for_me)
    return next(mine, None)


def _item(
    key: str,
    titles: Mapping[str, str],
    waiting: list[_Waiting],
    doubles: Mapping[str, list[tuple[int, int]]],
) -> ItemQueue:
    here = [line for line in waiting if line.key == key]
    thirds = sum(line.stage is Stage.THIRD for line in here)
    return ItemQueue(key, titles.get(key, key), len(here), thirds, agreement(doubles.get(key, [])))


# An answer waits as long as it is no evidence: unanswered, struck and marked ones are.
_UNMARKED = (
    select(AttemptItem.id, AttemptItem.revision_id, Attempt.person_id, Attempt.ended_at)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .join(ItemFacts, ItemFacts.revision_id == AttemptItem.revision_id)
    .where(
        ItemFacts.kind == OPEN,
        Attempt.state.in_(ENDED),
        Attempt.purpose != UNSCORED,
        ~exists(
            select(Evidence.id).where(
                Evidence.source_kind == SOURCE, Evidence.source_id == AttemptItem.id
            )
        ),
    )
)


def _waiting(session: Session, rater_id: int) -> list[_Waiting]:
    """Oldest first."""
    unmarked = _UNMARKED.subquery()
    rows = session.execute(
        select(unmarked, Document.key, Rating.round, Rating.mark, Rating.rater_id)
        .join(Revision, Revision.id == unmarked.c.revision_id)
        .join(Document, Document.id == Revision.document_id)
        .outerjoin(
            Rating,
            (Rating.attempt_item_id == unmarked.c.id)
            & (Rating.item_revision_id == unmarked.c.revision_id),
        )
        .order_by(unmarked.c.ended_at, unmarked.c.id)
    )
    answers: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        answers[row.id].append(row)
    return [_line(found, rater_id) for found in answers.values()]


def _line(rows: list[Any], rater_id: int) -> _Waiting:
    """One answer from its rows, one for each rating."""
    first = rows[0]
    found = standing({row.round: row.mark for row in rows if row.round})
    taken = first.person_id == rater_id or any(row.rater_id == rater_id for row in rows)
    return _Waiting(first.id, first.key, first.ended_at, found.stage, not taken)


def _doubles(session: Session) -> dict[str, list[tuple[int, int]]]:
    """Key of a question -> the totals of its two blind raters."""
    first, second = Rating.__table__.alias("first"), Rating.__table__.alias("second")
    rows = session.execute(
        select(Document.key, first.c.mark, second.c.mark)
        .select_from(first)
        .join(
            second,
            (second.c.attempt_item_id == first.c.attempt_item_id)
            & (second.c.item_revision_id == first.c.item_revision_id),
        )
        .join(Revision, Revision.id == first.c.item_revision_id)
        .join(Document, Document.id == Revision.document_id)
        .where(first.c.round == FIRST, second.c.round == SECOND)
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, one, two in rows:
        found[key].append((one, two))
    return dict(found)


def _titles(session: Session) -> dict[str, str]:
    """Key -> title of the open questions' newest revisions."""
    rows = session.execute(
        select(Document.key, Revision.title)
        .join(Revision, Revision.document_id == Document.id)
        .join(ItemFacts, ItemFacts.revision_id == Revision.id)
        .where(ItemFacts.kind == OPEN)
        .order_by(Revision.number)
    )
    return {row.key: row.title for row in rows}
