"""Tail chances of chi-square and F, which numpy does not have.

Sources: Abramowitz & Stegun (1964), 6.5, 26.5 and 26.6; continued fractions by Lentz (1976).
"""

import math
from collections.abc import Iterator

_TINY = 1e-300
_PRECISION = 1e-15
_MOST_TERMS = 10_000


def chi_square_tail(statistic: float, degrees: float) -> float:
    """P(chi-square with `degrees` of freedom >= statistic).

    Raises ValueError for degrees that are not above 0.
    """
    if not degrees > 0:
        raise ValueError("degrees of freedom must be above 0")
    if statistic <= 0:
        return 1.0
    a, x = degrees / 2, statistic / 2
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x >= a + 1:
        return front / _fraction(x + 1 - a, _gamma_terms(a, x))
    term = total = 1 / a
    n = a
    while term > total * _PRECISION:
        n += 1
        term *= x / n
        total += term
    return 1 - front * total


def f_tail(statistic: float, above: float, below: float) -> float:
    """P(F >= statistic) with `above` and `below` degrees of freedom, which need not be whole.

    Raises ValueError for degrees that are not above 0.
    """
    if not (above > 0 and below > 0):
        raise ValueError("degrees of freedom must be above 0")
    if statistic <= 0:
        return 1.0
    return _beta(below / 2, above / 2, below / (below + above * statistic))


def f_quantile(chance: float, above: float, below: float) -> float:
    """The value that F exceeds with probability 1 - chance, for 0 < chance < 1.

    By bisection on the beta scale, exact to about 1e-12.
    """
    if not 0 < chance < 1:
        raise ValueError("a quantile is asked for a chance between 0 and 1")
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        # x = d2 / (d2 + d1 F) falls as F grows, and P(F >= f) rises with x.
        low, high = (
            (middle, high) if _beta(below / 2, above / 2, middle) < 1 - chance else (low, middle)
        )
    x = (low + high) / 2
    return math.inf if x <= 0 else below * (1 - x) / (above * x)


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front / a / _fraction(1.0, _beta_terms(a, b, x))
    return 1 - front / b / _fraction(1.0, _beta_terms(b, a, 1 - x))


def _beta_terms(a: float, b: float, x: float) -> Iterator[tuple[float, float]]:
    for m in range(_MOST_TERMS):
        if m:
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0


def _gamma_terms(a: float, x: float) -> Iterator[tuple[float, float]]:
    for n in range(1, _MOST_TERMS):
        yield -n * (n - a), x + 2 * n + 1 - a


def _fraction(first: float, terms: Iterator[tuple[float, float]]) -> float:
    """first + a1 / (b1 + a2 / (b2 + ...)), by the modified method of Lentz."""
    value = first or _TINY
    above, below = value, 0.0
    for a, b in terms:
        below = 1 / ((b + a * below) or _TINY)
        above = (b + a / above) or _TINY
        step = above * below
        value *= step
        if abs(step - 1) < _PRECISION:
            break
    return value
