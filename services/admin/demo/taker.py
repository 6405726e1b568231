"""Somebody whose answers follow from what they can do, by the model that later measures them."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import Any

from domain.assessment.item_models import author_model, mark_probabilities
from domain.assessment.items import (
    MOST_AGREEMENT,
    MOST_RATING,
    Cell,
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
    is_marked_by_people,
    is_measured,
)
from domain.assessment.marking import mark
from domain.assessment.responses import parse_response
from domain.competencies.framework import Standard

Payload = dict[str, Any]
SECONDS = {
    "single": 40,
    "multiple": 55,
    "ordering": 70,
    "matching": 75,
    "numeric": 95,
    "sjt": 60,
    "truefalse": 45,
    "short": 40,
    "table": 150,
    "hotspot": 35,
    "likert": 80,
    "open": 420,
}
SHUFFLES = 40
WRONG_WORDS = "I do not know"


@dataclass(slots=True)
class AnswerBook:
    """For each item, answers that earn each number of points; made once and shared."""

    rng: random.Random
    _found: dict[str, dict[int, list[Payload]]] = field(default_factory=dict)

    def earning(self, item: Item, points: int) -> Payload:
        """Some answer that earns so many points, or as near as the item allows."""
        asked = item.id + item.stem  # one item with parameters is many questions
        if asked not in self._found:
            self._found[asked] = self._sorted(item)
        by_points = self._found[asked]
        return self.rng.choice(by_points[min(by_points, key=lambda m: abs(m - points))])

    def _sorted(self, item: Item) -> dict[int, list[Payload]]:
        by_points: dict[int, list[Payload]] = defaultdict(list)
        for payload in self._possible(item):
            response = parse_response(item, payload)
            points = 0 if is_marked_by_people(item) else mark(item, response).points
            by_points[points].append(payload)
        return dict(by_points)

    def _possible(self, item: Item) -> Iterator[Payload]:
        match item:
            case SingleChoice():
                yield from ({"choice": option.letter} for option in item.options)
            case Hotspot():
                yield from ({"choice": area.letter} for area in item.areas)
            case Judgement():
                yield from self._judged(item)
            case TrueFalse():
                yield from (
                    {"truth": truth, "reason": reason.letter}
                    for truth in ("true", "false")
                    for reason in item.reasons
                )
            case Short():
                yield from ({"text": text} for text in (item.shown, WRONG_WORDS))
            case Table():
                yield from (self._cells(item, known) for known in range(item.max_mark + 1))
            case Likert():
                letters = [statement.letter for statement in item.statements]
                yield from (self._ratings(letters, MOST_AGREEMENT) for _ in range(SHUFFLES))
            case Open():
                yield {"text": item.why}
            case MultipleChoice():
                letters = [option.letter for option in item.options]
                for count in range(1, len(letters)):
                    yield from ({"choices": list(c)} for c in combinations(letters, count))
            case Ordering():
                right = [step.letter for step in item.steps]
                yield {"order": right}
                yield from ({"order": self.rng.sample(right, len(right))} for _ in range(SHUFFLES))
            case Matching():
                yield from (self._pairs(item, known) for known in range(len(item.lefts) + 1))
            case Numeric():
                wrong = [slip.value for slip in item.slips] or [item.answer * 2 + 1]
                yield from ({"value": format(v, "f")} for v in (item.answer, *wrong))

    def _judged(self, item: Judgement) -> Iterator[Payload]:
        letters = [action.letter for action in item.actions]
        match item.ask:
            case "best":
                yield from ({"choice": letter} for letter in letters)
            case "best-worst":
                yield from ({"best": a, "worst": b} for a, b in permutations(letters, 2))
            case _:
                right = {action.letter: str(action.score + 1) for action in item.actions}
                yield {"ratings": right}
                far = {k: "1" if int(n) > 2 else str(MOST_RATING) for k, n in right.items()}
                yield {"ratings": far}
                yield from (self._ratings(letters, MOST_RATING) for _ in range(SHUFFLES))

    def _ratings(self, letters: list[str], most: int) -> Payload:
        return {"ratings": {letter: str(self.rng.randint(1, most)) for letter in letters}}

    def _cells(self, item: Table, known: int) -> Payload:
        """Some cells right and the others wrong."""
        cells = self.rng.sample(list(item.open_cells.values()), item.max_mark)
        right = {cell.name: cell.shown for cell in cells[:known]}
        return {"cells": right | {cell.name: _wrong(cell) for cell in cells[known:]}}

    def _pairs(self, item: Matching, known: int) -> Payload:
        """Some pairs right and the others drawn from what is left over."""
        lefts = self.rng.sample(item.lefts, len(item.lefts))
        pairs = {left.letter: left.right for left in lefts[:known]}
        rest = [right.label for right in item.rights if right.label not in pairs.values()]
        for _ in range(SHUFFLES):  # until none is right by luck; the last of few may have to be
            labels = self.rng.sample(rest, len(lefts) - known)
            if not any(a.right == b for a, b in zip(lefts[known:], labels, strict=True)):
                break
        pairs |= {left.letter: label for left, label in zip(lefts[known:], labels, strict=True)}
        return {"pairs": pairs}


@dataclass(slots=True)
class Taker:
    """abilities: competency -> logits. pace: above 1 is slower than most."""

    abilities: Mapping[str, float]
    standard: Standard
    book: AnswerBook
    rng: random.Random
    pace: float = 1.0

    def answer(self, item: Item) -> Payload:
        """What this person answers."""
        if not is_measured(item) or is_marked_by_people(item):
            return self.book.earning(item, 0)
        chances = mark_probabilities(author_model(item, self.standard), self.abilities[item.home])
        points = self.rng.choices(range(len(chances)), chances)[0]
        return self.book.earning(item, points)

    def seconds(self, item: Item) -> float:
        """How long they take for it."""
        return SECONDS[item.kind] * self.pace * self.rng.lognormvariate(0, 0.4)


def _wrong(cell: Cell) -> str:
    if cell.answer is None:
        return WRONG_WORDS
    return format(cell.answer * 2 + cell.tolerance + 1, "f")


def abilities(general: float, codes: list[str], rng: random.Random) -> dict[str, float]:
    """A person's ability in each competency around their general one."""
    return {code: max(-2.5, min(2.5, rng.gauss(general, 0.6))) for code in codes}
