"""Forms: a sound one is read, each fault is named."""

import pytest

from domain.assessment.forms import parse_form
from domain.library.documents import DocumentError

SOURCE = """\
id: placement
title: {en: Placement, zh_Hans: 定位测评}
purpose: placement
pool: practice
minutes: 60
items: [C1-P01, C2-P01]
"""


def test_a_form_keeps_the_order_of_its_items() -> None:
    form = parse_form(SOURCE, "content/forms/placement.yaml")
    assert form.items == ("C1-P01", "C2-P01")
    assert (form.minutes, form.title["zh_Hans"]) == (60, "定位测评")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: placement", "id: other", "1: id: must equal the file's name"),
        ("pool: practice", "pool: secure", "4: pool: hiring forms, and only they"),
        ("purpose: placement", "purpose: hiring", "4: pool: hiring forms, and only they"),
        ("purpose: placement", "purpose: fun", "3: purpose: must be one of"),
        ("minutes: 60", "minutes: 0", "5: minutes:"),
        ("C2-P01]", "C1-P01]", "items[2]: “C1-P01” is listed twice"),
        ("C2-P01]", "C9-P01]", "items[2]:"),
        ("[C1-P01, C2-P01]", "[]", "items: must list 1 to 200"),
        ("{en: Placement, ", "{", "title.en: the English text is missing"),
        ("minutes: 60", "minutes: 60\ncolour: red", "colour: is not a field known here"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    assert old in SOURCE
    with pytest.raises(DocumentError) as caught:
        parse_form(SOURCE.replace(old, new), "content/forms/placement.yaml")
    assert words in str(caught.value)


SECTIONED = """\
id: exam-1
title: {en: Exam}
purpose: exam
pool: practice
minutes: 12
breaks: {count: 1, minutes: 5}
sections:
  - {title: {en: One}, minutes: 8, items: [C1-P01, C2-P01]}
  - {title: {en: Two}, minutes: 4, items: [C3-P01], navigation: forward}
"""


def test_a_form_with_sections_has_their_items() -> None:
    form = parse_form(SECTIONED, "content/forms/exam-1.yaml")
    assert form.items == ("C1-P01", "C2-P01", "C3-P01")
    assert [(s.minutes, s.navigation) for s in form.sections] == [(8, "free"), (4, "forward")]
    assert form.breaks is not None
    assert (form.breaks.count, form.breaks.minutes, form.feedback) == (1, 5, "end")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("minutes: 12", "minutes: 13", "minutes: must be the sum of the sections' minutes, 12"),
        ("[C3-P01]", "[C1-P01]", "sections: “C1-P01” is listed 2 times"),
        ("minutes: 12", "minutes: 12\nitems: [C1-P01]", "items: stand in the sections"),
        ("minutes: 12", "minutes: 12\nnavigation: forward", "navigation: is said by each section"),
        ("navigation: forward", "navigation: back", "sections[2].navigation: must be one of"),
        ("purpose: exam", "purpose: placement", "breaks: are for forms with a clock"),
        ("minutes: 12", "minutes: 12\nfeedback: each", "feedback: reasons at once"),
        ("count: 1", "count: 0", "breaks.count: must be a whole number"),
    ],
)
def test_faults_of_delivery_are_named(old: str, new: str, words: str) -> None:
    assert old in SECTIONED
    with pytest.raises(DocumentError) as caught:
        parse_form(SECTIONED.replace(old, new, 1), "content/forms/exam-1.yaml")
    assert words in str(caught.value)
