"""What chance decides about an item when it is asked, by a seeded generator: orders and numbers."""

import random

from domain.assessment.drawing import draw
from domain.assessment.items import (
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
)
from domain.assessment.marking import order_points


def option_order(item: Item, rng: random.Random) -> tuple[str, ...]:
    """Letters of the options, actions or steps, or labels of the right sides, as shown.

    Steps are never shown in an order that would earn points untouched, nor right sides each beside
    its left side. A numeric item gives the values of its parameters, in their order.
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


def _shuffled(letters: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    return tuple(rng.sample(letters, len(letters)))
