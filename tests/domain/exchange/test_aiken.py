"""Aiken: what is right, and every fault with its line."""

import pytest

from domain.exchange.aiken import read_aiken, write_aiken

SOUND = "Who bears the risk?\nA. The buyer\nB) The seller\nC. Nobody\nANSWER: A\n"


def test_a_question_and_its_way_back() -> None:
    (question,) = read_aiken(SOUND).questions
    assert [(a.text, a.share) for a in question.answers] == [
        ("The buyer", 1), ("The seller", 0), ("Nobody", 0),
    ]  # fmt: skip
    assert read_aiken(write_aiken([question])).questions == (question,)


FAULTS = [
    ("Q?\nA. a\nB. b\n", 1, "no line “ANSWER"),
    ("Q?\nA. a\nB. b\nANSWER: C\n", 4, "no letter from A to B"),
    ("Q?\nA. a\nC. c\nANSWER: A\n", 3, "next choice should be B"),
    ("A. a\nB. b\nANSWER: A\n", 1, "no question before"),
    ("ANSWER: A\n", 1, "without a question"),
    ("Q?\nA. a\nANSWER: A\n", 3, "two choices"),
    ("Q?\nA.\nB. b\nANSWER: B\n", 2, "is empty"),
    ("Q?\na) a\nb) b\nANSWER: A\n", 2, "capital letter: A, not a"),
    ("Q?\nA) a\nB) b\nANSWER: b\n", 4, "in capitals"),
    ("Q?\nA) a\nB) b\nAnswer: B\n", 4, "ANSWER is written in capital"),
    ("Q?\nA. a\nB. b\nANSWER: A or B\n", 4, "no letter from A to B"),
    ("Q?\nA. a\nB. b\nAnother?\nA. a\nB. b\nANSWER: A\n", 1, "no line “ANSWER"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_each_fault_is_named_with_its_line(text: str, line: int, words: str) -> None:
    found = [(r.place, r.why) for r in read_aiken(text).refusals]
    assert any(place == f"line {line}" and words in why for place, why in found), found


def test_a_fault_does_not_cost_the_next_question() -> None:
    for text, _, _ in FAULTS:
        assert len(read_aiken(f"{text}\n{SOUND}").questions) >= 1


def test_a_choice_may_begin_right_after_its_bracket() -> None:
    (question,) = read_aiken("A.B. Sons sells?\nA)Steel\nB.Wool\nANSWER: B").questions
    assert question.stem == "A.B. Sons sells?"
    assert [(a.text, a.share) for a in question.answers] == [("Steel", 0), ("Wool", 1)]
