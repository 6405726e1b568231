"""What a person answered: from the JSON of a page to a checked response, and back.

A payload has one key, after the kind of the item:
`{"choice": "b"}`, `{"choices": ["a", "c"]}`, `{"order": ["c", "a", "b"]}`, `{"pairs": {"a": "2"}}`
(may be partial) or `{"value": "3.60"}`. An empty payload, or one with an empty value, is an answer
that was cleared.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.assessment.items import (
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
)

MOST_NUMBER_CHARACTERS = 30

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", re.ASCII)


class ResponseError(Exception):
    """A payload that no page of ours sends, or a number that cannot be read.

    field: the payload's key; message: says in plain words what was expected.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Choice:
    letter: str


@dataclass(frozen=True)
class Choices:
    letters: frozenset[str]


@dataclass(frozen=True)
class Order:
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Pairs:
    """Left letter to right label; left letters that were not answered are absent."""

    labels: Mapping[str, str]


@dataclass(frozen=True)
class Value:
    number: Decimal


Response = Choice | Choices | Order | Pairs | Value

_FIELDS = {
    "single": "choice",
    "sjt": "choice",
    "multiple": "choices",
    "ordering": "order",
    "matching": "pairs",
    "numeric": "value",
}


def parse_response(item: Item, payload: Mapping[str, object]) -> Response | None:
    """Check a payload against its item; None means that the answer was cleared.

    Raises ResponseError for unknown keys, letters that the item does not have, repeated letters,
    an order that leaves steps out, and anything that is not a plain decimal number.
    """
    field = _FIELDS[item.kind]
    for name in payload:
        if name != field:
            raise ResponseError(str(name)[:40], f"is not expected here; this item takes “{field}”")
    given = payload.get(field)
    if given is None or given == "" or given == [] or given == {}:
        return None
    match item:
        case SingleChoice():
            return Choice(_known(given, {o.letter for o in item.options}, field))
        case Judgement():
            return Choice(_known(given, {a.letter for a in item.actions}, field))
        case MultipleChoice():
            return Choices(frozenset(_letters(given, {o.letter for o in item.options}, field)))
        case Ordering():
            letters = {step.letter for step in item.steps}
            order = _letters(given, letters, field)
            if len(order) != len(letters):
                raise ResponseError(field, "must hold every step once")
            return Order(order)
        case Matching():
            return _pairs(item, given)
        case Numeric():
            return _value(given)


def to_payload(response: Response | None) -> dict[str, object]:
    """The payload that `parse_response` reads back as the same response."""
    match response:
        case None:
            return {}
        case Choice():
            return {"choice": response.letter}
        case Choices():
            return {"choices": sorted(response.letters)}
        case Order():
            return {"order": list(response.letters)}
        case Pairs():
            return {"pairs": dict(sorted(response.labels.items()))}
        case Value():
            return {"value": format(response.number, "f")}


def is_complete(item: Item, response: Response | None) -> bool:
    """Whether nothing is left open: a matching item may be answered in part."""
    if isinstance(item, Matching) and isinstance(response, Pairs):
        return len(response.labels) == len(item.lefts)
    return response is not None


def _known(given: object, letters: set[str], field: str) -> str:
    if not isinstance(given, str) or given not in letters:
        raise ResponseError(field, f"must be one of {', '.join(sorted(letters))}")
    return given


def _letters(given: object, letters: set[str], field: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise ResponseError(field, "must be a list of letters")
    if len(given) > len(letters):
        raise ResponseError(field, "holds more letters than the item has")
    found = tuple(_known(entry, letters, field) for entry in given)
    if len(set(found)) != len(found):
        raise ResponseError(field, "names a letter twice")
    return found


def _pairs(item: Matching, given: object) -> Pairs | None:
    if not isinstance(given, Mapping):
        raise ResponseError("pairs", "must map the letter of a left side to a right side")
    lefts = {left.letter for left in item.lefts}
    labels = {right.label for right in item.rights}
    pairs = {
        _known(letter, lefts, "pairs"): _known(label, labels, "pairs")
        for letter, label in given.items()
        if label not in ("", None)
    }
    return Pairs(pairs) if pairs else None


def _value(given: object) -> Value | None:
    """A number as people type it: 3.60, 1,234.5, -2 or their full-width forms."""
    if not isinstance(given, str):
        raise ResponseError("value", "must be a number written as text")
    if len(given) > MOST_NUMBER_CHARACTERS:
        raise ResponseError("value", f"must have at most {MOST_NUMBER_CHARACTERS} characters")
    text = unicodedata.normalize("NFKC", given).strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or not any(character.isdigit() for character in text):
        raise ResponseError("value", "must be a number such as 3.60 or 1,234.5, without a unit")
    return Value(Decimal(text.replace(",", "")))
