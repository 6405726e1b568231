"""What would change the order of two candidates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.competencies.rolefit import role_fit
from domain.competencies.scale import Ability
from domain.hiring.comparison import Reading, compare
from domain.hiring.order import MOST_SHIFT, moved, smallest_shift, turnings

EVEN = {"C1": 50, "C2": 50}


def person(**thetas: float) -> dict[str, Ability]:
    return {code: Ability(theta, 0.3, 10) for code, theta in thetas.items()}


def test_a_weight_that_tells_two_equals_apart() -> None:
    """Fit at weights 50/50: .1 against 0. At 60/40 it is .3 against 0, still below 1.96 * .306."""
    one, two = person(C1=1.1, C2=-0.9), person(C1=0.0, C2=0.0)
    shift = smallest_shift(one, two, EVEN)
    assert shift is not None
    assert (shift.code, shift.before, shift.reading) == ("C1", 50, Reading.HIGHER)
    for after, expected in ((shift.after, Reading.HIGHER), (shift.after - 1, Reading.EQUAL)):
        shares = moved(EVEN, "C1", after)
        fits = [role_fit(each, shares) for each in (one, two)]
        assert compare(fits[0], fits[1]) is expected  # type: ignore[arg-type]


def test_who_is_above_everywhere_stays_above() -> None:
    (turning,) = turnings({0: person(C1=2.0, C2=2.0), 1: person(C1=0.0, C2=0.0)}, EVEN)
    assert (turning.reading, turning.times, turning.shift) == (Reading.HIGHER, None, None)


def test_four_times_the_answers_halve_the_error() -> None:
    """SE of the difference of fits is .3; half of 1.96 * .3 needs four times the answers."""
    (turning,) = turnings({0: person(C1=0.294, C2=0.294), 1: person(C1=0.0, C2=0.0)}, EVEN)
    assert turning.reading is Reading.EQUAL
    assert turning.times == pytest.approx(4.0)


def test_alike_are_never_told_apart_and_the_unmeasured_are_left_out() -> None:
    people = {0: person(C1=1.0, C2=1.0), 1: person(C1=1.0, C2=1.0), 2: person(C1=1.0)}
    (turning,) = turnings(people, EVEN)
    assert (turning.first, turning.second, turning.times, turning.shift) == (0, 1, None, None)


@given(st.floats(0, 100), st.floats(0, 100))
def test_moved_shares_make_a_hundred_and_keep_their_proportions(one: float, after: float) -> None:
    shares = {"C1": one / 2, "C2": 30.0, "C3": 70.0 - one / 2}
    found = moved(shares, "C1", after)
    assert sum(found.values()) == pytest.approx(100)
    assert found["C2"] * shares["C3"] == pytest.approx(found["C3"] * shares["C2"], abs=1e-6)


@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_a_shift_is_small_and_changes_the_reading(thetas: list[float]) -> None:
    one, two = person(C1=thetas[0], C2=thetas[1]), person(C1=thetas[2], C2=thetas[3])
    shift = smallest_shift(one, two, EVEN)
    if shift is not None:
        before = compare(role_fit(one, EVEN), role_fit(two, EVEN))  # type: ignore[arg-type]
        assert shift.reading is not before
        assert 0 < abs(shift.after - shift.before) <= MOST_SHIFT
