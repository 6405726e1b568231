"""Hints: opened one after the other, each for a share of what the answer is worth as evidence."""

from domain.assessment.items import Item


def left_by_hints(item: Item, opened: int) -> float:
    """What is left of the evidence's weight after so many hints, 1 to 0."""
    if not opened:
        return 1.0
    return max(0.0, 1.0 - sum(hint.cost for hint in item.hints[:opened]))
