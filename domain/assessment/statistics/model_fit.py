"""Whether an item behaves as its model says.

Sources: Wright & Masters (1982), Rating Scale Analysis, ch. 5 (infit and outfit); Orlando & Thissen
(2000), Applied Psychological Measurement 24, 50-64 (S-X2).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.distributions import chi_square_tail
from domain.assessment.statistics.em import LOG_WEIGHTS
from domain.assessment.statistics.reliability import score_distribution
from domain.assessment.statistics.tables import (
    NODES,
    UNSEEN,
    Floats,
    bank_of,
    complete_marks,
    mark_curves,
    mark_table,
)
from domain.records import frozen

LEAST_EXPECTED = 1.0  # people expected right, and wrong, in a group of S-X2


@frozen
class MeanSquares:
    """1 where answers vary as the model says, above 1 where they are noisier. infit weighs people
    near the item's difficulty most, outfit everyone alike; None where nobody answered."""

    infit: float | None
    outfit: float | None


@frozen
class SumScoreFit:
    """S-X2 of one item; p: small where the model does not fit; None where no degree is left."""

    statistic: float
    degrees: int
    p: float | None


def mean_squares(
    models: Sequence[ItemModel], marks: ArrayLike, thetas: ArrayLike
) -> tuple[MeanSquares, ...]:
    """Infit and outfit of every item.

    marks: people x items, NaN or -1 where not seen; thetas: one ability per person, in logits.
    Estimates that the same answers gave make both a little smaller than 1.
    Raises ValueError as mark_table does, and for lengths that differ.
    """
    table = mark_table(marks, [model.max_mark for model in models])
    theta = np.asarray(thetas, dtype=np.float64)
    if theta.shape != (len(table),):
        raise ValueError("one ability per person is needed")
    curves = mark_curves(bank_of(models), theta)
    worth = np.arange(curves.shape[1])[:, None]
    mean = (worth * curves).sum(axis=1).T
    variance = (worth**2 * curves).sum(axis=1).T - mean**2
    seen = table != UNSEEN
    surprise = np.where(seen, (table - mean) ** 2, 0.0)
    answers, spread = seen.sum(axis=0), np.where(seen, variance, 0.0).sum(axis=0)
    outfit = np.where(seen, surprise / np.maximum(variance, 1e-12), 0.0).sum(axis=0)
    return tuple(
        MeanSquares(float(total / wide), float(out / count)) if count else MeanSquares(None, None)
        for total, wide, out, count in zip(
            surprise.sum(axis=0), spread, outfit, answers, strict=True
        )
    )


def sum_score_fit(
    models: Sequence[ItemModel], marks: ArrayLike, estimated: Sequence[int]
) -> tuple[SumScoreFit, ...]:
    """S-X2 of every item of a right/wrong test: observed against expected shares per sum score.

    marks: people x items, complete. estimated: parameters that the answers gave for each item, 0 to
    3, which cost degrees of freedom. Neighbouring scores are joined until a person is expected to
    be right, and one wrong, in each group.
    Raises ValueError for missing marks, items of several points, or lengths that differ.
    """
    table = complete_marks(marks)
    if any(model.max_mark > 1 for model in models) or table.shape[1] != len(models):
        raise ValueError("one right/wrong item per column is needed")
    if len(estimated) != len(models):
        raise ValueError("one number of parameters per item is needed")
    scores = table.sum(axis=1).astype(int)
    curves = mark_curves(bank_of(models), NODES)
    weights = np.exp(LOG_WEIGHTS)
    whole = score_distribution(list(curves)) @ weights
    people = np.bincount(scores, minlength=len(models) + 1)[1:-1].astype(np.float64)
    found = []
    for item, count in enumerate(estimated):
        others = score_distribution([c for number, c in enumerate(curves) if number != item])
        share = (others * curves[item, 1] @ weights)[: len(models) - 1] / whole[1:-1]
        right = np.bincount(scores, table[:, item], len(models) + 1)[1:-1].astype(np.float64)
        groups = _join(right, people, share)
        found.append(_chi_square(groups, count))
    return tuple(found)


def _join(right: Floats, people: Floats, share: Floats) -> list[tuple[float, float, float]]:
    """(right, people, expected right) of groups of neighbouring sum scores."""
    groups: list[tuple[float, float, float]] = []
    held = (0.0, 0.0, 0.0)
    for r, n, p in zip(right, people, share, strict=True):
        held = (held[0] + r, held[1] + n, held[2] + n * p)
        if held[2] >= LEAST_EXPECTED and held[1] - held[2] >= LEAST_EXPECTED:
            groups.append(held)
            held = (0.0, 0.0, 0.0)
    if held[1] and groups:
        last = groups.pop()
        held = (last[0] + held[0], last[1] + held[1], last[2] + held[2])
    return [*groups, held] if held[1] else groups


def _chi_square(groups: Sequence[tuple[float, float, float]], estimated: int) -> SumScoreFit:
    statistic = sum(
        (right - expected) ** 2 * people / (expected * (people - expected))
        for right, people, expected in groups
        if 0 < expected < people
    )
    degrees = len(groups) - estimated
    p = chi_square_tail(statistic, degrees) if degrees > 0 else None
    return SumScoreFit(float(statistic), degrees, p)
