"""A question as exchange formats know it, before it becomes an item of this house.

What a format says and a question cannot hold stands in its `notes`; what could not be read at all
is a `Refusal`. So nothing is lost without a word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.records import frozen

KINDS = (
    "single",
    "multiple",
    "truefalse",
    "short",
    "numeric",
    "matching",
    "ordering",
    "open",
    "hotspot",
)
MOST_QUESTIONS = 5000
MOST_REFUSALS = 1000


@frozen
class Answer:
    """One choice, accepted answer, step or number.

    share: of the mark, -1 to 1; 1 is wholly right. why: what is said about it afterwards.
    goes_with: the right side, in a matching question; "" for a right side that nothing goes with.
    value, tolerance: of a number, as written. at: of a place, circle (x, y, radius) or rect
    (x, y, width, height) in pixels.
    """

    text: str
    share: float = 0.0
    why: str = ""
    goes_with: str = ""
    value: str = ""
    tolerance: str = ""
    shape: str = ""
    at: tuple[float, ...] = ()


@frozen
class PictureFile:
    """A picture that came with a question. data: base64; the stem says `![words](media:<name>)`."""

    name: str
    data: str


@frozen
class Question:
    """One question. place: where it stands in its file, for people ("line 12", "item q3").

    stem: markdown. why: what is said whatever was answered. truth: of a true/false question.
    tags: what this house says about an item (id, pool, subtopic ...), where the file carries it.
    given: the item's fields as this house writes them, from formats that can carry all of them.
    """

    kind: str
    place: str
    stem: str
    name: str = ""
    answers: tuple[Answer, ...] = ()
    why: str = ""
    truth: bool | None = None
    unit: str = ""
    category: str = ""
    hints: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[PictureFile, ...] = ()
    figure: str = ""
    notes: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)


@frozen
class Refusal:
    """An element that is not imported, and why."""

    place: str
    element: str
    why: str


@frozen
class Reading:
    """What was found in one file."""

    format: str
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why, for the person who sent it."""


def to_json(reading: Reading) -> dict[str, Any]:
    """The reading as JSON-safe data."""
    return asdict(reading)


def from_json(stored: Mapping[str, Any]) -> Reading:
    """The inverse of `to_json`, also after a passage through JSON."""
    return Reading(
        stored["format"],
        tuple(_question(entry) for entry in stored["questions"]),
        tuple(Refusal(**entry) for entry in stored["refusals"]),
        tuple(stored["notes"]),
    )


def _question(stored: Mapping[str, Any]) -> Question:
    parts = {f.name: stored[f.name] for f in fields(Question)}
    parts["answers"] = tuple(
        Answer(**{**entry, "at": tuple(entry["at"])}) for entry in stored["answers"]
    )
    parts["pictures"] = tuple(PictureFile(**entry) for entry in stored["pictures"])
    parts["hints"] = tuple(stored["hints"])
    parts["notes"] = tuple(stored["notes"])
    return Question(**parts)


def number(text: str) -> str:
    """A plain decimal number as written, "" for what is none: `1e3` is 1000, `0,5` is 0.5."""
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(plain) > 40:
        return ""
    if "," in plain and "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return ""
    if not value.is_finite() or abs(value.adjusted()) > 15:
        return "0" if value.is_finite() and value == 0 else ""
    return format(value.normalize() + 0, "f")


def share_of(percent: str) -> float | None:
    """`50` or `-33.33333` per cent as a share; None for what is no share."""
    written = number(percent)
    if not written or abs(float(written)) > 100:
        return None
    return round(float(written) / 100, 7)


def percent(share: float) -> str:
    """A share as per cent, as short as it can be: 50, 33.33333."""
    return f"{share * 100:.5f}".rstrip("0").rstrip(".")


def keys(question: Question) -> Iterator[Answer]:
    """The answers that are worth something."""
    return (answer for answer in question.answers if answer.share > 0)
