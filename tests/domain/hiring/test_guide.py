"""What an interview asks about: weak subtopics and answers that surprise."""

import pytest

from domain.assessment.item_models import ItemModel
from domain.competencies.scale import Ability
from domain.hiring.guide import Given, surprising, weakest
from domain.hiring.learning_plan import modules_for, widest_gaps
from domain.hiring.mentions import mentioned
from tests.domain.competencies.standards import STANDARD

EASY, MIDDLE, HARD = ItemModel(1.0, (-3.0,)), ItemModel(1.0, (0.0,)), ItemModel(1.0, (3.0,))


def given(position: int, subtopic: str, mark: int, model: ItemModel = MIDDLE) -> Given:
    return Given(position, "C1", subtopic, mark, model, 0.0)


def test_the_smallest_share_of_marks_is_the_weakest() -> None:
    answers = [
        given(1, "tone", 1), given(2, "tone", 0), given(3, "tone", 0),
        given(4, "accuracy", 0), given(5, "accuracy", 0),
        given(6, "quotations", 1), given(7, "quotations", 1),
        given(8, "ai-chat", 0),
    ]  # fmt: skip
    assert [(w.subtopic, w.reached, w.maximum) for w in weakest(answers)] == [
        ("accuracy", 0, 2), ("tone", 1, 3), ("quotations", 2, 2),
    ]  # fmt: skip  # one answer alone says too little: it comes last
    assert len(weakest(answers, 9)) == 4
    assert weakest([]) == ()


def test_among_equals_the_one_who_should_have_known_is_weaker() -> None:
    answers = [given(1, "tone", 0, HARD), given(2, "tone", 0, HARD),
               given(3, "accuracy", 0, EASY), given(4, "accuracy", 0, EASY)]  # fmt: skip
    assert weakest(answers, 1)[0].subtopic == "accuracy"


def test_the_most_surprising_answers_are_the_unlikely_ones_in_both_directions() -> None:
    """P(wrong | b = -3) = P(right | b = 3) = 1 / (1 + e^3) = .0474; at b = 0 nothing surprises."""
    answers = [given(1, "tone", 1), given(2, "tone", 0, EASY), given(3, "accuracy", 1, HARD)]
    found = surprising(answers)
    assert [(s.position, s.better) for s in found] == [(2, False), (3, True)]
    assert [s.probability for s in found] == pytest.approx([0.04743, 0.04743], abs=1e-5)


def test_the_widest_gap_is_weighted_and_a_gate_weighs_most() -> None:
    low, high = Ability(-1.0, 0.3, 9), Ability(3.0, 0.3, 9)
    gaps = widest_gaps(
        {"C1": low, "C2": low, "C3": high, "A1": low}, {"C1": 10, "C2": 40, "C3": 50}, {"A1": 3},
        STANDARD,
    )  # fmt: skip
    assert [gap.code for gap in gaps] == ["A1", "C2", "C1"]


def test_each_gap_gets_a_module_and_none_comes_twice() -> None:
    gaps = widest_gaps({}, {"C1": 60, "C2": 40}, {}, STANDARD)
    modules = [("both", ["C3", "C1", "C2"]), ("one", ["C1"]), ("two", ["C2"])]
    assert modules_for(gaps, modules) == ("one", "two")
    assert modules_for(gaps, [("both", ["C1", "C2"])]) == ("both",)
    assert modules_for(gaps, []) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@Xu Lei, please look", {1}),
        ("ask @xu lei and @Omar Haddad.", {1, 2}),
        ("mail lei@xu.example", set()),
        ("@Xu Leifson", {4}),
        ("@Xuan", set()),
        ("@徐蕾请看一下", {3}),
        ("@Xu", {4}),
        ("Xu Lei without the sign", set()),
        ("@@@@", set()),
    ],
)
def test_whom_a_note_names(body: str, expected: set[int]) -> None:
    people = {1: "Xu Lei", 2: "Omar Haddad", 3: "徐蕾", 4: "Xu"}
    assert mentioned(body, people) == expected
