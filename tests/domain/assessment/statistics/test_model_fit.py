"""Item fit: good items pass at the rate they should, planted misfits do not."""

import numpy as np
import pytest

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.model_fit import mean_squares, sum_score_fit
from tests.domain.assessment.statistics.samples import people, true_models

MODELS = true_models(61, items=20)


def test_items_that_follow_their_model_have_mean_squares_of_one() -> None:
    graded = [*MODELS, *true_models(62, items=4, points=3)]
    theta, marks = people(graded, 4000, 63)
    marks[::3, ::2] = -1
    found = mean_squares(graded, marks, theta)
    assert [item.infit for item in found] == pytest.approx([1] * 24, abs=0.08)
    # One very unlikely answer moves the outfit of its item, so their mean is judged.
    assert np.mean([item.outfit for item in found if item.outfit]) == pytest.approx(1, abs=0.04)


def test_a_mean_square_by_hand() -> None:
    """Surprises (1 - p)^2 and p^2 over p (1 - p): a right answer at even odds counts 1."""
    found = mean_squares([ItemModel(1, (0.0,))], [[1], [0]], [0.0, np.log(4)])[0]
    assert found.outfit == pytest.approx((1 + 0.64 / 0.16) / 2)
    assert found.infit == pytest.approx((0.25 + 0.64) / (0.25 + 0.16))
    unseen = mean_squares([ItemModel(1, (0.0,))], [[-1]], [0.0])[0]
    assert (unseen.infit, unseen.outfit) == (None, None)


def test_noise_is_above_one_and_a_staircase_below() -> None:
    theta, marks = people(MODELS, 2000, 64)
    marks[:, 0] = np.random.default_rng(65).random(2000) < 0.5
    marks[:, 1] = theta > MODELS[1].thresholds[0]
    noisy, staircase = mean_squares(MODELS, marks, theta)[:2]
    assert noisy.infit is not None
    assert staircase.infit is not None
    assert noisy.infit > 1.2
    assert staircase.infit < 0.8


def test_sum_score_fit_alarms_as_often_as_it_says() -> None:
    """Over 200 good items about 5 % have p < .05, and the mean of chi-square is its degrees."""
    found = [
        item
        for seed in range(10)
        for item in sum_score_fit(MODELS, people(MODELS, 1000, 70 + seed)[1], [0] * 20)
    ]
    low = np.mean([item.p < 0.05 for item in found if item.p is not None])
    assert 0.01 <= low <= 0.10
    ratio = sum(item.statistic for item in found) / sum(item.degrees for item in found)
    assert ratio == pytest.approx(1, abs=0.1)


def test_sum_score_fit_finds_a_guessed_item() -> None:
    _, marks = people(MODELS, 2000, 66)
    lucky = np.random.default_rng(67).random(2000) < 0.35
    marks[:, 3] |= lucky
    found = sum_score_fit(MODELS, marks, [2] * 20)
    assert found[3].p is not None
    assert found[3].p < 1e-6
    assert found[3].degrees == sum_score_fit(MODELS, marks, [0] * 20)[3].degrees - 2


def test_too_few_people_leave_no_degrees() -> None:
    found = sum_score_fit(MODELS[:3], [[1, 0, 0], [0, 1, 1], [1, 1, 0]], [2, 2, 2])
    assert all(item.p is None for item in found)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="one ability"):
        mean_squares(MODELS[:1], [[1]], [0.0, 1.0])
    with pytest.raises(ValueError, match="right/wrong"):
        sum_score_fit([ItemModel(1, (0.0, 1.0))] * 2, [[1, 1], [0, 2]], [2, 2])
    with pytest.raises(ValueError, match="number of parameters"):
        sum_score_fit(MODELS[:2], [[1, 1], [0, 1]], [2])
    with pytest.raises(ValueError, match="every item"):
        sum_score_fit(MODELS[:2], [[1, np.nan], [0, 1]], [2, 2])
