"""What files of `content/` say about each other: every id that is named must exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.library.documents import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as seen by the others: where it is, what it is, what it says (as plain data)."""

    path: str
    kind: str
    key: str
    data: Mapping[str, Any]


# kind -> key -> document: what the other documents may name.
Index = Mapping[str, Mapping[str, Entry]]


def check_references(
    entries: list[Entry], subtopics: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """Every dangling reference.

    subtopics: competency code -> its subtopic ids; empty while the framework itself is faulty.
    """
    index: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        index.setdefault(entry.kind, {})[entry.key] = entry
    return [problem for entry in entries for problem in references_of(entry, index, subtopics)]


def references_of(
    entry: Entry, index: Index, subtopics: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """The dangling references of one document; of an item in `index` only `pool` is asked."""
    items, lessons = index.get("item", {}), index.get("lesson", {})
    match entry.kind:
        case "lesson":
            links = [link.removeprefix("lesson:") for link in entry.data["links"]]
            return [
                *_known(entry, "quiz", entry.data["quiz"], items),
                *_practice_only(entry, "quiz", entry.data["quiz"], items),
                *_known(entry, "prerequisites", entry.data["prerequisites"], lessons),
                *_known(entry, "link", links, lessons),
            ]
        case "item":
            found = _known(entry, "lesson", [entry.data["lesson"]], lessons)
            return found + _item_tags(entry, subtopics)
        case "form":
            return _known(entry, "items", entry.data["items"], items) + _pool(entry, items)
        case "module":
            keys = [f"{entry.key}/{name}" for name in entry.data["lessons"]]
            return _known(entry, "lessons", keys, lessons)
        case _:
            return []


def _known(entry: Entry, field: str, named: list[str], there: Mapping[str, Entry]) -> list[Problem]:
    return [
        Problem(entry.path, None, field, f"there is no {name!r}")
        for name in named
        if name not in there
    ]


def _item_tags(entry: Entry, subtopics: Mapping[str, frozenset[str]]) -> list[Problem]:
    home = entry.key.partition("-")[0]
    if not subtopics:
        return []
    problems = [
        Problem(entry.path, None, "competencies", f"unknown competency {code!r}")
        for code in entry.data["competencies"]
        if code not in subtopics
    ]
    if entry.data["subtopic"] not in subtopics.get(home, frozenset()):
        message = f"{entry.data['subtopic']!r} is not a subtopic of {home}"
        problems.append(Problem(entry.path, None, "subtopic", message))
    return problems


def _pool(entry: Entry, items: Mapping[str, Entry]) -> list[Problem]:
    return [
        Problem(
            entry.path,
            None,
            "items",
            f"{name!r} is not of the pool {entry.data['pool']!r}",
        )
        for name in entry.data["items"]
        if name in items and items[name].data["pool"] != entry.data["pool"]
    ]


def _practice_only(
    entry: Entry, field: str, named: list[str], items: Mapping[str, Entry]
) -> list[Problem]:
    return [
        Problem(
            entry.path,
            None,
            field,
            f"{name!r} is secure: its key would be shown in a quiz",
        )
        for name in named
        if name in items and items[name].data["pool"] != "practice"
    ]
