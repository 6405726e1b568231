"""Marks that people of known ability would get: to prove the statistics, and to plan a form."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.item_models import ItemModel
from domain.assessment.statistics.tables import Marks, bank_of, mark_curves


def simulated_marks(models: Sequence[ItemModel], thetas: ArrayLike, uniforms: ArrayLike) -> Marks:
    """People x items marks drawn from the models.

    thetas: one ability per person, in logits; uniforms: people x items numbers in 0..1, the chance
    that the caller brings. Raises ValueError when the shapes do not fit.
    """
    theta = np.asarray(thetas, dtype=np.float64)
    luck = np.asarray(uniforms, dtype=np.float64)
    if luck.shape != (len(theta), len(models)):
        raise ValueError("uniforms must be people x items")
    curves = mark_curves(bank_of(models), theta)
    # The mark is the number of "at least k points" that this luck reaches.
    at_least = 1 - np.cumsum(curves, axis=1)[:, :-1]
    marks: Marks = (luck.T[:, None, :] < at_least).sum(axis=1).T.astype(np.int16)
    return marks
