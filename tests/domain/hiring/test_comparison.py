"""Candidates are told apart only where the measurement can."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.statistics.change import critical_difference
from domain.competencies.scale import Ability
from domain.hiring.comparison import Reading, compare

abilities = st.builds(Ability, st.floats(-4, 4), st.floats(0.05, 1.2), st.integers(1, 50))
OPPOSITE = {
    Reading.HIGHER: Reading.LOWER,
    Reading.LOWER: Reading.HIGHER,
    Reading.EQUAL: Reading.EQUAL,
}


@pytest.mark.parametrize(
    ("difference", "reading"),
    [(0.97, Reading.EQUAL), (0.99, Reading.HIGHER), (-0.97, Reading.EQUAL), (-0.99, Reading.LOWER)],
)
def test_the_critical_difference_of_errors_three_and_four_tenths(
    difference: float, reading: Reading
) -> None:
    """1.96 * sqrt(.3^2 + .4^2) = .98."""
    assert compare(Ability(difference, 0.3, 9), Ability(0.0, 0.4, 9)) is reading


def test_a_difference_of_exactly_the_critical_value_is_no_difference() -> None:
    first, second = Ability(1.96, 1.0, 1), Ability(0.0, 0.0, 1)
    assert critical_difference(first, second, 1.96) == pytest.approx(1.96)
    assert compare(first, second) is Reading.EQUAL


@given(abilities, abilities)
def test_the_reading_turns_with_the_candidates(first: Ability, second: Ability) -> None:
    assert compare(second, first) is OPPOSITE[compare(first, second)]


@given(abilities)
def test_nobody_differs_from_themself(one: Ability) -> None:
    assert compare(one, one) is Reading.EQUAL


@given(abilities, abilities)
def test_a_wider_error_never_makes_a_difference(first: Ability, second: Ability) -> None:
    wider = Ability(first.theta, first.se * 1.25, first.n)
    if compare(first, second) is Reading.EQUAL:
        assert compare(wider, second) is Reading.EQUAL
