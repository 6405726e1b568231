"""The item bank as trainers see it, keys and reasons included."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.drawing import drawn, drawn_stem, first_draw
from domain.assessment.items import KINDS, POOLS, Item
from domain.records import frozen
from models.authoring import Draft
from models.library import Document, ItemFacts, Published, Revision
from services.actor import Actor
from services.authoring import access, drafted
from services.errors import NotFound

PAGE = 50


@frozen
class Filter:
    """Which items are listed; an empty word lets all through.

    state: "" for what people are asked, "drafted" for those with an open draft, or "retired".
    """

    competency: str = ""
    pool: str = ""
    kind: str = ""
    state: str = ""


@frozen
class ItemLine:
    """An item in the list."""

    key: str
    title: str
    kind: str
    pool: str
    competency: str
    subtopic: str
    difficulty: int
    review_by: date | None
    overdue: bool
    drafted: bool
    state: str


@frozen
class ItemsPage:
    """One page of the bank, overdue items first; `overdue` counts them in the whole selection.

    drafts: how many items were never published.
    """

    lines: tuple[ItemLine, ...]
    chosen: Filter
    page: int
    pages: int
    items: int
    overdue: int
    competencies: tuple[str, ...]
    drafts: int
    pools: tuple[str, ...] = POOLS
    kinds: tuple[str, ...] = KINDS


@frozen
class ItemPage:
    """One item with its keys and rationales. html: the stem, safe to show."""

    key: str
    revision: int
    item: Item
    html: str
    overdue: bool
    before: str | None
    after: str | None


def items_page(
    session: Session, actor: Actor, chosen: Filter, page: int, now: datetime
) -> ItemsPage:
    """One page of the list; four statements however many items there are."""
    access.author(actor)
    today = now.date()
    is_overdue = func.coalesce(case((ItemFacts.review_by < today, 1), else_=0), 0)
    count, overdue = session.execute(
        _selected(select(func.count(), func.coalesce(func.sum(is_overdue), 0)), chosen)
    ).one()
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    rows: Any = session.execute(
        _selected(
            select(
                Document.key,
                Revision.title,
                ItemFacts.kind,
                ItemFacts.pool,
                ItemFacts.competency,
                ItemFacts.subtopic,
                ItemFacts.difficulty,
                ItemFacts.review_by,
                Draft.id.is_not(None).label("drafted"),
            ),
            chosen,
        )
        .order_by(is_overdue.desc(), Document.key)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    lines = tuple(
        ItemLine(
            **row._mapping,
            overdue=bool(row.review_by and row.review_by < today),
            state="retired" if chosen.state == "retired" else "ready",
        )
        for row in rows
    )
    codes = _selected(select(ItemFacts.competency).distinct(), Filter())
    competencies = tuple(session.scalars(codes.order_by(ItemFacts.competency)))
    drafts = drafted.count(session)
    return ItemsPage(lines, chosen, page, pages, count, int(overdue), competencies, drafts)


def _selected(statement: Any, chosen: Filter) -> Any:
    statement = (
        statement.select_from(Document)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .outerjoin(Draft, Draft.document_id == Document.id)
        .where(Document.kind == "item")
    )
    gone = Published.retired_at.is_not(None)
    statement = statement.where(gone if chosen.state == "retired" else ~gone)
    if chosen.state == "drafted":
        statement = statement.where(Draft.id.is_not(None))
    for column, word in (
        (ItemFacts.competency, chosen.competency),
        (ItemFacts.pool, chosen.pool),
        (ItemFacts.kind, chosen.kind),
    ):
        if word:
            statement = statement.where(column == word)
    return statement


def item_page(session: Session, actor: Actor, key: str, now: datetime) -> ItemPage:
    """One item with everything that its author wrote; raises NotFound."""
    access.author(actor)
    everything = Filter()
    row = session.execute(
        _selected(select(Revision.number, Revision.meta, Revision.html), everything).where(
            Document.key == key
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    item = from_dict(row.meta)
    example = first_draw(item)
    keys = _selected(select(func.max(Document.key)), everything).where(Document.key < key)
    next_keys = _selected(select(func.min(Document.key)), everything).where(Document.key > key)
    return ItemPage(
        key=key,
        revision=row.number,
        item=drawn(item, example),
        html=drawn_stem(item, row.html, example),
        overdue=bool(item.review_by and item.review_by < now.date()),
        before=session.scalar(keys),
        after=session.scalar(next_keys),
    )
