"""The candidates of a position as a board: the newest of each column, and how many there are."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session

from domain.hiring.pipeline import Column, Filters
from domain.records import frozen
from services.hiring.listing import Asking, CandidateLine, newest
from services.hiring.narrowing import NUMBER, Condition, column_of, conditions, sifted, stands_in

SHOWN = 8  # of a column; the table shows all
RARE = 5 * SHOWN


@frozen
class BoardColumn:
    """One column with its newest candidates. count: how many stand in it."""

    column: Column
    count: int
    lines: tuple[CandidateLine, ...]


def columns(
    session: Session, filters: Filters, asking: Asking, counts: Mapping[Column, int]
) -> tuple[BoardColumn, ...]:
    """The five columns; one statement for all of them, two for the candidates that are shown.

    A search for the newest of a column ends when it has found them. Columns that hold so few that
    it would look through nearly all are searched together, and empty ones not at all.
    """
    wanted = conditions(filters, asking.position, asking.framework, asking.now)
    where = column_of(asking.now)
    full = [each for each in Column if counts[each] > RARE]
    there = [_newest([*wanted, stands_in(each, asking.now)]) for each in full]
    if rare := [each.value for each in Column if 0 < counts[each] <= RARE]:
        there.append(_newest_of_each([*wanted, where.in_(rare)], where))
    lines: tuple[CandidateLine, ...] = ()
    if there:
        lines = newest(session, session.scalars(union_all(*there)).all(), asking)
    return tuple(
        BoardColumn(each, counts[each], tuple(one for one in lines if one.column is each))
        for each in Column
    )


def _newest(wanted: Sequence[Condition]) -> Select[int]:
    found = sifted([NUMBER], wanted, [NUMBER.desc()]).limit(SHOWN).subquery()
    return select(found.c.id)


def _newest_of_each(wanted: Sequence[Condition], where: ColumnElement[str]) -> Select[int]:
    place = func.row_number().over(partition_by=where, order_by=NUMBER.desc())
    found = sifted([NUMBER, place.label("place")], wanted).subquery()
    return select(found.c.id).where(found.c.place <= SHOWN)
