"""The front matter as a form: what it changes is changed, and nothing beside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ROOT
from domain.library.documents import DocumentError
from domain.library.facts import FIELDS, LISTS, OPTIONAL, PLAIN, TEXTS, facts_of, with_facts

PATH = "courses/m/l.md"
ODD = """---
# A word to those who edit the file
id: l
title: One  # short
own: {we: know, nothing: [of, it]}
summary: >
  Two lines
  of text.

objective: "You can."
competencies: [C1, C2]   # two
level: 2
seeds: [S1-1]
minutes: 10
sources:
  # the oldest first
  - {title: "A: b", year: 2020}
  - title: C
    year: 2021
    url: "https://c.example/"
quiz:
- C1-Q01
- C1-Q02
last: yes
---
# Body
"""
WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)


def test_what_the_form_shows() -> None:
    facts = facts_of(ODD, PATH)
    assert facts["title"] == "One"
    assert facts["summary"] == "Two lines of text."
    assert facts["competencies"] == "C1, C2"
    assert facts["sources"] == "A: b | 2020\nC | 2021 | https://c.example/"
    assert (facts["prerequisites"], facts["review_by"]) == ("", "")


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("title", "One: two", "title: One  # short\n", 'title: "One: two"  # short\n'),
        ("summary", "New.", "summary: >\n  Two lines\n  of text.\n", "summary: New.\n"),
        ("competencies", "C1", "[C1, C2]   # two", "[C1]   # two"),
        ("level", "3", "level: 2", "level: 3"),
        ("review_by", "2027-05-31", "quiz:\n", "review_by: 2027-05-31\nquiz:\n"),
        ("quiz", "C1-Q01, C2-Q09", "quiz:\n- C1-Q01\n- C1-Q02\n", "quiz: [C1-Q01, C2-Q09]\n"),
        ("prerequisites", "m/k", "minutes: 10\n", "minutes: 10\nprerequisites: [m/k]\n"),
    ],
)
def test_one_field_changes_and_every_other_byte_stays(
    name: str, value: str, old: str, new: str
) -> None:
    was = facts_of(ODD, PATH)
    assert with_facts(ODD, PATH, was, was | {name: value}) == ODD.replace(old, new)


def test_a_source_that_was_not_changed_keeps_its_own_lines() -> None:
    was = facts_of(ODD, PATH)
    found = with_facts(ODD, PATH, was, was | {"sources": was["sources"] + "\nNew | 2026"})
    assert '    url: "https://c.example/"\n  - {title: "New", year: 2026}\n' in found
    assert facts_of(found, PATH)["sources"].endswith("\nNew | 2026")


def test_an_optional_field_that_is_emptied_is_taken_out() -> None:
    was = facts_of(ODD, PATH)
    more = with_facts(ODD, PATH, was, was | {"review_by": "2027-05-31"})
    assert with_facts(more, PATH, facts_of(more, PATH), was) == ODD


def test_what_the_form_did_not_change_stays_as_the_text_has_it() -> None:
    was = facts_of(ODD, PATH)
    text = ODD.replace("level: 2", "level: 5")
    found = with_facts(text, PATH, was, was | {"title": "Other"})
    assert (facts_of(found, PATH)["level"], facts_of(found, PATH)["title"]) == ("5", "Other")


def test_front_matter_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(DocumentError):
        facts_of("---\ntitle: [\n---\n", PATH)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*TEXTS, *LISTS, *PLAIN]), WORDS)
def test_whatever_is_typed_is_read_back(name: str, typed: str) -> None:
    was = facts_of(ODD, PATH)
    found = with_facts(ODD, PATH, was, was | {name: typed})
    parts = [part.strip() for part in " ".join(typed.split()).split(",")]
    wanted = ", ".join(filter(None, parts)) if name in LISTS else " ".join(typed.split())
    if name in ("level", "minutes") and wanted.isascii() and wanted.isdigit():
        wanted = str(int(wanted[:6])) if len(wanted) < 7 else wanted
    facts = facts_of(found, PATH)
    assert facts[name] == wanted
    assert {n: facts[n] for n in FIELDS if n != name} == {n: was[n] for n in FIELDS if n != name}
    assert found.endswith("---\n# Body\n")
    assert name in OPTIONAL or "own: {we: know, nothing: [of, it]}\n" in found


def test_every_lesson_of_the_course_can_be_edited_by_its_form() -> None:
    for path in sorted((ROOT / "content" / "courses").glob("*/*.md")):
        text, name = path.read_text(), path.as_posix()
        was = facts_of(text, name)
        changed = with_facts(text, name, was, was | {"title": "New: title", "minutes": "44"})
        facts = facts_of(changed, name)
        assert (facts.pop("title"), facts.pop("minutes")) == ("New: title", "44")
        assert facts == {n: v for n, v in was.items() if n not in ("title", "minutes")}
        assert with_facts(changed, name, facts_of(changed, name), was) in (text, _unquoted(text))


def _unquoted(text: str) -> str:
    """A title that stood in quotes without need comes back without them."""
    first = next(line for line in text.splitlines() if line.startswith("title: "))
    return text.replace(first, first.replace('"', ""), 1)
