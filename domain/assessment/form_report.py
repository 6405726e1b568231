"""What a form will tell before anybody has sat it: information, error, scores, reliability."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp, sqrt
from statistics import fmean

from domain.assessment.assembly import CONTENT_TOLERANCE, BankItem, Blueprint
from domain.assessment.information import summed_information
from domain.assessment.item_models import ItemModel, information, mark_probabilities
from domain.competencies.framework import Standard
from domain.records import frozen

CURVE_THETAS = tuple(-3 + step / 4 for step in range(25))
_NORMAL = tuple(exp(-theta * theta / 2) for theta in CURVE_THETAS)


@frozen
class Cell:
    """How many questions of a subtopic or a cognitive level there are; target: how many there
    should be, a fraction.
    """

    name: str
    count: int
    target: float

    @property
    def fits(self) -> bool:
        return abs(self.count - self.target) <= CONTENT_TOLERANCE + 1e-9


@frozen
class FormReport:
    """The questions of a form on one competency.

    information, se, score: at each of CURVE_THETAS. se: of the estimate under the N(0, 1) prior,
    1 / sqrt(1 + information), in logits; score: the expected share of the marks, 0 to 1.
    level_se: SE in the middle of each level, 1 to 5. alpha: expected of a N(0, 1) population, 0
    where one question alone makes it undefined. neighbours: lesson -> questions on it, where there
    is more than one: one of them may give another away.
    """

    items: int
    b: float
    information: tuple[float, ...]
    se: tuple[float, ...]
    score: tuple[float, ...]
    level_se: tuple[float, ...]
    alpha: float
    subtopics: tuple[Cell, ...]
    cognitive: tuple[Cell, ...]
    neighbours: Mapping[str, tuple[str, ...]]

    @property
    def peak(self) -> float:
        """The most information at any theta."""
        return max(self.information)


def form_report(form: Sequence[BankItem], blueprint: Blueprint, standard: Standard) -> FormReport:
    """The report of a form on one competency; raises ValueError for one without questions."""
    if not form:
        raise ValueError("a form has one question or more")
    models = [(item.model, item.weight) for item in form]
    columns = [_columns(item.model) for item in form]
    told = tuple(
        sum(item.weight * at for item, at in zip(form, column, strict=True))
        for column in zip(*(c.information for c in columns), strict=True)
    )
    most = sum(item.model.max_mark for item in form)
    counts = Counter(cell for item in form for cell in (item.subtopic, item.cognitive))
    return FormReport(
        items=len(form),
        b=fmean(item.b for item in form),
        information=told,
        se=tuple(_se(value) for value in told),
        score=tuple(sum(at) / most for at in zip(*(c.mark for c in columns), strict=True)),
        level_se=tuple(_se(v) for v in summed_information(models, level_middles(standard))),
        alpha=expected_alpha(form),
        subtopics=_cells(blueprint, blueprint.subtopics, counts),
        cognitive=_cells(blueprint, blueprint.cognitive, counts),
        neighbours=_neighbours(form),
    )


def level_middles(standard: Standard) -> tuple[float, ...]:
    """A theta for each level: the middle between its cuts; the outer ones as wide as the rest."""
    cuts = standard.cuts
    half = (cuts[-1] - cuts[0]) / (len(cuts) - 1) / 2
    inner = tuple((low + high) / 2 for low, high in pairwise(cuts))
    return (cuts[0] - half, *inner, cuts[-1] + half)


def expected_alpha(form: Sequence[BankItem]) -> float:
    """Cronbach's alpha of the sum of marks that a N(0, 1) population would have."""
    if len(form) < 2:
        return 0.0
    columns = [_columns(item.model) for item in form]
    alone = sum(_mean(c.square) - _mean(c.mark) ** 2 for c in columns)
    # Given the ability, answers are independent: what they share is the spread of their means.
    noise = sum(_mean([s - m * m for s, m in zip(c.square, c.mark, strict=True)]) for c in columns)
    sums = [sum(column) for column in zip(*(c.mark for c in columns), strict=True)]
    whole = noise + _mean([total * total for total in sums]) - _mean(sums) ** 2
    return len(form) / (len(form) - 1) * (1 - alone / whole)


@frozen
class _Columns:
    """What a model says at each of CURVE_THETAS; square: the expected square of the mark."""

    information: tuple[float, ...]
    mark: tuple[float, ...]
    square: tuple[float, ...]


@lru_cache(maxsize=4096)
def _columns(model: ItemModel) -> _Columns:
    chances = [mark_probabilities(model, theta) for theta in CURVE_THETAS]
    return _Columns(
        tuple(information(model, theta) for theta in CURVE_THETAS),
        tuple(sum(mark * p for mark, p in enumerate(found)) for found in chances),
        tuple(sum(mark * mark * p for mark, p in enumerate(found)) for found in chances),
    )


def _mean(values: Sequence[float]) -> float:
    """Over a N(0, 1) population; values: at CURVE_THETAS."""
    return sum(v * w for v, w in zip(values, _NORMAL, strict=True)) / sum(_NORMAL)


def _se(told: float) -> float:
    return 1 / sqrt(1 + told)


def _cells(
    blueprint: Blueprint, shares: Mapping[str, float], counts: Mapping[str, int]
) -> tuple[Cell, ...]:
    return tuple(Cell(name, counts.get(name, 0), blueprint.target(name)) for name in shares)


def _neighbours(form: Sequence[BankItem]) -> dict[str, tuple[str, ...]]:
    keys: dict[str, list[str]] = {}
    for item in form:
        keys.setdefault(item.lesson, []).append(item.key)
    return {lesson: tuple(found) for lesson, found in keys.items() if len(found) > 1}
