"""Reading responses: only what a page of ours can send, and exactly that."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.items import KINDS, Item, Judgement, Matching, Numeric, Ordering
from domain.assessment.responses import (
    Choice,
    Choices,
    Order,
    Pairs,
    Response,
    ResponseError,
    Value,
    is_complete,
    parse_response,
    to_payload,
)
from tests.domain.assessment.samples import item, items


@st.composite
def answered(draw: st.DrawFn) -> tuple[Item, Response | None]:
    """Any item with any response that it takes, cleared answers among them."""
    question = draw(items())
    if draw(st.integers(0, 9)) == 0:
        return question, None
    if isinstance(question, Numeric):
        number = draw(st.decimals(-(10**9), 10**9, places=draw(st.integers(0, 6))))
        return question, Value(number)
    if isinstance(question, Ordering):
        return question, Order(tuple(draw(st.permutations([s.letter for s in question.steps]))))
    if isinstance(question, Matching):
        labels = st.sampled_from([r.label for r in question.rights])
        letters = st.sampled_from([left.letter for left in question.lefts])
        return question, Pairs(draw(st.dictionaries(letters, labels, min_size=1)))
    if isinstance(question, Judgement):
        return question, Choice(draw(st.sampled_from([a.letter for a in question.actions])))
    letters = st.sampled_from([o.letter for o in question.options])
    if question.kind == "single":
        return question, Choice(draw(letters))
    return question, Choices(frozenset(draw(st.sets(letters, min_size=1))))


@given(answered())
def test_a_response_survives_its_payload(case: tuple[Item, Response | None]) -> None:
    question, response = case
    assert parse_response(question, to_payload(response)) == response


@pytest.mark.parametrize(
    ("kind", "payload", "response"),
    [
        ("single", {"choice": "b"}, Choice("b")),
        ("sjt", {"choice": "d"}, Choice("d")),
        ("multiple", {"choices": ["c", "a"]}, Choices(frozenset("ac"))),
        ("ordering", {"order": ["c", "a", "b", "d"]}, Order(("c", "a", "b", "d"))),
        ("matching", {"pairs": {"a": "2"}}, Pairs({"a": "2"})),
        ("matching", {"pairs": {"a": "2", "b": ""}}, Pairs({"a": "2"})),
        ("numeric", {"value": "3.60"}, Value(Decimal("3.60"))),
    ],
)
def test_the_shapes_of_payloads(kind: str, payload: dict[str, Any], response: Response) -> None:
    assert parse_response(item(kind), payload) == response


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_payload_clears_the_answer(kind: str) -> None:
    assert parse_response(item(kind), {}) is None


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("single", {"choice": ""}),
        ("multiple", {"choices": []}),
        ("matching", {"pairs": {"a": "", "b": None}}),
        ("numeric", {"value": "  "}),
    ],
)
def test_an_empty_value_clears_the_answer(kind: str, payload: dict[str, Any]) -> None:
    assert parse_response(item(kind), payload) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3.60", "3.60"),
        (" 3.60 ", "3.60"),
        ("1,234.5", "1234.5"),
        ("17,808", "17808"),
        ("1234567", "1234567"),
        (".5", "0.5"),
        ("-2", "-2"),
        ("+2", "2"),
        ("\N{MINUS SIGN}2", "-2"),
        ("\uff13\uff0e\uff16", "3.6"),  # full-width, as a Chinese keyboard types it
    ],
)
def test_numbers_as_people_type_them(typed: str, number: str) -> None:
    assert parse_response(item("numeric"), {"value": typed}) == Value(Decimal(number))


@pytest.mark.parametrize(
    "typed",
    ["nan", "inf", "-Infinity", "1e5", "3,60", "12,34", "1.2.3", "3.60 USD", "--2", "+", ".", ",",
     "1_000", "0x10", "٣", "5" * 31, 3.6, True, ["3.6"], {"a": 1}],
)  # fmt: skip
def test_what_is_not_a_plain_number_is_refused(typed: object) -> None:
    with pytest.raises(ResponseError) as caught:
        parse_response(item("numeric"), {"value": typed})
    assert caught.value.field == "value"


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("single", {"choice": "e"}, "choice"),
        ("single", {"choice": ["a"]}, "choice"),
        ("single", {"choice": {"a": 1}}, "choice"),
        ("single", {"choice": 1}, "choice"),
        ("single", {"choices": ["a"]}, "choices"),
        ("single", {"choice": "a", "note": "x"}, "note"),
        ("multiple", {"choices": ["a", "a"]}, "choices"),
        ("multiple", {"choices": "ab"}, "choices"),
        ("multiple", {"choices": [["a"]]}, "choices"),
        ("multiple", {"choices": ["a"] * 1000}, "choices"),
        ("ordering", {"order": ["a", "b", "c"]}, "order"),
        ("ordering", {"order": ["a", "b", "c", "c"]}, "order"),
        ("matching", {"pairs": {"z": "1"}}, "pairs"),
        ("matching", {"pairs": {"a": "9"}}, "pairs"),
        ("matching", {"pairs": ["a", "1"]}, "pairs"),
        ("matching", {"pairs": {"a": ["1"]}}, "pairs"),
    ],
)
def test_what_no_page_sends_is_refused(kind: str, payload: dict[str, Any], field: str) -> None:
    with pytest.raises(ResponseError) as caught:
        parse_response(item(kind), payload)
    assert caught.value.field == field


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    items(),
    st.dictionaries(st.sampled_from(["choice", "choices", "order", "pairs", "value", "x"]), _json),
)
def test_any_json_is_read_or_refused(question: Item, payload: dict[str, Any]) -> None:
    with suppress(ResponseError):  # any other error fails the test
        parse_response(question, payload)


def test_a_matching_answer_may_be_incomplete() -> None:
    question = item("matching")
    assert not is_complete(question, None)
    assert not is_complete(question, Pairs({"a": "2"}))
    assert is_complete(question, Pairs({"a": "2", "b": "2", "c": "1"}))
    assert is_complete(item("single"), Choice("a"))
