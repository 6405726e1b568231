"""Geometry of profiles, held against coordinates worked out by hand."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.competencies.radar import Point, Reading, dot_row, radar

CUTS = (27.5, 42.5, 57.5, 72.5)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def seven(value: float = 50.0, se: float = 5.0, rating: float | None = None) -> list[Reading]:
    return [Reading(f"C{i}", value, se, rating) for i in range(1, 8)]


def pairs(path: str) -> list[tuple[float, float]]:
    numbers = [float(n) for n in NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_first_axis_points_up_and_the_others_follow_the_clock() -> None:
    """R = 128 around (160, 152): 90 points lie on the rim."""
    drawn = radar(seven(90), CUTS)
    assert drawn.dots[0] == Point(160.0, 24.0)
    assert drawn.dots[1] == Point(260.1, 72.2)
    assert drawn.dots[6] == Point(59.9, 72.2)
    assert drawn.line.startswith("M160 24L260.1 72.2L284.8 180.5L")
    assert drawn.line.endswith("Z")


def test_fifty_points_are_half_way_out() -> None:
    assert radar(seven(50), CUTS).dots[0] == Point(160.0, 88.0)


def test_rings_stand_at_the_cuts_and_the_rim_with_the_level_that_begins_there() -> None:
    drawn = radar(seven(), CUTS)
    assert [pairs(ring)[0] for ring in drawn.rings] == [
        (160, 124), (160, 100), (160, 76), (160, 52), (160, 24),
    ]  # fmt: skip
    assert [(label.text, label.y) for label in drawn.ring_labels] == [
        ("2", 121), ("3", 97), ("4", 73), ("5", 49),
    ]  # fmt: skip
    assert drawn.spokes[0] == "M160 152L160 24"


def test_the_band_is_an_outer_and_an_inner_path() -> None:
    drawn = radar(seven(50, 5), CUTS)
    assert drawn.band.count("M") == drawn.band.count("Z") == 2
    outer, inner = drawn.band.split("Z")[:2]
    assert pairs(outer)[0][1] == pytest.approx(152 - 128 * (50 + 9.8 - 10) / 80, abs=0.05)
    assert pairs(inner)[0][1] == pytest.approx(152 - 128 * (50 - 9.8 - 10) / 80, abs=0.05)


def test_the_self_rating_is_drawn_only_when_it_is_whole() -> None:
    assert radar(seven(rating=65.0), CUTS).self_path is not None
    partial = [Reading("C1", 50, 5, 65.0), *seven()[1:]]
    assert radar(partial, CUTS).self_path is None


def test_labels_stand_outside_the_rim() -> None:
    drawn = radar(seven(), CUTS)
    assert (drawn.labels[0].text, drawn.labels[0].x, drawn.labels[0].y) == ("C1", 160.0, 15.2)
    assert (drawn.labels[1].x, drawn.labels[1].y) == (270.1, 68.2)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20)), min_size=3, max_size=9))
def test_nothing_is_drawn_outside_the_rim(rows: list[tuple[float, float]]) -> None:
    drawn = radar([Reading(str(i), v, se) for i, (v, se) in enumerate(rows)], CUTS)
    for path in (*drawn.rings, drawn.line, drawn.band):
        assert all(math.hypot(x - 160, y - 152) <= 128.1 for x, y in pairs(path))


def test_two_axes_are_no_radar() -> None:
    with pytest.raises(ValueError, match="three"):
        radar(seven()[:2], CUTS)


def test_a_dot_its_band_and_the_cuts_on_a_line() -> None:
    row = dot_row(57, 6, CUTS, need=42.5)
    assert row.ticks == (68.7, 102.9, 137.1, 171.3)
    assert row.dot_x == 136.0
    assert row.band_x == pytest.approx(109.1, abs=0.1)
    assert row.band_width == pytest.approx(2 * 1.96 * 6 * 2.28, abs=0.11)
    assert row.need == 102.9


def test_what_lies_outside_is_drawn_at_the_end() -> None:
    row = dot_row(98, 6, CUTS)
    assert row.band_x + row.band_width == pytest.approx(row.right, abs=0.1)
    assert row.need is None


def test_a_line_may_show_a_part_of_the_scale() -> None:
    row = dot_row(50, 2, CUTS, scale=(30, 70))
    assert row.dot_x == 120.0
    assert len(row.ticks) == 2
    with pytest.raises(ValueError, match="scale"):
        dot_row(50, 2, CUTS, scale=(70, 30))
