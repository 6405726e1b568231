"""Standard errors of item parameters from the observed information of the marginal likelihood.

Source: Louis (1982), JRSS B 44, 226-233: what all would tell if abilities were known, less what is
lost because they are not. Covariances between items are kept: without them errors come out small.
"""

import numpy as np
from numpy.typing import NDArray

from domain.assessment.statistics.em import (
    Plan,
    bank_of_values,
    information_of,
    log_curves,
    posterior,
    prior_terms,
    slopes,
)
from domain.assessment.statistics.tables import (
    BLOCK_PRODUCT,
    LEAST_BLOCK,
    NODES,
    SMALLEST,
    Floats,
    Marks,
    mark_curves,
)

PEOPLE_AT_ONCE = 1024  # bounds what is held for each person, parameter and node

Singles = NDArray[np.float32]


def standard_errors(plan: Plan, values: Floats) -> Floats:
    """Standard errors of the parameters as em holds them, I x (M + 2); NaN where not free."""
    owner, size = _owners(plan)
    layout, logs = plan.layout, log_curves(plan, values)
    score = _scores(plan, values)
    counts = np.zeros((layout.count, len(NODES)))
    lost, known = np.zeros((size, size)), np.zeros((size, size))
    roots = np.empty((len(plan.table), len(NODES)), dtype=np.float32)
    for rows, indicator in layout.blocks(plan.table):
        density, _ = posterior(indicator, logs)
        counts += indicator.T @ density
        roots[rows] = np.sqrt(density)
    for start in range(0, len(roots), PEOPLE_AT_ONCE):
        few = slice(start, start + PEOPLE_AT_ONCE)
        root = roots[few]
        told = _told(plan.table[few], score, plan, owner, size)
        told *= root
        mean = np.einsum("pjq,jq->pj", told, root).astype(np.float64)
        known += mean @ mean.T
        lost += _products(told.reshape(size, -1))
    complete = _spread(information_of(plan, values, counts)[1], plan, owner, size)
    added = np.zeros(size)
    np.add.at(added, owner[plan.free], prior_terms(plan, values)[2][plan.free])
    variances = _variances(complete - lost + known, known, np.diag(added))
    found = np.full(values.shape, np.nan)
    found[plan.free] = np.sqrt(variances[owner[plan.free]])
    return found


def _owners(plan: Plan) -> tuple[NDArray[np.intp], int]:
    """The number of each free parameter, I x P, -1 where not free; a shared one has one number."""
    owner = np.full(plan.free.shape, -1)
    first = plan.free.copy()
    sharing = np.flatnonzero(plan.shared)
    first[sharing[1:], 0] = False
    size = int(first.sum())
    owner[first] = np.arange(size)
    if sharing.size:
        owner[sharing, 0] = owner[sharing[0], 0]
    return owner, size


def _scores(plan: Plan, values: Floats) -> Singles:
    """d log P of each mark by each parameter of its item, I x (M + 2) x (M + 2) x Q.

    The last mark, which UNSEEN points to, tells nothing. In single precision, more than an error
    has use for, in half the time.
    """
    chances = np.maximum(mark_curves(bank_of_values(values), NODES), SMALLEST)
    score = slopes(values) / chances[:, None]
    unseen = np.zeros_like(score[:, :, :1])
    return np.concatenate([score, unseen], axis=2).astype(np.float32)


def _told(table: Marks, score: Singles, plan: Plan, owner: NDArray[np.intp], size: int) -> Singles:
    """d log P of each person's answer by each parameter, size x people x Q."""
    told = np.zeros((size, len(table), len(NODES)), dtype=np.float32)
    for item, parameter in zip(*np.nonzero(plan.free), strict=True):
        told[owner[item, parameter]] += score[item, parameter][table[:, item]]
    return told


def _products(told: Singles) -> Floats:
    """told @ told.T, in slices small enough for one thread where that leaves slices worth it."""
    size, length = told.shape
    width = BLOCK_PRODUCT // max(size, 1) ** 2
    if width < LEAST_BLOCK:
        width = length
    found = np.zeros((size, size))
    for start in range(0, length, max(width, 1)):
        part = told[:, start : start + width]
        found += part @ part.T
    return found


def _spread(blocks: Floats, plan: Plan, owner: NDArray[np.intp], size: int) -> Floats:
    """The items' own information, I x P x P, as one matrix of all parameters."""
    whole = np.zeros((size, size))
    for block, free, numbers in zip(blocks, plan.free, owner, strict=True):
        own = numbers[free]
        whole[np.ix_(own, own)] += block[np.ix_(free, free)]
    return whole


def _variances(observed: Floats, by_people: Floats, priors: Floats) -> Floats:
    """The diagonal of the inverse information.

    With few people the observed information may not be positive definite; the sum of squares of
    people's scores, which is the same in expectation, then stands in for it.
    """
    for information in (observed + priors, by_people + priors):
        try:
            factor = np.linalg.inv(np.linalg.cholesky(information))
        except np.linalg.LinAlgError:
            continue
        found: Floats = (factor**2).sum(axis=0)
        return found
    return np.full(len(priors), np.nan)
