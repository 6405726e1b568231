"""What a QTI item says about right and wrong: its declarations and its response processing."""

from dataclasses import field

from domain.exchange.qti_tree import attribute, direct, first, tag, within
from domain.exchange.questions import number
from domain.exchange.xml_text import Element, text_of
from domain.records import frozen

# Operators of the standard templates and of their inline equivalents, with what sets feedback.
_KNOWN = frozenset(
    [
        "responseProcessing",
        "responseCondition",
        "responseIf",
        "responseElse",
        "responseElseIf",
        "match",
        "variable",
        "correct",
        "setOutcomeValue",
        "baseValue",
        "isNull",
        "not",
        "mapResponse",
        "mapResponsePoint",
        "equal",
        "stringMatch",
        "member",
        "contains",
        "sum",
        "and",
        "or",
        "gte",
    ]
)


@frozen
class Area:
    shape: str
    coords: str
    worth: float


@frozen
class Declared:
    """One response: what is right, and what each answer is worth where that is said."""

    base: str
    cardinality: str
    correct: tuple[str, ...] = ()
    worth: dict[str, float] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()


@frozen
class Rule:
    """How marks are given. kind: match, map, point or none; tolerance: of `equal`, 5 or 5%."""

    kind: str
    tolerance: str = ""
    notes: tuple[str, ...] = ()


def declarations(item: Element) -> dict[str, Declared]:
    """identifier -> what its response declaration says."""
    found = {}
    for element in direct(item, "responseDeclaration"):
        correct = first(element, "correctResponse")
        found[attribute(element, "identifier")] = Declared(
            attribute(element, "baseType"),
            attribute(element, "cardinality"),
            tuple(" ".join(text_of(v).split()) for v in direct(correct, "value")),
            {
                " ".join(attribute(e, "mapKey").split()): _worth(e)
                for e in within(element, "mapEntry")
            },
            tuple(
                Area(attribute(e, "shape"), attribute(e, "coords"), _worth(e))
                for e in within(element, "areaMapEntry")
            ),
        )
    return found


def _worth(element: Element) -> float:
    return float(number(attribute(element, "mappedValue")) or 0)


def rule_of(item: Element) -> Rule:
    """The rule of marking; what is beyond the standard templates is noted."""
    processing = first(item, "responseProcessing")
    if processing is None:
        return Rule("none")
    name = attribute(processing, "template").rpartition("/")[2].lower().removesuffix(".xml")
    kinds = {"match_correct": "match", "map_response": "map", "map_response_point": "point"}
    if name:
        if name in kinds:
            return Rule(kinds[name])
        return Rule(
            "match",
            notes=(
                f"its rule of marking “{name[:60]}” is not known here: the correct response counts",
            ),
        )
    strange = sorted({tag(e) for e in processing.iter() if tag(e) not in _KNOWN})
    notes: tuple[str, ...] = ()
    if strange:
        notes = (f"its rule of marking was simplified; not known here: {', '.join(strange)[:120]}",)
    tolerance = ""
    if (equal := first(processing, "equal")) is not None:
        tolerance, more = _tolerance(equal)
        notes += more
    if first(processing, "mapResponsePoint") is not None:
        return Rule("point", tolerance, notes)
    if first(processing, "mapResponse") is not None:
        return Rule("map", tolerance, notes)
    return Rule("match", tolerance, notes)


def _tolerance(equal: Element) -> tuple[str, tuple[str, ...]]:
    """How far a number may be off, with % where it is a part of the number."""
    mode = attribute(equal, "toleranceMode")
    given = [found for part in attribute(equal, "tolerance").split() if (found := number(part))]
    if mode not in ("absolute", "relative") or not given:
        return "", ()
    least = min(given, key=float)
    notes: tuple[str, ...] = ()
    if len(set(map(float, given))) > 1:
        notes = (f"its tolerance is not the same to both sides; the smaller, {least}, is taken",)
    return least + ("%" if mode == "relative" else ""), notes


def shares(declared: Declared, rule: Rule, *, several: bool) -> dict[str, float]:
    """Answer -> its share of the mark, -1 to 1; answers that are not named are worth nothing."""
    if rule.kind == "map" and any(worth > 0 for worth in declared.worth.values()):
        positive = [worth for worth in declared.worth.values() if worth > 0]
        whole = sum(positive) if several else max(positive)
        return {key: max(-1.0, round(worth / whole, 7)) for key, worth in declared.worth.items()}
    count = len(declared.correct) if several else 1
    return {key: round(1 / count, 7) for key in declared.correct}
