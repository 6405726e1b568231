"""Which of an item's closed choices an answer took: what statistics of distractors are made of."""

from collections.abc import Mapping

from domain.assessment.items import (
    BEST_ACTION,
    Hotspot,
    Item,
    Judgement,
    MultipleChoice,
    SingleChoice,
    TrueFalse,
)
from domain.records import frozen


@frozen
class ClosedChoice:
    """Something that can be chosen. key: whether choosing it earns a point."""

    letter: str
    text: str
    key: bool


def choices_of(item: Item) -> tuple[ClosedChoice, ...]:
    """The choices of an item in their authored order; none where an answer is not a choice.

    A judgement is about its best action, a true-or-false about its verdict.
    """
    match item:
        case SingleChoice() | MultipleChoice():
            return tuple(ClosedChoice(o.letter, o.text, o.key) for o in item.options)
        case Judgement() if item.ask != "rate":
            return tuple(
                ClosedChoice(a.letter, a.text, a.score == BEST_ACTION) for a in item.actions
            )
        case TrueFalse():
            return tuple(
                ClosedChoice(word, word, (word == "true") is item.answer)
                for word in ("true", "false")
            )
        case Hotspot():
            return tuple(ClosedChoice(a.letter, a.text, a.key) for a in item.areas)
        case _:
            return ()


def taken(payload: Mapping[str, object]) -> frozenset[str]:
    """The letters that a kept payload chose; see domain/assessment/responses.py for its keys."""
    several = payload.get("choices")
    if isinstance(several, list | tuple):
        return frozenset(map(str, several))
    single = payload.get("choice") or payload.get("best") or payload.get("truth")
    return frozenset({str(single)}) if single else frozenset()


def is_answer(payload: Mapping[str, object]) -> bool:
    """Whether a kept payload holds anything: an empty one is an answer that was cleared."""
    return any(value not in (None, "", [], {}) for value in payload.values())
