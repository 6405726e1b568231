"""Typed reading: each wrong value is named once, and sound values come through unchanged."""

from decimal import Decimal

import pytest

from domain.library.documents import DocumentError, load_yaml
from domain.library.fields import Fields


def fields(source: str) -> Fields:
    return Fields(load_yaml(source, "a.yaml"))


def messages(read: Fields) -> list[str]:
    return [f"{problem.field}: {problem.message}" for problem in read.problems]


def test_all_faults_are_gathered_in_the_order_of_lines() -> None:
    read = fields("b: 7\na: 3.60\nmore: x\n")
    read.text("a", most=10)
    read.integer("b", 1, 5)
    read.text("c", most=10)
    with pytest.raises(DocumentError) as caught:
        read.finish()
    assert [(p.line, p.field) for p in caught.value.problems] == [
        (1, "b"),
        (1, "c"),
        (2, "a"),
        (3, "more"),
    ]


@pytest.mark.parametrize("value", ["3.60", "yes", "2027-01-01", "12:30", "[a]", "{a: 1}"])
def test_text_that_yaml_reads_as_something_else_must_be_quoted(value: str) -> None:
    read = fields(f"a: {value}")
    read.text("a", most=50)
    assert messages(read) == ["a: must be text; put it in quotes"]


def test_true_is_not_a_number() -> None:
    read = fields("a: true")
    read.integer("a", 0, 5)
    read.number("a", 0, 5)
    read.decimal("a")
    assert len(read.problems) == 3


@pytest.mark.parametrize("value", [".nan", ".inf", "-.inf", "1.0e+300"])
def test_numbers_must_be_finite_and_sane(value: str) -> None:
    read = fields(f"a: {value}")
    assert read.number("a", -10, 10) == -10
    assert read.decimal("a") == 0
    assert len(read.problems) == 2


def test_a_decimal_is_what_was_written_not_its_binary_neighbour() -> None:
    assert fields("a: 0.1").decimal("a") == Decimal("0.1")


def test_a_list_names_the_entry_that_is_wrong() -> None:
    read = fields("seeds: [S1-5, S9-1, S1-5, 4]")
    assert read.texts("seeds", r"S[0-4]-\d+") == ("S1-5",)
    assert [line.split(":")[0] for line in messages(read)] == ["seeds[2]", "seeds[3]", "seeds[4]"]


def test_unknown_fields_are_refused_at_every_depth() -> None:
    read = fields("rows:\n  - {a: x, typo: y}\n")
    for row in read.children("rows", least=1, most=2):
        row.text("a", most=5)
    read.close()
    assert messages(read) == ["rows[1].typo: is not a field known here"]
    assert read.problems[0].line == 2


def test_english_is_required_of_a_localised_text() -> None:
    read = fields("title: {zh_Hans: 定位}")
    assert read.localised("title", most=20)["zh_Hans"] == "定位"
    assert messages(read) == ["title.en: the English text is missing"]


@pytest.mark.parametrize("value", ["2027-05-31T10:00:00", "soon", "5"])
def test_a_date_is_a_day(value: str) -> None:
    read = fields(f"d: {value}")
    assert read.date("d") is None
    assert messages(read) == ["d: must be a date written like 2027-05-31"]
