"""What a person answered: from the JSON of a page to a checked response, and back.

A payload has the keys of its item's kind, all as text or of text:
`{"choice": "b"}`, `{"choices": ["a", "c"]}`, `{"order": ["c", "a", "b"]}`, `{"pairs": {"a": "2"}}`,
`{"value": "3.60"}`, `{"truth": "false", "reason": "b"}`, `{"text": "FOB Ningbo"}`,
`{"cells": {"a1": "4,320"}}`, `{"best": "a", "worst": "c"}` or `{"ratings": {"a": "4"}}`. Where
there are several parts, some may be left out. An empty payload, or one with empty values only, is
an answer that was cleared.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from domain.assessment.items import (
    MOST_AGREEMENT,
    MOST_RATING,
    Hotspot,
    Item,
    Judgement,
    Likert,
    Matching,
    MultipleChoice,
    Numeric,
    Open,
    Ordering,
    Short,
    SingleChoice,
    Table,
    TrueFalse,
)
from domain.records import frozen

MOST_NUMBER_CHARACTERS = 30
MOST_SHORT = 200  # characters of a short answer and of a cell
MOST_OPEN = 12_000  # characters of an open answer

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?", re.ASCII)


class ResponseError(Exception):
    """A payload that no page of ours sends, or a number that cannot be read.

    field: the payload's key; message: says in plain words what was expected.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@frozen
class Choice:
    letter: str


@frozen
class Choices:
    letters: frozenset[str]


@frozen
class Order:
    letters: tuple[str, ...]


@frozen
class Pairs:
    """Left letter to right label; left letters that were not answered are absent."""

    labels: Mapping[str, str]


@frozen
class Value:
    number: Decimal


@frozen
class Verdict:
    """Whether a statement is true, and why; one of the two may be open yet."""

    truth: bool | None
    reason: str | None


@frozen
class BestWorst:
    """Two different actions; one of the two may be open yet."""

    best: str | None
    worst: str | None


@frozen
class Ratings:
    """Letter to a number from 1; letters that were not rated are absent."""

    numbers: Mapping[str, int]


@frozen
class Text:
    text: str


@frozen
class Cells:
    """Name of a cell to what was written there; cells left open are absent."""

    texts: Mapping[str, str]


Response = Choice | Choices | Order | Pairs | Value | Verdict | BestWorst | Ratings | Text | Cells

_FIELDS: dict[str, tuple[str, ...]] = {
    "single": ("choice",),
    "multiple": ("choices",),
    "ordering": ("order",),
    "matching": ("pairs",),
    "numeric": ("value",),
    "truefalse": ("truth", "reason"),
    "short": ("text",),
    "table": ("cells",),
    "hotspot": ("choice",),
    "likert": ("ratings",),
    "open": ("text",),
}
_ASKED = {"best": ("choice",), "best-worst": ("best", "worst"), "rate": ("ratings",)}


def parse_response(item: Item, payload: Mapping[str, object]) -> Response | None:
    """Check a payload against its item; None means that the answer was cleared.

    Raises ResponseError for unknown keys, letters that the item does not have, repeated letters,
    an order that leaves steps out, text that is too long or holds control characters, and where
    numbers are asked for anything that is not a plain decimal number.
    """
    fields = _ASKED[item.ask] if isinstance(item, Judgement) else _FIELDS[item.kind]
    for name in payload:
        if name not in fields:
            takes = " and ".join(f"“{field}”" for field in fields)
            raise ResponseError(str(name)[:40], f"is not expected here; this item takes {takes}")
    given = {name: payload[name] for name in fields if payload.get(name) not in (None, "", [], {})}
    return _read(item, fields[0], given) if given else None


def _read(item: Item, field: str, given: Mapping[str, object]) -> Response | None:
    """What was given, of which something is not empty. field: the first key of the item's kind."""
    first = given.get(field)
    match item:
        case SingleChoice():
            return Choice(_known(first, {o.letter for o in item.options}, field))
        case Hotspot():
            return Choice(_known(first, {a.letter for a in item.areas}, field))
        case Judgement():
            return _judged(item, given)
        case TrueFalse():
            return _verdict(item, given)
        case MultipleChoice():
            return Choices(frozenset(_letters(first, {o.letter for o in item.options}, field)))
        case Ordering():
            letters = {step.letter for step in item.steps}
            order = _letters(first, letters, field)
            if len(order) != len(letters):
                raise ResponseError(field, "must hold every step once")
            return Order(order)
        case Matching():
            return _pairs(item, first)
        case Numeric():
            return _value(first)
        case Likert():
            return _ratings({s.letter for s in item.statements}, first, MOST_AGREEMENT)
        case Short():
            return _text(first, field, MOST_SHORT)
        case Open():
            return _text(first, field, MOST_OPEN)
        case Table():
            return _cells(item, first)


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
        case Verdict():
            truth = None if response.truth is None else str(response.truth).lower()
            return _without_gaps({"truth": truth, "reason": response.reason})
        case BestWorst():
            return _without_gaps({"best": response.best, "worst": response.worst})
        case Ratings():
            return {"ratings": {k: str(n) for k, n in sorted(response.numbers.items())}}
        case Text():
            return {"text": response.text}
        case Cells():
            return {"cells": dict(sorted(response.texts.items()))}


def _without_gaps(parts: Mapping[str, str | None]) -> dict[str, object]:
    return {name: part for name, part in parts.items() if part is not None}


def is_complete(item: Item, response: Response | None) -> bool:
    """Whether nothing is left open: what has several parts may be answered in part."""
    match item, response:
        case Matching(), Pairs():
            return len(response.labels) == len(item.lefts)
        case Table(), Cells():
            return len(response.texts) == len(item.open_cells)
        case Judgement(), Ratings():
            return len(response.numbers) == len(item.actions)
        case Likert(), Ratings():
            return len(response.numbers) == len(item.statements)
        case Open(), Text():
            return word_count(response.text) >= item.least
        case _, Verdict():
            return response.truth is not None and response.reason is not None
        case _, BestWorst():
            return response.best is not None and response.worst is not None
    return response is not None


def word_count(text: str) -> int:
    """Words between white space."""
    return len(text.split())


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
    number = read_number(given, "value")
    return None if number is None else Value(number)


def read_number(given: object, field: str) -> Decimal | None:
    """A number as people type it: 3.60, 1,234.5, -2 or their full-width forms.

    None for white space. Raises ResponseError for what is not a plain decimal number.
    """
    if not isinstance(given, str):
        raise ResponseError(field, "must be a number written as text")
    if len(given) > MOST_NUMBER_CHARACTERS:
        raise ResponseError(field, f"must have at most {MOST_NUMBER_CHARACTERS} characters")
    text = unicodedata.normalize("NFKC", given).strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or not any(character.isdigit() for character in text):
        raise ResponseError(field, "must be a number such as 3.60 or 1,234.5, without a unit")
    return Decimal(text.replace(",", ""))


def _text(given: object, field: str, most: int) -> Text | None:
    text = _plain(given, field, most)
    return Text(text) if text else None


def _plain(given: object, field: str, most: int) -> str:
    """Text without white space around it; LF ends a line. Control characters are refused."""
    if not isinstance(given, str):
        raise ResponseError(field, "must be text")
    text = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > most:
        raise ResponseError(field, f"must have at most {most} characters")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ResponseError(field, "holds a character that texts do not have")
    return text


def _cells(item: Table, given: object) -> Cells | None:
    """What was written, by cell; a number is checked here, so that a slip of the keys is told."""
    if not isinstance(given, Mapping):
        raise ResponseError("cells", "must map the name of a cell to a text")
    written: dict[str, str] = {}
    cells = item.open_cells
    for name, text in given.items():
        cell = cells.get(name)
        if cell is None:
            raise ResponseError("cells", "names a cell that is not open")
        if text in ("", None):
            continue
        if cell.answer is not None:
            number = read_number(text, f"cells.{name}")
            plain = "" if number is None else format(number, "f")
        else:
            plain = _plain(text, f"cells.{name}", MOST_SHORT)
        if plain:
            written[name] = plain
    return Cells(written) if written else None


def _verdict(item: TrueFalse, given: Mapping[str, object]) -> Verdict:
    truth, reason = given.get("truth"), given.get("reason")
    letters = {reason.letter for reason in item.reasons}
    return Verdict(
        None if truth is None else _known(truth, {"true", "false"}, "truth") == "true",
        None if reason is None else _known(reason, letters, "reason"),
    )


def _judged(item: Judgement, given: Mapping[str, object]) -> Response | None:
    letters = {action.letter for action in item.actions}
    if item.ask == "best":
        return Choice(_known(given["choice"], letters, "choice"))
    if item.ask == "rate":
        return _ratings(letters, given["ratings"], MOST_RATING)
    best, worst = (
        _known(given[name], letters, name) if name in given else None for name in ("best", "worst")
    )
    if best is not None and best == worst:
        raise ResponseError("worst", "must be another action than the best")
    return BestWorst(best, worst)


def _ratings(letters: set[str], given: object, most: int) -> Ratings | None:
    if not isinstance(given, Mapping):
        raise ResponseError("ratings", "must map a letter to a number written as text")
    allowed = {str(number) for number in range(1, most + 1)}
    numbers = {
        _known(letter, letters, "ratings"): int(_known(number, allowed, "ratings"))
        for letter, number in given.items()
        if number not in ("", None)
    }
    return Ratings(numbers) if numbers else None
