"""A profile out of a self-description: how somebody sees their own conduct, facet by facet.

It is shown to the person and enters no other number. Reversed statements are turned round first, so
that 5 always speaks for the facet. Somebody who agrees with a statement and with its opposite has
hurried or misread, which asks for caution with all of it.
"""

from collections import defaultdict

from domain.assessment.items import MOST_AGREEMENT, Likert, Statement
from domain.assessment.responses import Ratings
from domain.records import frozen

MOST_APART = 2  # points between a statement and its opposite, after turning


@frozen
class Facet:
    """mean: 1 to 5, of the statements that were answered; answered of `statements` were."""

    name: str
    mean: float
    answered: int
    statements: int

    @property
    def share(self) -> float:
        """Where the mean lies between the ends of the scale, 0 to 1."""
        return (self.mean - 1) / (MOST_AGREEMENT - 1)


@frozen
class SelfProfile:
    """facets: in the order of the item, those without an answer left out."""

    facets: tuple[Facet, ...]
    caution: bool


def self_profile(item: Likert, response: Ratings | None) -> SelfProfile:
    """The means and whether opposite statements contradict each other."""
    turned = _turned(item, response)
    by_facet: dict[str, list[Statement]] = defaultdict(list)
    for statement in item.statements:
        by_facet[statement.facet].append(statement)
    facets = []
    for name, statements in by_facet.items():
        numbers = [turned[s.letter] for s in statements if s.letter in turned]
        if numbers:
            mean = sum(numbers) / len(numbers)
            facets.append(Facet(name, mean, len(numbers), len(statements)))
    return SelfProfile(tuple(facets), _contradicts(item, turned))


def _turned(item: Likert, response: Ratings | None) -> dict[str, int]:
    numbers = response.numbers if response else {}
    return {
        s.letter: MOST_AGREEMENT + 1 - numbers[s.letter] if s.reversed else numbers[s.letter]
        for s in item.statements
        if s.letter in numbers
    }


def _contradicts(item: Likert, turned: dict[str, int]) -> bool:
    pairs: dict[str, list[int]] = defaultdict(list)
    for statement in item.statements:
        if statement.pair and statement.letter in turned:
            pairs[statement.pair].append(turned[statement.letter])
    return any(max(found) - min(found) > MOST_APART for found in pairs.values())
