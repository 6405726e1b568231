"""EAP against published values, against a fine grid, and its laws."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.item_models import ItemModel, log_probability, spread_thresholds
from domain.competencies.scale import Ability


def right_wrong(a: float, b: float, mark: int) -> Observation:
    return Observation(ItemModel(a, (b,)), mark)


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    most = draw(st.integers(1, 4))
    b = draw(st.floats(-2, 2))
    model = ItemModel(draw(st.floats(0.5, 2)), spread_thresholds(b, most, 0.8))
    weight = draw(st.sampled_from([0.3, 0.5, 1.0]))
    return Observation(model, draw(st.integers(0, most)), weight)


many = st.lists(observations(), max_size=14)


def by_integration(seen: Sequence[Observation]) -> Ability:
    """The same posterior by a rectangle rule that is fine and wide enough to be exact."""
    steps = [-9 + i / 50 for i in range(901)]
    density = [
        math.exp(
            -t * t / 2 + math.fsum(o.weight * log_probability(o.model, o.mark, t) for o in seen)
        )
        for t in steps
    ]
    mass = math.fsum(density)
    theta = math.fsum(t * d for t, d in zip(steps, density, strict=True)) / mass
    spread = math.fsum((t - theta) ** 2 * d for t, d in zip(steps, density, strict=True)) / mass
    return Ability(theta, math.sqrt(spread), len(seen))


def test_nothing_observed_gives_back_the_prior() -> None:
    prior = estimate_ability([])
    assert prior.theta == pytest.approx(0, abs=1e-12)
    assert prior.se == pytest.approx(1, abs=1e-12)
    assert prior.n == 0


@pytest.mark.parametrize(("mark", "theta"), [(1, 0.413242), (0, -0.413242)])
def test_one_answer(mark: int, theta: float) -> None:
    """a=1, b=0: EAP +-.413242, SD .910621. Source: project's measurement notes."""
    ability = estimate_ability([right_wrong(1, 0, mark)])
    assert ability.theta == pytest.approx(theta, abs=5e-7)
    assert ability.se == pytest.approx(0.910621, abs=5e-7)


def test_three_answers() -> None:
    """a = 1, 1.2, .8; b = -1, 0, 1; marks 1, 0, 1: EAP .14470, SD .78854. Source: as above."""
    ability = estimate_ability(
        [right_wrong(1, -1, 1), right_wrong(1.2, 0, 0), right_wrong(0.8, 1, 1)]
    )
    assert ability.theta == pytest.approx(0.14470, abs=5e-6)
    assert ability.se == pytest.approx(0.78854, abs=5e-6)


@settings(max_examples=60)
@given(many)
def test_the_grid_is_as_good_as_a_fine_one(seen: list[Observation]) -> None:
    """Within 1e-5 where people are; near the ends, where the scale is cut, within 0.001."""
    coarse, fine = estimate_ability(seen), by_integration(seen)
    tolerance = 1e-5 if abs(fine.theta) <= 1.8 else 1e-3
    assert coarse.theta == pytest.approx(fine.theta, abs=tolerance)
    assert coarse.se == pytest.approx(fine.se, abs=tolerance)


@given(many)
def test_the_order_of_answers_does_not_matter(seen: list[Observation]) -> None:
    plain, turned = estimate_ability(seen), estimate_ability(seen[::-1])
    assert turned.theta == pytest.approx(plain.theta, abs=1e-9)
    assert turned.se == pytest.approx(plain.se, abs=1e-9)


@given(many, observations())
def test_a_better_mark_never_lowers_the_estimate(
    seen: list[Observation], last: Observation
) -> None:
    def with_mark(mark: int) -> float:
        return estimate_ability([*seen, Observation(last.model, mark, last.weight)]).theta

    marks = [with_mark(mark) for mark in range(last.model.max_mark + 1)]
    assert marks == sorted(marks)


@pytest.mark.parametrize("mark", [0, 1])
def test_a_perfect_and_an_empty_paper_stay_finite(mark: int) -> None:
    ability = estimate_ability([right_wrong(1.5, b, mark) for b in (-2, -1, 0, 1, 2) * 8])
    assert 2 < abs(ability.theta) < 5
    assert 0 < ability.se < 1


def test_six_right_answers_say_little() -> None:
    """About theta 1.47 (SE .73) for a usual six; hence levels are shown as ranges."""
    ability = estimate_ability([right_wrong(1, b, 1) for b in (-1, -1, 0, 0, 1, 1)])
    assert ability.theta == pytest.approx(1.47, abs=0.05)
    assert ability.se == pytest.approx(0.73, abs=0.01)


def test_a_weight_of_one_half_counts_two_answers_as_one() -> None:
    half = Observation(ItemModel(1, (0.5,)), 1, 0.5)
    whole = Observation(ItemModel(1, (0.5,)), 1, 1.0)
    two, one = estimate_ability([half, half]), estimate_ability([whole])
    assert two.theta == pytest.approx(one.theta)
    assert two.se == pytest.approx(one.se)
    assert (two.n, one.n) == (2, 1)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="mark 2"):
        estimate_ability([right_wrong(1, 0, 2)])
    with pytest.raises(ValueError, match="weight"):
        estimate_ability([Observation(ItemModel(1, (0.0,)), 1, 1.5)])
