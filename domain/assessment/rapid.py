"""Answers too fast to have been read: flagged as a fact, and never dropped from a score.

Source: Wise & Kong (2005), Applied Measurement in Education 18(2), 163-183; the threshold of a
tenth of the usual time is Wise & Ma's (2012) normative method.
"""

from collections.abc import Sequence

from domain.assessment.estimation import Observation, estimate_ability
from domain.competencies.scale import Ability

SHARE_OF_MEDIAN = 0.1
LEAST_SECONDS = 2.0


def rapid_threshold(median_seconds: float | None) -> float:
    """Seconds below which an answer is rapid; median_seconds: of the item, None while unknown."""
    return max(LEAST_SECONDS, SHARE_OF_MEDIAN * (median_seconds or 0.0))


def is_rapid(seconds: float, median_seconds: float | None) -> bool:
    """Whether an answer took less time than reading the item does."""
    return seconds < rapid_threshold(median_seconds)


def effort_moderated(observations: Sequence[Observation], rapid: Sequence[bool]) -> Ability:
    """The estimate without the rapid answers, to be shown beside the plain one, never instead.

    rapid: one flag per observation. Raises ValueError when the lengths differ.
    """
    kept = [seen for seen, fast in zip(observations, rapid, strict=True) if not fast]
    return estimate_ability(kept)
