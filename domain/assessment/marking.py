"""From a response to marks, and to the reasons that are shown afterwards."""

from decimal import Decimal

from domain.assessment.items import (
    BEST_ACTION,
    Action,
    Cell,
    Hotspot,
    Item,
    Judgement,
    Likert,
    Matching,
    MultipleChoice,
    Numeric,
    Open,
    Option,
    Ordering,
    Short,
    SingleChoice,
    Table,
    TrueFalse,
)
from domain.assessment.patterns import matches
from domain.assessment.responses import (
    BestWorst,
    Cells,
    Choice,
    Choices,
    Order,
    Pairs,
    Ratings,
    Response,
    Text,
    Value,
    Verdict,
)
from domain.records import frozen


@frozen
class Mark:
    """Points from 0 to `maximum`."""

    points: int
    maximum: int


@frozen
class Feedback:
    """One line of the reasons shown after an item.

    label: letter of an option, action, area, statement or criterion, place of a step (1, 2, ...),
        letter of a left side, name of a cell; empty for a number, a short answer, an open answer
        itself and the verdict on a statement.
    text: the option, action, step (in the right order), left side, ...; for a number, its unit; for
        a cell, its row and column.
    given: what the person put here: the letter ticked, the step put in this place, the right side
        chosen, the number, the rating, `true`, `best`; empty when nothing.
    expected: what belongs here, in the same terms; empty where nothing was to be ticked.
    correct: whether `given` is what belongs here; for the choice of a best action, whether it is.
    points: what this line is worth by itself (an action's score, 1 for a key or a right pair); for
        a rating what it earned, for a criterion what it may earn.
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

    Raises TypeError when the response belongs to another kind of item, and for items that people
    mark (items.is_marked_by_people).
    """
    if isinstance(item, Open):
        raise TypeError("an open answer is marked by people")
    return Mark(0 if response is None else _points(item, response), item.max_mark)


def feedback(item: Item, response: Response | None) -> tuple[Feedback, ...]:
    """The reasons for every option, with what was given beside what belongs there.

    Only for practice items: the caller keeps those of secure items to itself.
    Raises TypeError when the response belongs to another kind of item.
    """
    match item, response:
        case ((SingleChoice() | MultipleChoice()), (Choice() | Choices() | None)):
            return _option_feedback(item.options, _ticked(response))
        case TrueFalse(), (Verdict() | None):
            return _verdict_feedback(item, response)
        case Hotspot(), (Choice() | None):
            areas = tuple(Option(a.letter, a.text, a.why, a.key) for a in item.areas)
            return _option_feedback(areas, _ticked(response))
        case Judgement(), (Choice() | BestWorst() | Ratings() | None):
            return tuple(_action_feedback(item, action, response) for action in item.actions)
        case Likert(), (Ratings() | None):
            return _statement_feedback(item, response)
        case Short(), (Text() | None):
            return (_short_feedback(item, response),)
        case Table(), (Cells() | None):
            return _cell_feedback(item, response)
        case Open(), (Text() | None):
            return _rubric_feedback(item, response)
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
        case Judgement(), (Choice() | BestWorst() | Ratings()):
            return sum(_action_points(item, action, response) for action in item.actions)
        case TrueFalse(), Verdict():
            if response.truth is not item.answer:
                return 0
            return 1 + any(r.key and r.letter == response.reason for r in item.reasons)
        case Hotspot(), Choice():
            return sum(area.key for area in item.areas if area.letter == response.letter)
        case Likert(), Ratings():
            return 0
        case Short(), Text():
            return int(matches(item.accept, response.text))
        case Table(), Cells():
            return sum(
                _is_right(cell, response.texts.get(name, ""))
                for name, cell in item.open_cells.items()
            )
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


def _option_feedback(options: tuple[Option, ...], ticked: frozenset[str]) -> tuple[Feedback, ...]:
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
        for o in options
    )


def _verdict_feedback(item: TrueFalse, response: Verdict | None) -> tuple[Feedback, ...]:
    """The verdict first, then each reason."""
    truth = response.truth if response else None
    verdict = Feedback(
        label="",
        text="",
        given="" if truth is None else str(truth).lower(),
        expected=str(item.answer).lower(),
        correct=truth is item.answer,
        points=1,
        why=item.why,
    )
    reason = response.reason if response else None
    return verdict, *_option_feedback(item.reasons, frozenset({reason} if reason else ()))


def _action_points(item: Judgement, action: Action, response: Choice | BestWorst | Ratings) -> int:
    """What the response earns by this action."""
    match item.ask, response:
        case "best", Choice():
            return action.score if action.letter == response.letter else 0
        case "best-worst", BestWorst():
            best = action.score == BEST_ACTION and action.letter == response.best
            return int(best or (action.score == 0 and action.letter == response.worst))
        case "rate", Ratings():
            if action.letter not in response.numbers:
                return 0
            return max(0, 2 - abs(response.numbers[action.letter] - action.score - 1))
    raise _mismatch(item, response)


def _action_feedback(
    item: Judgement, action: Action, response: Choice | BestWorst | Ratings | None
) -> Feedback:
    earned = _action_points(item, action, response) if response else 0
    given, expected = _said_of(action, response), _expected_of(item, action)
    return Feedback(
        label=action.letter,
        text=action.text,
        given=given,
        expected=expected,
        correct=bool(expected) if item.ask == "best" else given == expected,
        points=earned if item.ask == "rate" else action.score,
        why=action.why,
    )


def _said_of(action: Action, response: Choice | BestWorst | Ratings | None) -> str:
    match response:
        case Choice():
            return action.letter if action.letter == response.letter else ""
        case BestWorst():
            return {response.best: "best", response.worst: "worst"}.get(action.letter, "")
        case Ratings():
            return str(response.numbers.get(action.letter, ""))
    return ""


def _expected_of(item: Judgement, action: Action) -> str:
    best, worst = action.score == BEST_ACTION, action.score == 0
    match item.ask:
        case "best":
            return action.letter if best else ""
        case "best-worst":
            return "best" if best else "worst" if worst else ""
    return str(action.score + 1)


def _statement_feedback(item: Likert, response: Ratings | None) -> tuple[Feedback, ...]:
    """What was said of each statement; nothing is expected of anybody."""
    numbers = response.numbers if response else {}
    return tuple(
        Feedback(s.letter, s.text, str(numbers.get(s.letter, "")), "", False, 0, s.why)
        for s in item.statements
    )


def _short_feedback(item: Short, response: Text | None) -> Feedback:
    text = response.text if response else ""
    correct = response is not None and matches(item.accept, text)
    near = None
    if response is not None and not correct:
        near = next((miss for miss in item.near if matches([miss.pattern], text)), None)
    why = f"{near.why} {item.why}" if near else item.why
    return Feedback("", "", text, item.shown, correct, int(correct), why)


def _cell_feedback(item: Table, response: Cells | None) -> tuple[Feedback, ...]:
    texts = response.texts if response else {}
    lines = []
    for row in item.rows:
        for column, cell in zip(item.columns[1:], row.cells, strict=True):
            if not cell.is_open:
                continue
            given = texts.get(cell.name, "")
            right = _is_right(cell, given)
            where = f"{row.label}, {column}"
            lines.append(Feedback(cell.name, where, given, cell.shown, right, int(right), cell.why))
    return tuple(lines)


def _is_right(cell: Cell, given: str) -> bool:
    if not given:
        return False
    if cell.answer is not None:
        return abs(Decimal(given) - cell.answer) <= cell.tolerance
    return matches(cell.accept, given)


def _rubric_feedback(item: Open, response: Text | None) -> tuple[Feedback, ...]:
    """The answer itself, then each criterion with what earns all of its points."""
    text = response.text if response else ""
    return (
        Feedback("", "", text, "", False, 0, item.why),
        *(
            Feedback(c.letter, c.text, "", str(c.points), False, c.points, c.levels[-1])
            for c in item.rubric
        ),
    )


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
