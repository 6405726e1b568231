"""Profiles: means after turning reversed statements round, and caution where pairs contradict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.items import Item, Likert
from domain.assessment.responses import Ratings
from domain.assessment.self_description import Facet, SelfProfile, self_profile
from tests.domain.assessment.samples import item


def likert() -> Likert:
    found: Item = item("likert")
    assert isinstance(found, Likert)
    return found


def test_reversed_statements_are_turned_round() -> None:
    assert self_profile(likert(), Ratings({"a": 5, "b": 2, "c": 3})) == SelfProfile(
        (Facet("promises", 4.5, 2, 2), Facet("asking", 3, 1, 1)), False
    )


def test_what_was_left_open_is_left_out() -> None:
    assert self_profile(likert(), Ratings({"b": 1})) == SelfProfile(
        (Facet("promises", 5, 1, 2),), False
    )
    assert self_profile(likert(), None) == SelfProfile((), False)


@pytest.mark.parametrize(
    ("one", "opposite", "caution"),
    [(5, 1, False), (5, 3, False), (5, 4, True), (5, 5, True), (1, 1, True), (1, 3, False)],
)
def test_a_pair_more_than_two_points_apart_asks_for_caution(
    one: int, opposite: int, caution: bool
) -> None:
    assert self_profile(likert(), Ratings({"a": one, "b": opposite})).caution is caution


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), min_size=1))
def test_means_stay_on_the_scale(numbers: dict[str, int]) -> None:
    for facet in self_profile(likert(), Ratings(numbers)).facets:
        assert 1 <= facet.mean <= 5
        assert 0 <= facet.share <= 1
