"""What a good item avoids: wordings that give away or mislead, and the same question twice.

After Haladyna, Downing & Rodriguez (2002), Applied Measurement in Education 15(3), 309-334.
Whether the form of the whole bank gives keys away is asked in form_cues.py.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from domain.assessment.items import (
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
from domain.library.documents import Problem

SHINGLE = 4
MOST_ALIKE = 0.5

_SWEEPING = re.compile(
    r"\b(?:all|none|both|neither) of (?:the|these) (?:above|options|answers)\b", re.IGNORECASE
)
_NEGATIVE = re.compile(r"\b(?:which|what)\b[^.?!]*\b(?:not|except|never)\b[^.?!]*\?")
_CAPITALS = re.compile(r"\b(?:NOT|EXCEPT|NEVER)\b")
_SALESMAN = re.compile(r"\bsalesm[ae]n\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")


def item_problems(items: Mapping[str, Item]) -> list[Problem]:
    """Every rule that an item breaks by itself, and every pair of stems that are too much alike.

    items: path -> item.
    """
    problems = [
        Problem(path, None, rule, message)
        for path, item in items.items()
        for rule, message in _faults(item)
    ]
    return problems + _alike(items)


def parts_of(item: Item) -> tuple[str, ...]:
    """The texts that stand below the stem."""
    match item:
        case SingleChoice() | MultipleChoice():
            return tuple(option.text for option in item.options)
        case Judgement():
            return tuple(action.text for action in item.actions)
        case Ordering():
            return tuple(step.text for step in item.steps)
        case Matching():
            rights = tuple(right.text for right in item.rights)
            return tuple(left.text for left in item.lefts) + rights
        case TrueFalse():
            return tuple(reason.text for reason in item.reasons)
        case Hotspot():
            return tuple(area.text for area in item.areas)
        case Likert():
            return tuple(statement.text for statement in item.statements)
        case Table():
            given = (cell.text for row in item.rows for cell in row.cells if not cell.is_open)
            return (*item.columns, *(row.label for row in item.rows), *given)
        case Numeric() | Short() | Open():
            return ()


def _faults(item: Item) -> Iterator[tuple[str, str]]:
    for text in parts_of(item):
        if found := _SWEEPING.search(text):
            yield "sweeping-option", f"“{found[0]}”: an option says one thing of its own"
    stem = " ".join(item.stem.split())
    if _NEGATIVE.search(stem.lower()) and not _CAPITALS.search(stem):
        yield "negative-stem", "asks for what is not so: ask for what is, or write NOT in capitals"
    for text in (stem, *parts_of(item)):
        if found := _SALESMAN.search(text):
            yield "words", f"“{found[0]}”: say “salesperson”"
    if item.evidence and not item.seeds:
        yield "evidence", "asks about the evidence for a claim, but names none in seeds"


def _alike(items: Mapping[str, Item]) -> list[Problem]:
    """Pairs of stems whose shingles overlap by more than MOST_ALIKE (Jaccard), each named once."""
    paths = list(items)
    shingles = [_shingles(items[path]) for path in paths]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    problems = []
    for place, own in enumerate(shingles):
        shared = Counter(other for shingle in own for other in holders[shingle])
        for other, common in shared.items():
            if common / len(own | shingles[other]) > MOST_ALIKE:
                message = f"asks nearly the same as {items[paths[other]].id}"
                problems.append(Problem(paths[place], None, "near-duplicate", message))
        for shingle in own:
            holders[shingle].append(place)
    return problems


def _shingles(item: Item) -> frozenset[tuple[str, ...]]:
    return frozenset(_windows(_WORD.findall(item.stem.lower())))


def _windows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(max(1, len(words) - SHINGLE + 1)):
        yield tuple(words[start : start + SHINGLE])
