"""Marks and reasons, after the table in content/README.md."""

from decimal import Decimal

import pytest
from hypothesis import given

from domain.assessment.items import KINDS, Item, is_marked_by_people, is_measured, way_of
from domain.assessment.marking import Mark, feedback, mark
from domain.assessment.responses import (
    BestWorst,
    Cells,
    Choice,
    Choices,
    Order,
    Pairs,
    Ratings,
    Response,
    Text,
    Value,
    Verdict,
)
from tests.domain.assessment.samples import JUDGED, item, judged
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
    ("truefalse", Verdict(False, "b"), 2),
    ("truefalse", Verdict(False, "a"), 1),
    ("truefalse", Verdict(False, None), 1),
    ("truefalse", Verdict(True, "b"), 0),  # the reason counts with the right verdict only
    ("truefalse", Verdict(None, "b"), 0),
    ("short", Text("LEAD  TIME."), 1),
    ("short", Text("lt"), 1),
    ("short", Text("our lead time"), 0),
    ("table", Cells({"a2": "f.o.b.", "b1": "1280.5"}), 2),
    ("table", Cells({"a2": "F O B", "b1": "1280.51"}), 1),
    ("table", Cells({"a2": "cif"}), 0),
    ("hotspot", Choice("b"), 1),
    ("hotspot", Choice("c"), 0),
    ("likert", Ratings({"a": 5, "b": 1, "c": 3}), 0),
]
JUDGED_CASES: list[tuple[str, Response, int]] = [
    ("best-worst", BestWorst("b", "a"), 2),
    ("best-worst", BestWorst("b", "c"), 1),
    ("best-worst", BestWorst("d", "a"), 1),
    ("best-worst", BestWorst(None, "a"), 1),
    ("best-worst", BestWorst("a", "b"), 0),
    # The key of the sample is 1, 4, 2, 1.
    ("rate", Ratings({"a": 1, "b": 4, "c": 2, "d": 1}), 8),
    ("rate", Ratings({"a": 2, "b": 3, "c": 1, "d": 2}), 4),
    ("rate", Ratings({"a": 4, "b": 1, "c": 4, "d": 4}), 0),
    ("rate", Ratings({"b": 4}), 2),
]


@pytest.mark.parametrize(("kind", "response", "points"), CASES)
def test_marks(kind: str, response: Response, points: int) -> None:
    assert mark(item(kind), response) == Mark(points, item(kind).max_mark)


@pytest.mark.parametrize(("ask", "response", "points"), JUDGED_CASES)
def test_marks_of_judgements_that_ask_for_more(ask: str, response: Response, points: int) -> None:
    assert mark(judged(ask), response) == Mark(points, judged(ask).max_mark)


@pytest.mark.parametrize("question", [*map(item, KINDS), *map(judged, JUDGED)])
def test_no_answer_earns_nothing_and_still_shows_the_reasons(question: Item) -> None:
    if not is_marked_by_people(question):
        assert mark(question, None) == Mark(0, question.max_mark)
    lines = feedback(question, None)
    assert all(line.why and not line.given for line in lines)
    assert any(line.expected for line in lines) is (question.kind != "likert")


def test_an_open_answer_waits_for_people() -> None:
    assert [kind for kind in KINDS if is_marked_by_people(item(kind))] == ["open"]
    assert item("open").max_mark == 3
    with pytest.raises(TypeError, match="people"):
        mark(item("open"), Text("anything"))
    whole, facts, tone = feedback(item("open"), Text("my own words"))
    assert whole.given == "my own words"
    assert [(line.text, line.points, line.why) for line in (facts, tone)] == [
        ("facts", 2, "all"),
        ("tone", 1, "kind"),
    ]


def test_a_self_description_measures_nothing() -> None:
    assert [kind for kind in KINDS if not is_measured(item(kind))] == ["likert"]


@given(answered())
def test_marks_stay_between_zero_and_the_maximum(case: tuple[Item, Response | None]) -> None:
    if is_marked_by_people(case[0]):
        return
    got = mark(*case)
    assert 0 <= got.points <= got.maximum
    assert got.maximum == case[0].max_mark


@given(answered())
def test_full_marks_are_exactly_what_the_feedback_calls_right(
    case: tuple[Item, Response | None],
) -> None:
    question, response = case
    lines = feedback(question, response)
    if is_marked_by_people(question) or not is_measured(question):
        assert not any(line.correct for line in lines)
        return
    got = mark(question, response)
    if way_of(question) == "sjt":
        chosen = [line for line in lines if line.given]
        assert [line.points for line in chosen] == ([got.points] if response else [])
    else:
        assert (got.points == got.maximum) == all(line.correct for line in lines)


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("single", Value(Decimal(1))),
        ("numeric", Choice("a")),
        ("matching", Order(("a", "b"))),
        ("sjt", Ratings({"a": 1})),
        ("short", Choice("a")),
        ("table", Text("1")),
        ("truefalse", Choice("a")),
    ],
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


def test_a_verdict_is_explained_before_the_reasons() -> None:
    lines = feedback(item("truefalse"), Verdict(True, "b"))
    assert [(line.given, line.expected, line.correct) for line in lines] == [
        ("true", "false", False),
        ("", "", True),
        ("b", "b", True),
        ("", "", True),
    ]


def test_a_foreseen_wrong_word_is_answered_first() -> None:
    (line,) = feedback(item("short"), Text("Delivery time"))
    assert line.why == "That ends at arrival. From order to readiness."
    assert (line.given, line.expected, line.correct) == ("Delivery time", "lead time", False)
    (other,) = feedback(item("short"), Text("a month"))
    assert other.why == "From order to readiness."


def test_each_open_cell_has_its_line() -> None:
    lines = feedback(item("table"), Cells({"b1": "12"}))
    assert [(line.label, line.text, line.given, line.expected) for line in lines] == [
        ("a2", "first, Term", "", "FOB"),
        ("b1", "second, Pieces", "12", "1,280.0"),
    ]


def test_ratings_and_picks_are_shown_beside_the_experts() -> None:
    rated = feedback(judged("rate"), Ratings({"a": 2, "b": 4}))
    assert [(line.given, line.expected, line.points) for line in rated] == [
        ("2", "1", 1),
        ("4", "4", 2),
        ("", "2", 0),
        ("", "1", 0),
    ]
    picked = feedback(judged("best-worst"), BestWorst("d", "a"))
    assert [(line.given, line.expected, line.correct) for line in picked] == [
        ("worst", "worst", True),
        ("", "best", False),
        ("", "", True),
        ("best", "", False),
    ]
