"""Marks by people: what a rating is worth, and when the mark of an answer is final.

Two raters mark blindly. Where they differ by less than ADJUDICATE points the mark is their mean;
else a third settles it.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.assessment.items import Criterion
from domain.records import frozen

FIRST, SECOND, THIRD = 1, 2, 3
ADJUDICATE = 2  # points between two totals from which a third person is asked


class Stage(StrEnum):
    """What an open answer waits for."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FINAL = "final"


@frozen
class Standing:
    """Where the marking of one answer stands; mark is None until it is final."""

    stage: Stage
    mark: int | None

    @property
    def round(self) -> int | None:
        """The number of the next rating; None where none is wanted."""
        return {Stage.FIRST: FIRST, Stage.SECOND: SECOND, Stage.THIRD: THIRD}.get(self.stage)


def total(rubric: tuple[Criterion, ...], scores: Mapping[str, int]) -> int:
    """The points of one rating. scores: letter of a criterion -> points.

    Raises ValueError unless every criterion, and nothing else, has 0 to all of its points.
    """
    most = {criterion.letter: criterion.points for criterion in rubric}
    if scores.keys() != most.keys():
        raise ValueError("every criterion of the rubric takes points, and nothing else does")
    if any(not 0 <= points <= most[letter] for letter, points in scores.items()):
        raise ValueError("a criterion takes 0 to all of its points")
    return sum(scores.values())


def standing(totals: Mapping[int, int]) -> Standing:
    """Where the marking stands. totals: round (1 to 3) -> the total that was given in it.

    The third rating counts alone, and only where the first two are too far apart.
    """
    if FIRST not in totals:
        return Standing(Stage.FIRST, None)
    if SECOND not in totals:
        return Standing(Stage.SECOND, None)
    first, second = totals[FIRST], totals[SECOND]
    if abs(first - second) < ADJUDICATE:
        return Standing(Stage.FINAL, mean_half_up(first, second))
    if THIRD not in totals:
        return Standing(Stage.THIRD, None)
    return Standing(Stage.FINAL, totals[THIRD])


def mean_half_up(one: int, other: int) -> int:
    """The mean of two totals, a half rounded up: in doubt for the person."""
    return (one + other + 1) // 2
