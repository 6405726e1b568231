"""The report of a competency: planted faults are found, small groups stay hidden."""

import numpy as np
import pytest

from domain.assessment.item_models import ItemModel, expected_mark
from domain.assessment.statistics.answer_report import (
    AnswerTable,
    AskedItem,
    graded_class,
    item_reports,
    observed_points,
    tenths,
)
from domain.assessment.statistics.dif import DifClass, Use
from domain.assessment.statistics.simulated import simulated_marks

ITEMS, PEOPLE = 12, 900
KEYS = (True, False, False)


def table_of(
    people: int = PEOPLE, shift: float = 0.0, seed: int = 5
) -> tuple[list[ItemModel], AnswerTable]:
    """Right/wrong answers of people N(0, 1); item 0 is harder by `shift` for every second one."""
    chance = np.random.default_rng(seed)
    models = [ItemModel(1.2, (b,)) for b in np.linspace(-0.8, 0.8, ITEMS)]
    theta = chance.normal(size=people)
    marks = simulated_marks(models, theta, chance.random((people, ITEMS))).astype(np.int16)
    focal = np.arange(people) % 2 == 1
    harder = [ItemModel(1.2, (models[0].thresholds[0] + shift,)), *models[1:]]
    marks[focal] = simulated_marks(harder, theta[focal], chance.random((focal.sum(), ITEMS)))
    wrong = 1 + (chance.random(marks.shape) < 0.5).astype(int)
    chosen = np.where(marks > 0, 1, 1 << wrong).astype(np.int32)
    side = np.repeat(focal[:, None].astype(np.int8), ITEMS, axis=1)
    seconds = np.full(marks.shape, 30.0)
    return models, AnswerTable(marks, seconds, chosen, {"language": side})


def reports(models: list[ItemModel], table: AnswerTable) -> list:
    return list(item_reports([AskedItem(model, KEYS) for model in models], table))


def test_good_items_raise_no_alarm() -> None:
    found = reports(*table_of())
    assert [report.flags for report in found] == [()] * ITEMS
    assert all(sum(c.share for c in report.choices) == pytest.approx(1) for report in found)
    assert all(report.choices[0].rest_correlation > 0 for report in found)
    assert all(c.rest_correlation < 0 for report in found for c in report.choices[1:])


def test_planted_faults_are_found() -> None:
    models, table = table_of()
    table.marks[:, 3] = 1 - table.marks[:, 3]
    table.chosen[:, 5] = np.where(table.marks[:, 5] > 0, 1, 2)
    table.seconds[: PEOPLE // 5, 7] = 1.0
    found = reports(models, table)
    assert found[3].flags[0] == "check-key"
    assert "idle-distractor" in found[5].flags
    assert "rapid" in found[7].flags
    assert [n for n, report in enumerate(found) if report.flags] == [3, 5, 7]


def test_an_item_that_is_harder_for_one_group_is_found() -> None:
    found = reports(*table_of(shift=1.5))
    (told,) = found[0].dif
    assert (told.use, told.dif_class, told.size < -1.5) == (Use.ACTED_ON, DifClass.C, True)
    assert found[0].flags == ("dif",)
    others = [report.dif[0] for report in found[1:]]
    assert all(abs(one.size) < abs(told.size) / 2 for one in others)
    assert sum(one.dif_class is not DifClass.A for one in others) <= 1


def test_between_one_and_two_hundred_a_difference_is_shown_and_not_flagged() -> None:
    found = reports(*table_of(people=300, shift=2.0))
    (told,) = found[0].dif
    assert (told.use, told.reference, told.focal) == (Use.SHOWN, 150, 150)
    assert told.dif_class is DifClass.C
    assert "dif" not in found[0].flags


def test_small_groups_have_no_figure() -> None:
    (told,) = reports(*table_of(people=198, shift=2.0))[0].dif
    assert (told.use, told.dif_class, told.size, told.p) == (Use.HIDDEN, None, None, None)


def test_observed_points_follow_the_model() -> None:
    models, table = table_of(people=4000)
    for model, report in zip(models, reports(models, table), strict=True):
        assert sum(point.people for point in report.observed) == 4000
        thetas = [point.theta for point in report.observed]
        assert thetas == sorted(thetas)
        # Estimates are drawn towards 0, so that the observed curve is steeper than the model.
        middle = report.observed[4]
        assert middle.share == pytest.approx(expected_mark(model, middle.theta), abs=0.1)


def test_few_people_make_few_points_and_nobody_none() -> None:
    marks, thetas = np.array([1, 0, 1, 1, 0, -1, 0], np.int16), np.arange(7.0)
    (point,) = observed_points(marks, 1, thetas)
    assert (point.people, point.share) == (6, 0.5)
    assert observed_points(np.full(7, -1, np.int16), 1, thetas) == ()


def test_equals_have_the_same_share_of_what_they_saw() -> None:
    marks = np.array([[2, 1, 0], [-1, 1, -1], [0, 0, 0], [-1, -1, -1]], np.int16)
    assert tenths(marks, [2, 1, 3]).tolist() == [5, 10, 0, 0]


@pytest.mark.parametrize(
    ("size", "p", "found"),
    [
        (0.5, 0.05, "A"),
        (-0.17, 0.01, "A"),
        (-0.18, 0.01, "B"),
        (0.25, 0.01, "B"),
        (0.26, 0.01, "C"),
    ],
)
def test_classes_of_items_of_several_points(size: float, p: float, found: str) -> None:
    assert graded_class(size, p) == found
