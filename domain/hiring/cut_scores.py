"""A cut score on the 0 to 100 scale, and how it was found.

It tells people where the company sees "just suitable". It decides nothing: no part of the house
turns a candidate down by it.
Sources: Angoff (1971), in Thorndike, Educational Measurement, 508-600; Lewis, Mitzel & Green
(1996), bookmark; Livingston & Zieky (1982), Passing Scores, borderline and contrasting groups.
"""

import datetime as dt

from domain.records import frozen

METHODS = ("angoff", "bookmark", "borderline", "contrasting", "policy")
JUDGED = ("angoff", "bookmark")  # methods that are nothing without people who judged
LOWEST, HIGHEST = 0, 100
MOST_JUDGES = 200


@frozen
class CutScore:
    """A cut with its record. judges: how many people; words: who they were, and what they noted."""

    points: int
    method: str
    set_on: dt.date | None
    judges: int | None
    words: str

    def faults(self, today: dt.date) -> dict[str, str]:
        """What is missing or wrong, by field; empty when the cut may be kept."""
        found: dict[str, str] = {}
        if not LOWEST <= self.points <= HIGHEST:
            found["cut"] = f"must be {LOWEST} to {HIGHEST} points"
        if self.method not in METHODS:
            found["cut_method"] = "say by which method the cut was found"
        if self.set_on is None or self.set_on > today:
            found["cut_set_on"] = "say on which day it was set, today at the latest"
        least = 1 if self.method in JUDGED else 0
        if not least <= (self.judges or 0) <= MOST_JUDGES:
            found["cut_judges"] = "say how many people judged"
        if not self.words.strip():
            found["cut_words"] = "say who set the cut"
        return found
