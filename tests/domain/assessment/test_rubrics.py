"""Final marks: half up, in doubt for the person; whoever comes first does not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.items import Criterion
from domain.assessment.rubrics import Stage, standing, total

RUBRIC = (
    Criterion("a", "facts", ("none", "some", "all")),
    Criterion("b", "tone", ("rude", "kind")),
)
marks = st.integers(0, 12)


@pytest.mark.parametrize(
    ("totals", "stage", "mark"),
    [
        ({}, Stage.FIRST, None),
        ({1: 3}, Stage.SECOND, None),
        ({1: 3, 2: 3}, Stage.FINAL, 3),
        ({1: 3, 2: 4}, Stage.FINAL, 4),
        ({1: 4, 2: 3}, Stage.FINAL, 4),
        ({1: 3, 2: 5}, Stage.THIRD, None),
        ({1: 3, 2: 5, 3: 0}, Stage.FINAL, 0),
    ],
)
def test_where_the_marking_stands(totals: dict[int, int], stage: Stage, mark: int | None) -> None:
    found = standing(totals)
    assert (found.stage, found.mark) == (stage, mark)
    assert found.round == {Stage.FIRST: 1, Stage.SECOND: 2, Stage.THIRD: 3}.get(stage)


@given(marks, marks, marks, st.permutations([1, 2, 3]))
def test_any_order_of_ratings_gives_one_final_mark(
    one: int, other: int, third: int, order: list[int]
) -> None:
    """In whatever order they are read, and whichever of the blind two came first."""
    given_marks = {1: one, 2: other, 3: third}
    shuffled = {number: given_marks[number] for number in order}
    swapped = {1: other, 2: one, 3: third}
    assert standing(shuffled) == standing(given_marks) == standing(swapped)


@given(marks, marks)
def test_a_mean_lies_between_the_two(one: int, other: int) -> None:
    found = standing({1: one, 2: other})
    assert (found.mark is None) == (abs(one - other) >= 2)
    if found.mark is not None:
        assert found.mark == max(one, other)  # one apart: the half is rounded up


@given(st.integers(0, 2), st.integers(0, 1))
def test_a_total_is_the_sum_of_its_criteria(facts: int, tone: int) -> None:
    assert total(RUBRIC, {"a": facts, "b": tone}) == facts + tone


@pytest.mark.parametrize(
    "scores", [{}, {"a": 1}, {"a": 1, "b": 1, "c": 0}, {"a": 3, "b": 0}, {"a": -1, "b": 0}]
)
def test_a_rating_covers_the_whole_rubric_and_nothing_else(scores: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="criterion"):
        total(RUBRIC, scores)
