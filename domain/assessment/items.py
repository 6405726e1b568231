"""The six kinds of item. An item is compiled from its authored text and never changes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from string import ascii_lowercase
from typing import ClassVar

LETTERS = ascii_lowercase
POOLS = ("practice", "secure")
COGNITIVE_LEVELS = ("K", "A", "N")
BEST_ACTION = 3


@dataclass(frozen=True)
class Option:
    """A choice; its letter is its authored position."""

    letter: str
    text: str
    why: str
    key: bool


@dataclass(frozen=True)
class Action:
    """A judgement item's action, worth 0 to 3; its letter is its authored position."""

    letter: str
    text: str
    why: str
    score: int


@dataclass(frozen=True)
class Step:
    """A step of an ordering item; its letter says nothing about its place."""

    letter: str
    text: str
    why: str


@dataclass(frozen=True)
class Left:
    """The left side of a pair, with the label of the right side that belongs to it."""

    letter: str
    text: str
    why: str
    right: str


@dataclass(frozen=True)
class Right:
    """A right side; `why` is filled only where it belongs to no left side."""

    label: str
    text: str
    why: str


@dataclass(frozen=True)
class Slip:
    """A foreseen wrong number and what went wrong on the way to it.

    formula: how it is worked out, where the item has parameters; `value` is then that of a draw.
    """

    value: Decimal
    why: str
    formula: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemCore:
    """What items of every kind have. `competencies` maps a code to a weight in (0, 1].

    evidence: asks what the evidence says about a doubtful claim among `seeds`.
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

    @property
    def home(self) -> str:
        """The competency whose folder the item stands in: `C2` of `C2-P01`."""
        return self.id.partition("-")[0]

    @property
    def is_secure(self) -> bool:
        return self.pool == "secure"


@dataclass(frozen=True, kw_only=True)
class SingleChoice(ItemCore):
    kind: ClassVar[str] = "single"
    options: tuple[Option, ...]

    @property
    def max_mark(self) -> int:
        return 1


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(ItemCore):
    kind: ClassVar[str] = "multiple"
    options: tuple[Option, ...]

    @property
    def max_mark(self) -> int:
        return sum(option.key for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Ordering(ItemCore):
    """`steps` stand in the right order."""

    kind: ClassVar[str] = "ordering"
    steps: tuple[Step, ...]

    @property
    def max_mark(self) -> int:
        return 2


@dataclass(frozen=True, kw_only=True)
class Matching(ItemCore):
    kind: ClassVar[str] = "matching"
    lefts: tuple[Left, ...]
    rights: tuple[Right, ...]

    @property
    def max_mark(self) -> int:
        return len(self.lefts)


@dataclass(frozen=True, kw_only=True)
class Numeric(ItemCore):
    """Right when |value - answer| <= tolerance; `decimals` says how the answer is shown.

    parameters: name -> the values that may be drawn, as written; empty where nothing varies.
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


@dataclass(frozen=True, kw_only=True)
class Judgement(ItemCore):
    kind: ClassVar[str] = "sjt"
    actions: tuple[Action, ...]

    @property
    def max_mark(self) -> int:
        return BEST_ACTION


Item = SingleChoice | MultipleChoice | Ordering | Matching | Numeric | Judgement
KINDS = ("single", "multiple", "ordering", "matching", "numeric", "sjt")
