"""Percentile ranks, norm groups and reliable change."""

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from domain.assessment.statistics.change import change_of_abilities, change_of_scores
from domain.assessment.statistics.norms import NormGroup, percentile_rank
from domain.competencies.scale import Ability

TEN = [12, 15, 15, 18, 20, 20, 20, 23, 25, 28]


@pytest.mark.parametrize(("score", "rank"), [(12, 5), (15, 20), (20, 55), (28, 95)])
def test_percentile_ranks_of_ten_scores(score: int, rank: float) -> None:
    """Source: project's measurement notes; half of the equal ones count."""
    assert percentile_rank(TEN, score) == rank
    assert percentile_rank(TEN[::-1], score) == rank


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_mean_rank_of_a_group_in_itself_is_fifty(scores: list[int]) -> None:
    ranks = [percentile_rank(scores, score) for score in scores]
    assert sum(ranks) / len(ranks) == pytest.approx(50)


def test_scores_outside_the_group() -> None:
    assert (percentile_rank(TEN, 5), percentile_rank(TEN, 99)) == (0, 100)
    with pytest.raises(ValueError, match="nobody"):
        percentile_rank([], 5)


def test_a_norm_group_speaks_from_a_hundred_people_on() -> None:
    scores = tuple(float(n) for n in range(100, 0, -1))
    small = NormGroup("Candidates 2030", dt.date(2031, 1, 1), scores[:99])
    large = NormGroup("Candidates 2030", dt.date(2031, 1, 1), scores)
    assert (small.is_large_enough, small.percentile(50)) == (False, None)
    assert (large.is_large_enough, large.percentile(50)) == (True, 49.5)


def test_reliable_change_of_jacobson_and_truax() -> None:
    """Their example: 32.5 before, 47.5 after, SD 10, reliability .80: index 2.37."""
    found = change_of_scores(32.5, 47.5, 10, 0.80)
    assert found.error == pytest.approx(6.32, abs=5e-3)
    assert found.index == pytest.approx(2.37, abs=5e-3)
    assert found.is_reliable()


def test_a_change_inside_the_error_is_none() -> None:
    """1.96 sqrt(.3^2 + .4^2) = .98 logits."""
    before = Ability(0.0, 0.3, 20)
    assert not change_of_abilities(before, Ability(-0.97, 0.4, 20)).is_reliable()
    lower = change_of_abilities(before, Ability(-0.99, 0.4, 20))
    assert lower.is_reliable()
    assert lower.index == pytest.approx(-1.98)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="deviation"):
        change_of_scores(1, 2, 0, 0.5)
    with pytest.raises(ValueError, match="reliability"):
        change_of_scores(1, 2, 1, 1)
    with pytest.raises(ValueError, match="without error"):
        change_of_abilities(Ability(0, 0, 1), Ability(1, 0, 1))


def test_a_web_process_may_load_these() -> None:
    """Without numpy, which the rest of the folder needs."""
    modules = "domain.assessment.statistics import ladder, norms, change"
    code = f"import sys; from {modules}; print('numpy' in sys.modules)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
