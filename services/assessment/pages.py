"""A question as it is shown: a frozen record without a key or a reason in it."""

from datetime import datetime
from typing import Any

from domain.assessment.items import (
    Hotspot,
    Item,
    Judgement,
    Likert,
    Matching,
    MultipleChoice,
    Numeric,
    Open,
    Ordering,
    Short,
    SingleChoice,
    Table,
    TrueFalse,
    way_of,
)
from domain.assessment.places import numbered
from domain.assessment.responses import is_complete
from domain.records import frozen
from services.assessment.responding import Asked


@frozen
class Part:
    """An option, action, step, left or right side, ... as it is shown."""

    letter: str
    text: str


@frozen
class Square:
    """A cell of a table: a given text, or open under its name. number: digits are asked for."""

    name: str
    text: str
    number: bool


@frozen
class Line:
    """A row of a table."""

    label: str
    cells: tuple[Square, ...]


@frozen
class Question:
    """A question as the person sees it.

    way: how it is answered: its kind, or for a judgement that is not `best` what it asks for.
    parts: in the order of showing, steps in the person's own; rights: what a matching item offers;
    columns, lines: a table; figure: SVG with its numbered areas, safe to show; words: the least and
    most of an open answer, whose parts are the lines of its rubric.
    given: the payload of the answer that counts, see domain/assessment/responses.py.
    """

    position: int
    kind: str
    way: str
    competency: str
    html: str
    parts: tuple[Part, ...]
    rights: tuple[Part, ...]
    unit: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    figure: str
    words: tuple[int, int] | None
    given: dict[str, Any]
    complete: bool
    elapsed_ms: int
    received_at: datetime | None

    @property
    def answered(self) -> bool:
        return bool(self.given)


def question_of(found: Asked) -> Question:
    """A question of an attempt as its person sees it, with the answer that counts."""
    answer = found.answer
    given = answer.response if answer else {}
    # Steps that were put in order stay in it.
    order = tuple(given.get("order", ())) or found.option_order
    item = found.item
    parts, rights = _shown(item, order)
    return Question(
        position=found.position,
        kind=item.kind,
        way=way_of(item),
        competency=found.competency,
        html=found.html,
        parts=parts,
        rights=rights,
        unit=item.unit if isinstance(item, Numeric) else "",
        columns=item.columns if isinstance(item, Table) else (),
        lines=_lines(item) if isinstance(item, Table) else (),
        figure=numbered(item, order) if isinstance(item, Hotspot) else "",
        words=(item.least, item.most) if isinstance(item, Open) else None,
        given=given,
        complete=is_complete(item, found.response),
        elapsed_ms=answer.elapsed_ms if answer else 0,
        received_at=answer.received_at if answer else None,
    )


def _lines(item: Table) -> tuple[Line, ...]:
    """The rows with what is given in them, and no more."""
    return tuple(
        Line(row.label, tuple(Square(c.name, c.text, c.answer is not None) for c in row.cells))
        for row in item.rows
    )


def _shown(item: Item, order: tuple[str, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts in the order that was drawn, and the right sides; texts only."""
    match item:
        case SingleChoice() | MultipleChoice():
            texts = {option.letter: option.text for option in item.options}
        case TrueFalse():
            texts = {reason.letter: reason.text for reason in item.reasons}
        case Judgement():
            texts = {action.letter: action.text for action in item.actions}
        case Ordering():
            texts = {step.letter: step.text for step in item.steps}
        case Hotspot():
            texts = {area.letter: area.text for area in item.areas}
        case Likert():
            texts = {statement.letter: statement.text for statement in item.statements}
        case Matching():
            rights = {right.label: right.text for right in item.rights}
            lefts = tuple(Part(left.letter, left.text) for left in item.lefts)
            return lefts, tuple(Part(label, rights[label]) for label in order)
        case Open():
            return tuple(Part(c.letter, c.text) for c in item.rubric), ()
        case Numeric() | Short() | Table():
            return (), ()
    return tuple(Part(letter, texts[letter]) for letter in order), ()
