"""The report of a form."""

import numpy as np
import pytest

from domain.assessment.form_report import CURVE_THETAS
from domain.assessment.item_models import ItemModel, expected_mark
from domain.assessment.statistics.reliability import alpha, omega
from domain.assessment.statistics.score_report import error_curve, score_report
from domain.assessment.statistics.simulated import simulated_marks

MODELS = [ItemModel(1.1, (b,)) for b in np.linspace(-1.5, 1.5, 10)] + [ItemModel(1.0, (-0.5, 0.5))]
HIGHEST = [model.max_mark for model in MODELS]
GROUPS = ["C1"] * 6 + ["C2"] * 5


def sat(people: int) -> np.ndarray:
    chance = np.random.default_rng(3)
    return simulated_marks(MODELS, chance.normal(size=people), chance.random((people, len(MODELS))))


def test_a_form_that_many_sat() -> None:
    marks = sat(500)
    found = score_report(marks, HIGHEST, GROUPS)
    assert (found.people, found.most, sum(found.counts)) == (500, 12, 500)
    assert found.whole.alpha == pytest.approx(alpha(marks))
    assert found.whole.omega == pytest.approx(omega(marks))
    assert found.groups["C1"].alpha == pytest.approx(alpha(marks[:, :6]))
    assert found.mean == pytest.approx(marks.sum(axis=1).mean())
    assert found.error == pytest.approx(found.deviation * (1 - found.whole.alpha) ** 0.5)


def test_scores_fall_into_tenths() -> None:
    marks = [[1] * 10 + [2], [0] * 11, [1] * 6 + [0] * 5]
    assert score_report(marks, HIGHEST, GROUPS).counts == (1, 0, 0, 0, 0, 1, 0, 0, 0, 1)


def test_an_item_that_all_got_right_does_not_stop_it() -> None:
    marks = sat(100)
    marks[:, 0] = 1
    found = score_report(marks, HIGHEST, GROUPS)
    assert 0 < found.whole.omega < 1


def test_few_people_have_no_reliability() -> None:
    for people in (0, 1, 9):
        found = score_report(sat(500)[:people], HIGHEST, GROUPS)
        assert (found.whole.alpha, found.whole.omega, found.error) == (None, None, None)
    assert found.mean is not None
    few = score_report(sat(500)[:11], HIGHEST, GROUPS)
    assert (few.whole.alpha is not None, few.whole.omega) == (True, None)


def test_marks_and_items_must_fit() -> None:
    with pytest.raises(ValueError, match="people x items"):
        score_report(sat(20), HIGHEST[:-1], GROUPS)


def test_the_error_is_that_of_the_models() -> None:
    curve = error_curve(MODELS)
    for place in (0, 12, 24):
        theta = CURVE_THETAS[place]
        assert curve.score[place] == pytest.approx(sum(expected_mark(m, theta) for m in MODELS))
    assert curve.error[12] > curve.error[0]  # in points it is widest where answers are uncertain
    assert curve.theta_error[12] < curve.theta_error[0]
