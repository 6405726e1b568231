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
