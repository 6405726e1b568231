"""EAP for many people at once: the same numbers as estimation.estimate_ability gives."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from domain.assessment import estimation
from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.tables import (
    NODES,
    SMALLEST,
    UNSEEN,
    Floats,
    bank_of,
    columns,
    mark_curves,
    mark_table,
)
from domain.competencies.scale import Ability

# The prior that estimate_ability uses: a second one here could come apart from it.
from domain.records import frozen

LOG_PRIOR: Floats = np.array(estimation.LOG_PRIOR)


@frozen
class Abilities:
    """Estimates of P people: theta and se in logits, n answers each."""

    theta: Floats
    se: Floats
    n: NDArray[np.intp]

    def __getitem__(self, person: int) -> Ability:
        return Ability(float(self.theta[person]), float(self.se[person]), int(self.n[person]))


def score_people(
    models: Sequence[ItemModel], marks: ArrayLike, weights: Sequence[float] | None = None
) -> Abilities:
    """Estimate many abilities by the mean of the posterior under a N(0, 1) prior (EAP).

    models: I items; marks: people x I, NaN or -1 where not seen; weights: one per item in 0..1, by
    which its likelihood enters (1 each when left out). Who saw nothing gets theta 0 with SE 1.
    Raises ValueError for a mark that its item cannot give, a weight outside 0 to 1, wrong lengths.
    Source: Bock & Mislevy (1982), Applied Psychological Measurement 6(4), 431-444.
    """
    most = [model.max_mark for model in models]
    table = mark_table(marks, most)
    weight = np.ones(len(most)) if weights is None else np.asarray(weights, dtype=np.float64)
    if weight.shape != (len(most),) or not ((weight >= 0) & (weight <= 1)).all():
        raise ValueError("weights must be one per item, each between 0 and 1")
    layout = columns(most)
    curves = mark_curves(bank_of(models), NODES)[layout.item, layout.mark]
    logs = np.log(np.maximum(curves, SMALLEST)) * weight[layout.item, None]
    theta, se = np.empty(len(table)), np.empty(len(table))
    for rows, indicator in layout.blocks(table):
        density = indicator @ logs + LOG_PRIOR
        density -= density.max(axis=1, keepdims=True)
        np.exp(density, out=density)
        mass = density.sum(axis=1)
        mean = density @ NODES / mass
        # Around the mean and not from the sum of squares, which loses digits.
        spread = (NODES - mean[:, None]) ** 2
        theta[rows], se[rows] = mean, np.sqrt((density * spread).sum(axis=1) / mass)
    return Abilities(theta, se, (table != UNSEEN).sum(axis=1))
