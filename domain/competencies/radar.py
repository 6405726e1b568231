"""The geometry of profiles: a radar, and a dot with its band on a line. Numbers and paths only.

Coordinates are SVG user units, rounded to a tenth. All values come in points, 0 to 100.
"""

import math
from collections.abc import Sequence

from domain.records import frozen

RADIUS = 128.0
CENTRE_X, CENTRE_Y = 160.0, 152.0
# The radar shows 10 to 90 points: a level is 15 wide, and nobody is measured outside by much.
INNERMOST, OUTERMOST = 10.0, 90.0
LABEL_RADIUS = 1.1
BASELINE = 4.0  # lowers a text so that its middle, not its foot, stands on the point


@frozen
class Reading:
    """One axis: measured points with their standard error in points, and the self-rating."""

    label: str
    value: float
    se: float
    self_rating: float | None = None


@frozen
class Point:
    x: float
    y: float


@frozen
class Label:
    """A text whose middle is at (x, y)."""

    text: str
    x: float
    y: float


@frozen
class Radar:
    """Paths and points ready for `d`, `points`, `cx` and `cy`.

    rings: one closed path per cut and the rim; ring_labels: the level that begins at each cut.
    band: the outer and the inner border of the 95 % band, to be filled with rule evenodd.
    self_path: None unless every axis has a self-rating.
    """

    view_box: str
    rings: tuple[str, ...]
    ring_labels: tuple[Label, ...]
    spokes: tuple[str, ...]
    band: str
    line: str
    dots: tuple[Point, ...]
    self_path: str | None
    labels: tuple[Label, ...]


@frozen
class DotRow:
    """A dot and its band on a horizontal line. ticks: x of the cuts; need: x of what is asked."""

    view_box: str
    left: float
    right: float
    middle: float
    band_x: float
    band_width: float
    dot_x: float
    ticks: tuple[float, ...]
    need: float | None


def radar(readings: Sequence[Reading], cuts: Sequence[float], z: float = 1.96) -> Radar:
    """Draw a profile, the first axis upwards and the others clockwise.

    cuts: where levels begin, in points; z: half width of the band in standard errors.
    Raises ValueError for fewer than three axes, which have no area.
    """
    count = len(readings)
    if count < 3:
        raise ValueError("a radar needs three or more axes")
    values = [r.value for r in readings]
    rated = [r.self_rating for r in readings if r.self_rating is not None]
    outer = _closed([r.value + z * r.se for r in readings])
    inner = _closed([r.value - z * r.se for r in readings])
    return Radar(
        view_box="0 0 320 293",
        rings=tuple(_closed([cut] * count) for cut in (*cuts, OUTERMOST)),
        ring_labels=tuple(
            Label(str(number), CENTRE_X + 6, round(_at(0, count, _radius(cut)).y - 3, 1))
            for number, cut in enumerate(cuts, start=2)
        ),
        spokes=tuple(
            f"M{CENTRE_X:g} {CENTRE_Y:g}L{_pair(_at(i, count, RADIUS))}" for i in range(count)
        ),
        band=outer + inner,
        line=_closed(values),
        dots=tuple(_at(i, count, _radius(value)) for i, value in enumerate(values)),
        self_path=_closed(rated) if len(rated) == count else None,
        labels=tuple(_axis_label(i, count, r.label) for i, r in enumerate(readings)),
    )


def dot_row(
    value: float,
    se: float,
    cuts: Sequence[float],
    need: float | None = None,
    z: float = 1.96,
    scale: tuple[float, float] = (0.0, 100.0),
) -> DotRow:
    """Place a value and its band on a line that shows the points from scale[0] to scale[1].

    What lies outside the line is drawn at its end. Raises ValueError for an empty scale.
    """
    low, high = scale
    if not low < high:
        raise ValueError("the scale must run from low to high")
    left, right = 6.0, 234.0

    def x(points: float) -> float:
        share = (min(max(points, low), high) - low) / (high - low)
        return round(left + (right - left) * share, 1)

    band_x = x(value - z * se)
    return DotRow(
        view_box="0 0 240 24",
        left=left,
        right=right,
        middle=12.0,
        band_x=band_x,
        band_width=round(x(value + z * se) - band_x, 1),
        dot_x=x(value),
        ticks=tuple(x(cut) for cut in cuts if low < cut < high),
        need=None if need is None else x(need),
    )


def _radius(points: float) -> float:
    """Distance from the centre, held inside the rim."""
    shown = min(max(points, INNERMOST), OUTERMOST)
    return RADIUS * (shown - INNERMOST) / (OUTERMOST - INNERMOST)


def _at(axis: int, count: int, radius: float) -> Point:
    angle = math.radians(-90 + axis * 360 / count)
    return Point(
        round(CENTRE_X + radius * math.cos(angle), 1), round(CENTRE_Y + radius * math.sin(angle), 1)
    )


def _axis_label(axis: int, count: int, text: str) -> Label:
    place = _at(axis, count, RADIUS * LABEL_RADIUS)
    return Label(text, place.x, round(place.y + BASELINE, 1))


def _closed(values: Sequence[float]) -> str:
    """A closed path through one value per axis."""
    corners = [_pair(_at(i, len(values), _radius(value))) for i, value in enumerate(values)]
    return "M" + "L".join(corners) + "Z"


def _pair(point: Point) -> str:
    return f"{point.x:g} {point.y:g}"
