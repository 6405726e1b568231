"""What a format does to items: written, read again, and compared field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.exchange.incoming import Defaults, fields_of
from domain.exchange.questions import Question, Reading

_NOBODY = Defaults("", "", "", (), "")
Fields = Mapping[str, Any]


def losses(items: Mapping[str, Fields], read: Reading) -> dict[str, list[str]]:
    """id -> the fields that do not come back as they were; "all" for an item that does not at all.

    items: id -> the item's fields; read: what the written file says, tags and all.
    """
    found: dict[str, list[str]] = {}
    back: dict[str, Question] = {}
    for question in read.questions:
        identity = str(question.given.get("id") or question.tags.get("id", ""))
        back[identity] = question
    for identity, fields in items.items():
        there = back.get(identity)
        if there is None:
            found[identity] = ["all"]
            continue
        again = fields_of(there, _NOBODY)
        lost = [
            name
            for name in fields
            if plain(fields.get(name)) != plain(again.get(name)) and name != "hints"
        ]
        if _texts(fields.get("hints")) != _texts(again.get("hints")):
            lost.append("hints")
        elif fields.get("hints") and plain(fields["hints"]) != plain(again.get("hints")):
            lost.append("costs of the hints")
        if lost:
            found[identity] = lost
    return found


def _texts(hints: Any) -> Sequence[str]:
    return [str(hint.get("text", "")).strip() for hint in hints or []]


def plain(value: Any) -> Any:
    """A value for comparing: white space and the kind of number say nothing."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping):
        return {
            name: plain(entry) for name, entry in value.items() if entry not in (None, "", False)
        }
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return str(value) if value is not None else ""


def same(one: Fields, other: Fields) -> bool:
    """Whether two items ask the same in the same words, whatever they say about themselves."""
    names = {*one, *other} - {"id"}
    return all(plain(one.get(name)) == plain(other.get(name)) for name in names)
