"""Item response models against published values and their own laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.item_models import (
    ItemModel,
    author_model,
    expected_mark,
    information,
    log_probability,
    mark_probabilities,
    mark_probability,
    spread_thresholds,
)
from tests.domain.assessment.samples import item
from tests.domain.competencies.standards import STANDARD

thetas = st.floats(-8, 8)


@st.composite
def models(draw: st.DrawFn) -> ItemModel:
    a = draw(st.floats(0.2, 3))
    thresholds = sorted(draw(st.lists(st.floats(-4, 4), min_size=1, max_size=4)))
    guessing = draw(st.floats(0, 0.4)) if len(thresholds) == 1 else 0.0
    return ItemModel(a, tuple(thresholds), guessing)


def test_graded_response_at_the_middle_of_three_thresholds() -> None:
    """GRM a=1.2, b=(-1,0,1) at theta 0. Source: project's measurement notes, computed exactly."""
    chances = mark_probabilities(ItemModel(1.2, (-1, 0, 1)), 0)
    assert chances == pytest.approx((0.23148, 0.26852, 0.26852, 0.23148), abs=5e-6)


def test_where_the_information_of_a_guessable_item_peaks() -> None:
    """3PL a=1.5, b=1, c=.2: highest .38337 at 1.1781.

    Source: theta_max = b + ln((1 + sqrt(1 + 8c)) / 2) / a, Birnbaum (1968) in Lord & Novick.
    """
    guessable = ItemModel(1.5, (1.0,), 0.2)
    peak = 1 + math.log((1 + math.sqrt(1 + 8 * 0.2)) / 2) / 1.5
    assert peak == pytest.approx(1.1781, abs=5e-5)
    assert information(guessable, peak) == pytest.approx(0.38337, abs=5e-6)
    assert information(guessable, peak - 0.01) < information(guessable, peak)
    assert information(guessable, peak + 0.01) < information(guessable, peak)


@given(st.floats(0.2, 3), st.floats(-4, 4), thetas)
def test_a_right_wrong_item_is_logistic_and_tells_a_squared_p_q(
    a: float, b: float, theta: float
) -> None:
    """Without the factor 1.7; information a^2 P (1 - P)."""
    model = ItemModel(a, (b,))
    p = 1 / (1 + math.exp(-a * (theta - b)))
    assert mark_probability(model, 1, theta) == pytest.approx(p)
    assert information(model, theta) == pytest.approx(a * a * p * (1 - p), rel=1e-6)


@given(models(), thetas)
def test_chances_add_up_to_one(model: ItemModel, theta: float) -> None:
    chances = mark_probabilities(model, theta)
    assert math.fsum(chances) == pytest.approx(1, abs=1e-12)
    assert min(chances) >= 0


@given(models(), thetas, st.floats(0.01, 2))
def test_who_knows_more_is_expected_to_score_more(
    model: ItemModel, theta: float, step: float
) -> None:
    assert expected_mark(model, theta + step) >= expected_mark(model, theta)


@given(models(), st.floats(-4, 4))
def test_information_is_the_expected_square_of_the_score_function(
    model: ItemModel, theta: float
) -> None:
    """The definition of Fisher information, with the derivative taken numerically."""
    h = 1e-5
    total = 0.0
    for mark, chance in enumerate(mark_probabilities(model, theta)):
        if chance > 1e-9:
            slope = log_probability(model, mark, theta + h) - log_probability(
                model, mark, theta - h
            )
            total += chance * (slope / (2 * h)) ** 2
    assert information(model, theta) == pytest.approx(total, rel=1e-3, abs=1e-7)


def test_logarithms_stay_finite_far_out() -> None:
    steep = ItemModel(30, (-5, -4.999))
    assert all(math.isfinite(log_probability(steep, mark, 1000.0)) for mark in (0, 1, 2))


def test_uncalibrated_thresholds_lie_evenly_around_the_difficulty() -> None:
    assert spread_thresholds(1, 1, 0.8) == (1,)
    assert spread_thresholds(1, 2, 0.8) == pytest.approx((0.2, 1.8))
    assert spread_thresholds(-1, 3, 0.8) == pytest.approx((-1.8, -1, -0.2))
    assert spread_thresholds(0, 5, 0.8) == pytest.approx((-0.8, -0.4, 0, 0.4, 0.8))


def test_an_authors_difficulty_becomes_a_model() -> None:
    assert author_model(item("single", difficulty=4), STANDARD) == ItemModel(1.0, (1.0,))
    judged = author_model(item("sjt", difficulty=3), STANDARD)
    assert judged.thresholds == pytest.approx((-0.8, 0, 0.8))


@pytest.mark.parametrize(
    ("a", "thresholds", "c"),
    [(0, (0.0,), 0), (1, (), 0), (1, (1.0, 0.0), 0), (1, (0.0,), 1), (1, (0.0, 1.0), 0.2)],
)
def test_impossible_models_are_refused(a: float, thresholds: tuple[float, ...], c: float) -> None:
    with pytest.raises(ValueError, match=r"must|belongs"):
        ItemModel(a, thresholds, c)


@pytest.mark.parametrize("mark", [-1, 2])
def test_a_mark_that_cannot_be_had_is_refused(mark: int) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        mark_probability(ItemModel(1, (0.0,)), mark, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_parameters_are_finite_numbers(value: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        ItemModel(value, (0.0,))
    with pytest.raises(ValueError, match="must"):
        ItemModel(1.0, (value,))


@pytest.mark.parametrize("mark", [0.5, float("nan"), -1, 2])
def test_a_mark_between_marks_cannot_be_had(mark: float) -> None:
    with pytest.raises(ValueError, match="is not between"):
        mark_probability(ItemModel(1.0, (0.0,)), mark, 0.0)  # type: ignore[arg-type]  # what a file may hold
