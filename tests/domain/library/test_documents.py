"""Strict YAML: what is refused, and that the refusal names the place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.library.documents import DocumentError, load_yaml, split_front_matter


def refusal(source: str) -> str:
    with pytest.raises(DocumentError) as caught:
        load_yaml(source, "a.yaml")
    return str(caught.value)


def test_values_come_with_the_lines_of_their_fields() -> None:
    read = load_yaml("id: x\n\nrows:\n  - {a: 1}\n  - a: 2\n    b: 3\n", "a.yaml")
    assert read.values == {"id": "x", "rows": [{"a": 1}, {"a": 2, "b": 3}]}
    assert read.lines["id"] == 1
    assert read.lines["rows[1].a"] == 4
    assert read.lines["rows[2].b"] == 6


def test_a_number_as_a_fields_name_is_read_as_text() -> None:
    assert load_yaml("{1: -2, 2: -1}", "a.yaml").values == {"1": -2, "2": -1}
    assert "given twice" in refusal('{1: a, "1": b}')


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3: a: is given twice"),
        ("rows:\n  - {x: 1, x: 2}\n", "a.yaml:2: rows[1].x: is given twice"),
        ("a: &anchor 1\nb: *anchor\n", "a.yaml:1: YAML: anchors"),
        ("a: 1\nb: *nothing\n", "a.yaml:2: YAML: anchors"),
        ("- a\n- b\n", "must be a mapping"),
        ("", "must be a mapping"),
        ("just words", "must be a mapping"),
        ("a: 1\nb: [1, 2\n", "a.yaml:3: YAML:"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2: YAML:"),
        ("a: !!python/object:os.system x\n", "a.yaml:1: YAML:"),
        ("when: 2027-02-30\n", "cannot be read"),
        ("a: \x00\n", "a character that text files do not use"),
        ("{[a, b]: 1}", "a field's name must be text"),
        ("<<: {a: 1}\n", "a field's name must be text"),
        ("a: " + "[" * 50 + "]" * 50, "nested deeper than 20"),
        ("a: " + "[" * 100_000, "nested deeper than 20"),
        ("a: " + "x" * 300_000, "longer than 256 KB"),
        ("a: " + "9" * 5000, "cannot be read"),
    ],
)
def test_what_is_refused_and_where(source: str, words: str) -> None:
    assert words in refusal(source)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_problem(source: str) -> None:
    with suppress(DocumentError):  # any other error fails the test
        load_yaml(source, "a.yaml")


def test_front_matter_is_divided_from_the_body_and_lines_still_count() -> None:
    front, body, first = split_front_matter("---\nid: a\ntitle: T\n---\nText\n", "a.md")
    assert (front.values, body, first) == ({"id": "a", "title": "T"}, "Text\n", 5)
    assert front.lines["title"] == 3


def test_front_matter_written_on_windows_is_read_alike() -> None:
    front, body, first = split_front_matter("\ufeff---\r\nid: a\r\n---\r\nText\r\n", "a.md")
    assert (front.values, body, first) == ({"id": "a"}, "Text\r\n", 4)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# Title\n", "a.md:1: must begin with front matter"),
        ("", "a.md:1: must begin with front matter"),
        ("---\nid: a\n", "a.md:1: the front matter is not closed"),
        ("---\nid: a\nid: b\n---\n", "a.md:3: id: is given twice"),
        ("---\nid: [a\n---\n", "a.md:"),
    ],
)
def test_broken_front_matter_is_named(source: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        split_front_matter(source, "a.md")
    assert words in str(caught.value)
