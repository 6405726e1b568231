"""The candidates of a position as a board: the newest of each column, and how many there are."""

from collections.abc import Mapping

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from domain.hiring.pipeline import Column, Filters
from domain.records import frozen
from models.hiring import Application
from services.hiring.listing import LINES, MORE, Asking, CandidateLine, counted_over, lines_of
from services.hiring.narrowing import column_of, conditions

SHOWN = 8  # of a column; the table shows all


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

    A search for the newest of a column ends when it has found them, so an empty one, which would
    be looked through to its end, is not asked.
    """
    there = [_newest(each, filters, asking) for each in Column if counts[each]]
    lines: tuple[CandidateLine, ...] = ()
    if there:
        ids = session.scalars(union_all(*there)).all()
        rows = session.execute(
            LINES.add_columns(*MORE).where(Application.id.in_(ids)).order_by(Application.id.desc())
        ).all()
        lines = lines_of(session, rows, asking)
    return tuple(
        BoardColumn(each, counts[each], tuple(one for one in lines if one.column is each))
        for each in Column
    )


def _newest(column: Column, filters: Filters, asking: Asking) -> Select[int]:
    found = (
        counted_over(select(Application.id), filters)
        .where(
            *conditions(filters, asking.position, asking.framework, asking.now),
            column_of(asking.now) == column.value,
        )
        .order_by(Application.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    return select(found.c.id)
