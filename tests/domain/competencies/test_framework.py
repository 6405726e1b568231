"""The framework documents: sound ones are read, each fault is named."""

from collections.abc import Callable

import pytest

from domain.competencies.framework import (
    Gate,
    parse_competencies,
    parse_roles,
    parse_standard,
)
from domain.library.documents import DocumentError
from tests.domain.competencies.standards import STANDARD

COMPETENCIES = """\
id: competencies
competencies:
  - code: C1
    name: {en: Language, zh_Hans: 外语沟通}
    short: {en: Language}
    summary: {en: Answer clearly.}
    applied: false
    subtopics:
      - {id: tone, name: {en: Tone}, share: 60}
      - {id: quotations, name: {en: Quotations}, share: 40}
    ladder:
      - {level: 1, can: {en: I can copy.}}
      - {level: 2, can: {en: I can answer.}}
      - {level: 3, can: {en: I can quote.}}
      - {level: 4, can: {en: I can refuse.}}
      - {level: 5, can: {en: I can coach.}}
    cognitive: {K: 20, A: 50, N: 30}
"""
ROLES = """\
id: roles
profiles:
  - id: sales
    name: {en: Sales}
    weights: {C1: 60, C2: 40}
    reasons: {C1: {en: Sales negotiates.}}
    gates: [{competency: A1, level: 3}]
"""
STANDARD_SOURCE = """\
id: standard
version: 1
cuts: [-1.5, -0.5, 0.5, 1.5]
difficulty_to_b: {1: -2, 2: -1, 3: 0, 4: 1, 5: 2}
discrimination: 1.0
threshold_spread: 0.8
provisional_se_factor: 1.25
points: {centre: 50, per_logit: 15}
half_life_months: 24
gate_met: 0.8
gate_not_met: 0.2
critical_z: 1.96
method: EAP
notes: []
"""


def test_competencies_are_read_with_subtopics_and_ladder() -> None:
    (found,) = parse_competencies(COMPETENCIES, "competencies.yaml")
    assert (found.code, found.name["zh_Hans"], found.applied) == ("C1", "外语沟通", False)
    assert [subtopic.share for subtopic in found.subtopics] == [60, 40]
    assert found.ladder[4].can == {"en": "I can coach."}
    assert found.cognitive == {"K": 20, "A": 50, "N": 30}


def test_roles_are_read_with_weights_and_gates() -> None:
    (role,) = parse_roles(ROLES, "roles.yaml")
    assert role.weights == {"C1": 60.0, "C2": 40.0}
    assert role.gates == (Gate("A1", 3),)


def test_the_standard_is_read_whole() -> None:
    assert parse_standard(STANDARD_SOURCE, "standard.yaml") == STANDARD


@pytest.mark.parametrize(
    ("parse", "source", "old", "new", "words"),
    [
        (parse_competencies, COMPETENCIES, "code: C1", "code: C8", ".yaml:3: competencies[1].code"),
        (parse_competencies, COMPETENCIES, "share: 40", "share: 30", "add up to 100, add up to 90"),
        (parse_competencies, COMPETENCIES, "quotations,", "tone,", "name one id twice"),
        (parse_competencies, COMPETENCIES, "K: 20", "K: 25", "add up to 105"),
        (parse_competencies, COMPETENCIES, "level: 5", "level: 4", "must climb through"),
        (parse_competencies, COMPETENCIES, "applied: false", "applied: C", "true or false"),
        (parse_competencies, COMPETENCIES, "id: competencies", "id: x", "1: id: must be one of"),
        (parse_roles, ROLES, "C1: 60", "C1: 50", ".yaml:5: profiles[1].weights: must add up"),
        (parse_roles, ROLES, "C2: 40", "A1: 40", "over the seven practices only"),
        (parse_roles, ROLES, "level: 3", "level: 1", "gates[1].level"),
        (parse_roles, ROLES, "{en: Sales}", "Sales", "profiles[1].name"),
        (parse_standard, STANDARD_SOURCE, "0.5, 1.5]", "1.5, 0.5]", ".yaml:3: cuts: must be four"),
        (parse_standard, STANDARD_SOURCE, "0.5, 1.5]", "0.5]", "cuts: must be four rising"),
        (parse_standard, STANDARD_SOURCE, "0.5, 1.5]", ".nan, 1.5]", "cuts: must be four rising"),
        (parse_standard, STANDARD_SOURCE, "3: 0, ", "", "difficulty_to_b.3: is missing"),
        (parse_standard, STANDARD_SOURCE, "gate_met: 0.8", "gate_met: 8", "10: gate_met"),
        (parse_standard, STANDARD_SOURCE, "notes", "note", "note: is not a field known here"),
    ],
)
def test_faults_are_named(
    parse: Callable[[str, str], object], source: str, old: str, new: str, words: str
) -> None:
    assert old in source
    with pytest.raises(DocumentError) as caught:
        parse(source.replace(old, new), "a.yaml")
    assert words in str(caught.value)


def test_one_code_and_one_role_are_defined_once() -> None:
    twice = COMPETENCIES + COMPETENCIES.split("competencies:\n", 1)[1]
    with pytest.raises(DocumentError, match="“C1” is defined twice"):
        parse_competencies(twice, "a.yaml")
    with pytest.raises(DocumentError, match="“sales” is defined twice"):
        parse_roles(ROLES + ROLES.split("profiles:\n")[1], "a.yaml")
