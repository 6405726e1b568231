"""Worked examples from the literature that the house's own notes do not name."""

import math

import numpy as np
import pytest

from domain.assessment.estimation import GRID, LOG_PRIOR, Observation, estimate_ability
from domain.assessment.item_models import ItemModel, information, log_probability
from domain.assessment.statistics.agreement import (
    cohen_kappa,
    icc_agreement,
    icc_consistency,
    quadratic_kappa,
)
from domain.assessment.statistics.dif import graded_dif, mantel_haenszel
from domain.assessment.statistics.reliability import alpha
from domain.hiring.impact import Outcome, Verdict, compare

# Chatterjee & Price (1977), Regression Analysis by Example, p. 70: R's data set `attitude`.
ATTITUDE = """
43 51 30 39 61 92 45  63 64 51 54 63 73 47  71 70 68 69 76 86 48  61 63 45 47 54 84 35
81 78 56 66 71 83 47  43 55 49 44 54 49 34  58 67 42 56 66 68 35  71 75 50 55 70 66 41
72 82 72 67 71 83 31  67 61 45 47 62 80 41  64 53 53 58 58 67 34  67 60 47 39 59 74 41
69 62 57 42 55 63 25  68 83 83 45 59 77 35  77 77 54 72 79 77 46  81 90 50 72 60 54 36
74 85 64 69 79 79 63  65 60 65 75 55 80 60  65 70 46 57 75 85 46  50 58 68 54 64 78 52
50 40 33 34 43 64 33  64 61 52 62 66 80 41  53 66 52 50 63 80 37  40 37 42 58 50 57 49
63 54 42 48 66 75 33  66 77 66 63 88 76 72  78 75 58 74 80 78 49  48 57 44 45 51 83 38
85 85 71 71 77 74 55  82 82 39 59 64 78 39
"""


def test_alpha_of_the_attitude_survey() -> None:
    """R's psych::alpha(attitude), as in its documentation: raw alpha .84."""
    answers = np.array(ATTITUDE.split(), dtype=float).reshape(30, 7)
    assert list(answers.mean(axis=0).round(2)) == [64.63, 66.6, 53.13, 56.37, 64.63, 74.77, 42.93]
    assert alpha(answers) == pytest.approx(0.84, abs=0.005)


def test_kappas_of_two_raters_of_nine() -> None:
    """R's psych::cohen.kappa, first example of its documentation: .00, and .68 by squares."""
    first, second = range(1, 10), (1, 3, 1, 6, 1, 5, 5, 6, 7)
    assert cohen_kappa(first, second) == pytest.approx(0.0, abs=0.005)
    assert quadratic_kappa(first, second) == pytest.approx(0.68, abs=0.005)


def test_intraclass_correlations_of_the_anxiety_ratings() -> None:
    """R's irr::icc(anxiety, "twoway"), as in its documentation: .216 for consistency and .198 for
    agreement; the ratings are 20 people by 3 raters."""
    anxiety = np.array(
        [
            [3, 3, 2], [3, 6, 1], [3, 4, 4], [4, 6, 4], [5, 2, 3], [5, 4, 2], [2, 2, 1],
            [3, 4, 6], [5, 3, 1], [2, 3, 1], [2, 2, 1], [6, 3, 2], [1, 3, 3], [5, 3, 3],
            [2, 2, 1], [2, 2, 1], [1, 1, 3], [2, 3, 3], [4, 3, 2], [3, 4, 2],
        ]
    )  # fmt: skip
    assert icc_consistency(anxiety).value == pytest.approx(0.216, abs=0.0005)
    assert icc_agreement(anxiety).value == pytest.approx(0.198, abs=0.0005)


def test_mantel_and_haenszel_on_the_rabbits() -> None:
    """Immediate against delayed penicillin in five strata, two of which tell nothing.

    R's mantelhaen.test(Rabbits) from Everitt (1977): 3.9286, p .04747, odds ratio 7, interval
    1.026713 to 47.725133 (Robins, Breslow and Greenland).
    """
    strata = [
        [[0, 6], [0, 5]],
        [[3, 3], [0, 6]],
        [[6, 0], [2, 4]],
        [[5, 1], [6, 0]],
        [[2, 0], [5, 0]],
    ]
    found = mantel_haenszel(strata)
    assert found is not None
    assert found.chi_square == pytest.approx(3.9286, abs=5e-5)
    assert found.p == pytest.approx(0.04747, abs=5e-6)
    assert found.odds_ratio == pytest.approx(7)
    assert found.odds_ratio_band() == pytest.approx((1.026713, 47.725133), abs=5e-6)


def test_one_stratum_of_graded_marks_is_the_correlation() -> None:
    """Mantel (1963), JASA 58, 690-700: in a single stratum the statistic is (N - 1) r^2."""
    marks = np.array([0, 1, 2, 3, 1, 2, 0, 3, 3, 2, 1])
    focal = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0], dtype=bool)
    found = graded_dif(marks, focal, np.zeros(11))
    assert found is not None
    r = np.corrcoef(marks, focal)[0, 1]
    assert found.chi_square == pytest.approx(10 * r * r)


@pytest.mark.parametrize(
    ("model", "curve"),
    [
        (ItemModel(1.5, (1.0,)), (0.01, 0.02, 0.10, 0.34, 0.56, 0.34, 0.10)),
        (ItemModel(1.0, (1.0,)), (0.02, 0.05, 0.10, 0.20, 0.25, 0.20, 0.10)),
        (ItemModel(1.5, (1.0,), 0.2), (0.00, 0.00, 0.02, 0.14, 0.38, 0.26, 0.08)),
    ],
)
def test_item_information_at_seven_abilities(model: ItemModel, curve: tuple[float, ...]) -> None:
    """Baker (2001), The Basics of Item Response Theory, chapter 6, tables for two, one and three
    parameters: theta from -3 to 3, rounded there to two decimals at each step."""
    found = [information(model, theta) for theta in range(-3, 4)]
    assert found == pytest.approx(curve, abs=0.012)


@pytest.mark.parametrize(
    "seen",
    [
        [(ItemModel(1.3, (0.4,)), 1)],
        [(ItemModel(1.0, (-1.0,)), 1), (ItemModel(1.7, (0.3,), 0.2), 0)],
        [(ItemModel(1.2, (-1.0, 0.0, 1.0)), k) for k in (0, 2, 3)],
        [(ItemModel(0.9, (b / 4,)), b % 2) for b in range(-6, 7)],
    ],
)
def test_an_estimate_is_the_mean_slope_of_the_likelihood(
    seen: list[tuple[ItemModel, int]],
) -> None:
    """For a N(0, 1) prior E(theta | x) = E(d log L / d theta | x), and
    Var(theta | x) = 1 + E(d2 log L) + Var(d log L): identities of Stein (1981), Annals of
    Statistics 9, 1135-1151, which hold for no other prior and ask nothing of quadrature."""

    def slope(theta: float, order: int) -> float:
        h = 1e-3

        def log_likelihood(at: float) -> float:
            return sum(log_probability(model, mark, at) for model, mark in seen)

        above, here, below = (log_likelihood(theta + h * k) for k in (1, 0, -1))
        return (above - below) / (2 * h) if order == 1 else (above - 2 * here + below) / h**2

    logs = [
        prior + sum(log_probability(model, mark, theta) for model, mark in seen)
        for prior, theta in zip(LOG_PRIOR, GRID, strict=True)
    ]
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    first = np.array([slope(theta, 1) for theta in GRID])
    second = np.array([slope(theta, 2) for theta in GRID])
    mean = float(weights @ first)
    variance = 1 + float(weights @ second) + float(weights @ (first - mean) ** 2)
    found = estimate_ability([Observation(model, mark) for model, mark in seen])
    assert found.theta == pytest.approx(mean, abs=2e-4)
    assert found.se == pytest.approx(math.sqrt(variance), abs=2e-4)


def test_opposite_answers_to_mirrored_questions_say_nothing_of_the_direction() -> None:
    easy, hard = ItemModel(1.4, (-0.8,)), ItemModel(1.4, (0.8,))
    found = estimate_ability([Observation(easy, 1), Observation(hard, 0)])
    assert found.theta == pytest.approx(0, abs=1e-12)


def test_the_court_in_connecticut_against_teal() -> None:
    """457 U.S. 440 (1982): 26 of 48 against 206 of 259, 54.17 and 79.54 per cent, "approximately
    68 per cent" of the passing rate."""
    found = compare(Outcome(26, 48), Outcome(206, 259))
    assert found.group.rate == pytest.approx(0.5417, abs=5e-5)
    assert found.reference.rate == pytest.approx(0.7954, abs=5e-5)
    assert found.ratio == pytest.approx(0.68, abs=0.005)
    assert found.below
    assert found.verdict is Verdict.IMPACT
