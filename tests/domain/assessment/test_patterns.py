"""Patterns of authors: what they are compared with, and that no text or pattern can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.patterns import BadPattern, check_pattern, matches, plain_form


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Lead-Time!\n", "lead time"),
        ("F.O.B.,  Ningbo", "f o b ningbo"),
        ("ＦＯＢ　宁波", "fob 宁波"),
        ("the buyer’s risk", "the buyers risk"),
        ("ﬁve", "five"),
        ("STRASSE Straße", "strasse strasse"),
        ("3.50 €", "3 50"),
        ("?!", ""),
    ],
)
def test_the_plain_form_of_an_answer(typed: str, plain: str) -> None:
    assert plain_form(typed) == plain


@given(st.text())
def test_the_plain_form_is_its_own(text: str) -> None:
    assert plain_form(plain_form(text)) == plain_form(text)


def test_a_pattern_matches_the_whole_answer_or_not_at_all() -> None:
    assert matches(["lead times?"], "Lead times")
    assert not matches(["lead times?"], "our lead time")
    assert not matches(["lead times?"], "lead time of a week")
    assert matches(["x", "lt"], "LT")
    assert not matches([], "anything")


@pytest.mark.parametrize(
    "pattern",
    ["", "  ", "(", "[a", "a" * 201, "a{1001}", r"(\w{1,200}){5}", "(?=a)a", r"(a)\1", "*"],
)
def test_what_is_no_pattern_or_too_big_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        check_pattern(pattern)


def test_a_pattern_that_takes_others_for_ever_is_linear_here() -> None:
    assert not matches(["(a+)+b"], "a" * 200)


@given(st.text(max_size=40), st.text(max_size=60))
def test_any_pattern_is_refused_or_compared(pattern: str, text: str) -> None:
    try:
        check_pattern(pattern)
    except BadPattern:
        return
    matches([pattern], text)
