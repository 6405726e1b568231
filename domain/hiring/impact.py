"""Adverse impact: does one group get through less often than another, or is that chance?

The four-fifths rule is never read alone. With 20 people a group and equal true rates it fires in
almost every second case; so each comparison carries an exact test and intervals as well.
"""

from collections.abc import Hashable, Mapping
from enum import StrEnum
from math import exp, log, sqrt
from typing import TypeVar

from domain.records import frozen

# 97.5 % of the normal distribution: intervals hold the true value in 95 cases of 100.
Z = 1.959963984540054
SIGNIFICANT = 0.05
# Tables as likely as the seen one but for rounding count as such, as in R's fisher.test.
AS_LIKELY = 1 + 1e-7
SMALL_SHARE = (2, 100)

Group = TypeVar("Group", bound=Hashable)


@frozen
class Outcome:
    """Of `people` in a group, `chosen` got through. Raises ValueError for impossible counts."""

    chosen: int
    people: int

    def __post_init__(self) -> None:
        if not 0 <= self.chosen <= self.people:
            raise ValueError(f"{self.chosen} of {self.people} cannot get through")

    @property
    def rate(self) -> float | None:
        """None for a group without people."""
        return self.chosen / self.people if self.people else None


@frozen
class Interval:
    """Two ends; an upper end of None has no bound."""

    low: float
    high: float | None


class Verdict(StrEnum):
    """What the rule, the test and the interval say together."""

    IMPACT = "impact"  # below four fifths, and chance does not explain it
    DIFFERENCE = "difference"  # not below, and yet more than chance
    NONE = "none"  # even the low end of the interval keeps the rule
    TOO_FEW = "too few"  # chance explains it, or could hide it


@frozen
class Comparison:
    """A group beside the group with the highest rate.

    ratio: rate over reference rate, None where nobody got through there. below: the four-fifths
    rule is broken. p: two-sided Fisher. fragile: broken, but one other choice would turn it round.
    """

    group: Outcome
    reference: Outcome
    ratio: float | None
    below: bool
    p: float
    ratio_interval: Interval | None
    difference: float
    difference_interval: Interval
    fragile: bool
    verdict: Verdict


def below_four_fifths(group: Outcome, reference: Outcome) -> bool:
    """Whether a rate is less than four fifths of the reference rate, in whole numbers.

    Source: 29 CFR 1607.4(D). Where nobody of the reference got through the rule says nothing.
    """
    return 5 * group.chosen * reference.people < 4 * reference.chosen * group.people


def impact_ratio(group: Outcome, reference: Outcome) -> float | None:
    """Rate over reference rate; None where there is nothing to divide by."""
    if not group.people or not reference.chosen:
        return None
    return group.chosen * reference.people / (group.people * reference.chosen)


def highest(outcomes: Mapping[Group, Outcome]) -> Group | None:
    """The group with the highest rate, the larger one of equals; None without people.

    Compared in whole numbers: equal rates are equal.
    """
    best: Group | None = None
    for name, one in outcomes.items():
        if not one.people:
            continue
        if best is None:
            best = name
            continue
        other = outcomes[best]
        ours, theirs = one.chosen * other.people, other.chosen * one.people
        if (ours, one.people) > (theirs, other.people):
            best = name
    return best


def is_small(people: int, all_people: int) -> bool:
    """Whether a group is under 2 % of all, so that it needs no figures of its own.

    Source: 29 CFR 1607.15(A)(2)(a).
    """
    part, whole = SMALL_SHARE
    return people * whole < part * all_people


def compare(group: Outcome, reference: Outcome) -> Comparison:
    """Everything about a group beside the reference; raises ValueError where one has no people."""
    if not group.people or not reference.people:
        raise ValueError("a group without people has no rate")
    below, p = below_four_fifths(group, reference), fisher(group, reference)
    interval = ratio_interval(group, reference)
    return Comparison(
        group,
        reference,
        impact_ratio(group, reference),
        below,
        p,
        interval,
        group.chosen / group.people - reference.chosen / reference.people,
        difference_interval(group, reference),
        below and is_fragile(group, reference),
        _verdict(below, p, interval),
    )


def _verdict(below: bool, p: float, interval: Interval | None) -> Verdict:
    if p < SIGNIFICANT:
        return Verdict.IMPACT if below else Verdict.DIFFERENCE
    if interval is not None and not below and 5 * interval.low >= 4:
        return Verdict.NONE
    return Verdict.TOO_FEW


def is_fragile(group: Outcome, reference: Outcome) -> bool:
    """Whether one different choice, a person of the group instead of one of the reference, would
    turn the order of the two rates round.

    Source: Questions and Answers on the Uniform Guidelines (1979), 20 and 21; the "N of 1" rule of
    Roth, Bobko & Switzer (2006), Journal of Applied Psychology 91, 507-522.
    """
    if group.chosen == group.people or not reference.chosen:
        return False
    return (group.chosen + 1) * reference.people > (reference.chosen - 1) * group.people


def fisher(group: Outcome, reference: Outcome) -> float:
    """Two-sided p of Fisher's exact test: all tables at most as likely as the seen one.

    Weights follow one another by a ratio of whole numbers, so that no factorial is needed.
    """
    chosen = group.chosen + reference.chosen
    low, high = max(0, chosen - reference.people), min(chosen, group.people)
    # From the seen table outwards; below 1e-300 nothing adds to the sum any more.
    seen, weights = 1.0, [1.0]
    for step in (1, -1):
        weight, k = seen, group.chosen
        while low <= k + step <= high and weight > 1e-300:
            weight *= _next_over_this(k, step, group.people, reference.people, chosen)
            weights.append(weight)
            k += step
    return min(1.0, sum(w for w in weights if w <= AS_LIKELY) / sum(weights))


def _next_over_this(k: int, step: int, people: int, others: int, chosen: int) -> float:
    """How much likelier k + step of the group among the chosen is than k."""
    if step > 0:
        return (people - k) * (chosen - k) / ((k + 1) * (others - chosen + k + 1))
    return k * (others - chosen + k) / ((people - k + 1) * (chosen - k + 1))


def ratio_interval(group: Outcome, reference: Outcome) -> Interval | None:
    """The 95 % interval of the impact ratio; None where nobody of the reference got through.

    Source: Katz, Baptista, Azen & Pike (1978), Biometrics 34, 469-474; used for impact ratios by
    Morris & Lobsenz (2000), Personnel Psychology 53, 89-111. Where its error would be endless or
    zero, half a person is added to each cell (Walter 1975), and the low end of 0 stays 0.
    """
    if not group.people or not reference.chosen:
        return None
    counts = (float(group.chosen), group.people, float(reference.chosen), reference.people)
    full = group.chosen == group.people and reference.chosen == reference.people
    if not group.chosen or full:
        counts = (counts[0] + 0.5, counts[1] + 1, counts[2] + 0.5, counts[3] + 1)
    ours, people, theirs, others = counts
    error = sqrt(max(0.0, 1 / ours - 1 / people + 1 / theirs - 1 / others))
    middle = log(ours * others / (people * theirs))
    low = 0.0 if not group.chosen else exp(middle - Z * error)
    return Interval(low, exp(middle + Z * error))


def wilson(one: Outcome) -> tuple[float, float]:
    """The 95 % score interval of a rate. Source: Wilson (1927), JASA 22, 209-212."""
    n, p = one.people, one.chosen / one.people
    middle = (2 * n * p + Z * Z) / (2 * (n + Z * Z))
    half = Z * sqrt(Z * Z + 4 * n * p * (1 - p)) / (2 * (n + Z * Z))
    # The ends of 0 of n and n of n are exact, whatever the rounding says.
    low = 0.0 if one.chosen == 0 else max(0.0, middle - half)
    return low, 1.0 if one.chosen == n else min(1.0, middle + half)


def difference_interval(group: Outcome, reference: Outcome) -> Interval:
    """The 95 % interval of the difference of two rates, group minus reference.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    ours, theirs = group.chosen / group.people, reference.chosen / reference.people
    (low1, high1), (low2, high2) = wilson(group), wilson(reference)
    down = sqrt((ours - low1) ** 2 + (high2 - theirs) ** 2)
    up = sqrt((high1 - ours) ** 2 + (theirs - low2) ** 2)
    return Interval(ours - theirs - down, ours - theirs + up)
