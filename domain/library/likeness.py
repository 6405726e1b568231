"""How alike two questions are: the share of their runs of three words that they have in common.

Source: Broder (1997), On the resemblance of containment of documents, SEQUENCES '97, for shingles
and the Jaccard measure; the thresholds are this project's own.
"""

from collections.abc import Iterable

from domain.library.searching import split
from domain.records import frozen

RUN = 3
SAME, NEAR = 0.85, 0.3
MOST = 5


@frozen
class Twin:
    """A question that is much like another. share: 0 to 1; same: the two are all but equal."""

    key: str
    share: float

    @property
    def same(self) -> bool:
        return self.share >= SAME


def shingles(text: str) -> frozenset[str]:
    """The runs of three words of a text; a shorter text is one run."""
    words = split(text).split(" ")
    last = max(1, len(words) - RUN + 1)
    return frozenset(" ".join(words[at : at + RUN]) for at in range(last))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard share of two sets of shingles, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def twins(text: str, others: Iterable[tuple[str, str]]) -> tuple[Twin, ...]:
    """The questions (key, text) much like this text, the likest first, at most five."""
    mine = shingles(text)
    found = [Twin(key, likeness(mine, shingles(other))) for key, other in others]
    near = sorted((t for t in found if t.share >= NEAR), key=lambda t: (-t.share, t.key))
    return tuple(near[:MOST])
