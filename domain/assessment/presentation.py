"""What chance decides about an item when it is asked, by a seeded generator: orders and numbers."""

import random

from domain.assessment.drawing import draw
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
from domain.assessment.marking import order_points


def option_order(item: Item, rng: random.Random) -> tuple[str, ...]:
    """Letters of the options, reasons, actions, areas, statements or steps, or labels of the right
    sides, as shown.

    Steps are never shown in an order that would earn points untouched, nor right sides each beside
    its left side. A numeric item gives the values of its parameters, in their order; what is
    answered in words gives nothing.
    """
    match item:
        case SingleChoice() | MultipleChoice():
            return _shuffled(tuple(o.letter for o in item.options), rng)
        case Judgement():
            return _shuffled(tuple(a.letter for a in item.actions), rng)
        case Ordering():
            right = tuple(step.letter for step in item.steps)
            while order_points(right, shown := _shuffled(right, rng)) > 0:
                pass
            return shown
        case Matching():
            beside = tuple(left.right for left in item.lefts)
            labels = tuple(right.label for right in item.rights)
            while (shown := _shuffled(labels, rng))[: len(beside)] == beside and len(labels) > 2:
                pass
            return shown
        case Numeric():
            return draw(item, rng)
        case TrueFalse():
            return _shuffled(tuple(r.letter for r in item.reasons), rng)
        case Hotspot():
            return _shuffled(tuple(a.letter for a in item.areas), rng)
        case Likert():
            return _shuffled(tuple(s.letter for s in item.statements), rng)
        case Short() | Table() | Open():
            return ()


def _shuffled(letters: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    return tuple(rng.sample(letters, len(letters)))
