"""Compiling authored items: every rule of the format has its refusal, with field and line."""

from decimal import Decimal
from typing import Any

import pytest

from domain.assessment import items
from domain.assessment.authored import parse_item
from domain.library.documents import DocumentError
from tests.domain.assessment.samples import (
    JUDGED,
    KIND_PARTS,
    document,
    item,
    judged,
    path_of,
    source,
)


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
    [
        ("single", 1),
        ("multiple", 2),
        ("ordering", 2),
        ("matching", 3),
        ("numeric", 1),
        ("sjt", 3),
        ("truefalse", 2),
        ("short", 1),
        ("table", 2),
        ("hotspot", 1),
        ("likert", 0),
        ("open", 3),
    ],
)
def test_the_highest_mark_of_each_kind(kind: str, most: int) -> None:
    assert item(kind).max_mark == most


def test_the_highest_mark_of_a_judgement_follows_what_it_asks() -> None:
    assert [judged(ask).max_mark for ask in ("best-worst", "rate")] == [2, 8]


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
    if field in ("extra", "slips", "near"):
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


RUBRIC = {"criterion": "facts", "points": 2, "levels": ["none", "some", "all"]}


def rows(*cells: dict[str, Any]) -> dict[str, Any]:
    """A table of one row with these cells."""
    columns = [f"{n}" for n in range(len(cells) + 1)]
    return document("table", columns=columns, rows=[{"label": "first", "cells": list(cells)}])


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (document("truefalse", answer="yes"), "answer", "true or false"),
        (changed("truefalse", "reasons", 0, key=True), "reasons", "exactly one key, has 2"),
        (changed("truefalse", "reasons", 0, text="the bank insures"), "reasons[3]", "repeats"),
        (document("short", accept=["lead ("]), "accept[1]", "is not a usable pattern"),
        (document("short", accept=["lead times?", "a" * 201]), "accept[2]", "longer than 200"),
        (document("short", accept=[r"(\w{1,200}){5}"]), "accept[1]", "pattern too large"),
        (document("short", accept=["(?=lead)lead"]), "accept[1]", "is not a usable pattern"),
        (changed("short", "near", 0, pattern="["), "near[1].pattern", "is not a usable pattern"),
        (changed("short", "near", 0, pattern="x"), "near[1]", "none of the wrong examples"),
        (document("short", shown="delivery time"), "shown", "would not be accepted"),
        (
            document("short", examples={"right": ["lead time", "lt", "soon"], "wrong": ["x"]}),
            "examples.right[3]",
            "not be accepted",
        ),
        (
            document("short", examples={"right": ["LT", "lead time"], "wrong": ["Lead times"]}),
            "examples.wrong[1]",
            "would be accepted",
        ),
        (
            document("short", examples={"right": ["LT"], "wrong": ["delivery time"]}),
            "accept[1]",
            "none of the right examples",
        ),
        (document("short", examples=None), "examples", "missing"),
        (rows({"text": "a"}, {"text": "b"}), "rows", "at least one cell open"),
        (rows({"answer": 1, "tolerance": 0, "decimals": 0}), "rows[1].cells[1].why", "missing"),
        (
            rows({"answer": 1, "tolerance": -1, "decimals": 0, "why": "w"}),
            "rows[1].cells[1].tolerance",
            "at least 0",
        ),
        (
            rows({"accept": ["fob"], "shown": "CIF", "why": "w"}),
            "rows[1].cells[1].shown",
            "would not be accepted",
        ),
        (
            rows({"accept": ["["], "shown": "CIF", "why": "w"}),
            "rows[1].cells[1].accept[1]",
            "is not a usable pattern",
        ),
        (document("table", columns=["a", "b"]), "rows[1].cells", "1 entries, lists 2"),
        (changed("hotspot", "areas", 0, key=True), "areas", "exactly one key, has 2"),
        (changed("hotspot", "areas", 0, circle=[1, 2]), "areas[1].circle", "3 numbers"),
        (changed("hotspot", "areas", 0, circle=[1, 2, 0]), "areas[1].circle", "3 numbers"),
        (changed("hotspot", "areas", 0, circle=[1, -2, 3]), "areas[1].circle", "3 numbers"),
        (changed("hotspot", "areas", 0, circle=["x", 2, 3]), "areas[1].circle", "3 numbers"),
        (changed("hotspot", "areas", 1, rect=[1, 2, 3]), "areas[2].rect", "4 numbers"),
        (changed("hotspot", "areas", 1, label="gate"), "areas[2]", "repeats"),
        (document("hotspot", figure="../x"), "figure", "expected form"),
        (changed("likert", "statements", 1, reversed=False), "statements", "one of them reversed"),
        (changed("likert", "statements", 1, facet="asking"), "statements", "of one facet"),
        (changed("likert", "statements", 1, pair="other"), "statements", "must join two"),
        (document("likert", competencies={"C2": 1}), "competencies.C2", "must be 0"),
        (document("open", words={"least": 9, "most": 5}), "words", "no higher than"),
        (document("open", rubric=[RUBRIC | {"points": 3}]), "rubric[1].levels", "4 to 4 entries"),
        (document("open", rubric=[RUBRIC, RUBRIC]), "rubric[2]", "repeats"),
        (document("sjt", ask="worst"), "ask", "must be one of"),
        (
            document("sjt", ask="best-worst"),
            "actions",
            "exactly one action with score 0, has 2",
        ),
        (
            document(
                "sjt",
                **{
                    **JUDGED["rate"],
                    "actions": [{"text": f"{n}", "score": 2, "why": "w"} for n in range(4)],
                },
            ),
            "actions",
            "must differ",
        ),
        (document(hints=[{"text": "h", "cost": 1.5}]), "hints[1].cost", "from 0 to 1"),
        (document(hints=[{"text": "h", "cost": 0.6}] * 2), "hints", "not cost more than 1"),
        (document(hints=[{"text": "h", "cost": 0}], pool="secure"), "hints", "practice items only"),
        (document(hints=[]), "hints", "1 to 5 entries"),
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


def test_hints_keep_their_order_and_their_cost() -> None:
    found = item(hints=[{"text": "look at A5", "cost": 0.25}, {"text": "who sails?", "cost": 0.75}])
    assert [(hint.text, hint.cost) for hint in found.hints] == [
        ("look at A5", 0.25),
        ("who sails?", 0.75),
    ]
    assert item().hints == ()


def test_a_bad_pattern_is_named_with_its_line() -> None:
    text = source(document("short", accept=["lead time", "lead ("]))
    with pytest.raises(DocumentError) as caught:
        parse_item(text, path_of("C2-P01"))
    found = {p.field: text.splitlines()[(p.line or 0) - 1] for p in caught.value.problems}
    assert found["accept[2]"] == "- lead ("
