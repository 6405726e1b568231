"""The kinds of item. An item is compiled from its authored text and never changes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from string import ascii_lowercase
from typing import ClassVar

from domain.records import frozen

LETTERS = ascii_lowercase
POOLS = ("practice", "secure")
COGNITIVE_LEVELS = ("K", "A", "N")
BEST_ACTION = 3
# What a judgement item asks for: the best action, the best and the worst, or a rating of each.
ASKS = ("best", "best-worst", "rate")
MOST_RATING = 4  # an action is rated 1 (very ineffective) to 4 (very effective): its score + 1
MOST_AGREEMENT = 5  # from 1 (disagree strongly) to 5 (agree strongly)


@frozen
class Option:
    """A choice; its letter is its authored position."""

    letter: str
    text: str
    why: str
    key: bool


@frozen
class Action:
    """A judgement item's action, worth 0 to 3; its letter is its authored position."""

    letter: str
    text: str
    why: str
    score: int


@frozen
class Step:
    """A step of an ordering item; its letter says nothing about its place."""

    letter: str
    text: str
    why: str


@frozen
class Left:
    """The left side of a pair, with the label of the right side that belongs to it."""

    letter: str
    text: str
    why: str
    right: str


@frozen
class Right:
    """A right side; `why` is filled only where it belongs to no left side."""

    label: str
    text: str
    why: str


@frozen
class Slip:
    """A foreseen wrong number and what went wrong on the way to it.

    formula: how it is worked out, where the item has parameters; `value` is then that of a draw.
    """

    value: Decimal
    why: str
    formula: str = ""


@frozen
class Cell:
    """A cell of a table: a given text, a number to fill in or words to fill in.

    name: the letter of its row and the number of its column: `b2`.
    text: what is given; empty where the cell is to be filled.
    answer, tolerance, decimals: of a number, else None, 0 and 0. accept: patterns of words, see
    domain/assessment/patterns.py. shown: the right content as it is shown afterwards.
    """

    name: str
    text: str = ""
    answer: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    decimals: int = 0
    accept: tuple[str, ...] = ()
    shown: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        return not self.text


@frozen
class Row:
    label: str
    cells: tuple[Cell, ...]


@frozen
class NearMiss:
    """A pattern of a foreseen wrong answer, and what is wrong with it."""

    pattern: str
    why: str


@frozen
class Area:
    """A place on a figure; `text` names it for those who do not see or point.

    shape: circle, with at = (x, y, radius); or rect, with at = (x, y, width, height); in the units
    of the figure's viewBox.
    """

    letter: str
    text: str
    why: str
    key: bool
    shape: str
    at: tuple[float, ...]


@frozen
class Statement:
    """A sentence to agree or disagree with; it is neither right nor wrong.

    why: what it asks about. reversed: agreement speaks against the facet.
    pair: the word that it shares with its opposite; empty where it has none.
    """

    letter: str
    text: str
    why: str
    facet: str
    reversed: bool
    pair: str


@frozen
class Criterion:
    """A line of a rubric. levels: what earns 0, 1, ... and all its points."""

    letter: str
    text: str
    levels: tuple[str, ...]

    @property
    def points(self) -> int:
        return len(self.levels) - 1


@frozen
class Hint:
    """A help that may be opened. cost: the share of the evidence's weight that it takes, 0 to 1."""

    text: str
    cost: float


@frozen(kw_only=True)
class ItemCore:
    """What items of every kind have.

    competencies: code to a weight in (0, 1]; 0 where the item measures nothing (see Likert).
    evidence: asks what the evidence says about a doubtful claim among `seeds`.
    hints: in the order in which they may be opened; practice items only.
    """

    id: str
    pool: str
    competencies: Mapping[str, float]
    subtopic: str
    cognitive: str
    difficulty: int
    seeds: tuple[str, ...]
    lesson: str
    source: str
    review_by: dt.date | None
    stem: str
    evidence: bool = False
    hints: tuple[Hint, ...] = ()

    @property
    def home(self) -> str:
        """The competency whose folder the item stands in: `C2` of `C2-P01`."""
        return self.id.partition("-")[0]

    @property
    def is_secure(self) -> bool:
        return self.pool == "secure"


@frozen(kw_only=True)
class SingleChoice(ItemCore):
    kind: ClassVar[str] = "single"
    options: tuple[Option, ...]

    @property
    def max_mark(self) -> int:
        return 1


@frozen(kw_only=True)
class MultipleChoice(ItemCore):
    kind: ClassVar[str] = "multiple"
    options: tuple[Option, ...]

    @property
    def max_mark(self) -> int:
        return sum(option.key for option in self.options)


@frozen(kw_only=True)
class Ordering(ItemCore):
    """`steps` stand in the right order."""

    kind: ClassVar[str] = "ordering"
    steps: tuple[Step, ...]

    @property
    def max_mark(self) -> int:
        return 2


@frozen(kw_only=True)
class Matching(ItemCore):
    kind: ClassVar[str] = "matching"
    lefts: tuple[Left, ...]
    rights: tuple[Right, ...]

    @property
    def max_mark(self) -> int:
        return len(self.lefts)


@frozen(kw_only=True)
class Numeric(ItemCore):
    """Right when |value - answer| <= tolerance; `decimals` says how the answer is shown.

    parameters: name -> the values that may be drawn, as written, in the order of the names; empty
    where nothing varies.
    formula: the answer worked out from them. See domain/assessment/drawing.py.
    """

    kind: ClassVar[str] = "numeric"
    answer: Decimal
    tolerance: Decimal
    unit: str
    decimals: int
    why: str
    slips: tuple[Slip, ...]
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formula: str = ""

    @property
    def max_mark(self) -> int:
        return 1


@frozen(kw_only=True)
class Judgement(ItemCore):
    """ask: one of ASKS. Every rating is worth 2 when it is exact and 1 when it is one off."""

    kind: ClassVar[str] = "sjt"
    actions: tuple[Action, ...]
    ask: str = "best"

    @property
    def max_mark(self) -> int:
        return {"best": BEST_ACTION, "best-worst": 2, "rate": 2 * len(self.actions)}[self.ask]


@frozen(kw_only=True)
class TrueFalse(ItemCore):
    """The stem is a statement. 2 marks for the verdict with its reason, 1 for the verdict alone."""

    kind: ClassVar[str] = "truefalse"
    answer: bool
    why: str
    reasons: tuple[Option, ...]

    @property
    def max_mark(self) -> int:
        return 2


@frozen(kw_only=True)
class Short(ItemCore):
    """A few words, right when a pattern of `accept` matches all of them.

    Patterns and answers are compared as domain/assessment/patterns.py says.
    """

    kind: ClassVar[str] = "short"
    accept: tuple[str, ...]
    near: tuple[NearMiss, ...]
    shown: str
    why: str

    @property
    def max_mark(self) -> int:
        return 1


@frozen(kw_only=True)
class Table(ItemCore):
    """columns: headings, that of the rows' labels first; each open cell is worth one mark."""

    kind: ClassVar[str] = "table"
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def open_cells(self) -> dict[str, Cell]:
        """Name -> cell, row by row."""
        return {cell.name: cell for row in self.rows for cell in row.cells if cell.is_open}

    @property
    def max_mark(self) -> int:
        return len(self.open_cells)


@frozen(kw_only=True)
class Hotspot(ItemCore):
    """figure: the name of a drawing in `items/figures/`; svg: that drawing, once it was found."""

    kind: ClassVar[str] = "hotspot"
    figure: str
    areas: tuple[Area, ...]
    svg: str = ""

    @property
    def max_mark(self) -> int:
        return 1


@frozen(kw_only=True)
class Likert(ItemCore):
    """A person's own words about themselves: shown as a profile, never marked, never evidence."""

    kind: ClassVar[str] = "likert"
    statements: tuple[Statement, ...]

    @property
    def max_mark(self) -> int:
        return 0


@frozen(kw_only=True)
class Open(ItemCore):
    """A text of one's own, marked by people with the rubric.

    least, most: how many words are asked for; why: what a good answer does.
    """

    kind: ClassVar[str] = "open"
    rubric: tuple[Criterion, ...]
    least: int
    most: int
    why: str

    @property
    def max_mark(self) -> int:
        return sum(criterion.points for criterion in self.rubric)


Item = (
    SingleChoice
    | MultipleChoice
    | Ordering
    | Matching
    | Numeric
    | Judgement
    | TrueFalse
    | Short
    | Table
    | Hotspot
    | Likert
    | Open
)
KINDS = (
    "single",
    "multiple",
    "ordering",
    "matching",
    "numeric",
    "sjt",
    "truefalse",
    "short",
    "table",
    "hotspot",
    "likert",
    "open",
)


def is_marked_by_people(item: Item) -> bool:
    """Whether only raters can say what an answer is worth, see Rating in models/marking.py."""
    return isinstance(item, Open)


def is_measured(item: Item) -> bool:
    """Whether answers say anything about an ability; a self-description does not."""
    return item.max_mark > 0


def way_of(item: Item) -> str:
    """How an item is answered: its kind or, for a judgement, what it asks for beyond the best."""
    return item.ask if isinstance(item, Judgement) and item.ask != ASKS[0] else item.kind
