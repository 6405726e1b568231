"""Adaptive tests of several competencies: in turn, each by its own answers."""

from collections.abc import Callable
from dataclasses import replace
from time import process_time

from domain.assessment.adaptive import Given, next_item
from domain.assessment.adaptive_parts import SEEDS, Part, following, part_seed
from tests.domain.assessment.adaptive_pools import plan, pool

LEAST, MOST = 3, 5


def parts(**limits: int) -> list[Part]:
    asked = plan(**({"least": LEAST, "most": MOST} | limits))
    return [Part(code, pool(80, seed=seed), asked) for seed, code in enumerate(("C1", "C2", "C3"))]


def given(part: Part, count: int) -> list[Given]:
    return [Given(candidate, 1) for candidate in part.pool[:count]]


def test_a_part_goes_on_until_its_own_stop_and_the_next_one_begins_anew() -> None:
    three = parts()
    during = following(three, 0, given(three[0], MOST - 1), 7)
    after = following(three, 0, given(three[0], MOST), 7)
    assert during is not None
    assert after is not None
    assert (during[0], after[0]) == (0, 1)
    assert after[1] == next_item(three[1].pool, [], 0.0, three[1].plan, part_seed(7, 1))


def test_it_ends_after_the_last_part() -> None:
    three = parts()
    assert following(three, 2, given(three[2], MOST), 7) is None


def test_a_part_that_ended_is_not_opened_again() -> None:
    """Its marks may be mended later: what runs is what was asked last."""
    three = parts()
    found = following(three, 1, [], 7)
    assert found is not None
    assert found[0] == 1


def test_a_part_without_questions_is_passed_over() -> None:
    three = parts()
    three[1] = replace(three[1], pool=[])
    found = following(three, 0, given(three[0], MOST), 7)
    assert found is not None
    assert found[0] == 2


def test_a_test_of_one_part_is_what_it_was_without_parts() -> None:
    (part, *_) = parts()
    asked = given(part, 2)
    found = following([part], 0, asked, 11)
    assert found is not None
    chosen = {
        next_item(part.pool, asked, theta, part.plan, 11) for theta in (-0.5, 0.0, 0.5, 1.0, 1.5)
    }
    assert found[1] in chosen
    assert part_seed(11, 0) == 11


def test_no_two_parts_share_a_lottery() -> None:
    half = [replace(candidate, exposure=0.5) for candidate in pool(80)]
    twice = [Part(code, half, plan(least=LEAST, most=MOST)) for code in ("C1", "C2")]
    firsts = set()
    for seed in range(20):
        one = following(twice, 0, [], seed)
        two = following(twice, 1, [], seed)
        assert one is not None
        assert two is not None
        firsts.add(one[1] == two[1])
    assert False in firsts
    assert part_seed(SEEDS - 1, 0) < part_seed(0, 1)


def test_the_next_question_costs_little(record_property: Callable[[str, object], None]) -> None:
    """The dearest case: a part ends at its cap and the next one begins. CPU, best of twenty."""
    three = parts(least=8, most=14)
    asked = given(three[0], 14)
    spent = []
    for seed in range(20):
        start = process_time()
        following(three, 0, asked, seed)
        spent.append(1000 * (process_time() - start))
    record_property("ms", min(spent))
    assert min(spent) < 5
