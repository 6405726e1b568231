"""Adaptive tests: which question comes next, and when there are enough.

Content balancing comes first: the area with the largest target share minus observed share. Within
it the question that tells most at the present estimate is asked, tempered so that the best ones
are not asked of everybody: one of the k best by chance (randomesque), or with a lottery for each
question (Sympson-Hetter, see exposure.py).

Chance is a function of a seed, and every choice of the pool, the seed and the answers so far: who
knows these three can lay out the same test again.
Sources: Kingsbury & Zara (1989), Applied Measurement in Education 2(4), 359-375 (content and
randomesque); Sympson & Hetter (1985), 27th Military Testing Association; Lord (1980).
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from domain.assessment.estimation import Observation, estimate_ability
from domain.assessment.information import information_near, place_on_grid
from domain.assessment.item_models import ItemModel
from domain.competencies.framework import Standard
from domain.competencies.scale import Ability, provisional
from domain.records import frozen


@frozen
class Candidate:
    """A question that may be asked.

    area: its subtopic. weight: how much of it is evidence for the competency, above 0 to 1.
    exposure: the chance that it is asked of a person for whom it is the best (Sympson-Hetter).
    calibrated: whether its model comes from answers; else from its author.
    """

    key: int
    area: str
    model: ItemModel
    weight: float = 1.0
    exposure: float = 1.0
    calibrated: bool = True


@frozen
class Given:
    """A question that was asked, and the mark that the answer earned."""

    candidate: Candidate
    mark: int


@frozen
class Plan:
    """What an adaptive test of one competency is to be.

    targets: area -> its share of the questions, in any unit; areas of equal standing are served in
    this order. least, most: numbers of questions; se: in logits, where it may stop. among: of how
    many of the best questions one is drawn, 1 for the best itself.
    Raises ValueError for a plan that no test can follow.
    """

    targets: Mapping[str, float]
    least: int = 8
    most: int = 20
    se: float = 0.40
    among: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most or not 0 < self.se < 1 or self.among < 1:
            raise ValueError("1 <= least <= most, 0 < se < 1 and among >= 1")
        if not self.targets or min(self.targets.values()) < 0 or not sum(self.targets.values()):
            raise ValueError("targets are shares, and one of them is above 0")


class Stop(StrEnum):
    """Why a test ends."""

    PRECISE = "precise"  # the error is small enough
    LONGEST = "longest"  # as many questions as the plan allows
    EXHAUSTED = "exhausted"  # nothing is left to ask
    TIME = "time"


@frozen
class Sitting:
    """A whole test: what was asked in which order, and what it found."""

    given: tuple[Given, ...]
    ability: Ability
    stop: Stop


def present_ability(given: Sequence[Given], standard: Standard | None = None) -> Ability:
    """The estimate from the answers so far, as it would be shown.

    standard: widens the error while a question rests on its author's difficulty; None: as it is.
    """
    ability = estimate_ability(
        [Observation(g.candidate.model, g.mark, g.candidate.weight) for g in given]
    )
    known = all(g.candidate.calibrated for g in given)
    return ability if known or standard is None else provisional(ability, standard)


def stop_reason(
    asked: int, ability: Ability, plan: Plan, left: int, *, out_of_time: bool = False
) -> Stop | None:
    """Why the test ends after `asked` answers; None while it goes on.

    left: candidates that were not asked yet.
    """
    if out_of_time:
        return Stop.TIME
    if asked >= plan.least and ability.se <= plan.se:
        return Stop.PRECISE
    if asked >= plan.most:
        return Stop.LONGEST
    return Stop.EXHAUSTED if left <= 0 else None


def next_item(
    pool: Sequence[Candidate], given: Sequence[Given], theta: float, plan: Plan, seed: int
) -> Candidate | None:
    """The question to ask after `given`, at the estimate theta; None when all were asked.

    pool: in an order that does not change between the questions of a test.
    A question that loses its lottery is out for this person. When the lottery has left nothing to
    ask, the losers come in again: a test never ends because of it.
    """
    asked = {g.candidate.key for g in given}
    open_ = [candidate for candidate in pool if candidate.key not in asked]
    won = admitted(pool, seed)
    allowed = [c for c in open_ if c.key in won] or open_
    if not allowed:
        return None
    area = neediest_area({c.area for c in allowed}, given, plan)
    place = place_on_grid(theta)
    inside = [(c.weight * information_near(c.model, place), c) for c in allowed if c.area == area]
    # The pool's own order settles ties, so that equal questions are not told apart by their ids.
    inside.sort(key=lambda pair: -pair[0])
    best = inside[: plan.among]
    if len(best) == 1:
        return best[0][1]
    return random.Random(f"{seed}:{len(given)}").choice(best)[1]


def neediest_area(open_areas: set[str], given: Sequence[Given], plan: Plan) -> str:
    """The open area whose target share exceeds its observed share by most.

    Areas without a target come last, by name.
    """
    counts = Counter(g.candidate.area for g in given)
    whole, asked = sum(plan.targets.values()), max(1, len(given))
    order = [*plan.targets, *sorted(open_areas - plan.targets.keys())]
    return max(
        (area for area in order if area in open_areas),
        key=lambda area: plan.targets.get(area, 0.0) / whole - counts[area] / asked,
    )


def admitted(pool: Sequence[Candidate], seed: int) -> frozenset[int]:
    """The keys of the questions that have won their lottery for the test of this seed.

    One draw for each question and test is the whole of Sympson-Hetter: there a question that was
    refused once is out for the rest of the test, and one that was asked is not drawn again.
    """
    if all(candidate.exposure >= 1 for candidate in pool):
        return frozenset(candidate.key for candidate in pool)
    rng = random.Random(f"{seed}:exposure")
    draws = [(rng.random(), candidate) for candidate in pool]
    return frozenset(c.key for drawn, c in draws if drawn < c.exposure)


def sit(
    pool: Sequence[Candidate],
    plan: Plan,
    seed: int,
    answer: Callable[[Candidate], int],
    standard: Standard | None = None,
) -> Sitting:
    """A whole test; `answer` gives the mark that the person earns on a question.

    With a simulated person it tells what to expect of a pool; with kept marks it is the replay.
    """
    given: list[Given] = []
    while True:
        ability = present_ability(given, standard)
        stop = stop_reason(len(given), ability, plan, len(pool) - len(given))
        if stop is not None:
            return Sitting(tuple(given), ability, stop)
        chosen = next_item(pool, given, ability.theta, plan, seed)
        assert chosen is not None, "a pool with something left gives a question"
        given.append(Given(chosen, answer(chosen)))
