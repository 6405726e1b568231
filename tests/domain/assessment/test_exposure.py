"""Exposure control keeps questions from being met by too many; its twin agrees with the rule."""

import random
from dataclasses import replace

import numpy as np
import pytest

from domain.assessment.adaptive import Plan, sit
from domain.assessment.adaptive_outlook import answered
from domain.assessment.exposure import calibrate_exposure, simulate
from domain.assessment.item_models import ItemModel
from tests.domain.assessment.adaptive_pools import plan, pool

PEOPLE = 3000


def test_no_question_is_met_by_more_than_was_asked_for() -> None:
    chance = np.random.default_rng(3)
    bank = pool(80, 1.5)
    free = simulate(bank, plan(), chance.normal(size=PEOPLE), chance)
    assert free.exposure.max() > 0.9, "without control everybody meets the same first question"
    held = calibrate_exposure(bank, plan(), 0.30, chance, people=2000)
    found = simulate(held, plan(), chance.normal(size=PEOPLE), chance)
    assert found.exposure.max() < 0.34
    assert found.items.mean() < free.items.mean() + 2, "precision costs few questions"
    assert (found.se <= 0.40).mean() > 0.9


def test_questions_that_are_seldom_the_best_need_no_lottery() -> None:
    chance = np.random.default_rng(4)
    held = calibrate_exposure(pool(), plan(), 0.5, chance, people=500)
    kept = [candidate.exposure for candidate in held]
    assert max(kept) == 1
    assert 0 < min(kept) < 1
    assert [replace(candidate, exposure=1.0) for candidate in held] == pool()


def test_estimates_find_the_abilities_that_were_put_in() -> None:
    chance = np.random.default_rng(5)
    thetas = chance.normal(size=PEOPLE)
    found = simulate(pool(), plan(), thetas, chance)
    away = (found.theta - thetas) / found.se
    assert (np.abs(away) < 1.96).mean() == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize("theta", [-30.0, 30.0])
@pytest.mark.parametrize("count", [12, 80])
def test_the_simulation_asks_what_the_rule_asks(theta: float, count: int) -> None:
    """Who gets everything right, or nothing, leaves chance no say: the two tests must be one."""
    bank = [replace(c, weight=1 - 0.5 * (c.key % 2)) for c in pool(count)]
    found = simulate(bank, plan(), np.array([theta]), np.random.default_rng(1))
    alone = sit(bank, plan(), 1, lambda c: int(theta > 0))
    asked = {given.candidate.key for given in alone.given}
    assert asked == set(np.flatnonzero(found.asked[0]).tolist())
    assert found.theta[0] == pytest.approx(alone.ability.theta, abs=1e-5)
    assert found.se[0] == pytest.approx(alone.ability.se, abs=1e-5)


def test_randomesque_spreads_the_first_question() -> None:
    chance = np.random.default_rng(6)
    found = simulate(pool(), plan(among=5), chance.normal(size=PEOPLE), chance)
    assert found.exposure.max() < 0.6


def test_graded_questions_are_answered_at_every_mark() -> None:
    chance = np.random.default_rng(7)
    graded = [replace(c, model=ItemModel(1.5, (-1.0, 0.0, 1.0))) for c in pool(20)]
    found = simulate(graded, Plan({"tone": 1}), np.zeros(500), chance)
    assert abs(found.theta.mean()) < 0.05
    rng = random.Random(1)
    marks = {answered(0.0, rng, graded[0]) for _ in range(200)}
    assert marks == {0, 1, 2, 3}


@pytest.mark.parametrize(("count", "most"), [(80, 0.0), (80, 1.1), (10, 0.3)])
def test_what_cannot_be_held(count: int, most: float) -> None:
    with pytest.raises(ValueError, match=r"share|too small"):
        calibrate_exposure(pool(count), plan(), most, np.random.default_rng(1))
