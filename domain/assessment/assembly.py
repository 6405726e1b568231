"""Fixed forms from a bank and a blueprint: content, difficulty, and parallel information.

A form meets its blueprint when each subtopic and each cognitive level has the blueprint's share of
questions to within one, when the mean difficulty lies within .15 logits of the target, and when
the forms made together tell about as much everywhere: over theta from -2 to 2 the most telling one
has at most a tenth more test information than the least telling one.

The forms are found by exchanging questions, from a seeded start: each exchange that brings them
nearer is kept. Sources: van der Linden (2005), Linear Models for Optimal Test Design, ch. 1-3 (the
constraints); Swanson & Stocking (1993), Applied Psychological Measurement 17(2), 151-166
(weighted deviations, and that a heuristic is enough).
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from statistics import fmean

from domain.assessment.item_models import ItemModel, information
from domain.records import frozen

CONTENT_TOLERANCE = 1.0  # questions, per subtopic and per cognitive level
DIFFICULTY_TOLERANCE = 0.15  # logits
INFORMATION_RATIO = 1.10
THETAS = tuple(-2 + step / 4 for step in range(17))  # where parallel forms are compared
STARTS = 12
TRIES = 400  # exchanges in a row that bring nothing nearer, before a new start
_CONTENT, _LEVEL = 10.0, 4.0  # what one question, and one logit, too many weigh against each other


@frozen
class BankItem:
    """A question that may stand in a form. lesson: what it is about; see `Blueprint.per_lesson`."""

    key: str
    subtopic: str
    cognitive: str
    lesson: str
    model: ItemModel
    weight: float = 1.0

    @property
    def b(self) -> float:
        """Its difficulty: the middle of its thresholds, in logits."""
        return fmean(self.model.thresholds)


@frozen
class Blueprint:
    """What a form of one competency is to hold.

    subtopics, cognitive: name -> share in percent. b: the mean difficulty, in logits. per_lesson:
    at most so many questions on one lesson, since one may give another away; None: any number.
    like: test information at THETAS of a form that the new ones must be parallel to.
    Raises ValueError for shares that are not percents and for a form without questions.
    """

    items: int
    subtopics: Mapping[str, float]
    cognitive: Mapping[str, float]
    b: float = 0.0
    per_lesson: int | None = None
    like: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        for shares in (self.subtopics, self.cognitive):
            if abs(sum(shares.values()) - 100) > 1e-6 or min(shares.values()) < 0:
                raise ValueError("shares add up to 100 percent")
        if self.items < 1:
            raise ValueError("a form has one question or more")

    def target(self, cell: str) -> float:
        """How many questions of a subtopic or a cognitive level there should be."""
        shares = self.subtopics if cell in self.subtopics else self.cognitive
        return self.items * shares.get(cell, 0.0) / 100

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self.subtopics, *self.cognitive)

    def least(self, cell: str) -> int:
        """The fewest questions with which a form still meets the blueprint there."""
        return max(0, ceil(self.target(cell) - CONTENT_TOLERANCE - 1e-9))


@frozen
class Shortage:
    """A cell that the bank cannot fill; cell: a subtopic, a cognitive level, `items` for all."""

    cell: str
    has: int
    needs: int

    @property
    def lacks(self) -> int:
        return self.needs - self.has


class Unfillable(Exception):
    """The bank cannot fill the blueprint.

    shortages: cells with too few questions. Without any, each cell could be filled, but not all of
    them, the difficulty and the parallel information at once; `misses` then says what stays away.
    """

    def __init__(self, shortages: Sequence[Shortage] = (), misses: Sequence[str] = ()) -> None:
        said = [f"{s.cell}: has {s.has}, needs {s.needs}" for s in shortages]
        super().__init__("; ".join([*said, *misses]))
        self.shortages = tuple(shortages)
        self.misses = tuple(misses)


def assemble(
    bank: Sequence[BankItem], blueprint: Blueprint, forms: int, rng: random.Random
) -> list[list[BankItem]]:
    """Parallel forms without a common question, each in the order of the bank.

    The same bank, blueprint and seed give the same forms. Raises Unfillable.
    """
    if short := shortages(bank, blueprint, forms):
        raise Unfillable(short)
    nearest: _Layout | None = None
    for _ in range(STARTS):
        layout = _Layout(bank, blueprint, forms, rng)
        layout.improve(rng)
        if layout.cost <= 0:
            order = {item.key: place for place, item in enumerate(bank)}
            return [sorted(form, key=lambda item: order[item.key]) for form in layout.forms]
        if nearest is None or layout.cost < nearest.cost:
            nearest = layout
    assert nearest is not None
    raise Unfillable(misses=misses(nearest.forms, blueprint))


def shortages(bank: Sequence[BankItem], blueprint: Blueprint, forms: int) -> list[Shortage]:
    """The cells that have fewer questions than the forms need at least."""
    counts = Counter(cell for item in bank for cell in (item.subtopic, item.cognitive))
    needs = [(cell, counts[cell], forms * blueprint.least(cell)) for cell in blueprint.cells]
    needs.append(("items", len(bank), forms * blueprint.items))
    return [Shortage(*need) for need in needs if need[1] < need[2]]


def misses(forms: Sequence[Sequence[BankItem]], blueprint: Blueprint) -> list[str]:
    """In words, what keeps forms from meeting their blueprint; empty where they meet it."""
    found = []
    for number, form in enumerate(forms, start=1):
        counts = _counts(form)
        for cell in blueprint.cells:
            if abs(counts[cell] - blueprint.target(cell)) > CONTENT_TOLERANCE + 1e-9:
                found.append(
                    f"form {number}: {counts[cell]} of {cell}, not {blueprint.target(cell):.1f}"
                )
        off = fmean(item.b for item in form) - blueprint.b
        if abs(off) > DIFFICULTY_TOLERANCE + 1e-9:
            found.append(f"form {number}: mean b is {off:+.2f} off")
        if blueprint.per_lesson and _crowded(form, blueprint.per_lesson):
            found.append(f"form {number}: more than {blueprint.per_lesson} on one lesson")
    ratio = information_ratio(forms, blueprint)
    if ratio > INFORMATION_RATIO + 1e-9:
        found.append(f"information differs by {100 * (ratio - 1):.0f} %")
    return found


def information_ratio(forms: Sequence[Sequence[BankItem]], blueprint: Blueprint) -> float:
    """Most over least test information, at the theta where they differ most; 1 for one form."""
    curves = [_curve(form) for form in forms]
    if blueprint.like is not None:
        curves.append(blueprint.like)
    found: float = max(max(column) / min(column) for column in zip(*curves, strict=True))
    return found


@dataclass
class _Layout:
    """Forms on their way to the blueprint. cost: how far off they are, 0 where they meet it."""

    bank: Sequence[BankItem]
    blueprint: Blueprint
    count: int
    rng: random.Random
    forms: list[list[BankItem]] = field(init=False)
    rest: list[BankItem] = field(init=False)
    cost: float = field(init=False)

    def __post_init__(self) -> None:
        order = self.rng.sample(list(self.bank), len(self.bank))
        size = self.blueprint.items
        self.forms = [order[n * size : (n + 1) * size] for n in range(self.count)]
        self.rest = order[self.count * size :]
        self._alone = [self._off(form) for form in self.forms]
        self._curves = [_curve(form) for form in self.forms]
        self.cost = self._total(self._alone, self._curves)

    def improve(self, rng: random.Random) -> None:
        """Exchange questions until the blueprint is met or nothing has helped for long."""
        idle = 0
        while self.cost > 0 and idle < TRIES:
            idle = 0 if self._exchange(rng) else idle + 1

    def _exchange(self, rng: random.Random) -> bool:
        """One question of a form against one of the rest or of another form; whether it helped."""
        here = rng.randrange(self.count)
        others = [n for n in range(self.count) if n != here]
        there = rng.choice(others) if others and (not self.rest or rng.random() < 0.3) else None
        pool = self.rest if there is None else self.forms[there]
        if not pool:
            return False
        mine, theirs = rng.randrange(len(self.forms[here])), rng.randrange(len(pool))
        self._swap(here, mine, pool, theirs)
        alone, curves = list(self._alone), list(self._curves)
        for number in (here,) if there is None else (here, there):
            alone[number] = self._off(self.forms[number])
            curves[number] = _curve(self.forms[number])
        cost = self._total(alone, curves)
        if cost > self.cost:
            self._swap(here, mine, pool, theirs)
            return False
        helped = cost < self.cost
        self._alone, self._curves, self.cost = alone, curves, cost
        return helped

    def _swap(self, here: int, mine: int, pool: list[BankItem], theirs: int) -> None:
        form = self.forms[here]
        form[mine], pool[theirs] = pool[theirs], form[mine]

    def _off(self, form: Sequence[BankItem]) -> float:
        """How far one form is from its content, its difficulty and its lessons' limit."""
        counts, blueprint = _counts(form), self.blueprint
        content = sum(
            max(0.0, abs(counts[cell] - blueprint.target(cell)) - CONTENT_TOLERANCE)
            for cell in blueprint.cells
        )
        if blueprint.per_lesson:
            content += _crowded(form, blueprint.per_lesson)
        off = abs(fmean(item.b for item in form) - blueprint.b)
        return _CONTENT * _over(content, 0) + _LEVEL * _over(off, DIFFICULTY_TOLERANCE)

    def _total(self, alone: Sequence[float], curves: Sequence[tuple[float, ...]]) -> float:
        like = self.blueprint.like
        compared = [*curves, like] if like is not None else curves
        apart = sum(
            _over(max(column) / min(column), INFORMATION_RATIO)
            for column in zip(*compared, strict=True)
        )
        return sum(alone) + apart


def _over(value: float, limit: float) -> float:
    """How much a value exceeds its limit; binary rounding does not count."""
    excess = value - limit
    return excess if excess > 1e-9 else 0.0


def _counts(form: Sequence[BankItem]) -> Counter[str]:
    return Counter(cell for item in form for cell in (item.subtopic, item.cognitive))


def _crowded(form: Sequence[BankItem], limit: int) -> int:
    """Questions above the limit of their lesson."""
    return sum(max(0, n - limit) for n in Counter(item.lesson for item in form).values())


def _curve(form: Sequence[BankItem]) -> tuple[float, ...]:
    """Test information at THETAS."""
    columns = zip(*(_item_curve(item.model, item.weight) for item in form), strict=True)
    return tuple(sum(column) for column in columns)


@lru_cache(maxsize=4096)
def _item_curve(model: ItemModel, weight: float) -> tuple[float, ...]:
    return tuple(weight * information(model, theta) for theta in THETAS)


def curve_of(form: Sequence[BankItem]) -> tuple[float, ...]:
    """Test information at THETAS: what a parallel form is held against as `Blueprint.like`."""
    return _curve(form)
