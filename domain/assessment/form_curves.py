"""The geometry of a form's curves: information and standard error over ability. Paths only.

Coordinates are SVG user units, rounded to a tenth.
"""

from collections.abc import Sequence
from math import ceil

from domain.assessment.form_report import CURVE_THETAS
from domain.records import frozen

LEFT, RIGHT, TOP, FOOT = 30.0, 314.0, 10.0, 124.0
HEIGHT, WIDTH = 152, 320


@frozen
class Tick:
    at: float
    text: str


@frozen
class Curves:
    """information: a path on the left scale; se: one on the right scale, 0 to 1 logit.

    levels: where the middle of each level stands; tops: what the left scale says, bottom to top.
    """

    view_box: str
    information: str
    se: str
    levels: tuple[Tick, ...]
    tops: tuple[Tick, ...]
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    foot: float = FOOT


def curves(
    information: Sequence[float], se: Sequence[float], middles: Sequence[float], top: float = 0.0
) -> Curves:
    """information, se: at each of CURVE_THETAS; middles: thetas of the levels, lowest first.

    top: the end of the left scale, so that several drawings can share it; 0 for the curve's own.
    """
    highest = float(max(1, ceil(max(top, *information))))
    return Curves(
        f"0 0 {WIDTH} {HEIGHT}",
        _path([value / highest for value in information]),
        _path(se),
        tuple(Tick(_x(theta), str(level)) for level, theta in enumerate(middles, start=1)),
        tuple(Tick(_y(part), f"{part * highest:g}") for part in (0.0, 0.5, 1.0)),
    )


def _path(shares: Sequence[float]) -> str:
    """shares: of the height, 0 to 1."""
    points = [
        f"{_x(theta):g} {_y(min(1.0, share)):g}"
        for theta, share in zip(CURVE_THETAS, shares, strict=True)
    ]
    return "M" + "L".join(points)


def _x(theta: float) -> float:
    low, high = CURVE_THETAS[0], CURVE_THETAS[-1]
    return round(LEFT + (theta - low) / (high - low) * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(FOOT - share * (FOOT - TOP), 1)
