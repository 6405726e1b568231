"""How far two raters agree, from sums alone: pages show it live, and must not load numpy.

The same figures with intervals, for reports, are in domain/assessment/statistics/agreement.py.
"""

from collections.abc import Sequence

from domain.records import frozen

FEWEST_FOR_ICC = 30  # double-rated answers; below, quadratic kappa is what can be shown


@frozen
class Agreement:
    """pairs: double-rated answers; percent: alike to the point.

    kappa: quadratic, below FEWEST_FOR_ICC pairs; icc: ICC(A,1) from there on. None where it is not
    shown, or where nothing differs so that nothing can be said.
    """

    pairs: int
    percent: float
    kappa: float | None
    icc: float | None


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement | None:
    """Agreement over (first, second) totals; None without any."""
    if not pairs:
        return None
    percent = 100 * sum(one == two for one, two in pairs) / len(pairs)
    if len(pairs) < FEWEST_FOR_ICC:
        return Agreement(len(pairs), percent, quadratic_kappa(pairs), None)
    return Agreement(len(pairs), percent, None, icc_agreement(pairs))


def quadratic_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """1 less the mean squared difference over what it is when ratings are shuffled.

    None where both always gave one and the same total.
    Source: Cohen (1968), Psychological Bulletin 70, 213-220.
    """
    n = len(pairs)
    found = sum((one - two) ** 2 for one, two in pairs) / n
    (mean, other), (spread, other_spread) = _means(pairs), _spreads(pairs)
    by_chance = (spread + other_spread) / n + (mean - other) ** 2
    return None if by_chance == 0 else 1 - found / by_chance


def icc_agreement(pairs: Sequence[tuple[int, int]]) -> float | None:
    """ICC(A,1): absolute agreement of single raters, two-way model; a strict rater lowers it.

    None for fewer than two answers, or where the answers do not differ.
    Source: McGraw & Wong (1996), Psychological Methods 1, 30-46.
    """
    n = len(pairs)
    if n < 2:
        return None
    mean, other = _means(pairs)
    middles = [(one + two) / 2 for one, two in pairs]
    grand = (mean + other) / 2
    between = 2 * sum((middle - grand) ** 2 for middle in middles)
    if between == 0:
        return None
    raters = n * ((mean - grand) ** 2 + (other - grand) ** 2)
    rest = sum(_spreads(pairs)) - between
    rows, rest = between / (n - 1), max(0.0, rest) / (n - 1)
    return (rows - rest) / (rows + rest + 2 / n * (raters - rest))


def _means(pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
    return sum(one for one, _ in pairs) / len(pairs), sum(two for _, two in pairs) / len(pairs)


def _spreads(pairs: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The sums of squares of each rater around their own mean."""
    mean, other = _means(pairs)
    return sum((one - mean) ** 2 for one, _ in pairs), sum((two - other) ** 2 for _, two in pairs)
