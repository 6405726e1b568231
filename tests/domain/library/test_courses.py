"""Modules."""

import pytest

from domain.library.courses import parse_module
from domain.library.documents import DocumentError

SOURCE = """\
id: law
title: {en: Law, zh_Hans: 法律}
summary: {en: Check before you promise.}
order: 5
competencies: [C5]
lessons: [check-before-you-promise]
"""
PATH = "content/courses/law/module.yaml"


def test_a_module_is_read() -> None:
    module = parse_module(SOURCE, PATH)
    assert (module.id, module.order, module.lessons) == ("law", 5, ("check-before-you-promise",))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: law", "id: laws", "module.yaml:1: id: must equal the folder's name, “law”"),
        ("order: 5", "order: first", "module.yaml:4: order:"),
        ("[C5]", "[C8]", "module.yaml:5: competencies[1]:"),
        ("[check-before-you-promise]", "Check", "module.yaml:6: lessons: must be a list"),
        ("{en: Check before you promise.}", "Words", "module.yaml:3: summary:"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_module(SOURCE.replace(old, new), PATH)
    assert words in str(caught.value)
