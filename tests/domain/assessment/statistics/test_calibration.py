"""Calibration against published estimates, known truths, and its own laws."""

import numpy as np
import pytest

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.calibration import (
    CalibrationRefused,
    Candidate,
    calibrate,
)
from domain.assessment.statistics.em import Priors
from domain.assessment.statistics.ladder import Rung
from domain.assessment.statistics.scoring import score_people
from domain.assessment.statistics.simulated import simulated_marks
from tests.domain.assessment.statistics.samples import lsat, people, true_models, unknown

NO_PRIORS = Priors(log_a_sd=100, b_sd=100)
RIGHT_WRONG = ItemModel(1.0, (0.0,))
FIVE = [RIGHT_WRONG] * 5


def rmse(found: object, true: object) -> float:
    return float(np.sqrt(np.mean((np.asarray(found) - np.asarray(true)) ** 2)))


def test_one_parameter_estimates_of_the_law_school_test() -> None:
    """LSAT 6 by marginal maximum likelihood: Rizopoulos (2006), J. Statistical Software 17(5),
    `rasch(LSAT)`: difficulties, the common discrimination, their errors and the log-likelihood."""
    found = calibrate(lsat(), unknown(FIVE, Rung.ONE), priors=NO_PRIORS, tolerance=1e-6)
    assert found.log_likelihood == pytest.approx(-2466.938, abs=5e-4)
    assert [item.model.thresholds[0] for item in found.items] == pytest.approx(
        [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=2e-4
    )
    assert [item.threshold_ses[0] for item in found.items] == pytest.approx(
        [0.3266, 0.1422, 0.0977, 0.1691, 0.2510], abs=2e-3
    )
    assert {round(item.model.a, 4) for item in found.items} == {0.7551}
    assert found.items[0].a_se == pytest.approx(0.0694, abs=1e-3)


def test_two_parameter_estimates_of_the_law_school_test() -> None:
    """LSAT 6, `ltm(LSAT ~ z1)` of the same paper."""
    found = calibrate(lsat(), unknown(FIVE, Rung.TWO), priors=NO_PRIORS, tolerance=1e-6)
    assert found.log_likelihood == pytest.approx(-2466.653, abs=5e-4)
    assert [item.model.thresholds[0] for item in found.items] == pytest.approx(
        [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=4e-3
    )
    assert [item.model.a for item in found.items] == pytest.approx(
        [0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=1e-3
    )
    assert [item.threshold_ses[0] for item in found.items] == pytest.approx(
        [0.8669, 0.3073, 0.0997, 0.4341, 0.8700], abs=3e-3
    )
    assert [item.a_se for item in found.items] == pytest.approx(
        [0.2581, 0.1867, 0.2326, 0.1852, 0.2100], abs=1e-3
    )


def test_recovery_with_two_thousand_people() -> None:
    """40 items, 2PL: RMSE of a about .09, of b about .08. Source: project's measurement notes."""
    models = true_models(11)
    found = calibrate(people(models, 2000, 12)[1], unknown(models, Rung.TWO))
    assert found.converged
    assert found.iterations <= 20
    assert found.people == 2000
    assert rmse([i.model.a for i in found.items], [m.a for m in models]) < 0.11
    assert rmse([i.model.thresholds for i in found.items], [m.thresholds for m in models]) < 0.10


def test_recovery_of_graded_items() -> None:
    models = true_models(13, items=15, points=3)
    found = calibrate(people(models, 2000, 14)[1], unknown(models, Rung.TWO))
    assert rmse([i.model.a for i in found.items], [m.a for m in models]) < 0.12
    assert rmse([i.model.thresholds for i in found.items], [m.thresholds for m in models]) < 0.12
    assert all(len(item.threshold_ses) == 3 for item in found.items)


def test_recovery_of_guessing() -> None:
    """c of .25 is told from none: the model with it fits better and finds it near."""
    models = [ItemModel(m.a * 1.3, m.thresholds, 0.25) for m in true_models(15)]
    _, marks = people(models, 4000, 16)
    found = calibrate(marks, unknown(models, Rung.THREE, 0.25))
    without = calibrate(marks, unknown(models, Rung.TWO))
    assert found.log_likelihood > without.log_likelihood + 20
    assert rmse([i.model.c for i in found.items], [0.25] * 40) < 0.08
    assert rmse([i.model.thresholds for i in found.items], [m.thresholds for m in models]) < 0.2
    assert all(item.c_se is not None and 0 < item.c_se < 0.2 for item in found.items)


def test_standard_errors_are_as_wide_as_the_estimates_scatter() -> None:
    """Over repeats; priors hold the estimates a little closer together than the errors say."""
    models = true_models(17, items=12)
    rounds = [
        calibrate(people(models, 500, 100 + n)[1], unknown(models, Rung.TWO)) for n in range(30)
    ]
    a = np.array([[item.model.a for item in found.items] for found in rounds])
    b = np.array([[item.model.thresholds[0] for item in found.items] for found in rounds])
    a_claimed = np.array([[item.a_se for item in found.items] for found in rounds])
    b_claimed = np.array([[item.threshold_ses[0] for item in found.items] for found in rounds])
    assert np.mean(a.std(axis=0) / a_claimed.mean(axis=0)) == pytest.approx(0.95, abs=0.15)
    assert np.mean(b.std(axis=0) / b_claimed.mean(axis=0)) == pytest.approx(0.95, abs=0.15)


def test_a_mixed_bank_with_unseen_items() -> None:
    """Every rung at once; half of all answers missing; an author's item stays as it is."""
    models = [*true_models(18, items=24), *true_models(19, items=6, points=3)]
    _, marks = people(models, 3000, 20)
    given = marks.astype(np.float64)
    given[np.random.default_rng(21).random(given.shape) < 0.5] = np.nan
    rungs = [*[Rung.ONE] * 8, *[Rung.TWO] * 8, *[Rung.THREE] * 7, Rung.AUTHOR, *[Rung.TWO] * 6]
    asked = [
        Candidate(candidate.name, rung, models[23] if rung is Rung.AUTHOR else candidate.model, 0.2)
        for candidate, rung in zip(unknown(models, Rung.TWO), rungs, strict=True)
    ]
    found = calibrate(given, asked).items
    assert len({item.model.a for item in found[:8]}) == 1
    assert len({item.model.a for item in found[8:23]}) == 15
    assert [item.model.c > 0 for item in found] == [rung is Rung.THREE for rung in rungs]
    assert found[23].model == models[23]
    assert (found[23].a_se, found[23].threshold_ses, found[23].c_se) == (None, (), None)
    assert [item.answers for item in found] == (~np.isnan(given)).sum(axis=0).tolist()
    own = [*range(8, 16), *range(24, 30)]
    away = [
        rmse(found[n].model.thresholds, models[n].thresholds) / np.mean(found[n].threshold_ses)
        for n in own
    ]
    assert np.mean(away) < 1.3


def test_the_scale_is_that_of_a_standard_population() -> None:
    """People twice as far apart and one logit higher get items twice as steep, easier by one."""
    models = [ItemModel(1.0, (b,)) for b in np.linspace(-1, 2.5, 20)]
    chance = np.random.default_rng(22)
    marks = simulated_marks(models, 1 + 2 * chance.normal(size=4000), chance.random((4000, 20)))
    found = calibrate(marks, unknown(models, Rung.ONE)).items
    assert found[0].model.a == pytest.approx(2, abs=0.1)
    assert [item.model.thresholds[0] for item in found] == pytest.approx(
        [(model.thresholds[0] - 1) / 2 for model in models], abs=0.1
    )
    theta = score_people([item.model for item in found], marks).theta
    assert theta.mean() == pytest.approx(0, abs=0.02)


def test_the_same_answers_give_the_same_numbers_in_any_order_of_people() -> None:
    models = true_models(23, items=10)
    _, marks = people(models, 300, 24)
    once, again = (calibrate(marks, unknown(models, Rung.TWO)) for _ in range(2))
    assert once == again
    turned = calibrate(marks[::-1], unknown(models, Rung.TWO))
    assert [i.model.a for i in turned.items] == pytest.approx([i.model.a for i in once.items])


def test_a_usual_tolerance_ends_where_a_strict_one_does() -> None:
    models = true_models(25, items=20)
    _, marks = people(models, 400, 26)
    usual, strict = (
        calibrate(marks, unknown(models, Rung.TWO), tolerance=tolerance)
        for tolerance in (1e-4, 1e-9)
    )
    assert strict.converged
    assert rmse([i.model.a for i in usual.items], [i.model.a for i in strict.items]) < 1e-3
    assert usual.log_likelihood == pytest.approx(strict.log_likelihood, abs=0.01)


def test_too_few_iterations_are_told() -> None:
    models = true_models(25, items=20)
    _, marks = people(models, 400, 26)
    found = calibrate(marks, unknown(models, Rung.TWO), most_iterations=2)
    assert not found.converged
    assert found.iterations == 2


def test_priors_hold_few_answers_in_reason() -> None:
    """Two right of three, and an item that only the weaker got right: no runaway estimate."""
    marks = [[1, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1], [0, 1, 0]]
    found = calibrate(marks, unknown([RIGHT_WRONG] * 3, Rung.TWO))
    assert found.converged
    assert all(0.3 < item.model.a < 3 for item in found.items)
    assert all(abs(item.model.thresholds[0]) < 2 for item in found.items)
    assert all(item.threshold_ses[0] < 2.01 for item in found.items)


def test_a_mark_that_nobody_got_takes_a_sliver_of_the_scale() -> None:
    models = true_models(27, items=8, points=3)
    marks = people(models, 600, 28)[1]
    marks[marks[:, 0] == 2, 0] = 3
    found = calibrate(marks, unknown(models, Rung.TWO)).items[0]
    first, second, third = found.model.thresholds
    assert first < second - 0.3
    assert third - second == pytest.approx(0.1, abs=1e-9)


def test_an_end_of_the_marks_that_nobody_reached_is_held_by_the_prior() -> None:
    models = true_models(29, items=8, points=3)
    marks = people(models, 600, 30)[1]
    marks[:, 0] = np.minimum(marks[:, 0], 2)
    found = calibrate(marks, unknown(models, Rung.TWO)).items[0]
    assert 2 < found.model.thresholds[2] < 8


@pytest.mark.parametrize(
    ("marks", "problem"),
    [
        ([[1, 0], [1, 1], [1, 0]], ("q-1", "everyone got it right")),
        ([[0, 0], [0, 1], [-1, 0]], ("q-1", "everyone got it wrong")),
        ([[1, -1], [0, -1]], ("q-2", "nobody has answered it")),
        ([[1, 0]], ("", "answers of two people or more are needed, there are 1")),
        ([[1, 0], [-1, np.nan]], ("", "answers of two people or more are needed, there are 1")),
        (
            [[1, 0], [0, 1]],
            ("", "everyone has the same score, so nothing tells people apart"),
        ),
    ],
)
def test_data_without_variance_are_refused_by_name(
    marks: list[list[float]], problem: tuple[str, str]
) -> None:
    with pytest.raises(CalibrationRefused) as refused:
        calibrate(marks, unknown([RIGHT_WRONG] * 2, Rung.TWO))
    assert refused.value.problems == (problem,)
    assert problem[1] in str(refused.value)


def test_every_constant_item_is_named() -> None:
    graded = ItemModel(1.0, (-1, 0, 1))
    with pytest.raises(CalibrationRefused) as refused:
        calibrate([[1, 2, 0], [1, 2, 1]], unknown([RIGHT_WRONG, graded, RIGHT_WRONG], Rung.TWO))
    assert dict(refused.value.problems) == {
        "q-1": "everyone got it right",
        "q-2": "everyone got 2 of 3 points",
    }


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="q-1: guessing"):
        calibrate([[1], [0]], unknown([ItemModel(1.0, (-1, 1))], Rung.THREE, 0.2))
    with pytest.raises(ValueError, match="q-1: the chance"):
        calibrate([[1], [0]], unknown([RIGHT_WRONG], Rung.THREE))
    with pytest.raises(ValueError, match="column 0"):
        calibrate([[2], [0]], unknown([RIGHT_WRONG], Rung.TWO))
