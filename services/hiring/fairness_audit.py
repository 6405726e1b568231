"""The fairness page as a table: what it shows and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.hiring.fairness import Line
from gateways import sheets
from gateways.sheets import Cell
from services import journal
from services.actor import Actor
from services.hiring.fairness import FairnessPage

HEAD = (
    "table", "questions", "cut", "group", "people", "through", "rate", "is_reference", "ratio",
    "below_four_fifths", "fisher_p", "ratio_low", "ratio_high", "difference", "difference_low",
    "difference_high", "one_choice_turns_it", "verdict", "left_out_because",
)  # fmt: skip
LEFT_OUT = "under 2 percent of all"


def audit_csv(session: Session, actor: Actor, page: FairnessPage, now: datetime) -> list[str]:
    """The lines of a CSV file, one row a group; that it was taken along is journaled."""
    rows = list(_rows(page))
    kind, number = ("position", page.position.id) if page.position else ("company", 0)
    journal.append(session, actor, "fairness.exported", kind, number, now, rows=len(rows))
    return list(sheets.csv_lines(HEAD, rows))


def _rows(page: FairnessPage) -> Iterator[tuple[Cell, ...]]:
    for table in page.tables:
        for line in table.lines:
            yield ("decisions", *_line(table.questions, None, line))
    for row in page.cuts:
        rate = row.passing / row.people if row.people else None
        whole: tuple[Cell, ...] = (page.by, row.cut, "everybody", row.people, row.passing, rate)
        yield ("what if", *whole, *[None] * (len(HEAD) - len(whole) - 1))
        for line in row.lines or ():
            yield ("what if", *_line((page.by,), row.cut, line))


def _line(questions: Sequence[str], cut: int | None, line: Line) -> tuple[Cell, ...]:
    told, one = line.comparison, line.outcome
    head: tuple[Cell, ...] = (
        " and ".join(questions),
        cut,
        " and ".join(line.answers),
        one.people,
        one.chosen,
        one.rate,
        line.is_reference,
    )
    reason = LEFT_OUT if line.left_out else None
    if told is None:
        return (*head, *[None] * 10, reason)
    ratio, gap = told.ratio_interval, told.difference_interval
    return (
        *head,
        told.ratio,
        told.below,
        told.p,
        ratio.low if ratio else None,
        ratio.high if ratio else None,
        told.difference,
        gap.low,
        gap.high,
        told.fragile,
        str(told.verdict),
        reason,
    )
