"""The effort flag."""

import pytest

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.item_models import ItemModel
from domain.assessment.rapid import effort_moderated, is_rapid, rapid_threshold


@pytest.mark.parametrize(
    ("seconds", "median", "rapid"),
    [
        (1.9, None, True),
        (2.0, None, False),
        (1.9, 10, True),  # a tenth is one second; two are always allowed for
        (2.0, 10, False),
        (5.9, 60, True),
        (6.0, 60, False),
    ],
)
def test_faster_than_a_tenth_of_the_median_and_never_slower_than_two_seconds(
    seconds: float, median: float | None, rapid: bool
) -> None:
    assert is_rapid(seconds, median) is rapid


def test_the_threshold_grows_with_the_item() -> None:
    assert [rapid_threshold(m) for m in (None, 0, 20, 90)] == [2, 2, 2, 9]


def test_the_moderated_estimate_leaves_the_rapid_answers_out() -> None:
    right, wrong = (Observation(ItemModel(1, (0.0,)), mark) for mark in (1, 0))
    assert effort_moderated([right, wrong], [False, True]) == estimate_ability([right])
    with pytest.raises(ValueError, match="zip"):
        effort_moderated([right], [])
