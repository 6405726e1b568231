"""Candidates on one scale: a difference inside the error is no difference."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations

from domain.assessment.statistics.change import critical_difference
from domain.competencies.scale import Ability
from domain.records import frozen

FEWEST, MOST = 2, 6  # candidates side by side


class Reading(StrEnum):
    """How the first of two candidates stands to the second."""

    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"


@frozen
class Lead:
    """One candidate and those below them by more than the error, in the order given."""

    higher: int
    lower: tuple[int, ...]


@frozen
class Gap:
    """The widest difference between two candidates and what it had to exceed, in logits."""

    difference: float
    critical: float


def compare(first: Ability, second: Ability, z: float = 1.96) -> Reading:
    """HIGHER or LOWER only where the difference exceeds the critical one, else EQUAL."""
    difference = first.theta - second.theta
    if abs(difference) <= critical_difference(first, second, z):
        return Reading.EQUAL
    return Reading.HIGHER if difference > 0 else Reading.LOWER


def leads(abilities: Mapping[int, Ability], z: float = 1.96) -> tuple[Lead, ...]:
    """Who is above whom by more than the error; every pair that is not named is equal.

    Pairs and not ranks: A equal to B and B equal to C does not make A equal to C, so no order of
    all can be drawn from readings. An empty answer means that all are equal.
    """
    found = []
    for one in abilities:
        below = tuple(
            other
            for other in abilities
            if other != one and compare(abilities[one], abilities[other], z) is Reading.HIGHER
        )
        if below:
            found.append(Lead(one, below))
    return tuple(found)


def widest_gap(abilities: Sequence[Ability], z: float = 1.96) -> Gap | None:
    """The pair that comes nearest to being told apart; None for fewer than two."""
    gaps = [
        Gap(abs(one.theta - two.theta), critical_difference(one, two, z))
        for one, two in combinations(abilities, 2)
    ]
    return max(gaps, key=lambda gap: gap.difference - gap.critical, default=None)
