"""Whether answers to one revision of a question can be marked by another one.

A key may change; what the person saw and could answer may not, or the answer would mean something
else.
"""

from collections.abc import Callable
from typing import Any

from domain.assessment.items import (
    Hotspot,
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
    Table,
    TrueFalse,
    is_marked_by_people,
    is_measured,
)


def fits(wrong: Item, mending: Item) -> bool:
    """Whether every answer to `wrong` is the same answer to `mending`.

    Never where people mark, as ratings belong to their rubric, nor where nothing is measured.
    """
    if type(wrong) is not type(mending) or is_marked_by_people(wrong):
        return False
    if not (is_measured(wrong) and is_measured(mending)):
        return False
    return answerable(wrong) == answerable(mending)


def answerable(item: Item) -> object:
    """What a person sees to choose from: equal where answers mean the same."""
    match item:
        case SingleChoice() | MultipleChoice():
            return _texts(item.options)
        case Judgement():
            return item.ask, _texts(item.actions)
        case Ordering():
            return _texts(item.steps)
        case Matching():
            return _texts(item.lefts), _texts(item.rights, lambda right: right.label)
        case TrueFalse():
            return item.stem, _texts(item.reasons)
        case Numeric():
            return item.unit, tuple(sorted(item.parameters.items()))
        case Table():
            # A cell that is given cannot have been answered, and the other way round.
            cells = {cell.name: cell.text for row in item.rows for cell in row.cells}
            return item.columns, tuple(row.label for row in item.rows), cells
        case Hotspot():
            return item.svg, {area.letter: (area.shape, area.at) for area in item.areas}
        case _:
            return None  # words of one's own mean what they mean


def _texts(parts: tuple[Any, ...], name: Callable[[Any], str] = lambda part: part.letter) -> object:
    return {name(part): part.text for part in parts}
