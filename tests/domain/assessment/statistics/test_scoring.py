"""Many people at once get the numbers that one at a time gets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.item_models import (
    ItemModel,
    information,
    mark_probabilities,
    spread_thresholds,
)
from domain.assessment.statistics.scoring import score_people
from domain.assessment.statistics.tables import (
    bank_of,
    information_curves,
    mark_curves,
    mark_table,
    seen_marks,
)
from tests.domain.assessment.statistics.samples import people, true_models

MIXED = [
    ItemModel(1.2, (-1, 0, 1)),
    ItemModel(0.8, (0.5,)),
    ItemModel(1.5, (1.0,), 0.2),
    ItemModel(2.0, (-0.5, 0.5)),
]


@st.composite
def banks(draw: st.DrawFn) -> list[ItemModel]:
    found = []
    for _ in range(draw(st.integers(1, 8))):
        points = draw(st.integers(1, 4))
        thresholds = spread_thresholds(draw(st.floats(-3, 3)), points, draw(st.floats(0, 1)))
        c = draw(st.floats(0, 0.4)) if points == 1 else 0.0
        found.append(ItemModel(draw(st.floats(0.2, 3)), thresholds, c))
    return found


@settings(max_examples=60)
@given(banks(), st.data())
def test_equal_to_one_at_a_time(bank: list[ItemModel], data: st.DataObject) -> None:
    """To 1e-9, with items unseen and with weights."""
    row = [data.draw(st.integers(-1, model.max_mark)) for model in bank]
    weights = [data.draw(st.sampled_from([0.3, 0.5, 1.0])) for _ in bank]
    seen = [
        Observation(model, mark, weight)
        for model, mark, weight in zip(bank, row, weights, strict=True)
        if mark >= 0
    ]
    one, many = estimate_ability(seen), score_people(bank, [row, row], weights)[1]
    assert many.theta == pytest.approx(one.theta, abs=1e-9)
    assert many.se == pytest.approx(one.se, abs=1e-9)
    assert many.n == one.n


def test_one_answer() -> None:
    """a=1, b=0, right: EAP .413242, SD .910621. Source: project's measurement notes."""
    found = score_people([ItemModel(1, (0.0,))], [[1], [0], [np.nan]])
    assert found.theta == pytest.approx([0.413242, -0.413242, 0], abs=5e-7)
    assert found.se == pytest.approx([0.910621, 0.910621, 1], abs=5e-7)
    assert found.n.tolist() == [1, 1, 0]


def test_more_people_than_a_block_holds_keep_their_order() -> None:
    models = true_models(1, items=5)
    _, marks = people(models, 9000, 2)
    whole = score_people(models, marks)
    assert whole.theta[8500] == score_people(models, marks[8500:8501]).theta[0]


@given(st.floats(-6, 6))
def test_curves_and_information_are_those_of_the_models(theta: float) -> None:
    curves = mark_curves(bank_of(MIXED), np.array([theta]))[:, :, 0]
    told = information_curves(bank_of(MIXED), np.array([theta]))[:, 0]
    for model, row, height in zip(MIXED, curves, told, strict=True):
        assert row[: model.max_mark + 1] == pytest.approx(mark_probabilities(model, theta))
        assert row[model.max_mark + 1 :] == pytest.approx(0)
        assert height == pytest.approx(information(model, theta), rel=1e-9)


def test_guessing_lifts_the_curve_of_its_item_only() -> None:
    """3PL a 1.5, b 1, c .2: information .38337 at 1.1781. Source: Birnbaum (1968)."""
    told = information_curves(bank_of(MIXED), np.array([1.1781]))[:, 0]
    assert told[2] == pytest.approx(0.38337, abs=5e-6)


@pytest.mark.parametrize(
    ("marks", "complaint"),
    [([[2.0]], "column 0"), ([[0.5]], "column 0"), ([[-2]], "column 0"), ([1], "people x items"),
     ([[1, 1]], "people x items")],
)  # fmt: skip
def test_marks_that_cannot_be_had_are_refused(marks: list[object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        mark_table(marks, [1])


def test_other_nonsense_is_refused() -> None:
    model = ItemModel(1, (0.0,))
    with pytest.raises(ValueError, match="weights"):
        score_people([model], [[1]], [1.5])
    with pytest.raises(ValueError, match="weights"):
        score_people([model], [[1]], [1, 1])
    with pytest.raises(ValueError, match="one item or more"):
        bank_of([])
    with pytest.raises(ValueError, match="one point"):
        mark_table([[0]], [0])
    with pytest.raises(ValueError, match="people x items"):
        seen_marks([1, 0])
