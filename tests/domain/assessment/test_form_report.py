"""What a form will tell, against simulated people and against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from domain.assessment.assembly import BankItem, Blueprint
from domain.assessment.form_report import (
    CURVE_THETAS,
    expected_alpha,
    form_report,
    level_middles,
)
from domain.assessment.item_models import ItemModel, information
from domain.assessment.statistics.reliability import alpha
from domain.assessment.statistics.simulated import simulated_marks
from tests.domain.assessment.test_assembly import bank, blueprint
from tests.domain.competencies.standards import STANDARD


def item(number: int, a: float = 1.0, b: float = 0.0, **changes: object) -> BankItem:
    made = BankItem(f"C1-P{number:02}", "tone", "K", f"l/{number}", ItemModel(a, (b,)))
    return replace(made, **changes)


PLAIN = Blueprint(4, {"tone": 100}, {"K": 100})


def test_information_and_error_are_those_of_the_questions_together() -> None:
    report = form_report([item(1), item(2), item(3), item(4)], PLAIN, STANDARD)
    middle = CURVE_THETAS.index(0.0)
    assert report.information[middle] == pytest.approx(4 * information(ItemModel(1, (0,)), 0))
    assert report.peak == report.information[middle] == pytest.approx(1.0)
    assert report.se[middle] == pytest.approx(1 / 2**0.5)
    assert report.score[middle] == pytest.approx(0.5)
    assert list(report.score) == sorted(report.score)


def test_half_evidence_is_half_the_information() -> None:
    whole = form_report([item(1)], PLAIN, STANDARD)
    half = form_report([item(1, weight=0.5)], PLAIN, STANDARD)
    assert half.peak == pytest.approx(whole.peak / 2)


def test_levels_have_the_middles_between_their_cuts() -> None:
    assert level_middles(STANDARD) == (-2, -1, 0, 1, 2)
    report = form_report([item(n, b=-2.0) for n in range(10)], PLAIN, STANDARD)
    assert list(report.level_se) == sorted(report.level_se), "an easy form knows level 1 best"


def test_the_coverage_tells_what_fits() -> None:
    form = [replace(i, subtopic="law") for i in bank()[:10]]
    report = form_report(form, blueprint(), STANDARD)
    assert [(c.name, c.count, c.target, c.fits) for c in report.subtopics] == [
        ("tone", 0, 4.0, False),
        ("price", 0, 4.0, False),
        ("law", 10, 2.0, False),
    ]
    assert sum(cell.count for cell in report.cognitive) == 10


def test_questions_on_one_lesson_are_named() -> None:
    report = form_report([item(1), item(2), item(3, lesson="l/1")], PLAIN, STANDARD)
    assert report.neighbours == {"l/1": ("C1-P01", "C1-P03")}


def test_alpha_is_what_simulated_people_give() -> None:
    form = [item(n, a=1.2, b=(n - 6) / 4) for n in range(12)]
    form += [item(20 + n, a=1.0, model=ItemModel(1.0, (-0.8, 0.0, 0.8))) for n in range(4)]
    chance = np.random.default_rng(2)
    thetas = chance.normal(size=20_000)
    models = [i.model for i in form]
    marks = simulated_marks(models, thetas, chance.random((20_000, len(form))))
    assert expected_alpha(form) == pytest.approx(alpha(marks), abs=0.01)
    assert expected_alpha(form[:1]) == 0


def test_a_form_without_questions_has_no_report() -> None:
    with pytest.raises(ValueError, match="one question"):
        form_report([], PLAIN, STANDARD)
