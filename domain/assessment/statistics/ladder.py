"""The cold-start ladder: which model an item has earned by the number of its answers.

A richer model on too few answers measures people worse than a poorer one does, so the steps are
a gate and not a preference. Sources: de Ayala (2009), The Theory and Practice of IRT, ch. 3-6;
Lord (1983), Psychometrika 48, 477-482 (small N justifies the Rasch model).
"""

from enum import StrEnum

ANSWERS_FOR_1PL = 50
ANSWERS_FOR_2PL = 500
ANSWERS_FOR_3PL = 1000
GUESSABLE_KINDS = frozenset({"single", "multiple", "hotspot"})


class Rung(StrEnum):
    """What is estimated from answers; an item of several points is graded on the same rungs."""

    AUTHOR = "author"  # nothing: the author's difficulty and the standard's discrimination
    ONE = "1PL"  # thresholds, and one discrimination shared by all items of this rung
    TWO = "2PL"  # thresholds and the item's own discrimination
    THREE = "3PL"  # these and the chance of a lucky guess


def guessing_matters(kind: str, max_mark: int) -> bool:
    """Whether a lucky guess can earn the point: choosing, and right or wrong with nothing between.

    kind: of the item, such as "single" or "sjt"; max_mark: its highest mark.
    """
    return kind in GUESSABLE_KINDS and max_mark == 1


def rung_for(answers: int, guessable: bool) -> Rung:
    """The highest rung that `answers` people allow.

    guessable: see guessing_matters; where it does not matter the ladder ends at 2PL.
    Raises ValueError for a negative number.
    """
    if answers < 0:
        raise ValueError("an item cannot have fewer than no answers")
    if answers >= ANSWERS_FOR_3PL and guessable:
        return Rung.THREE
    if answers >= ANSWERS_FOR_2PL:
        return Rung.TWO
    return Rung.ONE if answers >= ANSWERS_FOR_1PL else Rung.AUTHOR
