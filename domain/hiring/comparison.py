"""Two candidates on one scale: a difference inside the error is no difference."""

import math
from enum import StrEnum

from domain.competencies.scale import Ability


class Reading(StrEnum):
    """How the first of two candidates stands to the second."""

    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"


def critical_difference(first: Ability, second: Ability, z: float = 1.96) -> float:
    """The difference, in logits, that two independent estimates must exceed.

    Source: reliable change, Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59(1), 12-19.
    """
    return z * math.hypot(first.se, second.se)


def compare(first: Ability, second: Ability, z: float = 1.96) -> Reading:
    """HIGHER or LOWER only where the difference exceeds the critical one, else EQUAL."""
    difference = first.theta - second.theta
    if abs(difference) <= critical_difference(first, second, z):
        return Reading.EQUAL
    return Reading.HIGHER if difference > 0 else Reading.LOWER
