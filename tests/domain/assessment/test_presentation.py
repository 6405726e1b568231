"""The order shown: replayable from its seed, complete, and never the key itself."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.items import KINDS, Item, Matching, Ordering
from domain.assessment.marking import mark
from domain.assessment.presentation import option_order
from domain.assessment.responses import Order
from tests.domain.assessment.samples import item, items


@given(items(), st.integers())
def test_the_same_seed_shows_the_same_order(question: Item, seed: int) -> None:
    shown = option_order(question, random.Random(seed))
    assert shown == option_order(question, random.Random(seed))
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_is_shown_once(kind: str) -> None:
    shown = option_order(item(kind), random.Random(1))
    unshuffled = dict.fromkeys(("numeric", "short", "table", "open"), "")
    three = dict.fromkeys(("truefalse", "hotspot", "likert"), "abc")
    letters = ({"matching": "1234"} | unshuffled | three).get(kind, "abcd")
    assert sorted(shown) == list(letters)


@given(items(), st.integers())
def test_the_order_shown_earns_nothing_untouched(question: Item, seed: int) -> None:
    shown = option_order(question, random.Random(seed))
    if isinstance(question, Ordering):
        assert mark(question, Order(shown)).points == 0
    if isinstance(question, Matching):
        assert shown[: len(question.lefts)] != tuple(left.right for left in question.lefts)


def test_the_key_is_shown_in_every_place_about_equally_often() -> None:
    rng = random.Random(20260101)
    places = Counter(option_order(item(), rng).index("b") for _ in range(4000))
    assert all(900 < places[place] < 1100 for place in range(4))
