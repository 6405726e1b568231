"""The engine under calibration: EM for marginal maximum likelihood, with priors on the items.

Parameters stand in one array, items x (M + 2): log a, the thresholds b_1..b_M, logit c. Items that
have fewer, or whose values are given, are told apart by what is `free`.
Sources: Bock & Aitkin (1981), Psychometrika 46, 443-459; Mislevy (1986), Psychometrika 51, 177-195
(priors); Lange (1995), JRSS B 57, 425-437 (one scoring step for each E-step loses nothing);
Varadhan & Roland (2008), Scand. J. Stat. 35, 335-353 (SQUAREM).
"""

import numpy as np

from domain.assessment.statistics.scoring import LOG_PRIOR
from domain.assessment.statistics.tables import (
    NODES,
    SMALLEST,
    Bank,
    Columns,
    Flags,
    Floats,
    Marks,
    logistic,
    mark_curves,
    reaching,
)
from domain.records import frozen

NO_GUESSING = -1e3  # logit c whose c is 0 exactly
LEAST_GAP = 0.01  # logits between neighbouring thresholds while searching
MOST_STEP = (0.5, 1.0, 1.0)  # of log a, b and logit c in one iteration

LOG_WEIGHTS: Floats = LOG_PRIOR - np.log(np.exp(LOG_PRIOR).sum())


@frozen
class Priors:
    """What is believed of items before anyone has answered.

    log a ~ N(0, log_a_sd) and every threshold ~ N(0, b_sd), standard deviations; c ~ beta, worth
    guessing_weight answers, its mode the item's chance of a lucky guess. Large deviations leave
    the data alone to speak.
    """

    log_a_sd: float = 0.5
    b_sd: float = 2.0
    guessing_weight: float = 20.0


@frozen
class Plan:
    """What is to be estimated from which answers.

    table: people x I marks; layout: its columns; free: I x (M + 2), parameters to estimate;
    shared: I, items that have one discrimination together; chance: I, of a lucky guess where c
    is free.
    """

    table: Marks
    layout: Columns
    free: Flags
    shared: Flags
    chance: Floats
    priors: Priors

    @property
    def guessed(self) -> Flags:
        return self.free[:, -1]


@frozen
class Fit:
    """values: I x (M + 2); log_likelihood: marginal, without the priors."""

    values: Floats
    log_likelihood: float
    iterations: int
    converged: bool


@frozen
class Expected:
    """What one E-step finds. counts: C x Q expected people per mark and node."""

    counts: Floats
    log_likelihood: float


def bank_of_values(values: Floats) -> Bank:
    """The models that an array of parameters stands for; logit c = NO_GUESSING makes c 0."""
    return Bank(np.exp(values[:, 0]), values[:, 1:-1], logistic(values[:, -1]))


def fit(plan: Plan, start: Floats, tolerance: float, most_iterations: int) -> Fit:
    """Climb from `start` until no parameter moves by `tolerance`, or most_iterations E-steps.

    Two EM steps are followed by one extrapolated from them, kept only where the posterior density
    is no lower for it.
    """
    here, done = start, 0
    while True:
        first, density, _ = _step(plan, here)
        second, density, likelihood = _step(plan, first)
        done += 2
        free = plan.free
        moved = float(np.abs(second - first)[free].max(initial=0.0))
        if moved < tolerance or done >= most_iterations:
            return Fit(second, likelihood, done, moved < tolerance)
        one, two = (first - here)[free], (second - first)[free]
        leap, here = here.copy(), second
        stride = float(np.linalg.norm(one)) / max(float(np.linalg.norm(two - one)), SMALLEST)
        if stride > 1:
            leap[free] += 2 * stride * one + stride**2 * (two - one)
            if _is_possible(plan, leap):
                landed, reached, _ = _step(plan, leap)
                done += 1
                here = landed if reached >= density else second


def posterior(indicator: Floats, logs: Floats) -> tuple[Floats, Floats]:
    """Where people are on the nodes, people x Q, and the log-likelihood of each one's answers.

    indicator: people x C, from Columns.blocks; logs: C x Q, log-chances of each mark.
    """
    density = indicator @ logs
    density += LOG_WEIGHTS
    highest = density.max(axis=1, keepdims=True)
    density -= highest
    np.exp(density, out=density)
    mass = density.sum(axis=1, keepdims=True)
    density /= mass
    return density, (np.log(mass) + highest)[:, 0]


def log_curves(plan: Plan, values: Floats) -> Floats:
    """log P of each column's mark at the nodes, C x Q."""
    curves = mark_curves(bank_of_values(values), NODES)
    found: Floats = np.log(np.maximum(curves[plan.layout.item, plan.layout.mark], SMALLEST))
    return found


def expect(plan: Plan, values: Floats) -> Expected:
    """The E-step."""
    logs = log_curves(plan, values)
    counts, total = np.zeros_like(logs), 0.0
    for _, indicator in plan.layout.blocks(plan.table):
        density, likelihood = posterior(indicator, logs)
        counts += indicator.T @ density
        total += float(likelihood.sum())
    return Expected(counts, total)


def slopes(values: Floats) -> Floats:
    """dP_k / d parameter at the nodes, I x (M + 2) x (M + 1) x Q."""
    bank = bank_of_values(values)
    level = reaching(bank, NODES)
    items, most, nodes = level.shape
    # Of the chances of k points and more, k = 0..M+1: the first and last never move.
    reach = np.zeros((items, most + 2, most + 2, nodes))
    a, c = bank.a[:, None, None], bank.c[:, None, None]
    steep = (1 - c) * level * (1 - level)
    reach[:, 0, 1:-1] = steep * a * (NODES - bank.thresholds[:, :, None])
    for k in range(most):
        reach[:, 1 + k, 1 + k] = -a[:, 0] * steep[:, k]
    reach[:, -1, 1] = (c * (1 - c))[:, 0] * (1 - level[:, 0])
    return reach[:, :, :-1] - reach[:, :, 1:]


def information_of(plan: Plan, values: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Gradient, I x P, and Fisher information, I x P x P, of the expected log-likelihood.

    Without the priors; rows of parameters that are not free hold nothing.
    """
    padded = np.zeros((len(values), values.shape[1] - 1, len(NODES)))
    padded[plan.layout.item, plan.layout.mark] = counts
    chances = np.maximum(mark_curves(bank_of_values(values), NODES), SMALLEST)
    slope = slopes(values) * plan.free[:, :, None, None]
    gradient = np.einsum("ipkq,ikq->ip", slope, padded / chances, optimize=True)
    people = padded.sum(axis=1, keepdims=True)
    flat = (slope * np.sqrt(people / chances)[:, None]).reshape(*slope.shape[:2], -1)
    return gradient, flat @ flat.transpose(0, 2, 1)


def prior_terms(plan: Plan, values: Floats) -> tuple[float, Floats, Floats]:
    """Log density of the priors, its gradient and the information they add, both I x P.

    The shared discrimination has one prior, which stands in the row of its first item.
    """
    free = plan.free.copy()
    sharing = np.flatnonzero(plan.shared)
    free[sharing[1:], 0] = False
    width = np.full(values.shape[1], plan.priors.b_sd)
    width[0] = plan.priors.log_a_sd
    away = np.where(free, values / width, 0.0)
    gradient, added = -away / width, free / width**2
    density = -0.5 * float((away[:, :-1] ** 2).sum())
    guessed = plan.guessed
    c = logistic(values[guessed, -1])
    weight = plan.priors.guessing_weight
    right = plan.chance[guessed] * weight
    gradient[:, -1], added[:, -1] = 0.0, 0.0
    gradient[guessed, -1] = right - weight * c
    added[guessed, -1] = weight * c * (1 - c)
    density += float((right * np.log(c) + (weight - right) * np.log1p(-c)).sum())
    return density, gradient, added


def _step(plan: Plan, values: Floats) -> tuple[Floats, float, float]:
    """One E-step and one scoring step: new values; log posterior and likelihood of the old."""
    expected = expect(plan, values)
    gradient, information = information_of(plan, values, expected.counts)
    density, pull, added = prior_terms(plan, values)
    gradient += pull
    diagonal = np.arange(values.shape[1])
    # What is not free gets a one, so that its step is 0 and the matrix can be inverted.
    information[:, diagonal, diagonal] += np.where(plan.free, added, 1.0)
    change = _solve(plan, gradient, information)
    limit = np.full(values.shape[1], MOST_STEP[1])
    limit[0], limit[-1] = MOST_STEP[0], MOST_STEP[2]
    change = np.where(plan.free, np.clip(change, -limit, limit), 0.0)
    total = expected.log_likelihood + density
    return _in_order(plan, values, change), total, expected.log_likelihood


def _solve(plan: Plan, gradient: Floats, information: Floats) -> Floats:
    """The scoring step, I x P, with log a eliminated so that items can share it."""
    rest = np.concatenate([gradient[:, 1:, None], information[:, 1:, :1]], axis=2)
    solved = np.linalg.solve(information[:, 1:, 1:], rest)
    own, by_log_a = solved[:, :, 0], solved[:, :, 1]
    coupling = information[:, 0, 1:]
    pull = gradient[:, 0] - (coupling * own).sum(axis=1)
    stiff = information[:, 0, 0] - (coupling * by_log_a).sum(axis=1)
    shared = plan.shared
    if shared.any():
        pull[shared], stiff[shared] = pull[shared].sum(), stiff[shared].sum()
    log_a = np.where(plan.free[:, 0], pull / stiff, 0.0)
    return np.column_stack([log_a, own - by_log_a * log_a[:, None]])


def _in_order(plan: Plan, values: Floats, change: Floats) -> Floats:
    """values + change, with the step of an item halved until its thresholds rise."""
    change = change.copy()
    for _ in range(30):
        crossed = _crossed(plan, values + change)
        if not crossed.any():
            return values + change
        change[crossed, 1:-1] /= 2
    return values


def _is_possible(plan: Plan, values: Floats) -> bool:
    inside = np.abs(values[plan.free]).max(initial=0.0) < 8
    return bool(inside) and not _crossed(plan, values).any()


def _crossed(plan: Plan, values: Floats) -> Flags:
    gaps = np.diff(values[:, 1:-1], axis=1)
    crossed: Flags = np.any((gaps < LEAST_GAP) & plan.free[:, 2:-1], axis=1)
    return crossed
