"""What files of `content/` say about each other: every id that is named must exist."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.library.courses import UNIT
from domain.library.documents import Problem
from domain.records import frozen


@frozen
class Entry:
    """A document as seen by the others: where it is, what it is, what it says (as plain data)."""

    path: str
    kind: str
    key: str
    data: Mapping[str, Any]
    lang: str = "en"


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
        if entry.lang == "en" or entry.kind != "lesson":
            index.setdefault(entry.kind, {})[entry.key] = entry
    problems = add_terms(entries, index)
    for entry in entries:
        problems += references_of(entry, index, subtopics)
    return problems


def add_terms(entries: Iterable[Entry], index: dict[str, dict[str, Entry]]) -> list[Problem]:
    """Enter all glossaries' words into `index` as kind `term`; a word told twice is a fault."""
    terms = index.setdefault("term", {})
    problems: list[Problem] = []
    for entry in entries:
        if entry.kind != "glossary":
            continue
        for term in entry.data["terms"]:
            first = terms.setdefault(term["id"], Entry(entry.path, "term", term["id"], term))
            if first.data is not term:
                message = f"{term['id']!r} is explained in {first.path} already"
                problems.append(Problem(entry.path, term["line"], "terms", message))
    return problems


def references_of(
    entry: Entry, index: Index, subtopics: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """The dangling references of one document; of an item in `index` only `pool` is asked."""
    items, lessons = index.get("item", {}), index.get("lesson", {})
    terms = index.get("term", {})
    match entry.kind:
        case "lesson":
            links = [link.removeprefix("lesson:") for link in entry.data["links"]]
            return [
                *_known(entry, "quiz", entry.data["quiz"], items),
                *_practice_only(entry, "quiz", entry.data["quiz"], items),
                *_known(entry, "prerequisites", entry.data["prerequisites"], lessons),
                *_known(entry, "link", links, lessons),
                *_known(entry, "term", entry.data["terms"], terms),
                *_source_of(entry, lessons),
            ]
        case "item":
            found = _known(entry, "lesson", [entry.data["lesson"]], lessons)
            return found + _item_tags(entry, subtopics)
        case "form":
            module = entry.key.removeprefix(UNIT)
            closes = [module] if entry.key.startswith(UNIT) else []
            return [
                *_known(entry, "items", entry.data["items"], items),
                *_pool(entry, items),
                *_known(entry, "id", closes, index.get("module", {})),
            ]
        case "glossary":
            return [
                Problem(entry.path, term["line"], "lesson", f"there is no {term['lesson']!r}")
                for term in entry.data["terms"]
                if term["lesson"] not in lessons
            ]
        case "guide":
            return _asks_all(entry, subtopics.get(entry.key, frozenset()))
        case "module":
            keys = [f"{entry.key}/{name}" for name in entry.data["lessons"]]
            return _known(entry, "lessons", keys, lessons)
        case _:
            return []


def _asks_all(entry: Entry, subtopics: frozenset[str]) -> list[Problem]:
    """An interview guide has one question for each subtopic, and for nothing else."""
    asked = {question["subtopic"] for question in entry.data["questions"]}
    if not subtopics or asked == subtopics:
        return []
    return [
        *(_fault(entry, f"nothing is asked about {one!r}") for one in sorted(subtopics - asked)),
        *(_fault(entry, f"there is no subtopic {one!r}") for one in sorted(asked - subtopics)),
    ]


def _fault(entry: Entry, message: str) -> Problem:
    return Problem(entry.path, None, "questions", message)


def _source_of(entry: Entry, lessons: Mapping[str, Entry]) -> list[Problem]:
    """A translation stands beside the text that it was made from."""
    if entry.lang == "en" or entry.key in lessons:
        return []
    return [Problem(entry.path, None, None, "has no English text beside it")]


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
