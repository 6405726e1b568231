"""Standard errors of item parameters from the observed information of the marginal likelihood.

Source: Louis (1982), JRSS B 44, 226-233: what all would tell if abilities were known, less what is
lost because they are not. Covariances between items are kept: without them errors come out small.
"""

import numpy as np
from numpy.typing import NDArray

from domain.assessment.statistics.em import (
    Plan,
    information_of,
    log_curves,
    posterior,
    prior_terms,
    slopes,
)
from domain.assessment.statistics.tables import NODES, Floats

FEWEST_PEOPLE = 1e-3  # expected at a node, below which it changes no error


def standard_errors(plan: Plan, values: Floats) -> Floats:
    """Standard errors of the parameters as em holds them, I x (M + 2); NaN where not free."""
    owner, size = _owners(plan)
    layout, logs = plan.layout, log_curves(plan, values)
    score = _scores(plan, values, logs)
    counts = np.zeros((layout.count, len(NODES)))
    lost, known = np.zeros((size, size)), np.zeros((size, size))
    columns, parameters = np.nonzero(plan.free[layout.item])
    owned = owner[layout.item[columns], parameters]
    for _, indicator in layout.blocks(plan.table):
        density, _ = posterior(indicator, logs)
        counts += indicator.T @ density
        mean = np.zeros((size, len(indicator)))
        told = density @ score[:, columns, parameters] * indicator[:, columns]
        np.add.at(mean, owned, told.T)
        known += mean @ mean.T
        for node in np.flatnonzero(density.sum(axis=0) > FEWEST_PEOPLE):
            of_column = np.zeros((layout.count, size))
            of_column[columns, owned] = score[node, columns, parameters]
            lost += of_column.T @ _pairs(indicator, density[:, node]) @ of_column
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


def _scores(plan: Plan, values: Floats, logs: Floats) -> Floats:
    """d log P of each column's mark by each parameter of its item, Q x C x (M + 2)."""
    slope = slopes(values)[plan.layout.item, :, plan.layout.mark]
    return (slope / np.exp(logs)[:, None]).transpose(2, 0, 1)


def _pairs(indicator: Floats, weight: Floats) -> Floats:
    """The weight of the people who have both of two marks, C x C.

    In single precision, more than an error has use for, in half the time.
    """
    single = indicator.astype(np.float32)
    found: Floats = (single.T @ (single * weight[:, None].astype(np.float32))).astype(np.float64)
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
