"""Differential item functioning: is an item harder for one group than for equals in another?

A result is always "for expert review": it never changes a score by itself.
Sources: Mantel & Haenszel (1959), JNCI 22, 719-748; Holland & Thayer (1988) in Wainer & Braun,
Test Validity, 129-145; Robins, Breslow & Greenland (1986), Biometrics 42, 311-323; Zieky (1993) in
Holland & Wainer, Differential Item Functioning, 337-347 (classes); Mantel (1963), JASA 58, 690-700
and Dorans & Schmitt (1991), ETS RR-91-47 (several points).
"""

import math
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from domain.assessment.statistics.change import CRITICAL_Z
from domain.assessment.statistics.distributions import chi_square_tail
from domain.assessment.statistics.tables import Flags, Floats
from domain.records import frozen

SHOWN_FROM, ACTED_ON_FROM = 100, 200  # people in the smaller group
DELTA = -2.35  # from a log odds ratio to the delta scale of ETS
NEGLIGIBLE, LARGE = 1.0, 1.5  # |D|
SIGNIFICANT = 0.05
_ONE_SIDED_Z = NormalDist().inv_cdf(1 - SIGNIFICANT)


class DifClass(StrEnum):
    """A: negligible; B: moderate; C: large."""

    A = "A"
    B = "B"
    C = "C"


class Use(StrEnum):
    """What the smaller group is large enough for."""

    HIDDEN = "hidden"
    SHOWN = "shown"
    ACTED_ON = "acted on"


@frozen
class MantelHaenszel:
    """A right/wrong item in two groups of equals.

    odds_ratio: common, above 1 where the reference group finds the item easier; log_se: standard
    error of its logarithm. chi_square: with continuity correction, one degree of freedom.
    d: on the delta scale, below 0 where the item is harder for the focal group; d_se: its error.
    reference, focal: people compared, that is in strata where both groups are.
    """

    odds_ratio: float
    log_se: float
    chi_square: float
    p: float
    reference: int
    focal: int

    @property
    def d(self) -> float:
        return DELTA * math.log(self.odds_ratio)

    @property
    def d_se(self) -> float:
        return abs(DELTA) * self.log_se

    @property
    def dif_class(self) -> DifClass:
        """By the rules of ETS: C needs |D| >= 1.5 and significantly above 1; A is |D| < 1 or not
        significantly different from 0; B is what remains."""
        size = abs(self.d)
        if size < NEGLIGIBLE or self.p >= SIGNIFICANT:
            return DifClass.A
        if size >= LARGE and size - NEGLIGIBLE > _ONE_SIDED_Z * self.d_se:
            return DifClass.C
        return DifClass.B

    @property
    def use(self) -> Use:
        return use_for(self.reference, self.focal)

    def odds_ratio_band(self, z: float = CRITICAL_Z) -> tuple[float, float]:
        """The confidence interval of the odds ratio, made on its logarithm."""
        middle = math.log(self.odds_ratio)
        return math.exp(middle - z * self.log_se), math.exp(middle + z * self.log_se)


@frozen
class Mantel:
    """An item of several points. smd: mean mark of the focal group less that of the reference group
    in the same strata, in points, weighted by the focal group; chi_square: one degree of freedom,
    no continuity correction."""

    smd: float
    chi_square: float
    p: float
    reference: int
    focal: int

    @property
    def use(self) -> Use:
        return use_for(self.reference, self.focal)


def use_for(reference: int, focal: int) -> Use:
    """What groups of these sizes allow."""
    smaller = min(reference, focal)
    if smaller >= ACTED_ON_FROM:
        return Use.ACTED_ON
    return Use.SHOWN if smaller >= SHOWN_FROM else Use.HIDDEN


def mantel_haenszel(tables: ArrayLike) -> MantelHaenszel | None:
    """Compare two groups, given one 2 x 2 table of people per stratum.

    tables: S x 2 x 2, [[reference right, reference wrong], [focal right, focal wrong]]; strata
    where one group is missing tell nothing and do not count. None where no stratum tells anything
    or the odds ratio would be 0 or infinite.
    Raises ValueError for another shape or negative numbers.
    """
    given = np.asarray(tables, dtype=np.float64)
    if given.ndim != 3 or given.shape[1:] != (2, 2) or (given < 0).any():
        raise ValueError("tables must be strata x 2 x 2, none negative")
    given = given[(given.sum(axis=2) > 0).all(axis=1)]
    a, b, c, d = given[:, 0, 0], given[:, 0, 1], given[:, 1, 0], given[:, 1, 1]
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    if not (r.sum() > 0 and s.sum() > 0):
        return None
    right, wrong = a + c, b + d
    expected = (a + b) * right / n
    variance = (a + b) * (c + d) * right * wrong / (n**2 * (n - 1))
    away = max(0.0, abs(float((a - expected).sum())) - 0.5)
    chi_square = away**2 / float(variance.sum())
    return MantelHaenszel(
        odds_ratio=float(r.sum() / s.sum()),
        log_se=math.sqrt(_log_variance((a + d) / n, (b + c) / n, r, s)),
        chi_square=chi_square,
        p=chi_square_tail(chi_square, 1),
        reference=int((a + b).sum()),
        focal=int((c + d).sum()),
    )


def item_dif(right: ArrayLike, focal: ArrayLike, strata: ArrayLike) -> MantelHaenszel | None:
    """The same from people: right: 0 or 1, NaN or -1 where not seen; focal: whether in that group;
    strata: a whole number per person, people of one number being equals (the test score with this
    item in it, as Holland & Thayer advise). Raises ValueError for lengths that differ or marks
    other than 0 and 1.
    """
    mark, group, stratum = _people(right, focal, strata)
    if not np.isin(mark, (0.0, 1.0)).all():
        raise ValueError("this comparison is for marks 0 and 1; see graded_dif")
    labels, place = np.unique(stratum, return_inverse=True)
    tables = np.zeros((len(labels), 2, 2))
    np.add.at(tables, (place, group.astype(int), 1 - mark.astype(int)), 1)
    return mantel_haenszel(tables)


def graded_dif(marks: ArrayLike, focal: ArrayLike, strata: ArrayLike) -> Mantel | None:
    """Compare two groups on an item of several points; arguments as in item_dif.

    None where no stratum holds both groups or marks do not vary there.
    """
    mark, group, stratum = _people(marks, focal, strata)
    total = expected = variance = weighted = 0.0
    counted = [0, 0]
    for label in np.unique(stratum):
        here = stratum == label
        ours, theirs = mark[here & ~group], mark[here & group]
        n = len(ours) + len(theirs)
        if not len(ours) or not len(theirs):
            continue
        everyone = mark[here]
        total += float(theirs.sum())
        expected += len(theirs) * float(everyone.mean())
        variance += len(ours) * len(theirs) * float(everyone.var(ddof=1)) / n
        weighted += len(theirs) * float(theirs.mean() - ours.mean())
        counted = [counted[0] + len(ours), counted[1] + len(theirs)]
    if not variance > 0:
        return None
    chi_square = (total - expected) ** 2 / variance
    smd = weighted / counted[1]
    return Mantel(smd, chi_square, chi_square_tail(chi_square, 1), counted[0], counted[1])


def _people(
    marks: ArrayLike, focal: ArrayLike, strata: ArrayLike
) -> tuple[Floats, Flags, NDArray[np.int64]]:
    """Those who saw the item."""
    mark = np.asarray(marks, dtype=np.float64)
    group, stratum = np.asarray(focal, dtype=np.bool_), np.asarray(strata, dtype=np.int64)
    if mark.ndim != 1 or group.shape != mark.shape or stratum.shape != mark.shape:
        raise ValueError("marks, groups and strata must be one per person")
    seen = ~(np.isnan(mark) | (mark < 0))
    return mark[seen], group[seen], stratum[seen]


def _log_variance(p: Floats, q: Floats, r: Floats, s: Floats) -> float:
    """Of the logarithm of the common odds ratio, by Robins, Breslow and Greenland."""
    all_r, all_s = float(r.sum()), float(s.sum())
    return float(
        (p * r).sum() / (2 * all_r**2)
        + (p * s + q * r).sum() / (2 * all_r * all_s)
        + (q * s).sum() / (2 * all_s**2)
    )
