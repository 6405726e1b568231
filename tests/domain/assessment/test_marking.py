"""Marks and reasons, after the table in content/README.md."""

from decimal import Decimal

import pytest
from hypothesis import given

from domain.assessment.items import KINDS, Item
from domain.assessment.marking import Mark, feedback, mark
from domain.assessment.responses import (
    Choice,
    Choices,
    Order,
    Pairs,
    Response,
    Value,
)
from tests.domain.assessment.samples import item
from tests.domain.assessment.test_responses import answered

# In the sample the right order thank, facts, contain, agree has the letters d, c, b, a.
CASES: list[tuple[str, Response, int]] = [
    ("single", Choice("b"), 1),
    ("single", Choice("a"), 0),
    ("multiple", Choices(frozenset("ab")), 2),
    ("multiple", Choices(frozenset("a")), 1),
    ("multiple", Choices(frozenset("abc")), 1),
    ("multiple", Choices(frozenset("ac")), 0),
    ("multiple", Choices(frozenset("cd")), 0),
    ("multiple", Choices(frozenset("abcd")), 0),
    ("ordering", Order(("d", "c", "b", "a")), 2),
    ("ordering", Order(("c", "d", "b", "a")), 1),
    ("ordering", Order(("d", "b", "c", "a")), 1),
    ("ordering", Order(("d", "c", "a", "b")), 1),
    ("ordering", Order(("b", "c", "d", "a")), 0),  # two steps swapped, but not neighbours
    ("ordering", Order(("c", "d", "a", "b")), 0),  # two neighbouring pairs swapped
    ("ordering", Order(("a", "b", "c", "d")), 0),
    ("matching", Pairs({"a": "2", "b": "4", "c": "1"}), 3),
    ("matching", Pairs({"a": "2"}), 1),
    ("matching", Pairs({"a": "3", "b": "2", "c": "1"}), 1),
    ("numeric", Value(Decimal("3.60")), 1),
    ("numeric", Value(Decimal("3.605")), 1),
    ("numeric", Value(Decimal("3.6051")), 0),
    ("numeric", Value(Decimal("3.595")), 1),
    ("numeric", Value(Decimal("3.59")), 0),
    ("sjt", Choice("b"), 3),
    ("sjt", Choice("c"), 1),
    ("sjt", Choice("a"), 0),
]


@pytest.mark.parametrize(("kind", "response", "points"), CASES)
def test_marks(kind: str, response: Response, points: int) -> None:
    assert mark(item(kind), response) == Mark(points, item(kind).max_mark)


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_earns_nothing_and_still_shows_the_reasons(kind: str) -> None:
    question = item(kind)
    assert mark(question, None) == Mark(0, question.max_mark)
    lines = feedback(question, None)
    assert all(line.why and not line.given for line in lines)
    assert any(line.expected for line in lines)


@given(answered())
def test_marks_stay_between_zero_and_the_maximum(case: tuple[Item, Response | None]) -> None:
    got = mark(*case)
    assert 0 <= got.points <= got.maximum
    assert got.maximum == case[0].max_mark


@given(answered())
def test_full_marks_are_exactly_what_the_feedback_calls_right(
    case: tuple[Item, Response | None],
) -> None:
    question, response = case
    lines = feedback(question, response)
    got = mark(question, response)
    if question.kind == "sjt":
        chosen = [line for line in lines if line.given]
        assert [line.points for line in chosen] == ([got.points] if response else [])
    else:
        assert (got.points == got.maximum) == all(line.correct for line in lines)


@pytest.mark.parametrize(
    ("kind", "response"),
    [("single", Value(Decimal(1))), ("numeric", Choice("a")), ("matching", Order(("a", "b")))],
)
def test_a_response_to_another_kind_is_an_error_of_the_caller(
    kind: str, response: Response
) -> None:
    with pytest.raises(TypeError):
        mark(item(kind), response)
    with pytest.raises(TypeError):
        feedback(item(kind), response)


def test_the_reason_for_a_foreseen_slip_comes_first() -> None:
    (line,) = feedback(item("numeric"), Value(Decimal("3.59")))
    assert line.why == "Insurance was forgotten. 3.59 / 0.9967"
    assert (line.given, line.expected, line.text) == ("3.59", "3.60", "USD")
    (other,) = feedback(item("numeric"), Value(Decimal("9")))
    assert other.why == "3.59 / 0.9967"


def test_a_pair_shows_what_was_chosen_beside_what_belongs() -> None:
    lines = feedback(item("matching"), Pairs({"a": "2", "b": "3"}))
    assert [(line.given, line.expected, line.correct) for line in lines] == [
        ("DPU", "DPU", True),
        ("EXW", "FCA", False),
        ("", "DDP", False),
    ]
    assert lines[1].why == "carrier EXW leaves clearance to the buyer."


def test_steps_are_explained_in_the_right_order() -> None:
    lines = feedback(item("ordering"), Order(("c", "d", "b", "a")))
    assert [(line.label, line.text, line.given, line.correct) for line in lines] == [
        ("1", "thank", "facts", False),
        ("2", "facts", "thank", False),
        ("3", "contain", "contain", True),
        ("4", "agree", "agree", True),
    ]
