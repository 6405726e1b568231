"""Item statistics against published values, by hand, and on planted bad items."""

import dataclasses

import numpy as np
import pytest

from domain.assessment.statistics.item_statistics import (
    Flag,
    ItemStatistics,
    OptionStatistics,
    flags,
    item_statistics,
    option_statistics,
    rest_scores,
)
from tests.domain.assessment.statistics.samples import lsat, people, true_models

GOOD = ItemStatistics(
    answers=500,
    exposure=1.0,
    facility=0.6,
    rest_correlation=0.4,
    efficiency=60.0,
    median_seconds=30.0,
    rapid_share=0.0,
)


def test_the_law_school_test() -> None:
    """LSAT 6: shares right, and point-biserials with the item left out of the score.

    Source: Rizopoulos (2006), J. Statistical Software 17(5), `descript(LSAT)`.
    """
    found = item_statistics(lsat(), [1] * 5)
    assert [item.facility for item in found] == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    assert [item.rest_correlation for item in found] == pytest.approx(
        [0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=1e-4
    )
    assert found[0].discrimination == pytest.approx(11.28, abs=0.01)


def test_four_people_by_hand() -> None:
    """Marks 3 1 0 2 of 3 points with rests 1 2 0 1 of 2: cov 1/2 ... of the sorted 5/4."""
    marks = [[3, 1, 0], [1, 1, 1], [0, 0, 0], [2, 0, 1]]
    first = item_statistics(marks, [3, 1, 1])[0]
    assert first.facility == pytest.approx(0.5)
    # Deviations: marks 1.5 -.5 -1.5 .5; rests 0 1 -1 0: products sum to 1.
    assert first.rest_correlation == pytest.approx(1 / np.sqrt(5 * 2))
    # In order: marks -1.5 -.5 .5 1.5 and rests -1 0 0 1: products sum to 3.
    assert first.efficiency == pytest.approx(100 / 3)


def test_items_in_perfect_order_are_wholly_efficient() -> None:
    marks = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert item_statistics(marks, [1] * 3)[1].efficiency == pytest.approx(100)


def test_unseen_items_do_not_count() -> None:
    """NaN and -1 alike: the same statistics as without those people."""
    models = true_models(41, items=12)
    marks = people(models, 400, 42)[1].astype(np.float64)
    fewer = marks.copy()
    fewer[200:, 0] = np.nan
    found = item_statistics(fewer, [1] * 12)[0]
    among = item_statistics(marks[:200], [1] * 12)[0]
    assert found == dataclasses.replace(among, exposure=0.5)
    fewer[200:, 0] = -1
    assert item_statistics(fewer, [1] * 12)[0] == found


def test_rest_scores_are_shares_of_what_was_seen() -> None:
    rest = rest_scores([[1, 2, 0], [1, np.nan, 1], [1, np.nan, np.nan]], [1, 4, 1])
    assert rest[0] == pytest.approx([2 / 5, 1 / 2, 3 / 5])
    assert rest[1, 0] == 1
    assert np.isnan(rest[1, 1])
    assert np.isnan(rest[2, 0])


def test_what_cannot_be_said_is_none() -> None:
    nobody, alike = item_statistics([[np.nan, 1], [np.nan, 1]], [1, 1])
    assert (nobody.answers, nobody.exposure, nobody.facility) == (0, 0.0, None)
    assert alike.facility == 1
    assert (alike.rest_correlation, alike.discrimination, alike.efficiency) == (None, None, None)
    assert flags(nobody) == ()


def test_times_and_rapid_answers() -> None:
    """The median of 30 s makes 3 s the line; times of unseen items and unknown times are left."""
    marks = [[1, 1], [1, 0], [0, 1], [1, np.nan], [0, 1]]
    seconds = [[30, 5], [2.9, 1.9], [40, 5], [30, 0.1], [np.nan, 5]]
    first, second = item_statistics(marks, [1, 1], seconds)
    assert (first.median_seconds, first.rapid_share) == (30, 0.25)
    assert (second.median_seconds, second.rapid_share) == (5, 0.25)


def test_options() -> None:
    """Shares, and who chooses what: the key is for the better ones."""
    chosen = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [np.nan] * 3]
    key, near, far = option_statistics(chosen, [True, False, False], [4, 3, 2, 1, 4])
    assert (key.share, near.share, far.share) == (0.5, 0.25, 0.25)
    assert key.rest_correlation == pytest.approx(2 / np.sqrt(5))
    assert near.rest_correlation == pytest.approx(-0.5 / np.sqrt(5 * 0.75))
    assert far.rest_correlation is not None
    assert near.rest_correlation is not None
    assert far.rest_correlation < near.rest_correlation < 0
    assert (key.key, far.key) == (True, False)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ()),
        ({"rest_correlation": 0.15}, ()),
        ({"rest_correlation": 0.149}, (Flag.WEAK,)),
        ({"rest_correlation": 0.0}, (Flag.WEAK,)),
        ({"rest_correlation": -0.001}, (Flag.CHECK_KEY,)),
        ({"facility": 0.29}, (Flag.HARD,)),
        ({"facility": 0.30}, ()),
        ({"facility": 0.90}, ()),
        ({"facility": 0.91, "rest_correlation": 0.1}, (Flag.WEAK, Flag.EASY)),
    ],
)
def test_flags(change: dict[str, float], found: tuple[Flag, ...]) -> None:
    assert flags(dataclasses.replace(GOOD, **change)) == found


def test_an_idle_distractor_is_flagged_and_an_idle_key_is_not() -> None:
    def option(key: bool, share: float) -> OptionStatistics:
        return OptionStatistics(key, share, None)

    assert flags(GOOD, [option(True, 0.9), option(False, 0.05)]) == ()
    assert flags(GOOD, [option(True, 0.9), option(False, 0.049)]) == (Flag.IDLE_DISTRACTOR,)
    assert flags(GOOD, [option(True, 0.04), option(False, 0.5)]) == ()


def test_only_facility_is_advice() -> None:
    assert {flag for flag in Flag if flag.is_advice} == {Flag.HARD, Flag.EASY}


def test_planted_bad_items_are_found_and_good_ones_left() -> None:
    """N = 500, two wrong keys and two without discrimination among 40; bench.recovery counts."""
    marks = people(true_models(43), 500, 44)[1]
    chance = np.random.default_rng(45)
    marks[:, :2] = (1 - marks[:, :2]) * (chance.random((500, 2)) < 0.5)
    marks[:, 2:4] = chance.random((500, 2)) < 0.5
    found = [flags(item) for item in item_statistics(marks, [1] * 40)]
    assert all(Flag.CHECK_KEY in flagged for flagged in found[:2])
    assert all({Flag.CHECK_KEY, Flag.WEAK} & set(flagged) for flagged in found[2:4])
    assert sum(bool({Flag.CHECK_KEY, Flag.WEAK} & set(flagged)) for flagged in found[4:]) <= 1


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="highest mark"):
        item_statistics([[1, 0]], [1])
    with pytest.raises(ValueError, match="highest mark"):
        item_statistics([[1, 0]], [1, 0])
    with pytest.raises(ValueError, match="seconds"):
        item_statistics([[1, 0]], [1, 1], [[1]])
    with pytest.raises(ValueError, match="options"):
        option_statistics([[1, 0]], [True], [1])
