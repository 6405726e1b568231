"""GIFT, as its documentation describes it: each rule by an example of our own, and round trips."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exchange.gift import read_gift
from domain.exchange.gift_writing import CARRIES, write_gift
from domain.exchange.questions import Question
from tests.domain.exchange.making import bare, questions


def only(text: str) -> Question:
    reading = read_gift(text)
    assert not reading.refusals, reading.refusals
    (question,) = reading.questions
    return question


def told(question: Question) -> list[tuple[str, float, str]]:
    return [(answer.text, answer.share, answer.why) for answer in question.answers]


def test_single_choice_with_feedback_and_a_title() -> None:
    question = only("::Risk::Who bears it? {=The buyer#So it is. ~The seller#No. ####Read again.}")
    assert (question.kind, question.name, question.stem) == ("single", "Risk", "Who bears it?")
    assert told(question) == [("The buyer", 1, "So it is."), ("The seller", 0, "No.")]
    assert question.why == "Read again."


def test_weights_make_several_answers() -> None:
    question = only("Two of them? {~%50%CIF ~%50%CIP ~%-100%FOB ~%-33.33333%EXW}")
    assert question.kind == "multiple"
    assert [answer.share for answer in question.answers] == [0.5, 0.5, -1, -0.3333333]


def test_a_half_right_choice_beside_the_key_stays_single() -> None:
    question = only("Which? {=Best ~%50%Nearly ~Wrong}")
    assert (question.kind, [a.share for a in question.answers]) == ("single", [1, 0.5, 0])


def test_a_missing_word_leaves_a_gap() -> None:
    question = only("The seller bears it under {=DAP ~FOB ~EXW} until the door.")
    assert question.stem.replace("\\", "") == "The seller bears it under _____ until the door."


@pytest.mark.parametrize(
    ("inside", "truth"),
    [("T", True), ("TRUE", True), ("true", True), ("F", False), ("FALSE#no#yes", False)],
)
def test_true_and_false(inside: str, truth: bool) -> None:
    question = only(f"The sea is salt. {{{inside}}}")
    assert (question.kind, question.truth) == ("truefalse", truth)


def test_true_false_feedback_is_for_wrong_then_for_right() -> None:
    question = only("Salt? {T#You were wrong.#You were right.}")
    assert told(question) == [("True", 1, "You were right."), ("False", 0, "You were wrong.")]


@pytest.mark.parametrize(
    ("inside", "value", "tolerance"),
    [
        ("#3", "3", "0"), ("#3.14:0.01", "3.14", "0.01"), ("#-2:0.5", "-2", "0.5"),
        ("#2.5..3.5", "3", "0.5"), ("#=1,5:0.1", "1.5", "0.1"), ("#1e3", "1000", "0"),
    ],
)  # fmt: skip
def test_numbers(inside: str, value: str, tolerance: str) -> None:
    (answer,) = only(f"How many? {{{inside}}}").answers
    assert (answer.value, answer.tolerance, answer.share) == (value, tolerance, 1)


def test_several_numbers_with_shares_and_a_word_for_the_rest() -> None:
    question = only("When? {#=1822:0#Yes. =%50%1822:2#Nearly. ~#No.}")
    assert [(a.text, a.share, a.why) for a in question.answers] == [
        ("1822:0", 1, "Yes."), ("1822:2", 0.5, "Nearly."), ("*", 0, "No."),
    ]  # fmt: skip


def test_a_number_and_a_word_for_every_other() -> None:
    question = only("How many? {#3:2#Yes.~#Not at all.}")
    assert [(a.value, a.tolerance, a.share, a.why) for a in question.answers] == [
        ("3", "2", 1, "Yes."), ("", "", 0, "Not at all."),
    ]  # fmt: skip


def test_the_old_sign_for_the_right_choice_and_choices_without_a_word() -> None:
    question = only("Which? {~a ~=b ~c}")
    assert told(question) == [("a", 0, ""), ("b", 1, ""), ("c", 0, "")]
    question = only("Which? {=a ~b ~#Nothing}")
    assert [answer.text for answer in question.answers] == ["a", "b"]
    assert "#Nothing" in question.notes[0]


def test_what_follows_a_gap_keeps_its_place() -> None:
    assert only("Two and two is {=four =4}.").stem.replace("\\", "") == "Two and two is _____."


def test_matching_with_a_right_side_too_many() -> None:
    question = only("Match. {\n=FOB -> port\n=DAP -> door\n= -> moon\n}")
    pairs = [(answer.text, answer.goes_with) for answer in question.answers]
    assert (question.kind, pairs) == (
        "matching", [("FOB", "port"), ("DAP", "door"), ("", "moon")],
    )  # fmt: skip


def test_short_answers_and_essays() -> None:
    assert told(only("Port? {=Ningbo =%50%Shanghai#Near.}")) == [
        ("Ningbo", 1, ""), ("Shanghai", 0.5, "Near."),
    ]  # fmt: skip
    assert only("Port? {Ningbo}").kind == "short"
    assert only("Write. {}").kind == "open"


def test_signs_with_a_backslash_are_letters() -> None:
    question = only(r"::A\: b:: Is 2 \= 1+1 \{so\} \# \~? {=yes \= a\~b\#c ~no\nnever}")
    assert question.name == "A: b"
    assert question.stem == "Is 2 = 1+1 {so} # ~?"
    assert [answer.text for answer in question.answers] == ["yes = a~b#c", "no never"]


def test_html_and_markdown_marks() -> None:
    html = only("[html]<p>Is it <b>bold</b>?</p><script>x()</script> {=[html]<i>yes</i> ~no}")
    assert html.stem == "Is it **bold**?"
    assert html.notes == ("<script> was left out",)
    assert html.answers[0].text == "yes"
    assert only("[markdown]Is it *so*? {T}").stem == "Is it *so*?"
    assert only("[plain]Is it *so*? {T}").stem == r"Is it \*so\*?"


def test_categories_comments_ids_and_tags() -> None:
    reading = read_gift(
        "\ufeff".lstrip("\ufeff")
        + "// a comment\n$CATEGORY: $course$/top/Trade\n\n"
        + "// [id:C2-P01] [tag:pool=secure] [tag:source=a\\]b]\nOne? {\n// inside\n=a ~b}\n\n"
        + "$CATEGORY: Other\nTwo? {T}\n"
    )
    one, two = reading.questions
    assert (one.category, two.category) == ("$course$/top/Trade", "Other")
    assert one.tags == {"id": "C2-P01", "pool": "secure", "source": "a]b"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Fine? {T}\n\nOpen {=a ~b\n\nNext? {T}", 3, "never closes"),
        ("Closed } twice", 1, "no {"),
        ("Two {=a ~b} gaps {=c ~d}", 1, "more than one block"),
        ("Just words", 1, "without a question"),
        ("None right {~a ~b}", 1, "no choice as right"),
        ("Number {#many}", 1, "no number"),
        ("Weight {=%500%a ~b}", 1, "no share"),
        ("{=a ~b}", 1, "no question text"),
        ("Match {=a -> 1 =b -> }", 1, "right side"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, words: str) -> None:
    (refusal,) = read_gift(text).refusals
    assert refusal.place == f"line {line}"
    assert words in refusal.why


@settings(max_examples=30, deadline=None)
@given(st.lists(questions(sorted(CARRIES)), min_size=1, max_size=4))
def test_out_and_in_again_is_the_same(made: list[Question]) -> None:
    reading = read_gift(write_gift(made))
    assert not reading.refusals
    assert [bare(q) for q in reading.questions] == [bare(replace(q, hints=())) for q in made]
