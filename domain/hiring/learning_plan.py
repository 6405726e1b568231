"""What somebody who was hired should study first: the widest gaps to what the position asks for."""

from collections.abc import Collection, Mapping, Sequence

from domain.competencies.framework import Standard
from domain.competencies.scale import Ability
from domain.records import frozen

ASKED_LEVEL = 4  # of a practice without a gate: solves problems that are not in the book
MOST_MODULES = 4


@frozen
class Widest:
    """A competency and how far its estimate is below what is asked, in logits, times its weight."""

    code: str
    gap: float


def widest_gaps(
    abilities: Mapping[str, Ability],
    weights: Mapping[str, float],
    gates: Mapping[str, int],
    standard: Standard,
) -> tuple[Widest, ...]:
    """The competencies below what the position asks for, the widest weighted gap first.

    weights: code -> share; gates: code -> level. A gate that is missed comes before all weights:
    no average makes up for it. What was not measured counts as the middle of the standard.
    """
    found = []
    for code in {*weights, *gates}:
        weight = weights.get(code) or (1.0 if code in gates else 0.0)
        asked = standard.cuts[gates.get(code, ASKED_LEVEL) - 2]
        theta = abilities[code].theta if code in abilities else 0.0
        if weight > 0 and asked > theta:
            found.append(Widest(code, weight * (asked - theta)))
    return tuple(sorted(found, key=lambda one: (one.code not in gates, -one.gap, one.code)))


def modules_for(
    gaps: Sequence[Widest], modules: Sequence[tuple[str, Collection[str]]]
) -> tuple[str, ...]:
    """The modules to study, at most MOST_MODULES: for each gap the first that begins with it.

    modules: (key, competencies, the main one first) in the order of the course. A gap without a
    module of its own takes the first that names it at all.
    """
    chosen: list[str] = []
    for gap in gaps:
        mains = [key for key, codes in modules if codes and next(iter(codes)) == gap.code]
        named = [key for key, codes in modules if gap.code in codes]
        fitting = [key for key in (*mains, *named) if key not in chosen]
        chosen += fitting[:1]
    return tuple(chosen[:MOST_MODULES])
