"""What an interview should ask about: the weakest subtopics, and the most surprising answers."""

from collections.abc import Iterable, Sequence

from domain.assessment.item_models import ItemModel, expected_mark, mark_probability
from domain.records import frozen

WEAKEST = 3
SURPRISES = 3
FEWEST = 2  # answers in a subtopic; one alone says too little
UNLIKELY = 0.35  # an answer that more than a third of such people give surprises nobody


@frozen
class Given:
    """A marked answer. theta: of its competency, in logits, as drawn from all answers."""

    position: int
    competency: str
    subtopic: str
    mark: int
    model: ItemModel
    theta: float


@frozen
class Weak:
    """A subtopic and by how much of its marks the person stayed below what was expected.

    shortfall: expected less reached, as a share of what could be reached; lower is better.
    reached, maximum: marks.
    """

    competency: str
    subtopic: str
    reached: int
    maximum: int
    shortfall: float


@frozen
class Surprise:
    """An answer that the model thought unlikely. better: the mark is above the expected one."""

    position: int
    competency: str
    subtopic: str
    probability: float
    better: bool


def weakest(given: Iterable[Given], wanted: int = WEAKEST) -> tuple[Weak, ...]:
    """The subtopics with the smallest share of marks, the widest shortfall first among equals.

    Subtopics with fewer than FEWEST answers come only where there are no others.
    """
    groups: dict[tuple[str, str], list[Given]] = {}
    for one in given:
        groups.setdefault((one.competency, one.subtopic), []).append(one)
    found = [(len(group) < FEWEST, _weak(key, group)) for key, group in groups.items()]
    found.sort(key=lambda pair: (pair[0], pair[1].reached / pair[1].maximum, -pair[1].shortfall,
                                 pair[1].competency, pair[1].subtopic))  # fmt: skip
    return tuple(weak for _, weak in found[:wanted])


def _weak(key: tuple[str, str], group: Sequence[Given]) -> Weak:
    maximum = sum(one.model.max_mark for one in group)
    reached = sum(one.mark for one in group)
    expected = sum(expected_mark(one.model, one.theta) for one in group)
    return Weak(*key, reached, maximum, (expected - reached) / maximum)


def surprising(given: Iterable[Given], wanted: int = SURPRISES) -> tuple[Surprise, ...]:
    """The answers of the lowest model probability at the person's own ability, lowest first.

    A right answer to a hard question surprises like a wrong one to an easy question.
    """
    found = [
        Surprise(
            one.position,
            one.competency,
            one.subtopic,
            mark_probability(one.model, one.mark, one.theta),
            one.mark > expected_mark(one.model, one.theta),
        )
        for one in given
    ]
    unlikely = [one for one in found if one.probability < UNLIKELY]
    return tuple(sorted(unlikely, key=lambda one: (one.probability, one.position))[:wanted])
