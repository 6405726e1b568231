"""From a response to marks, and to the reasons that are shown afterwards."""

from dataclasses import dataclass

from domain.assessment.items import (
    BEST_ACTION,
    Item,
    Judgement,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    SingleChoice,
)
from domain.assessment.responses import Choice, Choices, Order, Pairs, Response, Value


@dataclass(frozen=True)
class Mark:
    """Points from 0 to `maximum`."""

    points: int
    maximum: int


@dataclass(frozen=True)
class Feedback:
    """One line of the reasons shown after an item.

    label: letter of an option or action, place of a step (1, 2, ...), letter of a left side, or
        empty for a numeric item.
    text: the option, action, step (in the right order) or left side; for a number, its unit.
    given: what the person put here: the letter ticked, the step put in this place, the right side
        chosen, the number; empty when nothing.
    expected: what belongs here, in the same terms; empty where nothing was to be ticked.
    correct: whether `given` is what belongs here; for a judgement item, whether it is the best.
    points: what this line is worth by itself (an action's score, 1 for a key or a right pair).
    """

    label: str
    text: str
    given: str
    expected: str
    correct: bool
    points: int
    why: str


def mark(item: Item, response: Response | None) -> Mark:
    """Mark one response; no response earns no points.

    Raises TypeError when the response belongs to another kind of item.
    """
    return Mark(0 if response is None else _points(item, response), item.max_mark)


def feedback(item: Item, response: Response | None) -> tuple[Feedback, ...]:
    """The reasons for every option, with what was given beside what belongs there.

    Only for practice items: the caller keeps those of secure items to itself.
    Raises TypeError when the response belongs to another kind of item.
    """
    match item, response:
        case ((SingleChoice() | MultipleChoice()), (Choice() | Choices() | None)):
            ticked = _ticked(response)
            return tuple(
                Feedback(
                    label=o.letter,
                    text=o.text,
                    given=o.letter if o.letter in ticked else "",
                    expected=o.letter if o.key else "",
                    correct=(o.letter in ticked) == o.key,
                    points=int(o.key),
                    why=o.why,
                )
                for o in item.options
            )
        case Judgement(), (Choice() | None):
            ticked = _ticked(response)
            return tuple(
                Feedback(
                    label=a.letter,
                    text=a.text,
                    given=a.letter if a.letter in ticked else "",
                    expected=a.letter if a.score == BEST_ACTION else "",
                    correct=a.score == BEST_ACTION,
                    points=a.score,
                    why=a.why,
                )
                for a in item.actions
            )
        case Ordering(), (Order() | None):
            return _order_feedback(item, response)
        case Matching(), (Pairs() | None):
            return _pair_feedback(item, response)
        case Numeric(), (Value() | None):
            return (_value_feedback(item, response),)
    raise _mismatch(item, response)


def _points(item: Item, response: Response) -> int:
    match item, response:
        case SingleChoice(), Choice():
            return sum(o.key for o in item.options if o.letter == response.letter)
        case Judgement(), Choice():
            return sum(a.score for a in item.actions if a.letter == response.letter)
        case MultipleChoice(), Choices():
            keys = {o.letter for o in item.options if o.key}
            hits = len(keys & response.letters)
            return max(0, hits - len(response.letters - keys))
        case Ordering(), Order():
            return order_points(tuple(step.letter for step in item.steps), response.letters)
        case Matching(), Pairs():
            return sum(response.labels.get(left.letter) == left.right for left in item.lefts)
        case Numeric(), Value():
            return int(abs(response.number - item.answer) <= item.tolerance)
    raise _mismatch(item, response)


def order_points(right: tuple[str, ...], given: tuple[str, ...]) -> int:
    """2 for the right order, 1 when one neighbouring pair is swapped, else 0."""
    if given == right:
        return 2
    wrong = [place for place, letter in enumerate(right) if given[place] != letter]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return int(swapped)


def _ticked(response: Choice | Choices | None) -> frozenset[str]:
    if response is None:
        return frozenset()
    return frozenset({response.letter}) if isinstance(response, Choice) else response.letters


def _order_feedback(item: Ordering, response: Order | None) -> tuple[Feedback, ...]:
    text = {step.letter: step.text for step in item.steps}
    given = response.letters if response else ("",) * len(item.steps)
    return tuple(
        Feedback(
            label=str(place),
            text=step.text,
            given=text.get(letter, ""),
            expected=step.text,
            correct=letter == step.letter,
            points=int(letter == step.letter),
            why=step.why,
        )
        for place, (step, letter) in enumerate(zip(item.steps, given, strict=True), start=1)
    )


def _pair_feedback(item: Matching, response: Pairs | None) -> tuple[Feedback, ...]:
    rights = {right.label: right for right in item.rights}
    lines = []
    for left in item.lefts:
        chosen = rights.get(response.labels.get(left.letter, "")) if response else None
        # A wrong right side of the author's own has a reason of its own: show both.
        extra = f" {chosen.why}" if chosen and chosen.why else ""
        lines.append(
            Feedback(
                label=left.letter,
                text=left.text,
                given=chosen.text if chosen else "",
                expected=rights[left.right].text,
                correct=chosen is not None and chosen.label == left.right,
                points=int(chosen is not None and chosen.label == left.right),
                why=left.why + extra,
            )
        )
    return tuple(lines)


def _value_feedback(item: Numeric, response: Value | None) -> Feedback:
    correct = response is not None and _points(item, response) == 1
    slip = None
    if response is not None and not correct:
        slip = next(
            (s for s in item.slips if abs(s.value - response.number) <= item.tolerance), None
        )
    return Feedback(
        label="",
        text=item.unit,
        given=format(response.number, "f") if response else "",
        expected=f"{item.answer:.{item.decimals}f}",
        correct=correct,
        points=int(correct),
        why=f"{slip.why} {item.why}" if slip else item.why,
    )


def _mismatch(item: Item, response: object) -> TypeError:
    return TypeError(f"a {type(response).__name__} does not answer an item of kind {item.kind}")
