"""Adaptive tests: content first, then information; they stop in time and can be laid out again."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from domain.assessment.adaptive import (
    Candidate,
    Given,
    Plan,
    Stop,
    admitted,
    neediest_area,
    next_item,
    present_ability,
    sit,
    stop_reason,
)
from domain.assessment.adaptive_outlook import answered, outlook
from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.information import information_near, place_on_grid, summed_information
from domain.assessment.item_models import ItemModel, information
from domain.competencies.scale import Ability
from tests.domain.assessment.adaptive_pools import TARGETS, plan, pool
from tests.domain.competencies.standards import STANDARD


def right(candidate: Candidate) -> int:
    return candidate.model.max_mark


def person(theta: float, seed: int = 1) -> Callable[[Candidate], int]:
    return partial(answered, theta, random.Random(seed))


@pytest.mark.parametrize("theta", [-6, -5, -1.93, 0, 0.07, 2.5, 5, 6])
@pytest.mark.parametrize("a", [0.6, 1.0, 1.5])
def test_the_table_is_as_good_as_the_formula(theta: float, a: float) -> None:
    model = ItemModel(a, (0.3,))
    exact = information(model, min(max(theta, -5), 5))
    assert information_near(model, place_on_grid(theta)) == pytest.approx(exact, abs=0.001 * a**4)


def test_the_information_of_a_test_is_the_sum_over_its_questions() -> None:
    models = (ItemModel(1, (0,)), ItemModel(1.2, (-1, 0, 1)))
    (found,) = summed_information([(models[0], 1), (models[1], 0.5)], [0.4])
    assert found == pytest.approx(information(models[0], 0.4) + 0.5 * information(models[1], 0.4))


def test_the_first_question_is_of_the_area_with_the_largest_target() -> None:
    first = next_item(pool(), [], 0.0, Plan({"law": 10, "price": 90}), 1)
    assert first is not None
    assert first.area == "price"


def test_within_the_area_the_most_telling_question_at_the_estimate_is_asked() -> None:
    easy, fitting, hard = (
        Candidate(key, "law", ItemModel(1, (b,))) for key, b in enumerate((-2, 1, 3))
    )
    chosen = next_item([easy, fitting, hard], [], 1.1, Plan({"law": 1}), 1)
    assert chosen == fitting
    # Half of it is evidence for another competency: here the hard one tells more.
    halved = replace(fitting, weight=0.3)
    assert next_item([easy, halved, hard], [], 1.1, Plan({"law": 1}), 1) == hard


def test_an_area_behind_its_target_is_served_before_a_more_telling_question() -> None:
    law, price = (Candidate(k, area, ItemModel(1, (0.0,))) for k, area in enumerate(("law", "p")))
    far = Candidate(2, "p", ItemModel(0.5, (4.0,)))
    found = next_item([law, price, far], [Given(price, 1), Given(law, 1)], 0, Plan({"p": 9}), 1)
    assert found == far


def test_an_area_without_questions_or_target_stops_nothing() -> None:
    only = [Candidate(1, "else", ItemModel(1, (0,)))]
    assert next_item(only, [], 0, Plan({"law": 1}), 1) == only[0]
    assert neediest_area({"b", "a"}, [], Plan({"law": 1})) == "a"
    assert next_item(only, [Given(only[0], 1)], 0, Plan({"law": 1}), 1) is None


@any_of(st.integers(0, 10**6), st.floats(-3, 3))
def test_content_stays_within_one_question_of_its_target(seed: int, theta: float) -> None:
    found = sit(pool(), plan(among=5), seed, person(theta, seed))
    counts = Counter(g.candidate.area for g in found.given)
    asked = len(found.given)
    for area, share in TARGETS.items():
        assert abs(counts[area] - asked * share / 100) <= 1


@any_of(st.integers(0, 10**6), st.sampled_from([1, 5]), st.sampled_from([1.0, 0.4]))
def test_the_same_seed_and_answers_give_the_same_test(
    seed: int, among: int, exposure: float
) -> None:
    bank = [replace(candidate, exposure=exposure) for candidate in pool()]
    whole = sit(bank, plan(among=among), seed, person(0.4))
    kept = {g.candidate.key: g.mark for g in whole.given}
    assert sit(bank, plan(among=among), seed, lambda c: kept[c.key]) == whole
    # Laid out question by question from what stands in the attempt, as the site does it.
    for asked in range(len(whole.given)):
        before = whole.given[:asked]
        theta = present_ability(before).theta
        following = next_item(bank, before, theta, plan(among=among), seed)
        assert following == whole.given[asked].candidate


def test_other_seeds_give_other_tests() -> None:
    tests = {tuple(g.candidate.key for g in sit(pool(), plan(among=5), s, right).given) for s in
             range(20)}  # fmt: skip
    assert len(tests) > 15
    alike = {tuple(g.candidate.key for g in sit(pool(), plan(), s, right).given) for s in range(20)}
    assert len(alike) == 1


def test_no_question_is_asked_twice() -> None:
    found = sit(pool(12), plan(least=12), 3, person(0))
    keys = [g.candidate.key for g in found.given]
    assert sorted(keys) == list(range(12))
    assert found.stop is Stop.EXHAUSTED


def test_a_lottery_lost_is_lost_for_the_whole_test() -> None:
    bank = [replace(c, exposure=0.5) for c in pool()]
    won = admitted(bank, 9)
    assert 20 < len(won) < 60
    asked = {g.candidate.key for g in sit(bank, plan(), 9, person(0)).given}
    assert asked <= won


def test_when_the_lottery_leaves_nothing_the_losers_come_in() -> None:
    bank = [replace(c, exposure=0.0) for c in pool(10)]
    found = sit(bank, plan(), 1, person(0))
    assert len(found.given) == 10
    assert found.stop is Stop.EXHAUSTED


def test_exposure_is_the_share_of_tests_that_a_question_is_let_into() -> None:
    bank = [replace(c, exposure=0.25) for c in pool(20)]
    share = sum(7 in admitted(bank, seed) for seed in range(2000)) / 2000
    assert share == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize(
    ("asked", "se", "left", "late", "reason"),
    [
        (7, 0.10, 5, False, None),  # precise, but of too few questions
        (8, 0.40, 5, False, Stop.PRECISE),
        (8, 0.41, 5, False, None),
        (20, 0.60, 5, False, Stop.LONGEST),
        (20, 0.30, 5, False, Stop.PRECISE),
        (3, 0.60, 0, False, Stop.EXHAUSTED),
        (3, 0.60, 5, True, Stop.TIME),
    ],
)
def test_when_to_stop(asked: int, se: float, left: int, late: bool, reason: Stop | None) -> None:
    found = stop_reason(asked, Ability(0, se, asked), plan(), left, out_of_time=late)
    assert found is reason


def test_a_sharp_pool_stops_early_and_a_blunt_one_never_does() -> None:
    sharp = sit(pool(80, 2.5), plan(), 1, person(0.2))
    assert (sharp.stop, sharp.ability.se <= 0.40) == (Stop.PRECISE, True)
    assert 8 <= len(sharp.given) < 20
    blunt = sit(pool(80, 0.5), plan(), 1, person(0.2))
    assert (blunt.stop, len(blunt.given)) == (Stop.LONGEST, 20)


def test_the_estimate_is_the_one_of_the_profile_widened_while_provisional() -> None:
    answers = [Given(c, 1) for c in pool(6)]
    plain = estimate_ability([Observation(g.candidate.model, 1) for g in answers])
    assert present_ability(answers, STANDARD) == plain
    doubtful = [*answers[:5], Given(replace(answers[5].candidate, calibrated=False), 1)]
    widened = present_ability(doubtful, STANDARD)
    assert widened.se == pytest.approx(plain.se * STANDARD.provisional_se_factor)
    assert present_ability(doubtful) == plain


@pytest.mark.parametrize(
    "changes", [{"least": 0}, {"least": 9, "most": 8}, {"se": 0}, {"se": 1}, {"among": 0}]
)
def test_plans_that_no_test_can_follow(changes: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="least"):
        plan(**changes)
    with pytest.raises(ValueError, match="targets"):
        Plan({"law": 0})


def test_the_outlook_tells_a_good_bank_from_a_poor_one() -> None:
    good = outlook(pool(80, 1.5), plan(), STANDARD, random.Random(1))
    poor = outlook(pool(20, 0.8), plan(), STANDARD, random.Random(1))
    assert good.items < 12
    assert good.reached > 0.8
    assert good.se < 0.41
    assert (poor.items, poor.reached) == (20, 0)
    authors = [replace(c, calibrated=False) for c in pool(80, 1.5)]
    assert outlook(authors, plan(), STANDARD, random.Random(1)).items > good.items + 4
    with pytest.raises(ValueError, match="empty"):
        outlook([], plan(), STANDARD, random.Random(1))
