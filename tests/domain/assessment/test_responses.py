"""Reading responses: only what a page of ours can send, and exactly that."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.items import (
    KINDS,
    Hotspot,
    Item,
    Judgement,
    Likert,
    Matching,
    Numeric,
    Open,
    Ordering,
    Short,
    Table,
    TrueFalse,
    is_marked_by_people,
)
from domain.assessment.marking import mark
from domain.assessment.responses import (
    BestWorst,
    Cells,
    Choice,
    Choices,
    Order,
    Pairs,
    Ratings,
    Response,
    ResponseError,
    Text,
    Value,
    Verdict,
    is_complete,
    parse_response,
    to_payload,
)
from tests.domain.assessment.samples import item, items, judged

_words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40)


def partly(draw: st.DrawFn, letters: list[str], most: int) -> Ratings:
    numbers = st.integers(1, most)
    return Ratings(draw(st.dictionaries(st.sampled_from(letters), numbers, min_size=1)))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Item, Response | None]:
    """Any item with any response that it takes, cleared answers among them."""
    question = draw(items())
    if draw(st.integers(0, 9)) == 0:
        return question, None
    match question:
        case Numeric():
            number = draw(st.decimals(-(10**9), 10**9, places=draw(st.integers(0, 6))))
            return question, Value(number)
        case Ordering():
            return question, Order(tuple(draw(st.permutations([s.letter for s in question.steps]))))
        case Matching():
            labels = st.sampled_from([r.label for r in question.rights])
            lefts = st.sampled_from([left.letter for left in question.lefts])
            return question, Pairs(draw(st.dictionaries(lefts, labels, min_size=1)))
        case Judgement():
            return question, judged_answer(draw, question)
        case TrueFalse():
            reason = draw(st.none() | st.sampled_from([r.letter for r in question.reasons]))
            truth = draw(st.booleans() if reason is None else st.none() | st.booleans())
            return question, Verdict(truth, reason)
        case Short() | Open():
            text = draw(_words.filter(str.strip) | st.just(getattr(question, "shown", "x")))
            return question, Text(text.strip())
        case Table():
            texts = {
                name: draw(st.sampled_from([cell.shown.replace(",", ""), "7"]))
                for name, cell in question.open_cells.items()
                if draw(st.booleans())
            }
            return question, Cells(texts) if texts else None
        case Hotspot():
            return question, Choice(draw(st.sampled_from([a.letter for a in question.areas])))
        case Likert():
            return question, partly(draw, [s.letter for s in question.statements], 5)
    letters = st.sampled_from([o.letter for o in question.options])
    if question.kind == "single":
        return question, Choice(draw(letters))
    return question, Choices(frozenset(draw(st.sets(letters, min_size=1))))


def judged_answer(draw: st.DrawFn, question: Judgement) -> Response:
    letters = [action.letter for action in question.actions]
    if question.ask == "best":
        return Choice(draw(st.sampled_from(letters)))
    if question.ask == "rate":
        return partly(draw, letters, 4)
    best, worst = draw(st.permutations(letters))[:2]
    return draw(
        st.sampled_from([BestWorst(best, worst), BestWorst(best, None), BestWorst(None, worst)])
    )


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
        ("truefalse", {"truth": "false", "reason": "b"}, Verdict(False, "b")),
        ("truefalse", {"truth": "true", "reason": ""}, Verdict(True, None)),
        ("truefalse", {"reason": "a"}, Verdict(None, "a")),
        ("short", {"text": " Lead time\r\n"}, Text("Lead time")),
        ("table", {"cells": {"a2": " fob ", "b1": "１,280"}}, Cells({"a2": "fob", "b1": "1280"})),
        ("table", {"cells": {"a2": "", "b1": "7"}}, Cells({"b1": "7"})),
        ("hotspot", {"choice": "b"}, Choice("b")),
        ("likert", {"ratings": {"a": "5", "b": ""}}, Ratings({"a": 5})),
        ("open", {"text": "One.\r\n\r\nTwo."}, Text("One.\n\nTwo.")),
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
        ("truefalse", {"truth": "", "reason": ""}),
        ("short", {"text": " \n "}),
        ("table", {"cells": {"a2": " ", "b1": ""}}),
        ("likert", {"ratings": {"a": ""}}),
        ("open", {"text": ""}),
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
        ("truefalse", {"truth": True}, "truth"),
        ("truefalse", {"truth": "yes"}, "truth"),
        ("truefalse", {"truth": "true", "reason": "d"}, "reason"),
        ("truefalse", {"choice": "a"}, "choice"),
        ("short", {"text": ["lead time"]}, "text"),
        ("short", {"text": "x" * 201}, "text"),
        ("short", {"text": "a\x00b"}, "text"),
        ("short", {"text": "a\ud800b"}, "text"),
        ("open", {"text": "x" * 12_001}, "text"),
        ("open", {"text": 5}, "text"),
        ("open", {"text": "bell\x07"}, "text"),
        ("table", {"cells": "fob"}, "cells"),
        ("table", {"cells": {"a1": "400"}}, "cells"),
        ("table", {"cells": {"z9": "1"}}, "cells"),
        ("table", {"cells": {"b1": "about 1280"}}, "cells.b1"),
        ("table", {"cells": {"b1": 1280}}, "cells.b1"),
        ("table", {"cells": {"a2": {"x": 1}}}, "cells.a2"),
        ("table", {"cells": {"a2": "x" * 201}}, "cells.a2"),
        ("hotspot", {"choice": "e"}, "choice"),
        ("hotspot", {"choice": [40, 5]}, "choice"),
        ("likert", {"ratings": {"a": "6"}}, "ratings"),
        ("likert", {"ratings": {"a": 5}}, "ratings"),
        ("likert", {"ratings": {"z": "5"}}, "ratings"),
        ("likert", {"ratings": ["5"]}, "ratings"),
    ],
)
def test_what_no_page_sends_is_refused(kind: str, payload: dict[str, Any], field: str) -> None:
    with pytest.raises(ResponseError) as caught:
        parse_response(item(kind), payload)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("ask", "payload", "response"),
    [
        ("best-worst", {"best": "b", "worst": "a"}, BestWorst("b", "a")),
        ("best-worst", {"worst": "a"}, BestWorst(None, "a")),
        ("rate", {"ratings": {"a": "1", "d": "4"}}, Ratings({"a": 1, "d": 4})),
    ],
)
def test_a_judgement_may_ask_for_more(
    ask: str, payload: dict[str, Any], response: Response
) -> None:
    assert parse_response(judged(ask), payload) == response
    assert not is_complete(judged("rate"), Ratings({"a": 1}))
    assert is_complete(judged("rate"), Ratings(dict.fromkeys("abcd", 1)))


@pytest.mark.parametrize(
    ("ask", "payload", "field"),
    [
        ("best-worst", {"best": "b", "worst": "b"}, "worst"),
        ("best-worst", {"best": "e"}, "best"),
        ("best-worst", {"choice": "a"}, "choice"),
        ("rate", {"ratings": {"a": "5"}}, "ratings"),
        ("rate", {"ratings": {"a": "0"}}, "ratings"),
        ("rate", {"choice": "a"}, "choice"),
    ],
)
def test_a_judgement_takes_only_what_it_asks_for(
    ask: str, payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(ResponseError) as caught:
        parse_response(judged(ask), payload)
    assert caught.value.field == field


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


_names = ["choice", "choices", "order", "pairs", "value", "truth", "reason", "text", "cells"]
_names += ["best", "worst", "ratings", "x"]
_parts = st.sampled_from(["a", "b", "a1", "b2", "z"])


@given(
    items(),
    st.dictionaries(
        st.sampled_from(_names), _json | st.dictionaries(_parts, _json | _parts, max_size=3)
    ),
)
def test_any_json_is_read_or_refused(question: Item, payload: dict[str, Any]) -> None:
    with suppress(ResponseError):  # any other error fails the test
        response = parse_response(question, payload)
        if not is_marked_by_people(question):
            assert 0 <= mark(question, response).points <= question.max_mark


def test_a_matching_answer_may_be_incomplete() -> None:
    question = item("matching")
    assert not is_complete(question, None)
    assert not is_complete(question, Pairs({"a": "2"}))
    assert is_complete(question, Pairs({"a": "2", "b": "2", "c": "1"}))
    assert is_complete(item("single"), Choice("a"))


def test_what_has_several_parts_may_be_left_open_in_part() -> None:
    assert not is_complete(item("truefalse"), Verdict(False, None))
    assert is_complete(item("truefalse"), Verdict(False, "b"))
    assert not is_complete(item("table"), Cells({"a2": "fob"}))
    assert is_complete(item("table"), Cells({"a2": "fob", "b1": "7"}))
    assert not is_complete(judged("best-worst"), BestWorst("a", None))
    assert not is_complete(item("likert"), Ratings({"a": 1, "b": 1}))
    assert not is_complete(item("open"), Text("two words"))
    assert is_complete(item("open"), Text("three words now"))
