"""Items whose numbers vary: each bad input is named by its field and its line."""

from typing import Any

import pytest

from domain.assessment.authored import parse_item
from domain.library.documents import DocumentError, Problem
from tests.domain.assessment.samples import path_of, source
from tests.domain.assessment.varying import PRICE, varying, varying_item


def faults(**changes: Any) -> tuple[tuple[Problem, ...], list[str]]:
    text = source(varying(**changes))
    with pytest.raises(DocumentError) as caught:
        parse_item(text, path_of("C2-P01"))
    return caught.value.problems, text.splitlines()


def steps(low: Any, high: Any, step: Any) -> dict[str, Any]:
    return {"parameters": {**PRICE["parameters"], "fob": {"from": low, "to": high, "step": step}}}


def named(**more: Any) -> dict[str, Any]:
    return {"parameters": {**PRICE["parameters"], **more}}


def slip(value: Any, why: str = "Why.") -> dict[str, Any]:
    return {"slips": [{"value": value, "why": why}]}


@pytest.mark.parametrize(
    ("change", "field", "words", "line"),
    [
        (steps(4, 3.2, 0.05), "parameters.fob", "must go up", "fob:"),
        (steps(4, 4, 0.05), "parameters.fob", "must go up", "fob:"),
        (steps(3.2, 4, 0), "parameters.fob", "must go up", "fob:"),
        (steps(3.2, 4, -0.1), "parameters.fob", "must go up", "fob:"),
        (steps(1, 1000, 1), "parameters.fob", "1 to 199 steps", "fob:"),
        (steps("low", 4, 1), "parameters.fob.from", "must be a number", "from:"),
        (named(fob={"from": 1, "to": 2}), "parameters.fob.step", "missing", "fob:"),
        (named(fob={"from": 1, "to": 2, "step": 1, "by": 1}), "parameters.fob.by", "known", "by:"),
        (named(fob=3), "parameters.fob", "must be a mapping", "fob:"),
        (named(fob=[3.2]), "parameters.fob", "must list 2 to 200 numbers", "fob:"),
        (named(fob=list(range(201))), "parameters.fob", "must list 2 to 200 numbers", "fob:"),
        (named(fob=[1, "2"]), "parameters.fob", "must list 2 to 200 numbers", "fob:"),
        (named(fob=[1, True]), "parameters.fob", "must list 2 to 200 numbers", "fob:"),
        (named(fob=[1, float("nan")]), "parameters.fob", "must list 2 to 200", "fob:"),
        (named(answer=[1, 2]), "parameters.answer", "not “answer”", "answer:"),
        (named(FOB=[1, 2]), "parameters.FOB", "lower case", "FOB:"),
        (named(rate=[1, 2]), "stem", "must name the parameter {rate}", "stem:"),
        (named(**{f"p{n}": [1, 2] for n in range(6)}), "parameters", "1 to 8", "parameters:"),
        ({"parameters": {}}, "parameters", "1 to 8", "parameters:"),
        ({"stem": PRICE["stem"] + " {rate}"}, "stem", "{rate} is not a parameter", "stem:"),
        ({"stem": PRICE["stem"] + " {answer}"}, "stem", "{answer} is not", "stem:"),
        ({"why": "{rate}"}, "why", "{rate} is not a parameter", "why:"),
        (slip("fob", "{rate}"), "slips[1]", "{rate} is not a parameter", "- value:"),
        (slip("rate"), "slips[1].value", "'rate', which is not a parameter", "- value:"),
        (slip("fob +"), "slips[1].value", "not a sum", "- value:"),
        (slip(None), "slips[1].value", "must not be empty", "- value:"),
        ({"answer": "fob * rate"}, "answer", "'rate', which is not a parameter", "answer:"),
        ({"answer": "open(fob)"}, "answer", "may hold numbers", "answer:"),
        ({"answer": "fob + " * 60 + "fob"}, "answer", "longer than 300", "answer:"),
        ({"answer": "1 / (fob - 3.5)"}, "answer", "with fob = 3.50,", "answer:"),
        ({"answer": "sqrt(pieces - 11500)"}, "answer", "has no value", "answer:"),
        ({"answer": "pieces ** 4"}, "answer", "10^15", "answer:"),
        (slip("(fob + freight) / 0.9967"), "slips[1]", "with fob = 3.20,", "- value:"),
        (slip("fob + 0.155"), "slips[1]", "within tolerance", "- value:"),
        (slip("1 / (freight - 0.15)"), "answer", "has no value", "answer:"),
    ],
)
def test_a_bad_input_is_named_with_field_and_line(
    change: dict[str, Any], field: str, words: str, line: str
) -> None:
    problems, lines = faults(**change)
    found = [p for p in problems if p.field == field and words in p.message]
    assert found, problems
    assert lines[(found[0].line or 0) - 1].strip().startswith(line)


def test_a_plain_number_is_a_sum_too() -> None:
    item = varying_item(answer=3.5, slips=[{"value": -7, "why": "The sign."}])
    assert (item.formula, item.slips[0].formula) == ("3.5", "-7")


def test_a_varying_item_needs_no_slips() -> None:
    assert varying_item(slips=None).slips == ()


def test_only_numeric_items_vary() -> None:
    with pytest.raises(DocumentError, match="parameters: is not a field known here"):
        parse_item(source({**varying(), "kind": "single", "options": []}), path_of("C2-P01"))


def test_a_fault_of_the_draws_is_told_once_the_rest_is_sound() -> None:
    """One message, not one for each of five hundred draws."""
    problems, _ = faults(answer="1 / (freight - 0.15)")
    assert len(problems) == 1


def test_very_small_numbers_keep_their_value() -> None:
    """Python writes 1.0e-7 without a point that one could count digits behind."""
    rates = varying_item(**named(fob=[1.0e-7, 2.5e-6]), tolerance=1.0e-7)
    assert rates.parameters["fob"] == ("0.0000001", "0.0000025")
    steps_ = varying_item(**steps(1.0e-7, 3.0e-7, 1.0e-7), tolerance=1.0e-7)
    assert steps_.parameters["fob"] == ("0.0000001", "0.0000002", "0.0000003")


def test_more_decimals_than_anybody_reads_are_refused() -> None:
    problems, _ = faults(**named(fob=[1.0e-13, 1]))
    assert [(p.field, p.message) for p in problems] == [
        ("parameters.fob", "must have at most 12 decimals")
    ]
