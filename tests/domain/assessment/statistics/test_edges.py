"""Estimates where nearly nothing, or everything, is known: an examiner's odd cases."""

import math

import numpy as np
import pytest

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.item_models import ItemModel, information
from domain.assessment.statistics.dif import mantel_haenszel
from domain.assessment.statistics.reliability import score_distribution
from domain.assessment.statistics.scoring import score_people

HARD = ItemModel(2.5, (3.0,), 0.2)


@pytest.mark.parametrize("mark", [0, 1])
@pytest.mark.parametrize("count", [1, 60, 400])
def test_all_right_and_all_wrong_stay_finite_with_guessing(mark: int, count: int) -> None:
    found = estimate_ability([Observation(HARD, mark)] * count)
    many = score_people([HARD] * count, [[mark] * count])[0]
    assert math.isfinite(found.theta)
    assert 0 < found.se < 1.1  # a lucky guess may leave two peaks, and widen the prior
    assert (many.theta, many.se) == pytest.approx((found.theta, found.se), abs=1e-9)


def test_weight_nothing_says_nothing() -> None:
    found = estimate_ability([Observation(HARD, 1, 0.0)] * 3)
    assert (found.theta, found.se) == pytest.approx((0.0, 1.0), abs=1e-12)
    many = score_people([HARD], [[1], [np.nan]], [0.0])
    assert many.theta == pytest.approx([0.0, 0.0], abs=1e-12)
    assert many.se == pytest.approx([1.0, 1.0], abs=1e-12)


@pytest.mark.parametrize("weight", [float("nan"), -0.1, 1.1])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        estimate_ability([Observation(HARD, 1, weight)])
    with pytest.raises(ValueError, match="weights"):
        score_people([HARD], [[1]], [weight])


def test_chances_of_sums_by_lord_and_wingersky() -> None:
    """Kolen & Brennan (2004), Test Equating, table 6.1: three items at theta -2 with p = .26, .27,
    .18; and the sums of any test add up to 1, with the mean of its items."""
    assert score_distribution([0.26, 0.27, 0.18]) == pytest.approx(
        [0.4430, 0.4167, 0.1277, 0.0126], abs=5e-5
    )
    chances = np.random.default_rng(3).random(80)
    found = score_distribution(list(chances))
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert found @ np.arange(81) == pytest.approx(chances.sum(), abs=1e-9)


@pytest.mark.parametrize("theta", [-2.0, 0.0, 0.7, 3.0])
def test_graded_information_is_minus_the_mean_second_derivative(theta: float) -> None:
    """Samejima (1969): I = -E[d2 log P / d theta2], here by differences."""
    model, step = ItemModel(1.7, (-1.0, 0.2, 1.4)), 1e-4

    def log_chances(at: float) -> np.ndarray:
        levels = [1.0, *(1 / (1 + math.exp(-model.a * (at - b))) for b in model.thresholds), 0.0]
        return np.log(-np.diff(levels))

    bent = (
        log_chances(theta + step) - 2 * log_chances(theta) + log_chances(theta - step)
    ) / step**2
    expected = -float(np.exp(log_chances(theta)) @ bent)
    assert information(model, theta) == pytest.approx(expected, rel=1e-4)


def test_one_stratum_of_mantel_and_haenszel_is_the_odds_ratio() -> None:
    """And swapping the groups turns the sign of D and nothing else: Holland & Thayer (1988)."""
    found = mantel_haenszel([[[60, 40], [30, 70]]])
    turned = mantel_haenszel([[[30, 70], [60, 40]]])
    assert found is not None
    assert turned is not None
    assert found.odds_ratio == pytest.approx(60 * 70 / (40 * 30))
    # Woolf's variance of the logarithm is what Robins, Breslow & Greenland give for one stratum.
    assert found.log_se == pytest.approx(math.sqrt(1 / 60 + 1 / 40 + 1 / 30 + 1 / 70))
    assert turned.d == pytest.approx(-found.d)
    assert (turned.d_se, turned.chi_square) == pytest.approx((found.d_se, found.chi_square))
