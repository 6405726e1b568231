"""Classical item statistics: how hard an item is, whether it tells people apart, and its options.

Definitions of Moodle's quiz report (docs.moodle.org/dev/Quiz_statistics_calculations) and of
Crocker & Algina (1986), Introduction to Classical and Modern Test Theory, ch. 14.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from domain.assessment.rapid import rapid_threshold
from domain.assessment.statistics.tables import Floats, seen_marks
from domain.records import frozen

WEAK = 0.15  # rest-score point-biserial below which an item hardly tells people apart
IDLE_SHARE = 0.05
HARDEST, EASIEST = 0.30, 0.90


class Flag(StrEnum):
    """What a reviewer should look at. Advice alone is no finding: it raises too many alarms."""

    CHECK_KEY = "check-key"
    WEAK = "weak"
    IDLE_DISTRACTOR = "idle-distractor"
    HARD = "hard"
    EASY = "easy"

    @property
    def is_advice(self) -> bool:
        return self in (Flag.HARD, Flag.EASY)


@frozen
class ItemStatistics:
    """One item. None where there are too few answers, or all alike, to say.

    facility: mean share of the points, 0 to 1. rest_correlation: of the mark with the rest of the
    test, -1 to 1 (the corrected point-biserial of a right/wrong item). discrimination: the same in
    percent (Moodle's discrimination index). efficiency: in percent of what the marks and rest
    scores would allow if both were in the same order. median_seconds and rapid_share: of those
    whose time is known. exposure: share of all people who saw it.
    """

    answers: int
    exposure: float
    facility: float | None
    rest_correlation: float | None
    efficiency: float | None
    median_seconds: float | None
    rapid_share: float | None

    @property
    def discrimination(self) -> float | None:
        return None if self.rest_correlation is None else 100 * self.rest_correlation


@frozen
class OptionStatistics:
    """One option: share of people who chose it, and its correlation with the rest score."""

    key: bool
    share: float | None
    rest_correlation: float | None


def item_statistics(
    marks: ArrayLike, max_marks: Sequence[float], seconds: ArrayLike | None = None
) -> tuple[ItemStatistics, ...]:
    """Statistics of every item.

    marks: people x items, NaN or -1 where not seen; max_marks: one per item, above 0; seconds:
    people x items, NaN where not known.
    Raises ValueError for shapes that differ or a highest mark that is not above 0.
    """
    given, rest = seen_marks(marks), rest_scores(marks, max_marks)
    times = np.full(given.shape, np.nan) if seconds is None else np.array(seconds, np.float64)
    if times.shape != given.shape:
        raise ValueError("seconds must be people x items, as marks are")
    times[np.isnan(given)] = np.nan
    answers = (~np.isnan(given)).sum(axis=0)
    facility = np.nansum(given, axis=0) / np.maximum(answers, 1) / np.asarray(max_marks)
    correlations = _correlations(given, rest)
    efficiency = _efficiency(given, rest)
    found = []
    for column in range(given.shape[1]):
        known = times[~np.isnan(times[:, column]), column]
        median = float(np.median(known)) if known.size else None
        rapid = float((known < rapid_threshold(median)).mean()) if known.size else None
        found.append(
            ItemStatistics(
                answers=int(answers[column]),
                exposure=float(answers[column] / len(given)) if len(given) else 0.0,
                facility=float(facility[column]) if answers[column] else None,
                rest_correlation=_number(correlations[column]),
                efficiency=_number(efficiency[column]),
                median_seconds=median,
                rapid_share=rapid,
            )
        )
    return tuple(found)


def rest_scores(marks: ArrayLike, max_marks: Sequence[float]) -> Floats:
    """Each person's share of the points of all other items that they saw, people x items.

    NaN where the item itself or every other was not seen. Where all saw the same items this is the
    rest score of the textbooks divided by its maximum; where they did not, a share is what can be
    compared. Raises ValueError for shapes that differ or a highest mark that is not above 0.
    """
    given = seen_marks(marks)
    highest = np.asarray(max_marks, dtype=np.float64)
    if highest.shape != (given.shape[1],) or not (highest > 0).all():
        raise ValueError("every item needs a highest mark above 0")
    seen = ~np.isnan(given)
    got = np.where(seen, given, 0.0)
    possible = seen * highest
    others = possible.sum(axis=1, keepdims=True) - possible
    rest = np.full(given.shape, np.nan)
    np.divide(got.sum(axis=1, keepdims=True) - got, others, out=rest, where=seen & (others > 0))
    return rest


def option_statistics(
    chosen: ArrayLike, keys: Sequence[bool], rest: ArrayLike
) -> tuple[OptionStatistics, ...]:
    """Statistics of the options of one item.

    chosen: people x options, 1 where chosen, 0 where not, NaN where the item was not seen; keys:
    which options are right; rest: one rest score per person, from rest_scores.
    Raises ValueError for shapes that differ.
    """
    choice = np.asarray(chosen, dtype=np.float64)
    score = np.asarray(rest, dtype=np.float64)
    if choice.ndim != 2 or choice.shape[1] != len(keys) or score.shape != (len(choice),):
        raise ValueError("chosen must be people x options, with a rest score per person")
    answers = (~np.isnan(choice)).sum(axis=0)
    shares = np.nansum(choice, axis=0) / np.maximum(answers, 1)
    correlations = _correlations(choice, np.broadcast_to(score[:, None], choice.shape))
    return tuple(
        OptionStatistics(bool(key), float(share) if count else None, _number(correlation))
        for key, share, count, correlation in zip(keys, shares, answers, correlations, strict=True)
    )


def flags(item: ItemStatistics, options: Sequence[OptionStatistics] = ()) -> tuple[Flag, ...]:
    """What to look at, findings first.

    A negative correlation is a key to check rather than merely weak. Facility is advice: alone it
    would raise false alarms for one good item in ten.
    """
    found = []
    if item.rest_correlation is not None and item.rest_correlation < WEAK:
        found.append(Flag.CHECK_KEY if item.rest_correlation < 0 else Flag.WEAK)
    if any(not o.key and o.share is not None and o.share < IDLE_SHARE for o in options):
        found.append(Flag.IDLE_DISTRACTOR)
    if item.facility is not None and item.facility < HARDEST:
        found.append(Flag.HARD)
    if item.facility is not None and item.facility > EASIEST:
        found.append(Flag.EASY)
    return tuple(found)


def _correlations(one: Floats, other: Floats) -> Floats:
    """Column by column, over people who have both; NaN where either does not vary."""
    one, other = _centred(one, other)
    product = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    found = np.full(one.shape[1], np.nan)
    np.divide((one * other).sum(axis=0), product, out=found, where=product > 1e-12)
    return found


def _efficiency(marks: Floats, rest: Floats) -> Floats:
    """Moodle's discriminative efficiency: 100 cov / covmax, covmax with both columns sorted."""
    own, others = _centred(marks, rest)
    # Where a pair is missing both are 0 after centring; sorted alone they would leave their place.
    missing = np.isnan(marks) | np.isnan(rest)
    best_own = np.sort(np.where(missing, np.nan, own), axis=0)
    best_rest = np.sort(np.where(missing, np.nan, others), axis=0)
    most = np.nansum(best_own * best_rest, axis=0)
    found = np.full(marks.shape[1], np.nan)
    np.divide(100 * (own * others).sum(axis=0), most, out=found, where=most > 1e-12)
    return found


def _centred(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Both less their means over people who have both; 0 where one is missing."""
    both = ~(np.isnan(one) | np.isnan(other))
    count = np.maximum(both.sum(axis=0), 1)
    first, second = np.where(both, one, 0.0), np.where(both, other, 0.0)
    return (
        np.where(both, first - first.sum(axis=0) / count, 0.0),
        np.where(both, second - second.sum(axis=0) / count, 0.0),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
