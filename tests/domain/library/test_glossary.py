"""Glossaries: each word with its Chinese, its sentences and its lesson; faults name their line."""

import pytest

from domain.library.documents import DocumentError
from domain.library.glossary import parse_glossary

PATH = "content/glossary/trade-practice.yaml"
SOURCE = """\
id: trade-practice
terms:
  - id: fob
    term: FOB (Free On Board)
    zh_Hans: 船上交货
    means: {en: "Risk passes on board.", zh_Hans: "货物装船后风险转移。"}
    lesson: trade-practice/who-pays-who-risks
    also: [free on board]
  - id: claim
    term: Claim
    zh_Hans: 索赔
    means: {en: "A demand for money.", zh_Hans: "要求赔款。"}
    lesson: trade-practice/inspect-and-claim
"""


def test_a_glossary_is_read_with_the_line_of_each_word() -> None:
    glossary = parse_glossary(SOURCE, PATH)
    fob, claim = glossary.terms
    assert (fob.term, fob.chinese, fob.also, fob.line) == (
        "FOB (Free On Board)", "船上交货", ("free on board",), 3,
    )  # fmt: skip
    assert claim.means == {"en": "A demand for money.", "zh_Hans": "要求赔款。"}
    assert (claim.lesson, claim.also, claim.line) == ("trade-practice/inspect-and-claim", (), 9)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: trade-practice", "id: trade", "yaml:1: id: must equal the file's name"),
        ("id: claim", "id: Big Claim", "yaml:9: terms[2].id:"),
        ("    term: Claim\n", "", "yaml:9: terms[2].term: is missing"),
        ("    zh_Hans: 索赔\n", "", "yaml:9: terms[2].zh_Hans: is missing"),
        (
            ', zh_Hans: "要求赔款。"',
            "",
            "terms[2].means: the Chinese sentence (zh_Hans) is missing",
        ),
        ('en: "A demand for money.", ', "", "yaml:12: terms[2].means.en: the English text"),
        ("trade-practice/inspect-and-claim", "inspect", "yaml:13: terms[2].lesson:"),
        ("[free on board]", "free", "yaml:8: terms[1].also: must be a list"),
        ("    term: Claim\n", "    term: Claim\n    note: x\n", "terms[2].note: is not a field"),
    ],
)
def test_faults_are_named(old: str, new: str, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_glossary(SOURCE.replace(old, new), PATH)
    assert words in str(caught.value)


def test_a_glossary_has_words() -> None:
    with pytest.raises(DocumentError, match="terms: must list 1 to 200"):
        parse_glossary("id: trade-practice\nterms: []\n", PATH)
