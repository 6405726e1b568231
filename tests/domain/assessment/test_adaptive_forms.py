"""Adaptive forms: a sound one is read, each fault is named."""

import pytest

from domain.assessment.adaptive_forms import (
    AdaptiveForm,
    AdaptiveHiringForm,
    codes_of,
    is_adaptive,
    parse_adaptive_form,
)
from domain.assessment.forms import Breaks
from domain.library.documents import DocumentError

PATH = "content/forms/adaptive-c2.yaml"
SOURCE = """\
id: adaptive-c2
title: {en: "Adaptive practice: trade practice", zh_Hans: 自适应练习}
purpose: adaptive
pool: practice
minutes: 25
competency: C2
least: 8
most: 20
se: 0.40
"""


def test_an_adaptive_form_says_when_to_stop_and_lists_nothing() -> None:
    form = parse_adaptive_form(SOURCE, PATH)
    assert isinstance(form, AdaptiveForm)
    assert (form.competency, form.least, form.most, form.se) == ("C2", 8, 20, 0.4)
    assert (form.items, form.navigation) == ((), "forward")


def test_the_id_says_which_forms_are_adaptive() -> None:
    assert is_adaptive("adaptive-c2")
    assert not is_adaptive("narrow-c2")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: adaptive-c2", "id: adaptive-c3", "1: id: must equal the file's name"),
        ("purpose: adaptive", "purpose: narrow", "3: purpose: must be one of adaptive"),
        ("pool: practice", "pool: secure", "4: pool: must be one of practice"),
        ("competency: C2", "competency: C9", "6: competency:"),
        ("least: 8", "least: 21", "8: most: must not be below least"),
        ("most: 20", "most: 200", "8: most: must be a whole number from 1 to 60"),
        ("se: 0.40", "se: 0", "9: se: must be a number from 0.1 to 0.9"),
        ("se: 0.40", "se: 0.40\nitems: [C2-P01]", "items: is not a field known here"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_adaptive_form(SOURCE.replace(old, new), PATH)
    assert words in str(caught.value)


HIRING = """\
id: adaptive-hiring
title: {en: Adaptive hiring assessment, zh_Hans: 自适应招聘测评}
purpose: hiring
pool: secure
minutes: 90
competencies: [C1, C2]
least: 8
most: 14
se: 0.40
breaks: {count: 2, minutes: 5}
"""
HIRING_PATH = "content/forms/adaptive-hiring.yaml"


def test_one_for_candidates_has_parts_a_clock_and_breaks() -> None:
    form = parse_adaptive_form(HIRING, HIRING_PATH)
    assert isinstance(form, AdaptiveHiringForm)
    assert (form.competencies, form.minutes, form.breaks) == (("C1", "C2"), 90, Breaks(2, 5))
    assert (form.items, form.navigation) == ((), "forward")
    assert codes_of({"competencies": ["C1", "C2"]}) == ("C1", "C2")
    assert codes_of({"competency": "C3"}) == ("C3",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("pool: secure", "pool: practice", "4: pool: must be one of secure"),
        ("[C1, C2]", "[C1, C1]", "“C1” is listed twice"),
        ("[C1, C2]", "[]", "competencies: must list 1 to 12 entries"),
        ("se: 0.40", "se: 0.40\ncompetency: C1", "competency: is not a field known here"),
        ("{count: 2, minutes: 5}", "{count: 9, minutes: 5}", "breaks.count:"),
    ],
)
def test_faults_of_the_one_for_candidates_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_adaptive_form(HIRING.replace(old, new), HIRING_PATH)
    assert words in str(caught.value)
