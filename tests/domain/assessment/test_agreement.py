"""Agreement from sums is the agreement that the reports work out with arrays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.assessment import agreement
from domain.assessment.statistics import agreement as arrays

pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=60)


@given(pairs)
def test_kappa_is_the_same(found: list[tuple[int, int]]) -> None:
    first, second = zip(*found, strict=True)
    expected = arrays.quadratic_kappa(first, second)
    same = expected if expected is None else pytest.approx(expected, abs=1e-9)
    assert agreement.quadratic_kappa(found) == same


@given(pairs)
def test_icc_is_the_same(found: list[tuple[int, int]]) -> None:
    assume(len({one + two for one, two in found}) > 1)
    expected = arrays.icc_agreement(found).value
    assert agreement.icc_agreement(found) == pytest.approx(expected, abs=1e-9)


def test_kappa_below_thirty_and_icc_from_there_on() -> None:
    few = agreement.agreement([(one % 4, one % 3) for one in range(29)])
    many = agreement.agreement([(one % 4, one % 3) for one in range(30)])
    assert few is not None
    assert many is not None
    assert (few.kappa is None, few.icc is None) == (False, True)
    assert (many.kappa is None, many.icc is None) == (True, False)


def test_nothing_is_said_of_nothing() -> None:
    assert agreement.agreement([]) is None
    assert agreement.quadratic_kappa([(3, 3), (3, 3)]) is None
    assert agreement.icc_agreement([(3, 3)]) is None
    assert agreement.icc_agreement([(2, 4), (3, 3)]) is None


def test_the_limit_is_the_reports_own() -> None:
    assert agreement.FEWEST_FOR_ICC == arrays.FEWEST_FOR_ICC
