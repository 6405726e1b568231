"""Where a person stands in a named group of people, and only in one that is large enough."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

LEAST_PEOPLE = 100


@dataclass(frozen=True)
class NormGroup:
    """Scores of people to compare with. name, as_of: shown with every percentile."""

    name: str
    as_of: dt.date
    scores: tuple[float, ...]

    @property
    def is_large_enough(self) -> bool:
        return len(self.scores) >= LEAST_PEOPLE

    @cached_property
    def _in_order(self) -> list[float]:
        return sorted(self.scores)

    def percentile(self, score: float) -> float | None:
        """The percentile rank of a score; None in a group that is too small."""
        return _rank(self._in_order, score) if self.is_large_enough else None


def percentile_rank(scores: Sequence[float], score: float) -> float:
    """Percent of scores below, and half of those equal: 0 to 100.

    scores: of the group, in any order. Raises ValueError for an empty group.
    Source: Crocker & Algina (1986), ch. 19.
    """
    return _rank(sorted(scores), score)


def _rank(in_order: Sequence[float], score: float) -> float:
    if not in_order:
        raise ValueError("nobody to compare with")
    below, up_to = bisect_left(in_order, score), bisect_right(in_order, score)
    return 100 * (below + up_to) / 2 / len(in_order)
