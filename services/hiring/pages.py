"""The reading side of hiring: the list of positions, and one position with its candidates."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from domain.hiring.pipeline import Column, Filters
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Application, Position, PositionMember
from services.actor import Actor
from services.hiring import access, board, listing, naming, undoing, views
from services.hiring.access import PositionRecord
from services.hiring.board import BoardColumn
from services.hiring.listing import Asking, CandidateLine, Slice
from services.hiring.naming import Reader
from services.hiring.positions import Member, members
from services.hiring.undoing import ActionLine
from services.hiring.views import ViewLine
from services.library import catalogue

PAGE = 25
ENDED = ("submitted", "expired")


@frozen
class PositionLine:
    """A position in the list. candidates, finished: how many applications."""

    id: int
    title: str
    profile: str
    state: str
    owner: str | None
    candidates: int
    finished: int
    created_at: datetime


@frozen
class PositionsPage:
    """One page of the positions, open ones first. total: how many one may see."""

    lines: tuple[PositionLine, ...]
    total: int
    page: int
    pages: int


def positions(session: Session, actor: Actor, page: int = 1) -> PositionsPage:
    """A page of the positions that an actor may see; three statements."""
    total = session.scalar(select(func.count(Position.id)).where(access.visible(actor))) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    here = session.execute(
        select(Position.id, Position.title, Position.profile, Position.state, Position.created_at)
        .where(access.visible(actor))
        .order_by(Position.state.desc(), func.lower(Position.title), Position.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    numbers = {row.position_id: row for row in session.execute(_numbers([row.id for row in here]))}
    lines = tuple(
        PositionLine(
            row.id,
            row.title,
            row.profile,
            row.state,
            numbers[row.id].owner,
            numbers[row.id].candidates,
            numbers[row.id].finished,
            row.created_at,
        )
        for row in here
    )
    return PositionsPage(lines, total, page, pages)


def _numbers(ids: list[int]):  # type: ignore[no-untyped-def]  # a select of labelled columns
    """Of some positions: the owner's name, and how many applications there are and have ended."""
    owner = (
        select(func.min(Person.name))
        .join(PositionMember, PositionMember.person_id == Person.id)
        .where(PositionMember.position_id == Position.id, PositionMember.part == "owner")
        .scalar_subquery()
    )
    return (
        select(
            Position.id.label("position_id"),
            owner.label("owner"),
            func.count(Application.id).label("candidates"),
            func.count(Attempt.id).label("finished"),
        )
        .outerjoin(Application, Application.position_id == Position.id)
        .outerjoin(Attempt, and_(Attempt.id == Application.attempt_id, _has_ended()))
        .where(Position.id.in_(ids))
        .group_by(Position.id)
    )


def _has_ended() -> ColumnElement[bool]:
    return and_(Attempt.state.in_(ENDED), Attempt.started_at.is_not(None))


@frozen
class PositionPage:
    """One position with one page of its candidates, or its board.

    counts: how many each column holds under the filters, but for that of the column itself;
    found: how many the list holds; actions: bulk actions that can still be taken back.
    """

    position: PositionRecord
    members: tuple[Member, ...]
    how: Reader
    filters: Filters
    counts: dict[Column, int]
    found: int
    listed: Slice
    board: tuple[BoardColumn, ...]
    views: tuple[ViewLine, ...]
    actions: tuple[ActionLine, ...]

    @property
    def candidates(self) -> tuple[CandidateLine, ...]:
        return self.listed.lines

    @property
    def total(self) -> int:
        """How many the filters leave in all columns together."""
        return sum(self.counts.values())

    @property
    def owner(self) -> Member | None:
        return next((member for member in self.members if member.part == "owner"), None)

    @property
    def reviewers(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.part == "reviewer")


def position_page(
    session: Session,
    actor: Actor,
    position_id: int,
    filters: Filters,
    lang: str,
    now: datetime,
    *,
    as_board: bool = False,
    after: int | None = None,
    before: int | None = None,
) -> PositionPage:
    """A position with its candidates; as many statements for five rows as for ten thousand.

    after, before: the application where the neighbouring page ends. Raises NotFound.
    """
    asking = asking_of(session, actor, position_id, lang, now)
    filters = listing.allowed(filters, asking.how)
    everywhere = replace(filters, column="")
    listed, drawn = Slice((), None, None), tuple[BoardColumn, ...]()
    counts = listing.counts(session, everywhere, asking)
    if as_board:
        drawn = board.columns(session, everywhere, asking, counts)
    else:
        listed = listing.page_of(session, filters, asking, after, before)
    return PositionPage(
        asking.position,
        members(session, position_id),
        asking.how,
        filters,
        counts,
        counts[Column(filters.column)] if filters.column else sum(counts.values()),
        listed,
        drawn,
        views.views(session, actor, position_id),
        undoing.actions(session, position_id, now),
    )


def asking_of(session: Session, actor: Actor, position_id: int, lang: str, now: datetime) -> Asking:
    """What lists of a position need; raises NotFound where the actor may not see it."""
    position = access.position(session, actor, position_id)
    how = naming.reader(session, actor, position_id)
    return Asking(position, how, catalogue.framework(session), lang, now)
