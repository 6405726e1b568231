"""The what-if of cut scores as a drawing: who passes, and the lowest impact ratio, by cut."""

from collections.abc import Sequence

from domain.hiring.fairness import CutRow
from domain.records import frozen

LEFT, RIGHT, TOP, BOTTOM = 44.0, 388.0, 12.0, 172.0
FOUR_FIFTHS = 0.8


@frozen
class Spot:
    """A place in the drawing."""

    x: float
    y: float


@frozen
class CutChart:
    """passing: the line of everybody's pass rate; ratios: one spot for each cut with a ratio.

    rule_y: where four fifths lie; cut_x: where the cut is set, if it is.
    """

    passing: str
    ratios: tuple[Spot, ...]
    rule_y: float
    cut_x: float | None


def cut_chart(rows: Sequence[CutRow]) -> CutChart | None:
    """The drawing of the rows in the order of their cuts; None without people."""
    if not rows or not rows[0].people:
        return None
    line = " ".join(
        f"{'L' if n else 'M'}{_x(row.cut)} {_y(row.passing / row.people)}"
        for n, row in enumerate(rows)
    )
    ratios = tuple(
        Spot(_x(row.cut), _y(row.lowest.ratio))
        for row in rows
        if row.lowest is not None and row.lowest.ratio is not None
    )
    cut = next((row.cut for row in rows if row.is_set), None)
    return CutChart(line, ratios, _y(FOUR_FIFTHS), None if cut is None else _x(cut))


def _x(points: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * points / 100, 1)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)
