"""Adaptive tests of several competencies: one after the other, each until its own stop.

What is asked on one competency rests on its own answers alone, so that its estimate and error mean
the same as in a test of its own. An estimate reaches from part to part in no other way.
"""

from collections.abc import Sequence

from domain.assessment.adaptive import (
    Candidate,
    Given,
    Plan,
    next_item,
    present_ability,
    stop_reason,
)
from domain.competencies.framework import Standard
from domain.records import frozen

SEEDS = 2**48  # seeds of attempts lie below, so that no two parts of any attempts share one


@frozen
class Part:
    """One competency of a test: what is asked from, and when it ends."""

    code: str
    pool: Sequence[Candidate]
    plan: Plan


def part_seed(seed: int, number: int) -> int:
    """The seed of a part, counted from 0; the first one's is the test's own."""
    return seed + number * SEEDS


def following(
    parts: Sequence[Part],
    here: int,
    given: Sequence[Given],
    seed: int,
    standard: Standard | None = None,
) -> tuple[int, Candidate] | None:
    """The part and the question that come next; None where the whole test ends.

    here: the part that runs, counted from 0; given: its questions so far. A part that has ended is
    not opened again, whatever becomes of its marks.
    """
    for number in range(here, len(parts)):
        part = parts[number]
        ability = present_ability(given, standard)
        left = len(part.pool) - len(given)
        if stop_reason(len(given), ability, part.plan, left) is None:
            seeded = part_seed(seed, number)
            chosen = next_item(part.pool, given, ability.theta, part.plan, seeded)
            assert chosen is not None, "a pool with something left gives a question"
            return number, chosen
        given = ()
    return None
