"""Tail chances against printed tables."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.statistics.distributions import chi_square_tail, f_quantile, f_tail


@pytest.mark.parametrize(
    ("statistic", "degrees", "tail"),
    [(3.841, 1, 0.05), (6.635, 1, 0.01), (5.991, 2, 0.05), (18.307, 10, 0.05), (3.940, 10, 0.95),
     (124.342, 100, 0.05)],
)  # fmt: skip
def test_chi_square_tables(statistic: float, degrees: int, tail: float) -> None:
    """Abramowitz & Stegun (1964), table 26.8."""
    assert chi_square_tail(statistic, degrees) == pytest.approx(tail, rel=2e-3)


@pytest.mark.parametrize(
    ("above", "below", "value"),
    [(1, 10, 4.9646), (5, 10, 3.3258), (10, 5, 4.7351), (2, 30, 3.3158), (20, 120, 1.6587)],
)
def test_f_tables(above: int, below: int, value: float) -> None:
    """The upper 5 % points: Abramowitz & Stegun (1964), table 26.9."""
    assert f_tail(value, above, below) == pytest.approx(0.05, abs=5e-5)
    assert f_quantile(0.95, above, below) == pytest.approx(value, abs=1e-3)


@given(st.floats(0.001, 60))
def test_two_degrees_are_exponential_and_one_is_normal(x: float) -> None:
    assert chi_square_tail(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-9)
    assert chi_square_tail(x, 1) == pytest.approx(math.erfc(math.sqrt(x / 2)), rel=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.7, 60), st.floats(0.7, 60))
def test_a_quantile_has_its_tail(chance: float, above: float, below: float) -> None:
    value = f_quantile(chance, above, below)
    assert f_tail(value, above, below) == pytest.approx(1 - chance, abs=1e-7)
    assert f_tail(1 / value, below, above) == pytest.approx(chance, abs=1e-7)


def test_the_ends() -> None:
    assert chi_square_tail(0, 3) == 1
    assert f_tail(0, 1, 1) == 1
    with pytest.raises(ValueError, match="above 0"):
        chi_square_tail(1, 0)
    with pytest.raises(ValueError, match="above 0"):
        f_tail(1, 0, 3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        f_quantile(1, 2, 3)
