"""What of a question nobody may see before its time, and the same question with other secrets."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

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

OTHER = "Quite another reason stands here, which no reader has met."
PARTS = ("options", "actions", "steps", "lefts", "rights", "slips", "reasons", "near", "areas")
LISTS = (*PARTS, "statements")


def reasons_of(item: Item) -> Iterator[str]:
    """Every text that is shown only with the reasons: why, patterns, levels, what is right."""
    yield getattr(item, "why", "")
    for name in LISTS:
        yield from (part.why for part in getattr(item, name, ()))
    match item:
        case Short():
            yield item.shown
            yield from item.accept
            yield from (near.pattern for near in item.near)
        case Table():
            for cell in item.open_cells.values():
                yield from (cell.why, cell.shown, *cell.accept)
        case Open():
            yield from (level for line in item.rubric for level in line.levels)
        case Likert():
            yield from (statement.facet for statement in item.statements)
    yield item.source


def public_texts(item: Item) -> Iterator[str]:
    """What the person reads before the end."""
    yield item.stem
    for name in (*PARTS, "statements", "rubric"):
        yield from (getattr(part, "text", "") for part in getattr(item, name, ()))
    if isinstance(item, Table):
        yield from item.columns
        yield from (word for row in item.rows for word in (row.label, *(c.text for c in row.cells)))


def with_other_secrets(item: Item, chosen: bool = False) -> Item:
    """The question that looks the same and whose key, reasons and facts are all others.

    chosen: it is yet to be chosen and laid out, by its difficulty and so that the order of steps
    and pairs earns nothing: these stay.
    """
    changes: dict[str, Any] = {}
    for name in LISTS:
        if parts := getattr(item, name, ()):
            changes[name] = tuple(_unlike(part, name, n) for n, part in enumerate(parts))
    match item:
        case SingleChoice() | MultipleChoice():
            changes["options"] = _turned(changes["options"], "key")
        case Judgement():
            changes["actions"] = _turned(changes["actions"], "score")
        case TrueFalse():
            changes |= {"answer": not item.answer, "reasons": _turned(changes["reasons"], "key")}
        case Hotspot():
            changes["areas"] = _turned(changes["areas"], "key")
        case Ordering() if not chosen:
            changes["steps"] = tuple(reversed(changes["steps"]))
        case Matching() if not chosen:
            changes["lefts"] = _turned(changes["lefts"], "right")
        case Numeric():
            formula = f"({item.formula}) + 7" if item.formula else ""
            slips = tuple(replace(slip, value=slip.value + 7) for slip in changes["slips"])
            changes |= {"answer": item.answer + 7, "tolerance": Decimal("0.123"), "slips": slips}
            changes |= {"formula": formula}
        case Short():
            changes |= {"accept": ("another", "others"), "shown": "Another"}
        case Table():
            changes["rows"] = tuple(_other_row(row) for row in item.rows)
        case Open():
            changes["rubric"] = tuple(
                replace(line, levels=tuple(f"{OTHER} {n}" for n, _ in enumerate(line.levels)))
                for line in item.rubric
            )
    if hasattr(item, "why"):
        changes["why"] = OTHER
    facts = _other_facts(item)
    if chosen:
        del facts["difficulty"]
    return replace(item, **changes, **facts)


def _other_facts(item: Item) -> dict[str, Any]:
    """Names, sources and figures that describe a question and are not part of it."""
    return {
        "id": f"{item.home}-Z99",
        "difficulty": 6 - item.difficulty,
        "cognitive": "N" if item.cognitive == "K" else "K",
        "seeds": ("S4-99",),
        "source": OTHER,
        "review_by": dt.date(2031, 1, 1),
    }


def _unlike(part: Any, name: str, number: int) -> Any:
    """A part with another reason, and what else stands behind it."""
    changes: dict[str, Any] = {}
    if part.why:
        changes["why"] = f"{OTHER} {number}"
    if name == "near":
        changes["pattern"] = f"other{number}"
    if name == "statements":
        changes |= {"facet": f"facet {number % 2}", "reversed": not part.reversed}
    return replace(part, **changes)


def _turned(parts: Sequence[Any], name: str) -> tuple[Any, ...]:
    """Each part with what was its neighbour's."""
    values = [getattr(part, name) for part in parts]
    values = values[1:] + values[:1]
    return tuple(replace(p, **{name: v}) for p, v in zip(parts, values, strict=True))


def _other_row(row: Any) -> Any:
    cells = []
    for cell in row.cells:
        if cell.is_open:
            number = None if cell.answer is None else cell.answer + 7
            accept = ("another",) if cell.accept else ()
            cell = replace(cell, answer=number, accept=accept, shown="Another", why=OTHER)
        cells.append(cell)
    return replace(row, cells=tuple(cells))
