"""DIF against published values and planted differences."""

import math

import numpy as np
import pytest

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.dif import (
    DifClass,
    MantelHaenszel,
    Use,
    graded_dif,
    item_dif,
    mantel_haenszel,
    use_for,
)
from domain.assessment.statistics.simulated import simulated_marks
from tests.domain.assessment.statistics.samples import true_models

# Admissions to Berkeley by department, [[men in, men out], [women in, women out]]: Bickel, Hammel
# & O'Connell (1975), Science 187, 398-403.
BERKELEY = [
    [[512, 313], [89, 19]],
    [[353, 207], [17, 8]],
    [[120, 205], [202, 391]],
    [[138, 279], [131, 244]],
    [[53, 138], [94, 299]],
    [[22, 351], [24, 317]],
]


def test_admissions_to_berkeley() -> None:
    """R's mantelhaen.test(UCBAdmissions): 1.4269, p .2323, odds ratio .9046968, interval
    .7719074 to 1.0603298 (by Robins, Breslow & Greenland)."""
    found = mantel_haenszel(BERKELEY)
    assert found is not None
    assert found.chi_square == pytest.approx(1.4269, abs=5e-5)
    assert found.p == pytest.approx(0.2323, abs=5e-5)
    assert found.odds_ratio == pytest.approx(0.9046968, abs=5e-8)
    assert found.odds_ratio_band() == pytest.approx((0.7719074, 1.0603298), abs=5e-8)
    assert (found.reference, found.focal) == (2691, 1835)
    assert found.dif_class is DifClass.A


def test_delta_is_minus_2_35_times_the_logarithm() -> None:
    found = mantel_haenszel([[[40, 20], [20, 40]]])
    assert found is not None
    assert found.odds_ratio == pytest.approx(4)
    assert found.d == pytest.approx(-2.35 * math.log(4))
    # One table: Robins, Breslow & Greenland give Woolf's 1/a + 1/b + 1/c + 1/d.
    assert found.d_se == pytest.approx(2.35 * math.sqrt(1 / 40 + 1 / 20 + 1 / 20 + 1 / 40))


@pytest.mark.parametrize(
    ("d", "se", "p", "expected"),
    [
        (0.99, 0.01, 0.001, DifClass.A),
        (-3.0, 1.6, 0.06, DifClass.A),
        (-1.2, 0.3, 0.001, DifClass.B),
        (1.49, 0.01, 0.001, DifClass.B),
        (-1.6, 0.4, 0.001, DifClass.B),  # above 1, but not significantly
        (-1.6, 0.3, 0.001, DifClass.C),
        (2.0, 0.5, 0.001, DifClass.C),
    ],
)
def test_classes(d: float, se: float, p: float, expected: DifClass) -> None:
    found = MantelHaenszel(math.exp(d / -2.35), se / 2.35, 4.0, p, 300, 300)
    assert found.d == pytest.approx(d)
    assert found.dif_class is expected


@pytest.mark.parametrize(
    ("reference", "focal", "use"),
    [(5000, 99, Use.HIDDEN), (100, 100, Use.SHOWN), (199, 5000, Use.SHOWN),
     (200, 200, Use.ACTED_ON)],
)  # fmt: skip
def test_the_smaller_group_decides_the_use(reference: int, focal: int, use: Use) -> None:
    assert use_for(reference, focal) is use
    assert MantelHaenszel(1.0, 0.1, 0.0, 1.0, reference, focal).use is use


def test_strata_without_one_group_tell_nothing() -> None:
    lone = [[[30, 10], [0, 0]], [[0, 0], [5, 5]]]
    assert mantel_haenszel([*BERKELEY, *lone]) == mantel_haenszel(BERKELEY)
    assert mantel_haenszel(lone) is None
    assert mantel_haenszel([[[10, 0], [10, 5]]]) is None


def planted(extra: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Marks of 20 items, groups of 800 whose abilities differ by half a logit, and total scores;
    the first item is `extra` logits harder for the focal group."""
    models = [ItemModel(1.0, (0.0,)), *true_models(51, items=19)]
    harder = [ItemModel(1.0, (extra,)), *models[1:]]
    chance = np.random.default_rng(seed)
    ours = simulated_marks(models, chance.normal(size=800), chance.random((800, 20)))
    theirs = simulated_marks(harder, chance.normal(-0.5, 1, 800), chance.random((800, 20)))
    marks = np.concatenate([ours, theirs])
    return marks, np.repeat([False, True], 800), marks.sum(axis=1)


def test_a_planted_difference_is_found_and_its_size() -> None:
    """One logit is 2.35 delta, whatever the groups' abilities."""
    marks, focal, total = planted(1.0, 52)
    found = item_dif(marks[:, 0], focal, total)
    assert found is not None
    assert found.d == pytest.approx(-2.35, abs=0.6)
    assert found.dif_class is DifClass.C
    assert found.use is Use.ACTED_ON


def test_groups_that_differ_in_ability_only_show_none() -> None:
    marks, focal, total = planted(0.0, 53)
    classes = []
    for item in range(20):
        found = item_dif(marks[:, item], focal, total)
        assert found is not None
        classes.append(found.dif_class)
    assert classes.count(DifClass.C) == 0
    assert classes.count(DifClass.A) >= 18


def test_people_who_did_not_see_the_item_are_left_out() -> None:
    marks, focal, total = planted(0.5, 54)
    column = marks[:, 0].astype(np.float64)
    column[::2] = np.nan
    assert item_dif(column, focal, total) == item_dif(marks[1::2, 0], focal[1::2], total[1::2])


def test_marks_of_one_point_agree_with_the_table_without_its_correction() -> None:
    """R's mantelhaen.test(UCBAdmissions, correct = FALSE): 1.5246."""
    rows = [
        (1 - wrong, group == 1, stratum)
        for stratum, table in enumerate(BERKELEY)
        for group, counts in enumerate(table)
        for wrong, count in enumerate(counts)
        for _ in range(count)
    ]
    found = graded_dif(*zip(*rows, strict=True))
    assert found is not None
    assert found.chi_square == pytest.approx(1.5246, abs=5e-5)
    assert (found.reference, found.focal) == (2691, 1835)


def test_graded_marks_by_hand() -> None:
    """Focal people, equal in score, are 1 point lower in the one stratum with both groups."""
    found = graded_dif([3, 2, 2, 1, 3], [0, 0, 1, 1, 0], [7, 7, 7, 7, 9])
    assert found is not None
    assert found.smd == pytest.approx(-1)
    # Total 3 against 4 expected; variance 2 x 2 x (2/3) / 4.
    assert found.chi_square == pytest.approx(1 / (2 / 3))
    assert (found.reference, found.focal, found.use) == (2, 2, Use.HIDDEN)
    assert graded_dif([1, 1], [0, 1], [5, 5]) is None


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="strata x 2 x 2"):
        mantel_haenszel([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="strata x 2 x 2"):
        mantel_haenszel([[[1, 2], [3, -4]]])
    with pytest.raises(ValueError, match="marks 0 and 1"):
        item_dif([2, 1], [0, 1], [3, 3])
    with pytest.raises(ValueError, match="one per person"):
        item_dif([1, 1], [0], [3, 3])
