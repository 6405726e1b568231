"""What a question said and its item does not: found by looking for each text in the item.

So a reader or a kind that forgets something is found out, and nothing is lost without a word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.exchange.questions import Answer, Question, Reading

SHOWN = 120
MOST_NOTES = 30


def notes_of(question: Question, fields: Mapping[str, Any]) -> list[str]:
    """What changed or was left out on the way to an item, for the preview, in words.

    fields: the item's, as `incoming.fields_of` gives them.
    """
    found = list(question.notes)
    if not question.given:
        found += _marks(question)
        found += _numbers(question)
        said = {_plain(text) for text in _texts(fields)}
        for what, text in _sayings(question):
            if text and _plain(text) not in said:
                found.append(f"{what} was left out: “{_short(text)}”")
    distinct = list(dict.fromkeys(found))
    if len(distinct) > MOST_NOTES:
        distinct[MOST_NOTES:] = [f"and {len(distinct) - MOST_NOTES} notes more"]
    return distinct


def file_notes_of(reading: Reading) -> list[str]:
    """What a file says about its questions that items of this house have no place for."""
    foreign = [q for q in reading.questions if not q.given and not q.tags.get("id")]
    categories = list(dict.fromkeys(q.category for q in foreign if q.category))
    found = []
    if categories:
        shown = ", ".join(f"“{_short(name, 60)}”" for name in categories[:5])
        more = f" and {len(categories) - 5} more" if len(categories) > 5 else ""
        found.append(
            "Categories are not kept, as items are sorted by competency and subtopic: "
            f"{shown}{more}."
        )
    if any(q.name for q in foreign):
        found.append("Names of questions are not kept: an item is known by how its text begins.")
    return found


def _sayings(question: Question) -> Iterator[tuple[str, str]]:
    """(what it is, text) of all that a question says beside its stem."""
    yield "its general feedback", question.why
    for answer in question.answers:
        name = answer.text or answer.goes_with
        yield f"the feedback on “{_short(name, 40)}”" if name else "its feedback", answer.why
        if question.kind in ("single", "multiple", "matching", "ordering", "hotspot"):
            yield "a choice", answer.text
            yield "a right side", answer.goes_with
    for hint in question.hints:
        yield "a hint", hint
    yield "the unit", question.unit


def _marks(question: Question) -> Iterator[str]:
    """Where the marks there and here differ."""
    worth = [answer.share for answer in question.answers]
    positive = [share for share in worth if share > 0]
    half = [a for a in question.answers if 0 < a.share < 1]
    judged = question.tags.get("kind") == "sjt"
    if question.kind == "single" and not judged:
        if half:
            yield "part of the mark for a half-right choice was left out: 1 or 0 here"
        if worth.count(1) > 1:
            yield "several choices are right: leave one, or make it “several answers”"
        if min(worth, default=0) < 0:
            yield "a wrong choice took marks off; here it is worth nothing"
    elif question.kind == "multiple":
        each = 1 / max(1, len(positive))
        if len(set(positive)) > 1:
            yield "its choices weighed differently; here each right tick is one mark"
        if len(positive) == 1:
            yield "has one right choice only, so it became a single choice"
        elif any(share <= 0 and abs(share + each) > 0.01 for share in worth):
            yield "a wrong tick takes off here what a right one gives; there it weighed otherwise"
    elif question.kind == "short":
        if half:
            names = ", ".join(f"“{_short(a.text, 40)}”" for a in half)
            yield f"a half-right answer counts as right here: {names}"
        if any("*" in answer.text for answer in question.answers if answer.share > 0):
            yield "* stands for any words in its accepted answers: check the patterns"


def _numbers(question: Question) -> Iterator[str]:
    """A number has one right value here, and a slip has no tolerance."""
    if question.kind != "numeric":
        return
    right = [answer for answer in question.answers if answer.value and answer.share > 0]
    best = max(right, key=lambda answer: answer.share, default=None)
    others = [answer for answer in right if answer is not best]
    if others:
        names = ", ".join(f"“{_number(answer)}”" for answer in others)
        yield f"one number is right here; others that were worth something were left out: {names}"
    for answer in question.answers:
        if answer.value and answer.share <= 0 and answer.tolerance not in ("", "0"):
            yield f"the tolerance of the wrong number “{_number(answer)}” was left out"


def _number(answer: Answer) -> str:
    give = f" ± {answer.tolerance}" if answer.tolerance not in ("", "0") else ""
    part = f" ({answer.share:.0%})" if answer.share not in (0, 1) else ""
    return f"{answer.value}{give}{part}"


def _texts(value: Any) -> Iterator[str]:
    """Every text anywhere in the item's fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _texts(entry)


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and not letter.isspace())


def _short(text: str, most: int = SHOWN) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[:most]}…"
