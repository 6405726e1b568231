"""Reliability against published values and by counting everything."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.item_models import ItemModel, expected_mark
from domain.assessment.statistics.reliability import (
    ability_error,
    alpha,
    alpha_of_covariance,
    binomial_error,
    empirical_reliability,
    marginal_reliability,
    omega,
    omega_of_loadings,
    one_factor,
    score_distribution,
    standard_error,
    sum_distribution,
    sum_error,
)
from domain.assessment.statistics.scoring import score_people
from tests.domain.assessment.statistics.samples import lsat, people, true_models

LOADINGS = np.array([0.8, 0.7, 0.6, 0.5, 0.4])
MIXED = [ItemModel(1.2, (-1, 0, 1)), ItemModel(0.8, (0.5,)), ItemModel(1.5, (1.0,), 0.2)]


def correlations() -> np.ndarray:
    matrix = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(matrix, 1)
    return matrix


def test_alpha_of_the_law_school_test() -> None:
    """LSAT 6: .295. Source: Rizopoulos (2006), J. Statistical Software 17(5)."""
    assert alpha(lsat()) == pytest.approx(0.295, abs=5e-4)


def test_alpha_and_omega_of_five_loadings() -> None:
    """.8 .7 .6 .5 .4: omega .743802, alpha .733471. Source: project's measurement notes."""
    assert omega_of_loadings(LOADINGS) == pytest.approx(0.743802, abs=5e-7)
    assert alpha_of_covariance(correlations()) == pytest.approx(0.733471, abs=5e-7)


def test_one_factor_finds_the_loadings_that_made_the_correlations() -> None:
    assert one_factor(correlations()) == pytest.approx(LOADINGS, abs=1e-6)
    assert one_factor(4 * correlations()) == pytest.approx(2 * LOADINGS, abs=1e-6)


@pytest.mark.parametrize("items", range(3, 12))
def test_loadings_point_the_way_the_score_does(items: int) -> None:
    """Whatever sign the eigenvector comes with."""
    alike = np.full((items, items), 0.49) + np.diag([0.51] * items)
    assert one_factor(alike) == pytest.approx([0.7] * items, abs=1e-6)


def test_omega_of_answers_is_at_least_alpha() -> None:
    """And near the share of variance that the common ability explains."""
    scale = np.random.default_rng(3)
    marks = scale.normal(size=(20_000, 1)) * LOADINGS
    marks = marks + scale.normal(size=marks.shape) * np.sqrt(1 - LOADINGS**2)
    assert omega(marks) == pytest.approx(0.743802, abs=0.01)
    assert omega(marks) > alpha(marks)


def test_an_item_that_turns_against_the_others_keeps_its_sign() -> None:
    turned = correlations()
    turned[4, :4] *= -1
    turned[:4, 4] *= -1
    assert one_factor(turned)[4] == pytest.approx(-0.4, abs=1e-6)


def test_lords_conditional_error() -> None:
    """n = 40, x = 30: 2.7735. Source: Lord (1955), sqrt(x (n - x) / (n - 1))."""
    assert binomial_error(40, 30) == pytest.approx(2.7735, abs=5e-5)
    assert binomial_error(40, 0) == binomial_error(40, 40) == 0


def test_standard_error_of_measurement() -> None:
    assert standard_error(15, 0.91) == pytest.approx(4.5)


def test_lord_wingersky() -> None:
    """p = .26, .27, .18: .4430 .4167 .1277 .0126. Source: Kolen & Brennan (2004), ch. 6."""
    assert score_distribution([0.26, 0.27, 0.18]) == pytest.approx(
        [0.4430, 0.4167, 0.1277, 0.0126], abs=5e-5
    )


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.floats(0.01, 1), min_size=2, max_size=4).map(
            lambda chances: [chance / sum(chances) for chance in chances]
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_recursion_is_what_counting_every_pattern_gives(items: list[list[float]]) -> None:
    counted = np.zeros(sum(len(item) - 1 for item in items) + 1)
    for pattern in itertools.product(*(range(len(item)) for item in items)):
        counted[sum(pattern)] += np.prod([i[m] for i, m in zip(items, pattern, strict=True)])
    assert score_distribution(items) == pytest.approx(counted)


def test_sums_have_the_mean_and_error_that_their_distribution_has() -> None:
    thetas = [-1.5, 0.0, 2.0]
    spread = sum_distribution(MIXED, thetas)
    sums = np.arange(len(spread))[:, None]
    mean = (sums * spread).sum(axis=0)
    assert mean == pytest.approx([sum(expected_mark(m, t) for m in MIXED) for t in thetas])
    assert sum_error(MIXED, thetas) == pytest.approx(
        np.sqrt((sums**2 * spread).sum(axis=0) - mean**2)
    )


def test_the_error_of_theta_is_smallest_where_the_items_are() -> None:
    items = [ItemModel(1.0, (1.0,))] * 16
    assert ability_error(items, [1.0]) == pytest.approx(0.5)
    assert ability_error(items, [-1.0, 3.0])[0] > 0.6


def test_marginal_reliability_is_what_people_show() -> None:
    """Expected from the items, and found in estimates of people: the same within .01."""
    models = true_models(31)
    theta, marks = people(models, 8000, 32)
    found = score_people(models, marks)
    expected = marginal_reliability(models)
    assert 0.8 < expected < 0.95
    assert empirical_reliability(found.theta, found.se) == pytest.approx(expected, abs=0.01)
    assert np.corrcoef(found.theta, theta)[0, 1] ** 2 == pytest.approx(expected, abs=0.01)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="every item"):
        alpha([[1, np.nan], [0, 1]])
    with pytest.raises(ValueError, match="two people"):
        alpha([[1, 0]])
    with pytest.raises(ValueError, match="variance"):
        alpha([[1, 0], [1, 0]])
    with pytest.raises(ValueError, match="square"):
        alpha_of_covariance([[1.0, 0.5]])
    with pytest.raises(ValueError, match="symmetric"):
        alpha_of_covariance([[1.0, 0.5], [0.1, 1.0]])
    with pytest.raises(ValueError, match="every item must have variance"):
        one_factor([[1.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match="none negative"):
        omega_of_loadings([1.2, 0.5])
    with pytest.raises(ValueError, match="item 1"):
        score_distribution([0.5, [0.5, 0.6]])
    with pytest.raises(ValueError, match="two items"):
        binomial_error(1, 0)
    with pytest.raises(ValueError, match="reliability"):
        standard_error(1, 1.1)
    with pytest.raises(ValueError, match="two people"):
        empirical_reliability([1], [0.5])
