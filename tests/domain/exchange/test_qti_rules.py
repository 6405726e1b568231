"""Items that state their own rule of marking: the rule is tried, and what it says counts."""

import pytest

from domain.exchange.qti import read_package
from domain.exchange.questions import Question, Reading

SET = (
    "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>{}</baseValue>"
    "</setOutcomeValue>"
)
VARIABLE, CORRECT = "<variable identifier='R'/>", "<correct identifier='R'/>"
CHOICES = (
    "<choiceInteraction responseIdentifier='R' maxChoices='{}'><prompt>Which?</prompt>"
    + "".join(f"<simpleChoice identifier='{x}'>Choice {x}</simpleChoice>" for x in "ABC")
    + "</choiceInteraction>"
)
ENTRY = "<p>How much? <textEntryInteraction responseIdentifier='R'/></p>"


def base(value: str, kind: str = "identifier") -> str:
    return f"<baseValue baseType='{kind}'>{value}</baseValue>"


def when(*branches: tuple[str, float], otherwise: float | None = None) -> str:
    """A responseCondition: the first condition that holds gives its mark."""
    names = ["responseIf", *["responseElseIf"] * len(branches)]
    steps = "".join(
        f"<{name}>{condition}{SET.format(mark)}</{name}>"
        for name, (condition, mark) in zip(names, branches, strict=False)
    )
    if otherwise is not None:
        steps += f"<responseElse>{SET.format(otherwise)}</responseElse>"
    return f"<responseCondition>{steps}</responseCondition>"


def read(
    rule: str, body: str = CHOICES.format(1), correct: tuple[str, ...] = (),
    kind: str = "identifier", cardinality: str = "single", mapping: str = "",
) -> Reading:  # fmt: skip
    values = "".join(f"<value>{value}</value>" for value in correct)
    key = f"<correctResponse>{values}</correctResponse>" if correct else ""
    data = (
        "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p2' identifier='i' title='T'>"
        f"<responseDeclaration identifier='R' cardinality='{cardinality}' baseType='{kind}'>"
        f"{key}{mapping}</responseDeclaration>"
        "<outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/>"
        f"<itemBody>{body}</itemBody><responseProcessing>{rule}</responseProcessing>"
        "</assessmentItem>"
    )
    return read_package({"item.xml": data.encode()})


def only(reading: Reading) -> Question:
    assert not reading.refusals, reading.refusals
    return reading.questions[0]


def shares(question: Question) -> list[float]:
    return [answer.share for answer in question.answers]


def match(value: str) -> str:
    return f"<match>{VARIABLE}{base(value)}</match>"


@pytest.mark.parametrize(
    ("rule", "worth"),
    [
        (when((match("B"), 1)), [0, 1, 0]),
        (when((match("B"), 4), (match("C"), 1)), [0, 1, 0.25]),
        (when((f"<or>{match('A')}{match('C')}</or>", 1)), [1, 0, 1]),
        (when((f"<member>{VARIABLE}<multiple>{base('A')}{base('B')}</multiple></member>", 1)),
         [1, 1, 0]),
        (when((f"<isNull>{VARIABLE}</isNull>", 0), (match("A"), 1), otherwise=-1), [1, -1, -1]),
        (when((f"<not>{match('A')}</not>", 0), otherwise=2) , [1, 0, 0]),
        (when((match("C"), 1)) + "<setOutcomeValue identifier='SCORE'><sum><variable "
         "identifier='SCORE'/><baseValue baseType='float'>1</baseValue></sum></setOutcomeValue>",
         [0.5, 0.5, 1]),
    ],
)  # fmt: skip
def test_the_rule_says_what_is_right_where_nothing_else_does(rule: str, worth: list[float]) -> None:
    assert shares(only(read(rule))) == worth


def test_a_rule_that_speaks_against_the_correct_response_counts_and_is_named() -> None:
    question = only(read(when((match("B"), 1)), correct=("A",)))
    assert shares(question) == [0, 1, 0]
    assert "differ" in question.notes[0]
    question = only(read(when((f"<match>{VARIABLE}{CORRECT}</match>", 1)), correct=("A",)))
    assert (shares(question), question.notes) == ([1, 0, 0], ())


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (when(("<patternMatch pattern='x'><variable identifier='R'/></patternMatch>", 1)),
         "patternMatch"),
        ("<setOutcomeValue identifier='SCORE'><random/></setOutcomeValue>", "random"),
        ("<setOutcomeValue identifier='SCORE'><customOperator/></setOutcomeValue>",
         "customOperator"),
        (when((match("D"), 1)), "no answer a mark"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_a_refusal_by_name(rule: str, words: str) -> None:
    (refusal,) = read(rule).refusals
    assert words in refusal.why


def test_it_is_a_note_where_a_correct_response_stands_beside_it() -> None:
    rule = "<setOutcomeValue identifier='SCORE'><customOperator/></setOutcomeValue>"
    question = only(read(rule, correct=("A",)))
    assert shares(question) == [1, 0, 0]
    assert "customOperator" in question.notes[0]


def test_several_ticks_are_tried_together() -> None:
    rule = when((f"<match>{VARIABLE}{CORRECT}</match>", 1))
    whole = only(read(rule, CHOICES.format(0), ("A", "C"), cardinality="multiple"))
    assert shares(whole) == [0.5, 0, 0.5]
    assert "only all right ticks together" in whole.notes[0]
    wrong = when((f"<contains>{VARIABLE}<multiple>{base('B')}</multiple></contains>", 1))
    odd = only(read(wrong, CHOICES.format(0), ("A", "C"), cardinality="multiple"))
    assert "look what is right" in odd.notes[0]


@pytest.mark.parametrize(
    ("mode", "tolerance", "found"),
    [("absolute", "0.5", "0.5"), ("absolute", "0.5 0.2", "0.2"), ("relative", "5", "10"),
     ("exact", "", "0")],
)  # fmt: skip
def test_numbers_with_their_tolerance(mode: str, tolerance: str, found: str) -> None:
    given = f"toleranceMode='{mode}' tolerance='{tolerance}'" if tolerance else ""
    rule = when((f"<equal {given}>{VARIABLE}{CORRECT}</equal>", 1))
    question = only(read(rule, ENTRY, ("200",), "float"))
    assert [(a.value, a.tolerance) for a in question.answers] == [("200", found)]
    assert bool(question.notes) == (len(tolerance.split()) > 1)


def test_texts_that_stand_in_the_rule_only() -> None:
    same, other = (
        f"<stringMatch caseSensitive='false'>{VARIABLE}{base(text, 'string')}</stringMatch>"
        for text in ("FOB Ningbo", "EXW")
    )
    question = only(read(when((same, 1)), ENTRY, kind="string"))
    assert [(a.text, a.share) for a in question.answers] == [("FOB Ningbo", 1)]
    question = only(read(when((f"<not>{other}</not>", 1)), ENTRY, ("FOB",), "string"))
    assert any("other answers than these" in note for note in question.notes)


def test_a_mapping_with_bounds_is_followed() -> None:
    mapping = (
        "<mapping defaultValue='-1' upperBound='2'><mapEntry mapKey='A' mappedValue='4'/>"
        "<mapEntry mapKey='B' mappedValue='1'/></mapping>"
    )
    rule = "<setOutcomeValue identifier='SCORE'><mapResponse identifier='R'/></setOutcomeValue>"
    assert shares(only(read(rule, correct=("A",), mapping=mapping))) == [1, 0.5, -0.5]
