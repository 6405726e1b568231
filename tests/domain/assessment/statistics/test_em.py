"""The parts of the engine that a wrong answer would not betray at once."""

import numpy as np
import pytest

from domain.assessment.statistics.em import (
    NO_GUESSING,
    Plan,
    Priors,
    bank_of_values,
    prior_terms,
    slopes,
)
from domain.assessment.statistics.tables import FAR, NODES, columns, mark_curves

# log a, b_1, b_2, logit c: an item that is guessed, a graded one and a plain one.
VALUES = np.array(
    [[0.3, -0.5, FAR, -1.2], [-0.2, -1.0, 0.7, NO_GUESSING], [0.1, 0.4, FAR, NO_GUESSING]]
)
FREE = np.array([[1, 1, 0, 1], [1, 1, 1, 0], [1, 1, 0, 0]], dtype=np.bool_)
SHARED = np.array([False, True, True])


def plan() -> Plan:
    table = np.zeros((2, 3), dtype=np.int16)
    return Plan(
        table, columns([1, 2, 1]), FREE, SHARED, np.array([0.25, 0, 0]), Priors(0.5, 2.0, 20.0)
    )


@pytest.mark.parametrize(("item", "parameter"), list(zip(*np.nonzero(FREE), strict=True)))
def test_slopes_are_the_curves_derivatives(item: int, parameter: int) -> None:
    step = np.zeros_like(VALUES)
    step[item, parameter] = 1e-6
    up, down = (mark_curves(bank_of_values(v), NODES) for v in (VALUES + step, VALUES - step))
    assert slopes(VALUES)[item, parameter] == pytest.approx((up - down)[item] / 2e-6, abs=1e-8)


def test_priors_pull_as_their_density_says() -> None:
    _, gradient, added = prior_terms(plan(), VALUES)
    for item, parameter in zip(*np.nonzero(FREE), strict=True):
        if (item, parameter) == (2, 0):
            continue  # shares the discrimination of item 1
        step = np.zeros_like(VALUES)
        step[item, parameter] = 1e-5
        up, middle, down = (prior_terms(plan(), VALUES + k * step)[0] for k in (1, 0, -1))
        assert gradient[item, parameter] == pytest.approx((up - down) / 2e-5, abs=1e-6)
        assert added[item, parameter] == pytest.approx(-(up - 2 * middle + down) / 1e-10, abs=1e-3)


def test_a_shared_discrimination_has_one_prior() -> None:
    density, gradient, added = prior_terms(plan(), VALUES)
    assert (gradient[2, 0], added[2, 0]) == (0, 0)
    changed = VALUES.copy()
    changed[2, 0] = 3.0
    assert prior_terms(plan(), changed)[0] == density


def test_the_prior_of_guessing_is_highest_at_the_items_chance() -> None:
    at_chance = VALUES.copy()
    at_chance[0, -1] = np.log(0.25 / 0.75)
    assert prior_terms(plan(), at_chance)[1][0, -1] == pytest.approx(0)
