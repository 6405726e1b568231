"""Drawn numbers: one draw gives one question, one key and one set of reasons."""

import itertools
import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.compiled import from_dict, to_dict
from domain.assessment.drawing import (
    MOST_CHECKED,
    draw,
    drawn,
    drawn_stem,
    fill,
    first_draw,
    sample_of_draws,
)
from domain.assessment.items import Numeric
from domain.assessment.marking import feedback, mark
from domain.assessment.presentation import option_order
from domain.assessment.responses import Value
from tests.domain.assessment.samples import KIND_PARTS, item
from tests.domain.assessment.varying import varying_item, varying_items


def question(values: tuple[str, ...], original: Numeric | None = None) -> Numeric:
    found = drawn(original or varying_item(), values)
    assert isinstance(found, Numeric)
    return found


def test_values_are_spelled_out_as_they_are_written() -> None:
    parameters = varying_item().parameters
    assert parameters["fob"][:3] == ("3.20", "3.25", "3.30")
    assert parameters["fob"][-1] == "4.00"
    assert parameters["freight"] == ("0.12", "0.15", "0.18")
    assert (parameters["pieces"][0], len(parameters["pieces"])) == ("1000", 23)


def test_a_last_step_that_does_not_fit_is_left_out() -> None:
    found = varying_item(
        parameters={"fob": {"from": 1, "to": 2, "step": 0.4}}, stem="{fob}", answer="fob + 5",
        why="{answer}", slips=None,
    ).parameters  # fmt: skip
    assert found == {"fob": ("1.0", "1.4", "1.8")}


def test_a_draw_fills_stem_key_and_reasons() -> None:
    found = question(("3.40", "0.15", "12000"))
    assert found.stem == "FOB is USD 3.40, freight USD 0.15, for 12,000 pieces. CIF per piece?"
    assert found.answer == Decimal("3.56")
    assert found.why == "(3.40 + 0.15) ÷ 0.9967 = 3.56, whatever the 12,000 pieces."
    assert [slip.value for slip in found.slips] == [Decimal("3.40"), Decimal("42600.00")]
    assert found.slips[0].why == "3.40 leaves out the freight of 0.15, not 3.56."


def test_a_drawn_question_is_marked_by_its_own_key_and_names_the_slip() -> None:
    found = question(("3.40", "0.15", "12000"))
    assert mark(found, Value(Decimal("3.56"))).points == 1
    assert mark(found, Value(Decimal("3.40"))).points == 0
    assert "leaves out the freight of 0.15" in feedback(found, Value(Decimal("3.4")))[0].why
    other = question(("3.20", "0.12", "1000"))
    assert mark(other, Value(Decimal("3.56"))).points == 0


@given(varying_items(), st.integers())
def test_the_same_seed_draws_the_same_question(original: Numeric, seed: int) -> None:
    values = option_order(original, random.Random(seed))
    assert (
        values == option_order(original, random.Random(seed)) == draw(original, random.Random(seed))
    )
    assert all(v in known for v, known in zip(values, original.parameters.values(), strict=True))
    assert drawn(original, values) == drawn(original, values)
    assert question(values, original).answer == sum(map(Decimal, values)) + 7
    assert question(values, original).slips[0].value == question(values, original).answer + 2


@given(varying_items(), st.integers())
def test_a_varying_item_survives_storage_as_json(original: Numeric, seed: int) -> None:
    stored = from_dict(json.loads(json.dumps(to_dict(original))))
    assert stored == original
    values = draw(original, random.Random(seed))
    assert drawn(stored, json.loads(json.dumps(values))) == drawn(original, values)


def test_what_was_stored_before_numbers_varied_is_read() -> None:
    stored = to_dict(item("numeric"))
    for name in ("parameters", "formula", "evidence"):
        del stored[name]
    for slip in stored["slips"]:
        del slip["formula"]
    assert from_dict(stored) == item("numeric")


@given(varying_items(), st.integers())
def test_a_database_may_keep_the_parameters_in_any_order(original: Numeric, seed: int) -> None:
    """As PostgreSQL does; what one database drew is restored into the other."""
    stored = to_dict(original)
    stored["parameters"] = dict(reversed(stored["parameters"].items()))
    values = draw(original, random.Random(seed))
    assert drawn(from_dict(stored), values) == drawn(original, values)
    assert list(original.parameters) == sorted(original.parameters)


def test_every_value_of_a_parameter_is_drawn() -> None:
    original, rng = varying_item(), random.Random(20260101)
    seen = [set(values) for values in zip(*(draw(original, rng) for _ in range(500)), strict=True)]
    assert seen == [set(values) for values in original.parameters.values()]


@pytest.mark.parametrize("kind", sorted(KIND_PARTS))
def test_an_item_without_parameters_is_given_back_as_it_is(kind: str) -> None:
    original = item(kind)
    assert drawn(original, ("a", "b")) is original
    assert drawn_stem(original, "<p>{fob}</p>", ("a", "b")) == "<p>{fob}</p>"
    assert first_draw(original) == ()


def test_the_rendered_stem_takes_the_same_numbers() -> None:
    html = "<p>USD {fob}, {freight} for {pieces}</p>"
    values = ("3.40", "0.15", "12000")
    assert drawn_stem(varying_item(), html, values) == "<p>USD 3.40, 0.15 for 12,000</p>"


def test_a_draw_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        drawn(varying_item(), ("3.40",))


def test_the_example_for_the_author_is_the_first_of_each() -> None:
    assert first_draw(varying_item()) == ("3.20", "0.12", "1000")


def test_other_braces_stay() -> None:
    assert fill("{a} {b} {A} { a } {}", {"a": "1"}) == "1 {b} {A} { a } {}"


def test_few_draws_are_all_looked_at() -> None:
    few = varying_item(
        parameters={"fob": [1, 2, 3], "freight": [4, 5]}, stem="{fob} {freight}", slips=None,
        why="{answer}",
    )  # fmt: skip
    assert list(sample_of_draws(few)) == list(itertools.product(("1", "2", "3"), ("4", "5")))


def test_of_many_draws_the_corners_and_a_fixed_sample_are_looked_at() -> None:
    original = varying_item()
    looked_at = list(sample_of_draws(original))
    corners = itertools.product(("3.20", "4.00"), ("0.12", "0.18"), ("1000", "12000"))
    assert set(corners) <= set(looked_at)
    assert MOST_CHECKED <= len(looked_at) <= 2 * MOST_CHECKED
    assert looked_at[8:] == list(sample_of_draws(original))[8:]
