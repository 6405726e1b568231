"""Several candidates on one scale: pairs that can be told apart, and no ranks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.competencies.scale import Ability
from domain.hiring.comparison import Lead, Reading, compare, leads, widest_gap

several = st.lists(
    st.builds(Ability, st.floats(-3, 3), st.floats(0.1, 1.0), st.just(6)), min_size=2, max_size=6
)


def test_equal_is_not_passed_on() -> None:
    """A = B and B = C, and yet A is above C: a rank would have to lie about one of them."""
    three = {0: Ability(1.0, 0.3, 6), 1: Ability(0.5, 0.3, 6), 2: Ability(0.0, 0.3, 6)}
    assert compare(three[0], three[1]) is compare(three[1], three[2]) is Reading.EQUAL
    assert leads(three) == (Lead(0, (2,)),)


def test_all_equal_is_nobody_above_anybody() -> None:
    assert leads({n: Ability(n / 10, 0.5, 6) for n in range(6)}) == ()


@given(several)
def test_leads_name_each_pair_once_and_only_beyond_the_error(found: list[Ability]) -> None:
    people = dict(enumerate(found))
    named = [(lead.higher, low) for lead in leads(people) for low in lead.lower]
    assert len(named) == len(set(named))
    for one in people:
        for other in people:
            apart = one != other and compare(people[one], people[other]) is Reading.HIGHER
            assert ((one, other) in named) == apart


@given(several)
def test_the_widest_gap_tells_whether_anybody_leads(found: list[Ability]) -> None:
    gap = widest_gap(found)
    assert gap is not None
    assert (gap.difference > gap.critical) == bool(leads(dict(enumerate(found))))


@pytest.mark.parametrize("few", [[], [Ability(0.0, 0.5, 6)]])
def test_fewer_than_two_have_no_gap(few: list[Ability]) -> None:
    assert widest_gap(few) is None
