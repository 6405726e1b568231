"""The competency framework: practices, role profiles and the versioned measuring standard."""

from collections.abc import Mapping
from dataclasses import field
from itertools import pairwise

from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields
from domain.records import frozen

LEVELS = (1, 2, 3, 4, 5)
PRACTICES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
DIFFICULTIES = ("1", "2", "3", "4", "5")


@frozen
class Subtopic:
    """share: percent of the items of its competency."""

    id: str
    name: Mapping[str, str]
    share: int


@frozen
class Rung:
    """What a person of this level can say of themself, per language."""

    level: int
    can: Mapping[str, str]


@frozen
class Competency:
    """One scale. applied: measured on its own (A1, A2), not one of the seven of role fit.

    cognitive: percent of items that ask to know (K), apply (A), judge (N).
    also_shows: for an applied one, the practices that its items say something about, with the
    greatest weight (0 to 1) that such an item may give them.
    """

    code: str
    name: Mapping[str, str]
    short: Mapping[str, str]
    summary: Mapping[str, str]
    applied: bool
    subtopics: tuple[Subtopic, ...]
    ladder: tuple[Rung, ...]
    cognitive: Mapping[str, int]
    also_shows: Mapping[str, float] = field(default_factory=dict)


@frozen
class Gate:
    """A level that a role asks for, whatever the average."""

    competency: str
    level: int


@frozen
class RoleProfile:
    """weights: competency to percent, 100 together; reasons: competency to a text per language."""

    id: str
    name: Mapping[str, str]
    weights: Mapping[str, float]
    reasons: Mapping[str, Mapping[str, str]]
    gates: tuple[Gate, ...]


@frozen
class Standard:
    """The constants of the scale; a new version is a new standard, old numbers keep theirs.

    cuts: four thetas between the levels; b_of_difficulty: authors' 1..5 to logits;
    threshold_spread: half width, in logits, of a graded item's thresholds.
    """

    version: int
    cuts: tuple[float, ...]
    b_of_difficulty: tuple[float, ...]
    discrimination: float
    threshold_spread: float
    provisional_se_factor: float
    centre: float
    per_logit: float
    half_life_months: float
    gate_met: float
    gate_not_met: float
    critical_z: float
    method: str
    notes: tuple[str, ...]


def parse_competencies(source: str, path: str) -> tuple[Competency, ...]:
    """Read framework/competencies.yaml. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    fields.one_of("id", ("competencies",))
    entries = fields.children("competencies", least=1, most=20)
    found = tuple(_competency(entry) for entry in entries)
    codes = [competency.code for competency in found]
    for position, code in enumerate(codes):
        if code in codes[:position]:
            entries[position].problem("code", f"“{code}” is defined twice")
    fields.finish()
    return found


def parse_roles(source: str, path: str) -> tuple[RoleProfile, ...]:
    """Read framework/roles.yaml. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    fields.one_of("id", ("roles",))
    entries = fields.children("profiles", least=1, most=50)
    found = tuple(_role(entry) for entry in entries)
    ids = [role.id for role in found]
    for position, role_id in enumerate(ids):
        if role_id in ids[:position]:
            entries[position].problem("id", f"“{role_id}” is defined twice")
    fields.finish()
    return found


def parse_standard(source: str, path: str) -> Standard:
    """Read framework/standard.yaml. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    fields.one_of("id", ("standard",))
    difficulty = fields.child("difficulty_to_b")
    points = fields.child("points")
    standard = Standard(
        version=fields.integer("version", 1, 10_000),
        cuts=_cuts(fields),
        b_of_difficulty=tuple(difficulty.number(level, -5, 5) for level in DIFFICULTIES),
        discrimination=fields.number("discrimination", 0.1, 5),
        threshold_spread=fields.number("threshold_spread", 0, 3),
        provisional_se_factor=fields.number("provisional_se_factor", 1, 3),
        centre=points.number("centre", 0, 100),
        per_logit=points.number("per_logit", 1, 50),
        half_life_months=fields.number("half_life_months", 1, 240),
        gate_met=fields.number("gate_met", 0.5, 1),
        gate_not_met=fields.number("gate_not_met", 0, 0.5),
        critical_z=fields.number("critical_z", 1, 4),
        method=fields.text("method", most=2000),
        notes=fields.texts("notes", r"(?s).{1,600}", least=0),
    )
    fields.finish()
    return standard


def _competency(fields: Fields) -> Competency:
    subtopics = tuple(
        Subtopic(
            id=entry.text("id", most=40, pattern=SLUG),
            name=entry.localised("name", most=120),
            share=entry.integer("share", 1, 100),
        )
        for entry in fields.children("subtopics", least=1, most=20)
    )
    _expect_hundred(fields, "subtopics", sum(subtopic.share for subtopic in subtopics))
    if len({subtopic.id for subtopic in subtopics}) < len(subtopics):
        fields.problem("subtopics", "name one id twice")
    ladder = tuple(
        Rung(level=entry.integer("level", 1, 5), can=entry.localised("can", most=400))
        for entry in fields.children("ladder", least=5, most=5)
    )
    if ladder and tuple(rung.level for rung in ladder) != LEVELS:
        fields.problem("ladder", "must climb through the levels 1, 2, 3, 4, 5")
    shares = fields.child("cognitive")
    cognitive = {level: shares.integer(level, 0, 100) for level in ("K", "A", "N")}
    _expect_hundred(fields, "cognitive", sum(cognitive.values()))
    return Competency(
        code=fields.text("code", most=2, pattern=COMPETENCY),
        name=fields.localised("name", most=120),
        short=fields.localised("short", most=40),
        summary=fields.localised("summary", most=600),
        applied=fields.flag("applied"),
        subtopics=subtopics,
        ladder=ladder,
        cognitive=cognitive,
        also_shows=_also_shows(fields),
    )


def _also_shows(fields: Fields) -> dict[str, float]:
    if not fields.has("also_shows"):
        return {}
    inner = fields.child("also_shows")
    for code in inner.names():
        if code not in PRACTICES:
            inner.problem(code, "is not one of the seven practices")
    return {code: inner.number(code, 0, 1) for code in inner.names()}


def _role(fields: Fields) -> RoleProfile:
    shares = fields.child("weights")
    weights: dict[str, float] = {}
    for code in shares.names():
        weights[code] = shares.number(code, 0, 100)
        if code not in PRACTICES:
            shares.problem(code, "role fit is over the seven practices only")
    if weights:
        _expect_hundred(fields, "weights", sum(weights.values()))
    words = fields.child("reasons")
    reasons = {code: words.localised(code, most=400) for code in words.names()}
    gates = tuple(
        Gate(
            competency=entry.text("competency", most=2, pattern=COMPETENCY),
            level=entry.integer("level", 2, 5),
        )
        for entry in fields.children("gates", least=0, most=10)
    )
    return RoleProfile(
        id=fields.text("id", most=40, pattern=SLUG),
        name=fields.localised("name", most=80),
        weights=weights,
        reasons=reasons,
        gates=gates,
    )


def _cuts(fields: Fields) -> tuple[float, ...]:
    """Four rising thetas; a plain list of numbers, which `Fields` has no word for."""
    given = fields.raw("cuts")
    if (
        not isinstance(given, list)
        or len(given) != len(LEVELS) - 1
        or any(isinstance(cut, bool) or not isinstance(cut, int | float) for cut in given)
        or any(not low < high for low, high in pairwise([-5, *given, 5]))
    ):
        fields.problem("cuts", "must be four rising numbers between -5 and 5")
        return ()
    return tuple(float(cut) for cut in given)


def _expect_hundred(fields: Fields, name: str, total: float) -> None:
    if abs(total - 100) > 1e-9:
        fields.problem(name, f"must add up to 100, add up to {total:g}")
