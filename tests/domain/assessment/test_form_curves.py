"""Curves of a form as paths that a drawing can take as they are."""

import re

import pytest

from domain.assessment.form_curves import FOOT, LEFT, RIGHT, TOP, curves
from domain.assessment.form_report import CURVE_THETAS

FLAT = [1.0] * len(CURVE_THETAS)
MIDDLES = (-2.0, -1.0, 0.0, 1.0, 2.0)


def points(path: str) -> list[tuple[float, float]]:
    pairs = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    assert len(pairs) == len(CURVE_THETAS)
    return [(float(x), float(y)) for x, y in pairs]


def test_a_curve_runs_from_edge_to_edge_at_the_height_of_its_value() -> None:
    shape = curves(FLAT, [0.5] * len(FLAT), MIDDLES)
    told, se = points(shape.information), points(shape.se)
    assert (told[0][0], told[-1][0]) == (LEFT, RIGHT)
    assert {y for _, y in told} == {TOP}
    assert {y for _, y in se} == {(TOP + FOOT) / 2}


def test_the_left_scale_ends_at_a_whole_number_above_the_curve_or_where_it_is_told() -> None:
    low = curves([1.4 * value for value in FLAT], FLAT, MIDDLES)
    assert [tick.text for tick in low.tops] == ["0", "1", "2"]
    shared = curves(FLAT, FLAT, MIDDLES, top=3.2)
    assert shared.tops[-1].text == "4"
    assert points(shared.information)[0][1] == pytest.approx(FOOT - (FOOT - TOP) / 4, abs=0.05)


def test_levels_stand_under_their_middles() -> None:
    shape = curves(FLAT, FLAT, MIDDLES)
    assert [tick.text for tick in shape.levels] == ["1", "2", "3", "4", "5"]
    assert shape.levels[2].at == pytest.approx((LEFT + RIGHT) / 2)
