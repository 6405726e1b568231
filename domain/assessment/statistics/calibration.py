"""Calibration: what the answers of many people say about the items.

Marginal maximum likelihood by EM under a N(0, 1) population, which fixes the scale: theta 0 is the
mean and 1 the standard deviation of the people whose answers these are.
Sources: Bock & Aitkin (1981), Psychometrika 46, 443-459; Samejima (1969) for several points;
priors as in BILOG (Mislevy 1986, Psychometrika 51, 177-195).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.assessment.statistics.em import NO_GUESSING, Plan, Priors, fit
from domain.assessment.statistics.item_errors import standard_errors
from domain.assessment.statistics.ladder import Rung
from domain.assessment.statistics.tables import (
    FAR,
    UNSEEN,
    Floats,
    Marks,
    bank_of,
    columns,
    logistic,
    mark_table,
)
from domain.records import frozen

PRIORS = Priors()
TOLERANCE = 1e-4  # the largest move of a parameter that ends the climb
MOST_ITERATIONS = 600
SLIVER = 0.05  # half width, in logits, of marks between others that nobody got
START_SPREAD = 1.2  # logits of b per logit of facility, at a usual discrimination


@frozen
class Candidate:
    """An item to calibrate.

    name: how refusals name it. rung: what to estimate. model: its present model, which also gives
    its highest mark; kept as it is on Rung.AUTHOR. chance: of a lucky guess, 1 / options; needed on
    Rung.THREE, where it is the mode of the prior on c.
    """

    name: str
    rung: Rung
    model: ItemModel
    chance: float = 0.0


@frozen
class CalibratedItem:
    """A model with standard errors in its own units; None where a value was not estimated.

    threshold_ses: one per threshold, in logits; empty on Rung.AUTHOR. answers: people behind it.
    """

    name: str
    rung: Rung
    model: ItemModel
    a_se: float | None
    threshold_ses: tuple[float, ...]
    c_se: float | None
    answers: int


@frozen
class Calibration:
    """items in the order given; log_likelihood: marginal, natural logarithm, without priors."""

    items: tuple[CalibratedItem, ...]
    people: int
    iterations: int
    log_likelihood: float
    converged: bool


class CalibrationRefused(ValueError):
    """These answers cannot be calibrated. problems: (item's name, reason); "" for the whole."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{name}: {why}" if name else why for name, why in problems))


def calibrate(
    marks: ArrayLike,
    candidates: Sequence[Candidate],
    *,
    priors: Priors = PRIORS,
    tolerance: float = TOLERANCE,
    most_iterations: int = MOST_ITERATIONS,
) -> Calibration:
    """Estimate item parameters: the mode of their posterior, with log a, b and logit c as scales.

    marks: people x items, whole marks, NaN or -1 where not seen. candidates: one per item, each on
    its own rung; those on Rung.ONE share one discrimination. People who saw nothing do not count.
    The same answers give the same numbers. Returns a, thresholds (logits) and c with
    standard errors; `converged` is False when most_iterations did not do.
    Raises CalibrationRefused for data without variance, naming each item and why; ValueError for
    marks that an item cannot give, guessing on an item of several points, a chance outside 0..1.
    """
    table = mark_table(marks, [candidate.model.max_mark for candidate in candidates])
    for candidate in candidates:
        _check(candidate)
    table = table[(table != UNSEEN).any(axis=1)]
    problems = _problems(table, candidates)
    if problems:
        raise CalibrationRefused(problems)
    kept = [_kept_marks(table[:, column], candidate) for column, candidate in enumerate(candidates)]
    plan, start = _plan(_recode(table, kept), candidates, kept, priors)
    found = fit(plan, start, tolerance, most_iterations)
    errors = standard_errors(plan, found.values)
    answers = (table != UNSEEN).sum(axis=0)
    items = tuple(
        _calibrated(candidate, marks_kept, found.values[row], errors[row], int(answers[row]))
        for row, (candidate, marks_kept) in enumerate(zip(candidates, kept, strict=True))
    )
    return Calibration(items, len(table), found.iterations, found.log_likelihood, found.converged)


def _check(candidate: Candidate) -> None:
    if candidate.rung is Rung.THREE:
        if candidate.model.max_mark > 1:
            raise ValueError(f"{candidate.name}: guessing belongs to right/wrong items only")
        if not 0 < candidate.chance < 1:
            raise ValueError(f"{candidate.name}: the chance of a lucky guess must be in 0..1")


def _problems(table: Marks, candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Why these answers cannot be calibrated; empty when they can."""
    if len(table) < 2:
        return [("", f"answers of two people or more are needed, there are {len(table)}")]
    found = []
    for column, candidate in zip(table.T, candidates, strict=True):
        if candidate.rung is Rung.AUTHOR:
            continue
        given = column[column != UNSEEN]
        if not given.size:
            found.append((candidate.name, "nobody has answered it"))
        elif (given == given[0]).all():
            most = candidate.model.max_mark
            reason = f"everyone got {given[0]} of {most} points"
            if given[0] == 0:
                reason = "everyone got it wrong"
            elif given[0] == most:
                reason = "everyone got it right"
            found.append((candidate.name, reason))
    seen = table != UNSEEN
    highest = np.array([candidate.model.max_mark for candidate in candidates])
    shares = np.where(seen, table, 0).sum(axis=1) / np.where(seen, highest, 0).sum(axis=1)
    if not found and float(np.ptp(shares)) == 0.0:
        found.append(("", "everyone has the same score, so nothing tells people apart"))
    return found


def _kept_marks(column: Marks, candidate: Candidate) -> tuple[int, ...]:
    """The marks that get a threshold of their own: the ends, and what somebody got."""
    most = candidate.model.max_mark
    if candidate.rung is Rung.AUTHOR:
        return tuple(range(most + 1))
    return tuple(sorted({0, most} | {int(mark) for mark in np.unique(column[column != UNSEEN])}))


def _recode(table: Marks, kept: Sequence[tuple[int, ...]]) -> Marks:
    """Marks as positions among those kept."""
    recoded = table.copy()
    for column, marks in enumerate(kept):
        seen = table[:, column] != UNSEEN
        recoded[seen, column] = np.searchsorted(marks, table[seen, column])
    return recoded


def _plan(
    table: Marks,
    candidates: Sequence[Candidate],
    kept: Sequence[tuple[int, ...]],
    priors: Priors,
) -> tuple[Plan, Floats]:
    """What em is asked for, and where it starts."""
    most = [len(marks) - 1 for marks in kept]
    items = len(candidates)
    free = np.zeros((items, max(most) + 2), dtype=np.bool_)
    start = np.full((items, max(most) + 2), FAR)
    start[:, 0], start[:, -1] = 0.0, NO_GUESSING
    shared = np.array([candidate.rung is Rung.ONE for candidate in candidates])
    for row, candidate in enumerate(candidates):
        inside = slice(1, 1 + most[row])
        if candidate.rung is Rung.AUTHOR:
            bank = bank_of([candidate.model])
            start[row, 0], start[row, inside] = np.log(bank.a[0]), bank.thresholds[0]
            if candidate.model.c:
                start[row, -1] = np.log(candidate.model.c / (1 - candidate.model.c))
            continue
        free[row, 0] = free[row, inside] = True
        start[row, inside] = _first_thresholds(table[:, row], most[row])
        if candidate.rung is Rung.THREE:
            free[row, -1] = True
            start[row, -1] = np.log(candidate.chance / (1 - candidate.chance))
    chance = np.array([candidate.chance for candidate in candidates])
    return Plan(table, columns(most), free, shared, chance, priors), start


def _first_thresholds(column: Marks, most: int) -> Floats:
    """From the share of people who got k points or more, rising by a tenth or more."""
    given = column[column != UNSEEN]
    reached = np.array([(given >= k).sum() for k in range(1, most + 1)])
    share = (reached + 0.5) / (given.size + 1)
    wanted = np.clip(-START_SPREAD * np.log(share / (1 - share)), -4, 4)
    steps = 0.1 * np.arange(most)
    found: Floats = np.maximum.accumulate(wanted - steps) + steps
    return found


def _calibrated(
    candidate: Candidate, kept: tuple[int, ...], values: Floats, errors: Floats, answers: int
) -> CalibratedItem:
    """The em's row as a model; marks that nobody got between others share a sliver of the scale."""
    if candidate.rung is Rung.AUTHOR:
        return CalibratedItem(
            candidate.name, candidate.rung, candidate.model, None, (), None, answers
        )
    thresholds: list[float] = []
    ses: list[float] = []
    for position in range(1, len(kept)):
        points = kept[position] - kept[position - 1]
        thresholds += spread_thresholds(float(values[position]), points, SLIVER)
        ses += [float(errors[position])] * points
    a, c, c_se = float(np.exp(values[0])), 0.0, None
    if candidate.rung is Rung.THREE:
        c = float(logistic(values[-1:])[0])
        c_se = c * (1 - c) * float(errors[-1])
    model = ItemModel(a, tuple(sorted(thresholds)), c)
    return CalibratedItem(
        candidate.name, candidate.rung, model, a * float(errors[0]), tuple(ses), c_se, answers
    )
