"""Compiling authored items: every rule of the format has its refusal, with field and line."""

from decimal import Decimal
from typing import Any

import pytest

from domain.assessment import items
from domain.assessment.authored import parse_item
from domain.library.documents import DocumentError
from tests.domain.assessment.samples import KIND_PARTS, document, item, path_of, source


def problems(fields: dict[str, Any], path: str | None = None) -> dict[str | None, str]:
    with pytest.raises(DocumentError) as caught:
        parse_item(source(fields), path or path_of("C2-P01"))
    return {problem.field: problem.message for problem in caught.value.problems}


def test_letters_follow_the_authored_positions_of_options() -> None:
    choice = item("single")
    assert isinstance(choice, items.SingleChoice)
    assert [(o.letter, o.key) for o in choice.options] == [
        ("a", False),
        ("b", True),
        ("c", False),
        ("d", False),
    ]
    assert choice.home == "C2"


def test_labels_that_a_page_shows_do_not_tell_the_right_order() -> None:
    """The authored order of steps and pairs is the key, so labels follow the alphabet instead."""
    order = item("ordering")
    assert isinstance(order, items.Ordering)
    assert {s.text: s.letter for s in order.steps} == {
        "agree": "a",
        "contain": "b",
        "facts": "c",
        "thank": "d",
    }
    match = item("matching")
    assert isinstance(match, items.Matching)
    assert {r.text: r.label for r in match.rights} == {
        "DDP": "1",
        "DPU": "2",
        "EXW": "3",
        "FCA": "4",
    }
    assert [left.right for left in match.lefts] == ["2", "4", "1"]


@pytest.mark.parametrize(
    ("kind", "most"),
    [("single", 1), ("multiple", 2), ("ordering", 2), ("matching", 3), ("numeric", 1), ("sjt", 3)],
)
def test_the_highest_mark_of_each_kind(kind: str, most: int) -> None:
    assert item(kind).max_mark == most


def test_a_number_keeps_the_decimals_it_was_written_with() -> None:
    number = item("numeric")
    assert isinstance(number, items.Numeric)
    assert (number.answer, number.tolerance) == (Decimal("3.6"), Decimal("0.005"))


@pytest.mark.parametrize("field", [f for f in document() if f not in ("review_by", "options")])
def test_every_common_field_is_required(field: str) -> None:
    fields = document()
    del fields[field]
    assert "missing" in problems(fields)[field]


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, parts in KIND_PARTS.items() for field in parts]
)
def test_every_part_of_a_kind_is_required_except_extras_and_slips(kind: str, field: str) -> None:
    fields = document(kind, **{field: None})
    if field in ("extra", "slips"):
        assert parse_item(source(fields), path_of("C2-P01"))
    else:
        assert field in problems(fields)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "C2-P1"}, "id"),
        ({"id": "C2-P02"}, "id"),
        ({"kind": "essay"}, "kind"),
        ({"pool": "public"}, "pool"),
        ({"competencies": {"C9": 1.0, "C2": 1.0}}, "competencies.C9"),
        ({"competencies": {"C2": 0}}, "competencies.C2"),
        ({"competencies": {"C2": 1.5}}, "competencies.C2"),
        ({"competencies": {"C3": 1.0}}, "competencies"),
        ({"competencies": {}}, "competencies"),
        ({"competencies": "C2"}, "competencies"),
        ({"subtopic": "Inco Terms"}, "subtopic"),
        ({"cognitive": "B"}, "cognitive"),
        ({"difficulty": 6}, "difficulty"),
        ({"difficulty": 2.5}, "difficulty"),
        ({"seeds": ["S5-1"]}, "seeds[1]"),
        ({"seeds": []}, "seeds"),
        ({"lesson": "no-module"}, "lesson"),
        ({"stem": "   "}, "stem"),
        ({"answer": 5}, "answer"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_value_is_named_by_its_field(change: dict[str, Any], field: str) -> None:
    assert field in problems({**document(), **change})


def changed(kind: str, part: str, position: int, **values: Any) -> dict[str, Any]:
    rows = [dict(row) for row in KIND_PARTS[kind][part]]
    rows[position].update(values)
    return document(kind, **{part: rows})


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (changed("single", "options", 0, key=True), "options", "exactly one key, has 2"),
        (changed("single", "options", 1, key=False), "options", "exactly one key, has 0"),
        (changed("multiple", "options", 0, key=False), "options", "two or more keys, has 1"),
        (changed("single", "options", 2, why=""), "options[3].why", "must not be empty"),
        (changed("single", "options", 2, text="The buyer's"), "options[3]", "repeats"),
        (changed("single", "options", 0, key="yes"), "options[1].key", "true or false"),
        (changed("ordering", "steps", 3, text="thank"), "steps[4]", "repeats"),
        (changed("matching", "extra", 0, right="DPU"), "extra[1]", "also the right side"),
        (changed("matching", "pairs", 1, left="seller unloads"), "pairs[2]", "repeats"),
        (changed("numeric", "slips", 0, value=3.604), "slips[1]", "within tolerance"),
        (changed("sjt", "actions", 0, score=3), "actions", "one action with score 3, has 2"),
        (changed("sjt", "actions", 1, score=4), "actions[2].score", "from 0 to 3"),
        (
            document("sjt", actions=KIND_PARTS["sjt"]["actions"][:3]),
            "actions",
            "4 entries, lists 3",
        ),
        (document("numeric", tolerance=-1), "tolerance", "at least 0"),
        (document("single", options=["a", "b", "c"]), "options[1]", "must be a mapping"),
    ],
)
def test_a_broken_part_is_named(fields: dict[str, Any], field: str, words: str) -> None:
    assert words in problems(fields)[field]


def test_all_faults_come_at_once_each_with_its_line() -> None:
    text = source(document(difficulty=9, cognitive="X"))
    with pytest.raises(DocumentError) as caught:
        parse_item(text, "content/items/C3/C2-P01.yaml")
    lines = text.splitlines()
    found = {p.field: lines[(p.line or 0) - 1] for p in caught.value.problems}
    assert found["difficulty"] == "difficulty: 9"
    assert found["cognitive"] == "cognitive: X"
    assert {"id", "competencies"} <= set(found)
