"""Agreement of raters against published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.statistics.agreement import (
    cohen_kappa,
    icc_agreement,
    icc_consistency,
    percent_agreement,
    quadratic_kappa,
    weighted_kappa,
)

# Four judges, six targets: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, table 2.
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=40)


def test_absolute_agreement_of_four_judges() -> None:
    """ICC(2,1) = .29 in Shrout & Fleiss; interval .019 to .761 in R's psych::ICC."""
    found = icc_agreement(JUDGES)
    assert found.value == pytest.approx(0.2898, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.0188, 0.7611), abs=5e-5)
    assert (found.f, found.degrees) == (pytest.approx(11.027, abs=5e-4), (5, 15))
    assert found.p == pytest.approx(0.00013, abs=1e-5)


def test_consistency_of_four_judges() -> None:
    """ICC(3,1) = .71 in Shrout & Fleiss; interval .342 to .946 in R's psych::ICC."""
    found = icc_consistency(JUDGES)
    assert found.value == pytest.approx(0.7148, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.3425, 0.9459), abs=5e-5)


def test_a_strict_judge_lowers_agreement_and_not_consistency() -> None:
    lenient = [[one, one + 2] for one in (1, 3, 4, 6, 9)]
    assert icc_consistency(lenient).value == 1
    assert icc_agreement(lenient).value < 0.9


def test_judges_who_are_one() -> None:
    found = icc_agreement([[1, 1], [2, 2], [4, 4]])
    assert (found.value, found.low, found.high, found.p) == (1, 1, 1, 0)


def test_cohens_kappa_of_fifty_decisions() -> None:
    """20 both yes, 15 both no, 5 and 10 apart: kappa .4, agreement 70 %."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)
    assert percent_agreement(first, second) == 70


@given(pairs)
def test_quadratic_kappa_is_lins_concordance(rated: list[tuple[int, int]]) -> None:
    """1 - E(x - y)^2 / (var x + var y + (mean x - mean y)^2): Krippendorff (1970), Lin (1989)."""
    one, two = (np.array(marks, dtype=float) for marks in zip(*rated, strict=True))
    apart = one.var() + two.var() + (one.mean() - two.mean()) ** 2
    found = quadratic_kappa(one.astype(int).tolist(), two.astype(int).tolist())
    if apart == 0:
        assert found is None
    else:
        assert found == pytest.approx(1 - ((one - two) ** 2).mean() / apart, abs=1e-9)


@given(pairs)
def test_with_two_marks_both_kappas_are_one(rated: list[tuple[int, int]]) -> None:
    first, second = ([mark % 2 for mark in marks] for marks in zip(*rated, strict=True))
    plain, weighted = cohen_kappa(first, second), quadratic_kappa(first, second)
    assert plain == (None if weighted is None else pytest.approx(weighted))


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="two rated and two raters"):
        icc_agreement([[1, 2]])
    with pytest.raises(ValueError, match="complete"):
        icc_consistency([[1, 2], [3, np.nan]])
    with pytest.raises(ValueError, match="do not differ"):
        icc_agreement([[1, 2], [1, 2]])
    with pytest.raises(ValueError, match="same answers"):
        percent_agreement([], [])
    with pytest.raises(ValueError, match="same answers"):
        cohen_kappa([1], [1, 2])
    with pytest.raises(ValueError, match="whole"):
        quadratic_kappa([1.5], [1])  # type: ignore[list-item]


def test_cohens_weighted_kappa_of_three_diagnoses() -> None:
    """Cohen (1968), table 1: kappa .492, weighted .348. In hundredths of 100 patients."""
    table = [[44, 7, 9], [5, 20, 5], [1, 3, 6]]
    costs = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    pairs = [(r, c) for r in range(3) for c in range(3) for _ in range(table[r][c])]
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    found = weighted_kappa(first, second, lambda one, other: float(costs[one][other]))
    assert found == pytest.approx(0.348, abs=0.0005)
    assert cohen_kappa(first, second) == pytest.approx(0.492, abs=0.0005)
    with pytest.raises(ValueError, match="less than nothing"):
        weighted_kappa(first, second, lambda one, other: -1.0)


def test_quadratic_weights_are_those_of_fleiss_and_cohen() -> None:
    """Fleiss & Cohen (1973), Educ. Psychol. Measurement 33, 613-619: kappa with squared weights is
    the intraclass correlation of many rated, but for terms of 1 / n."""
    first = [1, 2, 3, 4, 5] * 2000
    second = [2, 2, 3, 5, 4] * 2000
    kappa = quadratic_kappa(first, second)
    icc = icc_agreement([list(pair) for pair in zip(first, second, strict=True)])
    assert kappa == pytest.approx(icc.value, abs=1e-3)
